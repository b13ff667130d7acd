/**
 * Skip-gram with negative sampling (Mikolov et al. 2013, Distributed representations of words and phrases and their
 * compositionality): for a word w and one c near it, log σ(v_w · u_c) + Σ log σ(−v_w · u_n) over words n that are drawn,
 * by stochastic gradient ascent.
 */
import { Size } from './layout';

let stride: usize = 0;
let window: u32 = 0;
let negatives: i32 = 0;
let words: u32 = 0;
let inputs: usize = 0;
let outputs: usize = 0;
/** Of each word with what probability one of its places is kept. */
let kept: usize = 0;
/** Walker's alias table: of each slot how much is its own, and whose the rest is. */
let shares: usize = 0;
let aliases: usize = 0;
let sigmoids: usize = 0;
let change: usize = 0;
let sentence: usize = 0;
let s0: u64 = 0;
let s1: u64 = 0;

/** @param rowBytes a multiple of 32 */
export function begin(rowBytes: u32, windowSize: u32, negativeCount: i32, wordCount: u32): void {
  stride = <usize>rowBytes;
  window = windowSize;
  negatives = negativeCount;
  words = wordCount;
}

/** Where everything lies, in bytes. */
export function place(
  inputRows: usize,
  outputRows: usize,
  keptTable: usize,
  shareTable: usize,
  aliasTable: usize,
  sigmoidTable: usize,
  changeRow: usize,
  sentenceWords: usize,
): void {
  inputs = inputRows;
  outputs = outputRows;
  kept = keptTable;
  shares = shareTable;
  aliases = aliasTable;
  sigmoids = sigmoidTable;
  change = changeRow;
  sentence = sentenceWords;
}

/** State of the generator. */
export function seed(a: u64, b: u64): void {
  s0 = a;
  s1 = b;
}

/** xoroshiro128+ (Blackman & Vigna 2018). */
// @ts-ignore: decorator
@inline
function draw(): u64 {
  const a = s0;
  let b = s1;
  const result = a + b;
  b ^= a;
  s0 = rotl<u64>(a, 24) ^ b ^ (b << 16);
  s1 = rotl<u64>(b, 37);
  return result;
}

/** Uniform among 0 … n - 1, from the upper half of a draw. */
// @ts-ignore: decorator
@inline
function among(bits: u64, n: u32): u32 {
  return <u32>(((bits >> 32) * <u64>n) >> 32);
}

/** Uniform in [0, 1), from the lower half of a draw without its weakest bits. */
// @ts-ignore: decorator
@inline
function share(bits: u64): f32 {
  return <f32>((<u32>bits) >> 8) * <f32>5.9604644775390625e-8;
}

function drawNegative(): u32 {
  const bits = draw();
  const slot = among(bits, words);
  const at = <usize>slot << 2;
  return share(bits) < load<f32>(shares + at) ? slot : load<u32>(aliases + at);
}

/**
 * Learns from `count` words at `ids`, a sentence after the other; −1 ends one. The rate falls linearly with the share
 * `done + i / total` of the words.
 */
export function learn(ids: usize, count: i32, rate: f32, done: f64, total: f64): void {
  let length = 0;
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + (<usize>i << 2));
    if (id >= 0 && share(draw()) < load<f32>(kept + (<usize>id << 2))) {
      store<i32>(sentence + (<usize>length << 2), id);
      length++;
    }
    if (id < 0 || length == Size.sentence || i + 1 == count) {
      const left = <f32>max<f64>(0, 1 - (done + <f64>i) / total);
      if (length > 1) learnSentence(length, rate * left);
      length = 0;
    }
  }
}

function learnSentence(length: i32, rate: f32): void {
  for (let i = 0; i < length; i++) {
    const row = inputs + <usize>load<u32>(sentence + (<usize>i << 2)) * stride;
    const reach = 1 + <i32>among(draw(), window);
    const last = min(length - 1, i + reach);
    for (let j = max(0, i - reach); j <= last; j++) {
      if (j != i) learnPair(row, load<u32>(sentence + (<usize>j << 2)), rate);
    }
  }
}

function learnPair(row: usize, context: u32, rate: f32): void {
  memory.fill(change, 0, stride);
  push(row, outputs + <usize>context * stride, 1, rate);
  for (let n = 0; n < negatives; n++) {
    const other = drawNegative();
    if (other != context) push(row, outputs + <usize>other * stride, 0, rate);
  }
  for (let at: usize = 0; at < stride; at += 32) {
    v128.store(row + at, f32x4.add(v128.load(row + at), v128.load(change + at)));
    v128.store(row + at, f32x4.add(v128.load(row + at, 16), v128.load(change + at, 16)), 16);
  }
}

/** One word that is near, or one that is drawn: its row is moved, and how the other should move is added up. */
// @ts-ignore: decorator
@inline
function push(row: usize, other: usize, label: f32, rate: f32): void {
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  for (let at: usize = 0; at < stride; at += 32) {
    even = f32x4.add(even, f32x4.mul(v128.load(row + at), v128.load(other + at)));
    odd = f32x4.add(odd, f32x4.mul(v128.load(row + at, 16), v128.load(other + at, 16)));
  }
  const both = f32x4.add(even, odd);
  const dot =
    f32x4.extract_lane(both, 0) +
    f32x4.extract_lane(both, 1) +
    f32x4.extract_lane(both, 2) +
    f32x4.extract_lane(both, 3);
  const g = f32x4.splat((label - sigmoid(dot)) * rate);
  for (let at: usize = 0; at < stride; at += 32) {
    const low = v128.load(other + at);
    const high = v128.load(other + at, 16);
    v128.store(change + at, f32x4.add(v128.load(change + at), f32x4.mul(g, low)));
    v128.store(change + at, f32x4.add(v128.load(change + at, 16), f32x4.mul(g, high)), 16);
    v128.store(other + at, f32x4.add(low, f32x4.mul(g, v128.load(row + at))));
    v128.store(other + at, f32x4.add(high, f32x4.mul(g, v128.load(row + at, 16))), 16);
  }
}

// @ts-ignore: decorator
@inline
function sigmoid(x: f32): f32 {
  if (x >= <f32>Size.sigmoidEnd) return 1;
  if (x <= -(<f32>Size.sigmoidEnd)) return 0;
  const step = <i32>((x + <f32>Size.sigmoidEnd) * <f32>Size.sigmoidSteps);
  return load<f32>(sigmoids + (<usize>step << 2));
}
