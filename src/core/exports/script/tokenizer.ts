/** The part of a script that turns text to tokens and back. */
import { byteIds, longestUnit, type Merge } from '../../data/bpe';
import { tokenizers } from '../../data/kinds';
import { plainPunctuation } from '../../data/similar';
import type { Tokenizer, TokenizerData } from '../../data/tokenizer';
import { lineBreaks, unknownText } from '../../data/words';
import { columns, quote, wrap, type Code } from './code';

/** The tokenizer of a script of texts. */
export function tokenizerPart(code: Code, tokenizer: Tokenizer): string {
  return code`${tokenizerCode(code, tokenizer.toJSON())}
/** The tokens of a text, as it is trained on. */
export function encode(text«: string»)«: number[]» {
  return tokensOf(prepared(text));
}

/** Text as RNN Lab trains on it: no byte order mark, LF line ends, well-formed Unicode. */
function prepared(text«: string»)«: string» {
  const lines = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  return lines.replace(/\p{Surrogate}/gu, '\uFFFD');
}
`;
}

/**
 * What cuts text: `tokensOf`, `vocabularySize`, and a `createDecoder` that puts it together again.
 * @param spaces whether those between words are tokens
 */
export function tokenizerCode(code: Code, data: TokenizerData, spaces = true): string {
  switch (data.kind) {
    case 'char':
      return characters(code, data.characters);
    case 'byte':
      return bytes(code);
    case 'word':
      return words(code, data.words, spaces);
    case 'bpe':
      return bytePairs(code, data.merges, spaces);
  }
}

/** A tokenizer's code with names of its own: a script may need two. */
export function scoped(name: string, tokenizer: string): string {
  const lines = tokenizer.trimEnd().replace(/^(?=.)/gm, '  ');
  return `const ${name} = (() => {
${lines}
  return { tokensOf, vocabularySize, createDecoder };
})();

`;
}

function characters(code: Code, known: string): string {
  const plain = Object.entries(plainPunctuation).map(
    ([character, text]) => `${quote(character)}: ${quote(text)}`,
  );
  return code`/** A token is a Unicode character; its number is its place here. */
${assignment('characters', `Array.from(${quote(known)})`)}
const vocabularySize = characters.length;
const idOf = new Map(characters.map((character, id) => [character, id]));

/** A text's tokens. A character that is not known becomes what is nearest to it, or is left out. */
function tokensOf(text«: string»)«: number[]» {
  return Array.from(text).flatMap((character) => idOf.get(character) ?? nearest(character));
}

function nearest(character«: string»)«: number[]» {
  for (const text of similarTexts(character)) {
    const ids = Array.from(text).flatMap((known) => idOf.get(known) ?? []);
    if (ids.length === Array.from(text).length) return ids;
  }
  return [];
}

/** Texts that can stand for a character: the other case, compatible ones, without accents, plain. */
function* similarTexts(character«: string»)«: Generator<string>» {
  const compatible = character.normalize('NFKC');
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  for (const text of [character, compatible, bare, plain[character] ?? '']) {
    for (const variant of [text, text.toLowerCase(), text.toUpperCase()]) {
      if (variant !== '' && variant !== character) yield variant;
    }
  }
  if (/\s/u.test(character)) yield* [' ', '\n', '\t'];
}

const plain«: Readonly<Record<string, string | undefined>>» = {
${wrap(plain)}
};

function createDecoder() {
  return { push: (id«: number») => characters[id], end: () => '' };
}
`;
}

function assignment(name: string, value: string): string {
  const line = `const ${name} = ${value};`;
  if (line.length <= columns) return line;
  return line.replace('(', '(\n  ').replace(/\);$/, ',\n);');
}

function bytes(code: Code): string {
  return code`/** A token is a byte of UTF-8. */
const vocabularySize = ${String(tokenizers.byte.vocabulary)};

/** A text's tokens. */
function tokensOf(text«: string»)«: number[]» {
  return Array.from(new TextEncoder().encode(text));
}

/** Bytes that make no valid character come out as U+FFFD. */
function createDecoder() {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (id«: number») => decoder.decode(Uint8Array.of(id), { stream: true }),
    end: () => decoder.decode(),
  };
}
`;
}

/** What leaves out the spaces of a text that is only read. */
function kept(code: Code, symbols: string, spaces: boolean): string {
  return spaces ? symbols : code`${symbols}.filter((word) => word === '\n' || word.trim() !== '')`;
}

function words(code: Code, known: readonly string[], spaces: boolean): string {
  return code`/** A token is a word, a mark or white space; its number is its place here, 0 is UNKNOWN. */
const words = [
${wrap([unknownText, ...known].map(quote))}
];
const vocabularySize = words.length;
const idOf = new Map(words.map((word, id) => [word, id]));

/** A text's tokens, cut at Unicode's word boundaries (UAX #29); what is not known is UNKNOWN. */
function tokensOf(text«: string»)«: number[]» {
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const cut = lines.flatMap((line) => Array.from(segmentsOf(line)));
  return ${kept(code, 'cut', spaces)}.map(lookUp);
}

${segments(code)}
/** A word that is known in another case of the same length stands for itself. */
function lookUp(word«: string»)«: number» {
  const characters = Array.from(word);
  const [first = '', ...rest] = characters;
  const variants = [word.toLowerCase(), first.toUpperCase() + rest.join('')];
  const cases = variants.filter((text) => Array.from(text).length === characters.length);
  return [word, ...cases].map((text) => idOf.get(text)).find((id) => id !== undefined) ?? 0;
}

function createDecoder() {
  return { push: (id«: number») => words[id], end: () => '' };
}
`;
}

/** The words of a line, as `segmentsOf` cuts them. */
function segments(code: Code): string {
  return code`const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
/** Where no word goes across. */
const surely =
  ${String(lineBreaks.surely)};

/** A line's words. Segmenting takes time with the square of the length: a long line is cut before. */
function* segmentsOf(line«: string»)«: Generator<string>» {
  for (let from = 0; from < line.length; ) {
    const to = breakBehind(line, from);
    for (const { segment } of segmenter.segment(line.slice(from, to))) yield segment;
    from = to;
  }
}

function breakBehind(line«: string», from«: number»)«: number» {
  if (line.length - from <= ${String(2 * lineBreaks.atOnce)}) return line.length;
  const part = line.slice(from, from + ${String(lineBreaks.most)});
  surely.lastIndex = ${String(lineBreaks.atOnce)};
  const near = surely.exec(part)?.index ?? [...part.matchAll(surely)].at(-1)?.index;
  if (near !== undefined) return from + near;
  const end = from + part.length;
  return end + ((line.charCodeAt(end) & 0xfc00) === 0xdc00 ? 1 : 0);
}
`;
}

function bytePairs(code: Code, merges: readonly Merge[], spaces: boolean): string {
  const pairs = merges.map(([left, right]) => `[${String(left)}, ${String(right)}]`);
  return code`/** Tokens below ${byteIds} are bytes of UTF-8; each of these pairs of tokens becomes the next one. */
const merges«: readonly (readonly [number, number])[]» = [
${wrap(pairs)}
];
const vocabularySize = ${byteIds} + merges.length;
const tokenOf = new Map(merges.map(([left, right], i) => [left + ' ' + right, ${byteIds} + i]));
const bytesOf«: number[][]» = Array.from({ length: ${byteIds} }, (_, byte) => [byte]);
for (const [left, right] of merges) bytesOf.push([...bytesOf[left], ...bytesOf[right]]);

/** A text's tokens: within a word, the neighbours that were merged first in training become one. */
function tokensOf(text«: string»)«: number[]» {
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const units = lines.flatMap((line) => Array.from(unitsOf(line)));
  return ${kept(code, 'units', spaces)}.flatMap((unit) => merged(new TextEncoder().encode(unit)));
}

function merged(bytes«: Uint8Array»)«: number[]» {
  const ids = [...bytes];
  for (;;) {
    const made = ids.slice(1).map((id, i) => tokenOf.get(ids[i] + ' ' + id) ?? Infinity);
    const first = Math.min(...made);
    if (first === Infinity) return ids;
    ids.splice(made.indexOf(first), 2, first);
  }
}

/** A line's words, each with the one space before it, in parts of at most ${longestUnit} characters. */
function* unitsOf(line«: string»)«: Generator<string>» {
  let waits = false;
  for (const segment of segmentsOf(line)) {
    const isSpace = /^\s/u.test(segment);
    if (waits && isSpace) yield ' ';
    const characters = Array.from(waits && !isSpace ? ' ' + segment : segment);
    waits = segment === ' ';
    if (waits) continue;
    while (characters.length > 0) yield characters.splice(0, ${longestUnit}).join('');
  }
  if (waits) yield ' ';
}

${segments(code)}
/** Bytes that make no valid character come out as U+FFFD. */
function createDecoder() {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (id«: number») => decoder.decode(Uint8Array.from(bytesOf[id]), { stream: true }),
    end: () => decoder.decode(),
  };
}
`;
}
