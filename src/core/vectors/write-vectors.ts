/** Word vectors as a file for others. */

/** What a file of vectors can be, by its extension. */
export const vectorFormats = { '.vec': 'text', '.txt': 'text', '.bin': 'binary' } as const;
export type VectorFormat = (typeof vectorFormats)[keyof typeof vectorFormats];

/** Decimals of a number in text, as word2vec writes them. */
const scale = 1e6;

/**
 * A line with the numbers of rows and values; then a row a word, in text to six decimals, or as word2vec’s binary files
 * have it.
 *
 * @param vectors `[words, width]`
 */
export function* writeVectors(
  words: readonly string[],
  vectors: Float32Array,
  format: VectorFormat,
): Generator<Uint8Array, void, undefined> {
  const width = vectors.length / words.length;
  const encoder = new TextEncoder();
  yield encoder.encode(`${String(words.length)} ${String(width)}\n`);
  for (const [i, word] of words.entries()) {
    const row = vectors.slice(i * width, (i + 1) * width);
    if (format === 'text') {
      const numbers = Array.from(row, (value) => Math.round(value * scale) / scale);
      yield encoder.encode(`${word} ${numbers.join(' ')}\n`);
      continue;
    }
    yield encoder.encode(`${word} `);
    // Little-endian, as all machines that run this are.
    yield new Uint8Array(row.buffer);
    yield encoder.encode('\n');
  }
}
