import { count, decodeAll, idArray, printable, type Encoding, type Tokenizer } from './tokenizer';

/** What UNKNOWN looks like in decoded text. */
export const unknownText = '<UNKNOWN>';

/**
 * Words: a token is a word, a punctuation mark or white space, as Unicode's word boundaries cut the text
 * (UAX #29; dictionaries for Chinese, Japanese, Thai…), so that the tokens joined are the text again. Id 0
 * is UNKNOWN, for words beyond the size limit and for words never seen; a word known in another case stands
 * in for itself.
 *
 * @param words the vocabulary without UNKNOWN
 */
export function wordTokenizer(words: readonly string[]): Tokenizer {
  const idOf = new Map(words.map((word, index) => [word, index + 1]));
  const vocabulary = words.length + 1;

  function lookUp(word: string): number {
    return idOf.get(word) ?? idOf.get(word.toLowerCase()) ?? idOf.get(capitalised(word)) ?? 0;
  }

  function encode(text: string): Encoding {
    let ids = idArray(vocabulary, 1024);
    let lengths = new Uint16Array(1024);
    const unknown = new Map<string, number>();
    let length = 0;
    for (const word of segments(text)) {
      if (length === ids.length) {
        ids = grown(ids, idArray(vocabulary, 2 * length));
        lengths = grown(lengths, new Uint16Array(2 * length));
      }
      const id = idOf.get(word) ?? lookUp(word);
      if (id === 0 || words[id - 1] !== word) count(unknown, word);
      ids[length] = id;
      lengths[length] = Math.min(codePoints(word), 0xffff);
      length++;
    }
    return {
      ids: ids.slice(0, length),
      unknown,
      characters(from, to) {
        let characters = 0;
        for (let i = from; i < to; i++) characters += lengths[i]!;
        return characters;
      },
    };
  }

  return {
    kind: 'word',
    vocabulary,
    unknown: 0,
    encode,
    decode(ids) {
      return decodeAll(this.decoder(), ids);
    },
    decoder: () => ({
      push: (id) => (id === 0 ? unknownText : (words[id - 1] ?? '')),
      end: () => '',
    }),
    describe: (id) => (id === 0 ? 'UNKNOWN' : printable(words[id - 1] ?? '')),
    toJSON: () => ({ kind: 'word', words }),
  };
}

/** The commonest words of a text, at most `limit - 1`, so that with UNKNOWN they are `limit`. */
export function wordsOf(text: string, limit: number): string[] {
  const counts = new Map<string, number>();
  for (const word of segments(text)) count(counts, word);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, limit - 1)
    .map(([word]) => word);
}

/** Line by line, because no word goes across a line end and segmenting a long string at once takes much memory. */
function* segments(text: string): Generator<string> {
  const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    for (const { segment } of segmenter.segment(text.slice(start, end))) yield segment;
    start = end;
  }
}

function grown<A extends Uint8Array | Uint16Array | Uint32Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}

function capitalised(word: string): string {
  const [first = '', ...rest] = word;
  return first.toUpperCase() + rest.join('');
}

function codePoints(word: string): number {
  let points = 0;
  for (let i = 0; i < word.length; i++) if ((word.charCodeAt(i) & 0xfc00) !== 0xdc00) points++;
  return points;
}
