import { SyntaxError, type Expectation } from './equations.peggy';
import { sentence, verbatim, type Sentence } from '../sentence';
import type { Place } from './raw';
import { listed } from '../suggest';

/** What the expectations of the grammar are called, in the order in which they are told. */
const expectationNames: readonly (readonly [description: string, told: Sentence])[] = [
  ['a value', sentence`a value (a name, a number or a bracket)`],
  ['a name', sentence`a name`],
  ['a number', sentence`a number`],
  ['an operator', sentence`an operator`],
  ['=', verbatim('“=”')],
  ['(', verbatim('“(”')],
  [')', verbatim('“)”')],
  ['the end of the line', sentence`the end of the line`],
];

/** Characters of other notations, and what stands for them here. */
const hints: readonly (readonly [pattern: RegExp, hint: Sentence])[] = [
  [/[\^²³⁴-⁹]/u, sentence`There are no powers: write a * a.`],
  [
    /[⊙∘·⋅×∗]/u,
    sentence`Write * for the elementwise product, and nothing between a matrix and a vector.`,
  ],
  [/=/u, sentence`An equation has one = and starts a new line.`],
  [/@/u, sentence`Write nothing between a matrix and a vector, as in W x[t].`],
  [/[−–—]/u, sentence`Write the minus sign of the keyboard: -.`],
  [/÷/u, sentence`Write / for division.`],
  [/,/u, sentence`A function has one argument, and a decimal number a point.`],
  [/;/u, sentence`Write each equation on a line of its own.`],
  [/[{}]/u, sentence`Use round brackets, and square ones for time: h[t-1].`],
  [/\[/u, sentence`A time index stands right after the name of a variable, as in h[t-1].`],
  [/\]/u, sentence`No square bracket is open here.`],
  [/\)/u, sentence`No round bracket is open here.`],
  [
    /["'`]/u,
    sentence`There are no quotes or primes here: a name is made of letters, digits and underscores.`,
  ],
  [
    /[₀-₉]/u,
    sentence`Write the index of a name as in W1 or W_1, and the time in square brackets: h[t-1].`,
  ],
  [/\\/u, sentence`This is not TeX: write tanh(…), and h[t] for h_t.`],
  [/%|\/\//u, sentence`A comment starts with #.`],
];

export interface DescribedError {
  readonly problem: Sentence;
  readonly place: Place;
  readonly hint: Sentence | undefined;
}

/**
 * Puts the grammar's error into words.
 * @returns nothing if `error` is none of the grammar's
 */
export function describeSyntaxError(error: unknown, source: string): DescribedError | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const { offset } = error.location.start;
  const found = String.fromCodePoint(source.codePointAt(offset) ?? 0x20);
  const place = { start: offset, end: Math.min(source.length, offset + found.length) };
  const atEnd = offset >= source.length || /[\r\n#]/u.test(found);
  const expected = expectationsOf(error.expected ?? []);
  const better = danglingOperator(source, offset, found) ?? lonelyDirective(source, offset);
  if (better) return better;
  const wanted = listed(expected, 'or');
  if (atEnd) {
    const problem = sentence`Expected ${wanted}, but the line ends here.`;
    return { problem, place, hint: undefined };
  }
  const problem = sentence`Expected ${wanted}, but found ${quoted(found)}.`;
  return { problem, place, hint: hintFor(found) };
}

function expectationsOf(expected: readonly Expectation[]): Sentence[] {
  const described = new Set(expected.map(({ description, text }) => description ?? text));
  // After a value another one may stand (W x[t]), and where a value is wanted the line may be broken: neither helps.
  if (described.has('an operator')) described.delete('a value');
  const hidden = described.has('a value') ? ['a name', 'a number', 'the end of the line'] : [];
  return expectationNames
    .filter(([description]) => described.has(description) && !hidden.includes(description))
    .map(([, told]) => told);
}

function hintFor(found: string): Sentence | undefined {
  const hint = hints.find(([pattern]) => pattern.test(found))?.[1];
  if (hint !== undefined) return hint;
  const halfWidth = found.normalize('NFKC');
  return halfWidth === found ? undefined : sentence`Write ${halfWidth} instead of ${found}.`;
}

function quoted(character: string): Sentence {
  if (/[\p{L}\p{N}\p{P}\p{S}\p{M}]/u.test(character)) return verbatim(`“${character}”`);
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return sentence`the character U+${code}`;
}

/** A line that ends in an operator goes on in the next, so a forgotten operand shows only at the next `=`. */
function danglingOperator(
  source: string,
  offset: number,
  found: string,
): DescribedError | undefined {
  if (found !== '=') return undefined;
  const lineStart =
    Math.max(source.lastIndexOf('\n', offset), source.lastIndexOf('\r', offset)) + 1;
  const before = source
    .slice(0, lineStart)
    .replaceAll(/#[^\r\n]*/gu, (comment) => ' '.repeat(comment.length));
  const trimmed = before.trimEnd();
  const operator = /[-+*/=(]$/u.exec(trimmed)?.[0];
  if (operator === undefined) return undefined;
  return {
    problem: sentence`Nothing follows this ${operator}.`,
    place: { start: trimmed.length - 1, end: trimmed.length },
    hint: sentence`Add what is missing, or remove it.`,
  };
}

/** `output` and nothing else could still become an equation, so the grammar would ask for `=`. */
function lonelyDirective(source: string, offset: number): DescribedError | undefined {
  const before = source.slice(0, offset);
  const word = /(?:^|[\r\n\uFEFF])[\t\p{Zs}]*(init|size|output)[\t\p{Zs}]*$/u.exec(before)?.[1];
  if (word === undefined || !/^[\t\p{Zs}]*(?:[\r\n#]|$)/u.test(source.slice(offset)))
    return undefined;
  const example = { init: 'init b = 1', size: 'size z = 64', output: 'output h' }[word] ?? '';
  const start = before.lastIndexOf(word);
  return {
    problem: sentence`Nothing follows ${word}.`,
    place: { start, end: start + word.length },
    hint: sentence`Write a name after it, as in ${example}.`,
  };
}
