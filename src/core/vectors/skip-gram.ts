/** Word vectors from a text: skip-gram with negative sampling, in WebAssembly. */
import skipGramBytes from '../../../build/skip-gram.wasm';
import { createRandom } from '../random/random';
import { sentence } from '../sentence';
import { WordedError } from '../worded-error';
import { Size } from './assembly/layout';

/** What the module exports; addresses are bytes. */
interface Module {
  readonly memory: WebAssembly.Memory;
  begin(rowBytes: number, window: number, negatives: number, words: number): void;
  place(
    inputs: number,
    outputs: number,
    kept: number,
    shares: number,
    aliases: number,
    sigmoids: number,
    change: number,
    sentence: number,
  ): void;
  seed(a: bigint, b: bigint): void;
  learn(ids: number, count: number, rate: number, done: number, total: number): void;
}

export interface SkipGramOptions {
  /** Values of a vector. */
  readonly width: number;
  /** Words on either side that are near; each time it is drawn how many of them count, from 1. */
  readonly window: number;
  /** Words that are drawn against each that is near. */
  readonly negatives: number;
  /** Words more frequent than this share of the text are left out at random; 0: none. */
  readonly subsample: number;
  readonly epochs: number;
  /** Learning rate at the beginning; it falls linearly to 0. */
  readonly rate: number;
  readonly seed: number;
}

/** A text as words. */
export interface WordCorpus {
  /** How often each word comes. */
  readonly counts: ArrayLike<number>;
  /** Words by their numbers, −1 at the end of each line. */
  readonly ids: Int32Array;
}

/** Words that are learnt from at once, between two moments for others. */
const atOnce = 2 ** 14;
const page = 65536;
const mostMemory = 2 ** 32;

/** Exponent of a word's frequency when others are drawn (Mikolov et al. 2013). */
const negativePower = 0.75;

let compiled: WebAssembly.Module | undefined;

/**
 * Trains vectors; on one thread, so that the same seed gives the same bits on every machine.
 *
 * @yields share done, 0 to 1
 * @returns the words' vectors, `[words, width]`
 * @throws WordedError if they do not fit into memory
 */
export function* trainSkipGram(
  { counts, ids }: WordCorpus,
  options: SkipGramOptions,
): Generator<number, Float32Array, undefined> {
  const { width, window, negatives, epochs, rate, seed } = options;
  const words = counts.length;
  const rowBytes = Math.ceil((4 * width) / Size.row) * Size.row;
  const sigmoids = sigmoidTable();
  const place = layOut([
    words * rowBytes,
    words * rowBytes,
    4 * words,
    4 * words,
    4 * words,
    4 * sigmoids.length,
    rowBytes,
    4 * Size.sentence,
    4 * atOnce,
  ]);
  const [inputs, outputs, kept, shares, aliases, sigmoidsAt, change, sentenceAt, chunkAt] =
    place.starts as [number, number, number, number, number, number, number, number, number];
  compiled ??= new WebAssembly.Module(skipGramBytes);
  const module = new WebAssembly.Instance(compiled).exports as unknown as Module;
  grow(module.memory, place.end);
  const { buffer } = module.memory;
  const random = createRandom(seed);
  const table = aliasTable(Float64Array.from(counts, (count) => count ** negativePower));
  new Float32Array(buffer, kept, words).set(keptShares(counts, options.subsample));
  new Float32Array(buffer, shares, words).set(table.shares);
  new Uint32Array(buffer, aliases, words).set(table.aliases);
  new Float32Array(buffer, sigmoidsAt, sigmoids.length).set(sigmoids);
  const stride = rowBytes / 4;
  const rows = new Float32Array(buffer, inputs, words * stride);
  for (let word = 0; word < words; word++) {
    for (let i = 0; i < width; i++) rows[word * stride + i] = (2 * random.uniform() - 1) / width;
  }
  module.begin(rowBytes, window, negatives, words);
  module.place(inputs, outputs, kept, shares, aliases, sigmoidsAt, change, sentenceAt);
  module.seed(word64(random), word64(random));
  const chunk = new Int32Array(buffer, chunkAt, atOnce);
  const total = epochs * ids.length;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < ids.length;) {
      const to = sentenceEnd(ids, from);
      chunk.set(ids.subarray(from, to));
      const done = epoch * ids.length + from;
      module.learn(chunkAt, to - from, rate, done, total);
      from = to;
      yield (epoch * ids.length + to) / total;
    }
  }
  const vectors = new Float32Array(words * width);
  for (let word = 0; word < words; word++) {
    vectors.set(rows.subarray(word * stride, word * stride + width), word * width);
  }
  return vectors;
}

/** Behind the last sentence that ends among the next words; one that is longer is cut. */
function sentenceEnd(ids: Int32Array, from: number): number {
  const most = Math.min(ids.length, from + atOnce);
  if (most === ids.length) return most;
  const last = ids.lastIndexOf(-1, most - 1);
  return last >= from ? last + 1 : most;
}

/** Blocks of so many bytes one behind the other, each at a multiple of a row. */
function layOut(sizes: readonly number[]): { readonly starts: number[]; readonly end: number } {
  let end = page;
  const starts = sizes.map((bytes) => {
    const start = end;
    end += Math.ceil(bytes / Size.row) * Size.row;
    return start;
  });
  return { starts, end };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / page);
  try {
    if (bytes > mostMemory) throw new RangeError('More than an address reaches.');
    if (missing > 0) memory.grow(missing);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new WordedError(
      sentence`There is not enough memory for these vectors: they need ${(bytes / 2 ** 30).toFixed(1)} GB.`,
      sentence`Give a smaller --width, or a greater --min-count for fewer words.`,
    );
  }
}

function word64(random: { bits(): number }): bigint {
  return (BigInt(random.bits() >>> 0) << 32n) | BigInt(random.bits() >>> 0);
}

/** With what probability a place of each word is kept: √(t / f) + t / f, as word2vec.c has it. */
function keptShares(counts: ArrayLike<number>, subsample: number): Float32Array {
  const all = Array.from(counts).reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => {
    const ratio = (subsample * all) / count;
    return subsample > 0 ? Math.sqrt(ratio) + ratio : 1;
  });
}

/** σ in the middle of each step. */
function sigmoidTable(): Float32Array {
  return Float32Array.from({ length: 2 * Size.sigmoidEnd * Size.sigmoidSteps }, (_, i) => {
    const x = (i + 0.5) / Size.sigmoidSteps - Size.sigmoidEnd;
    return 1 / (1 + Math.exp(-x));
  });
}

/** Walker's alias method (Vose 1991): an entry is drawn in proportion to its weight by one slot and one share. */
export function aliasTable(weights: Float64Array): {
  readonly shares: Float32Array;
  readonly aliases: Uint32Array;
} {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const scaled = weights.map((weight) => (weight * weights.length) / sum);
  const shares = new Float32Array(weights.length).fill(1);
  const aliases = Uint32Array.from(weights, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  scaled.forEach((weight, i) => (weight < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!;
    const more = large.at(-1)!;
    shares[less] = scaled[less]!;
    aliases[less] = more;
    scaled[more]! -= 1 - scaled[less]!;
    if (scaled[more]! < 1) small.push(large.pop()!);
  }
  return { shares, aliases };
}
