/** Norm, clipping and the optimisers' updates; formulas and their sources are in engine/backend.ts. */
import { Control, Header, Optimizer, Picked, Size } from './layout';
import { nextRow, pickedWord } from './picked';
import { control, controlFloat, header, participants, rank, shareStart } from './state';
import { madd, settled, splat, storePair } from './vector';

/** Sums of squares of a block of the gradient, so far. */
let even: v128 = f64x2.splat(0);
let odd: v128 = f64x2.splat(0);

/**
 * Clips this thread's blocks of the gradient by value and notes the sum of squares of each block. Rows that no token
 * picks are passed over: zeros change no sum.
 */
export function partialNorms(): void {
  const gradients = header(Header.gradients);
  const floats = <i32>header(Header.parameterFloats);
  const partials = <usize>control(Control.partials);
  const bound = controlFloat(Control.clipValue);
  const blocks = (floats + Size.normBlock - 1) / Size.normBlock;
  // In turns: blocks of rows that no token picks cost nothing.
  for (let block = rank; block < blocks; block += participants) {
    const first = block * Size.normBlock;
    const end = min(floats, first + Size.normBlock);
    even = odd = f64x2.splat(0);
    for (let at = first; at < end; ) {
      at = nextStretch(at, end);
      if (at == end) break;
      const from = gradients + (<usize>at << 2);
      const bytes = <usize>(stretchEnd - at) << 2;
      if (bound > 0) clipByValue(from, bytes, bound);
      addSquares(from, bytes);
      at = stretchEnd;
    }
    const both = f64x2.add(even, odd);
    store<f64>(partials + (<usize>block << 3), f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1));
  }
}

/** Where the stretch that `nextStretch` found ends. */
let stretchEnd: i32 = 0;

/**
 * The first float from `at` on, before `end`, that is in no row of a gradient that no token picks; `end` if there is none.
 * Those up to `stretchEnd` are not either.
 */
function nextStretch(at: i32, end: i32): i32 {
  stretchEnd = end;
  const matrices = header(Header.pickedEnd);
  for (let matrix = header(Header.picked); matrix < matrices; matrix += Picked.words << 2) {
    const offset = pickedWord(matrix, Picked.offset);
    if (at < offset) {
      stretchEnd = min(end, offset);
      return at;
    }
    const rows = pickedWord(matrix, Picked.rows);
    const columns = pickedWord(matrix, Picked.columns);
    if (at >= offset + rows * columns) continue;
    const row = (at - offset) / columns;
    const next = nextRow(<usize>pickedWord(matrix, Picked.touched), row, rows);
    at = max(at, offset + next * columns);
    if (at >= end) return end;
    if (next == rows) continue;
    stretchEnd = min(end, offset + (next + 1) * columns);
    return at;
  }
  return at;
}

function clipByValue(from: usize, bytes: usize, bound: f32): void {
  const high = splat(bound);
  const low = splat(-bound);
  for (const end = from + bytes; from < end; from += 32) {
    // min and max let NaN through, so that the norm tells of it
    const first = f32x4.max(f32x4.min(v128.load(from), high), low);
    const second = f32x4.max(f32x4.min(v128.load(from, 16), high), low);
    storePair(from, first, second);
  }
}

function addSquares(from: usize, bytes: usize): void {
  let low = even;
  let high = odd;
  for (const end = from + bytes; from < end; from += 16) {
    const g = v128.load(from);
    const g0 = f64x2.promote_low_f32x4(g);
    const g1 = f64x2.promote_low_f32x4(v128.shuffle<f32>(g, g, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(g0, g0));
    high = f64x2.add(high, f64x2.mul(g1, g1));
  }
  even = low;
  odd = high;
}

/** Global norm from the partial sums, added in order. */
export function globalNorm(): f64 {
  const floats = <i32>header(Header.parameterFloats);
  const partials = <usize>control(Control.partials);
  const blocks = (floats + Size.normBlock - 1) / Size.normBlock;
  let sum: f64 = 0;
  for (let block = 0; block < blocks; block++) sum += load<f64>(partials + (<usize>block << 3));
  return sqrt(sum);
}

/** Updates this thread's share of the parameters. */
export function update(norm: f64): void {
  const clip = controlFloat(Control.clip);
  const factor: f32 = clip > 0 && norm > clip ? <f32>(<f64>clip / norm) : 1;
  const floats = <i32>header(Header.parameterFloats);
  let from = control(Control.frozenFloats);
  if (control(Control.passOver) != 0) {
    const matrices = header(Header.pickedEnd);
    for (let matrix = header(Header.picked); matrix < matrices; matrix += Picked.words << 2) {
      const offset = pickedWord(matrix, Picked.offset);
      updateShare(from, offset, factor);
      from = offset + pickedWord(matrix, Picked.rows) * pickedWord(matrix, Picked.columns);
      updatePicked(matrix, factor);
    }
  }
  updateShare(from, floats, factor);
}

/** This thread's share of parameters [from, to). */
function updateShare(from: i32, to: i32, factor: f32): void {
  // Shares begin at whole groups of 8 floats.
  const groups = (to - from) >> 3;
  const begin = from + (shareStart(groups, rank, participants) << 3);
  const end = rank + 1 == participants ? to : from + (shareStart(groups, rank + 1, participants) << 3);
  if (begin < end) updateStretch(begin, end, factor);
}

/** The rows that tokens pick, this thread's in turn. */
function updatePicked(matrix: usize, factor: f32): void {
  const offset = pickedWord(matrix, Picked.offset);
  const rows = pickedWord(matrix, Picked.rows);
  const columns = pickedWord(matrix, Picked.columns);
  const bits = <usize>pickedWord(matrix, Picked.touched);
  let count = 0;
  for (let row = nextRow(bits, 0, rows); row < rows; row = nextRow(bits, row + 1, rows)) {
    if (count++ % participants != rank) continue;
    const begin = offset + row * columns;
    updateStretch(begin, begin + columns, factor);
  }
}

function updateStretch(begin: i32, end: i32, factor: f32): void {
  const matrices = control(Control.matrixFloats);
  if (controlFloat(Control.kept) != 1 && begin < matrices) {
    decayWeights(header(Header.parameters), begin, min(end, matrices));
  }
  updateRange(begin, end, factor);
}

/** p ← p - η λ p */
function decayWeights(parameters: usize, begin: i32, end: i32): void {
  const kept = splat(controlFloat(Control.kept));
  const last = parameters + (<usize>end << 2);
  for (let p = parameters + (<usize>begin << 2); p < last; p += 32) {
    const low = f32x4.mul(v128.load(p), kept);
    const high = f32x4.mul(v128.load(p, 16), kept);
    storePair(p, low, high);
  }
}

/** α v + (1 - α) g²; `rest` is 1 - α */
// @ts-ignore: decorator
@inline
function meanSquare(alpha: v128, v: v128, rest: v128, g: v128): v128 {
  return settled(madd(alpha, v, f32x4.mul(rest, f32x4.mul(g, g))));
}

/** a / (√v + ε) */
// @ts-ignore: decorator
@inline
function rootStep(a: v128, v: v128, epsilon: v128): v128 {
  return f32x4.div(a, f32x4.add(f32x4.sqrt(v), epsilon));
}

function updateRange(begin: i32, end: i32, factor: f32): void {
  let p: usize = header(Header.parameters) + (<usize>begin << 2);
  let g: usize = header(Header.gradients) + (<usize>begin << 2);
  let m = <usize>control(Control.first) + (<usize>begin << 2);
  let v = <usize>control(Control.second) + (<usize>begin << 2);
  const last: usize = header(Header.parameters) + (<usize>end << 2);
  const clipped = splat(factor);
  const rate = splat(-controlFloat(Control.learningRate));
  const epsilon = splat(controlFloat(Control.epsilon));
  switch (control(Control.optimizer)) {
    case Optimizer.sgd:
      for (; p < last; p += 32, g += 32) {
        const p0 = madd(rate, f32x4.mul(v128.load(g), clipped), v128.load(p));
        const p1 = madd(rate, f32x4.mul(v128.load(g, 16), clipped), v128.load(p, 16));
        storePair(p, p0, p1);
      }
      break;
    case Optimizer.momentum: {
      const mu = splat(controlFloat(Control.momentum));
      for (; p < last; p += 32, g += 32, m += 32) {
        const m0 = settled(madd(mu, v128.load(m), f32x4.mul(v128.load(g), clipped)));
        const m1 = settled(madd(mu, v128.load(m, 16), f32x4.mul(v128.load(g, 16), clipped)));
        const p0 = madd(rate, m0, v128.load(p));
        const p1 = madd(rate, m1, v128.load(p, 16));
        storePair(m, m0, m1);
        storePair(p, p0, p1);
      }
      break;
    }
    case Optimizer.adagrad:
      for (; p < last; p += 32, g += 32, v += 32) {
        const g0 = f32x4.mul(v128.load(g), clipped);
        const g1 = f32x4.mul(v128.load(g, 16), clipped);
        const v0 = madd(g0, g0, v128.load(v));
        const v1 = madd(g1, g1, v128.load(v, 16));
        const p0 = madd(rate, rootStep(g0, v0, epsilon), v128.load(p));
        const p1 = madd(rate, rootStep(g1, v1, epsilon), v128.load(p, 16));
        storePair(v, v0, v1);
        storePair(p, p0, p1);
      }
      break;
    case Optimizer.rmsprop: {
      const alpha = splat(controlFloat(Control.alpha));
      const rest = splat(controlFloat(Control.alphaRest));
      for (; p < last; p += 32, g += 32, v += 32) {
        const g0 = f32x4.mul(v128.load(g), clipped);
        const g1 = f32x4.mul(v128.load(g, 16), clipped);
        const v0 = meanSquare(alpha, v128.load(v), rest, g0);
        const v1 = meanSquare(alpha, v128.load(v, 16), rest, g1);
        const p0 = madd(rate, rootStep(g0, v0, epsilon), v128.load(p));
        const p1 = madd(rate, rootStep(g1, v1, epsilon), v128.load(p, 16));
        storePair(v, v0, v1);
        storePair(p, p0, p1);
      }
      break;
    }
    case Optimizer.adam:
    case Optimizer.lazyAdam: {
      const beta1 = splat(controlFloat(Control.beta1));
      const rest1 = splat(controlFloat(Control.beta1Rest));
      const beta2 = splat(controlFloat(Control.beta2));
      const rest2 = splat(controlFloat(Control.beta2Rest));
      const meanRate = splat(-controlFloat(Control.meanRate));
      const inverse = splat(controlFloat(Control.squareFactor));
      for (; p < last; p += 32, g += 32, m += 32, v += 32) {
        const g0 = f32x4.mul(v128.load(g), clipped);
        const g1 = f32x4.mul(v128.load(g, 16), clipped);
        const m0 = settled(madd(beta1, v128.load(m), f32x4.mul(rest1, g0)));
        const m1 = settled(madd(beta1, v128.load(m, 16), f32x4.mul(rest1, g1)));
        const v0 = meanSquare(beta2, v128.load(v), rest2, g0);
        const v1 = meanSquare(beta2, v128.load(v, 16), rest2, g1);
        const p0 = madd(meanRate, rootStep(m0, f32x4.mul(v0, inverse), epsilon), v128.load(p));
        const p1 = madd(meanRate, rootStep(m1, f32x4.mul(v1, inverse), epsilon), v128.load(p, 16));
        storePair(m, m0, m1);
        storePair(v, v0, v1);
        storePair(p, p0, p1);
      }
      break;
    }
    default:
      unreachable();
  }
}
