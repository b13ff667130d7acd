import type { Place } from './raw';

/** What a text is made of, white space left out. */
export interface SourceToken extends Place {
  readonly kind: 'word' | 'number' | 'index' | 'operator' | 'open' | 'close' | 'comment' | 'other';
  readonly text: string;
}

/** As the grammar has them (equations.peggy). */
const patterns: readonly (readonly [SourceToken['kind'], RegExp])[] = [
  ['comment', /#[^\r\n]*/uy],
  ['word', /[\p{L}_][\p{L}\p{M}\p{Nd}_]*/uy],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/uy],
  ['index', /\[[^\]\r\n#=]*\]?/uy],
  ['operator', /[-+*/=]/uy],
  ['open', /\(/uy],
  ['close', /\)/uy],
  ['other', /\S/uy],
];

/** The tokens of `source[start, end)`. */
export function tokensOf(source: string, start = 0, end = source.length): SourceToken[] {
  const found: SourceToken[] = [];
  for (let at = start; at < end;) {
    if (/\s|\uFEFF/u.test(source[at]!)) {
      at++;
      continue;
    }
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const text = pattern.exec(source)?.[0];
      if (text === undefined) continue;
      found.push({ kind, text, start: at, end: at + text.length });
      at += text.length;
      break;
    }
  }
  return found;
}

/** The word before the innermost bracket that is open at an offset: `tanh` in `s[t] = tanh(W |`. */
export function openCall(source: string, offset: number): SourceToken | undefined {
  const open: (SourceToken | undefined)[] = [];
  let before: SourceToken | undefined;
  for (const token of tokensOf(source, 0, offset)) {
    if (token.kind === 'open') open.push(before?.kind === 'word' ? before : undefined);
    if (token.kind === 'close') open.pop();
    // An equation begins anew: what was left open before it is a mistake there.
    if (token.text === '=') open.length = 0;
    if (token.kind !== 'comment') before = token;
    else if (token.end >= offset) return undefined;
  }
  return open.at(-1);
}
