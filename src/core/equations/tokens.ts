import type { Place } from './raw';

/** What a text is made of, white space left out. */
export interface SourceToken extends Place {
  readonly kind:
    | 'word'
    | 'number'
    | 'index'
    | 'operator'
    | 'open'
    | 'close'
    | 'separator'
    | 'comment'
    | 'other';
  readonly text: string;
}

/** As the grammar has them (equations.peggy). */
const patterns: readonly (readonly [SourceToken['kind'], RegExp])[] = [
  ['comment', /#[^\r\n]*/uy],
  ['word', /[\p{L}_][\p{L}\p{M}\p{Nd}_]*(?:\.[\p{L}_][\p{L}\p{M}\p{Nd}_]*)*/uy],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/uy],
  // A stack has a bracket or a semicolon within.
  ['index', /\[(?![^\]\r\n#=[;]*[[;])[^\]\r\n#=]*\]?/uy],
  ['operator', /[-+*/=]/uy],
  ['open', /[([]/uy],
  ['close', /[)\]]/uy],
  ['separator', /[;,]/uy],
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

/** A call whose brackets are open at an offset. */
export interface OpenCall {
  readonly name: string;
  /** Which of its arguments is being written, from 0. */
  readonly argument: number;
}

/** The call of the innermost bracket that is open at an offset: `tanh` in `s[t] = tanh(W |`. */
export function openCall(source: string, offset: number): OpenCall | undefined {
  const open: { name: string | undefined; argument: number }[] = [];
  let before: SourceToken | undefined;
  for (const token of tokensOf(source, 0, offset)) {
    if (token.kind === 'open') {
      const isCall = token.text === '(' && before?.kind === 'word';
      open.push({ name: isCall ? before?.text : undefined, argument: 0 });
    }
    if (token.kind === 'close') open.pop();
    const innermost = open.at(-1);
    if (token.text === ',' && innermost) innermost.argument++;
    // An equation begins anew: what was left open before it is a mistake there.
    if (token.text === '=') open.length = 0;
    if (token.kind !== 'comment') before = token;
    else if (token.end >= offset) return undefined;
  }
  const { name, argument } = open.at(-1) ?? { name: undefined, argument: 0 };
  return name === undefined ? undefined : { name, argument };
}
