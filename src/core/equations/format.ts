import { parse, SyntaxError } from './equations.peggy';
import { isCellName, isFunctionName, isNamedBeforeBracket } from './names';
import type { Place, RawStatement } from './raw';
import { startNames } from './syntax';
import { tokensOf, type SourceToken } from './tokens';

/**
 * A text in the usual layout: one space around operators and between factors, none inside brackets, lines that go on
 * with a statement indented, comments and empty lines kept.
 *
 * @param indent what a continued line begins with
 * @returns undefined where the text has a syntax error: nothing is done to what is not understood
 */
export function formatCell(source: string, indent: string): string | undefined {
  const statements = statementsOf(source);
  if (!statements) return undefined;
  const lineEnd = /\r\n|\n|\r/u.exec(source)?.[0] ?? '\n';
  const starts = new Set(statements.map(({ start }) => start));
  const lines: string[] = [];
  // The place of a line is that of its break's end, as the parser counts.
  let at = 0;
  for (const line of source.split(/\r\n|\n|\r/u)) {
    const tokens = tokensOf(source, at, at + line.length);
    const [first] = tokens;
    const isContinued =
      first !== undefined &&
      !starts.has(first.start) &&
      statements.some(({ start, end }) => start < first.start && first.start < end);
    lines.push(first ? (isContinued ? indent : '') + written(tokens) : '');
    at += line.length;
    at += source.startsWith('\r\n', at) ? 2 : 1;
  }
  while (lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : lines.join(lineEnd) + lineEnd;
}

function statementsOf(source: string): readonly Place[] | undefined {
  try {
    return parse(source) as readonly RawStatement[];
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The tokens of one line. */
function written(tokens: readonly SourceToken[]): string {
  let text = '';
  tokens.forEach((token, i) => {
    const before = tokens[i - 1];
    const isSign = before !== undefined && isSignAt(tokens, i - 1);
    text += (before ? gap(before, token, isSign) : '') + textOf(token);
  });
  return text;
}

function textOf({ kind, text }: SourceToken): string {
  if (kind === 'index') return text.replace(/\s+/gu, '');
  return kind === 'comment' ? text.trimEnd() : text;
}

/** Whether a minus is the sign of what follows, not a difference. */
function isSignAt(tokens: readonly SourceToken[], i: number): boolean {
  if (tokens[i]?.text !== '-') return false;
  const before = tokens[i - 1];
  return before !== undefined && ['operator', 'open', 'separator'].includes(before.kind);
}

/** @param isSign whether `before` is a sign */
function gap(before: SourceToken, token: SourceToken, isSign: boolean): string {
  if (token.kind === 'comment') return '  ';
  if (isSign || before.kind === 'open') return '';
  if (['close', 'index', 'separator'].includes(token.kind)) return '';
  if (token.text === '(' && before.kind === 'word' && isCalled(before.text)) return '';
  return ' ';
}

function isCalled(word: string): boolean {
  return (
    isFunctionName(word) ||
    isNamedBeforeBracket(word) ||
    isCellName(word) ||
    startNames.some((start) => start === word)
  );
}
