/** Norm, clipping and the optimisers' updates; formulas and their sources are in engine/backend.ts. */
import { Control, Header, Optimizer, Size } from './layout';
import { control, controlFloat, header, participants, rank, shareStart } from './state';
import { madd, settled, splat, storePair } from './vector';

/** Clips this thread's blocks of the gradient by value and notes the sum of squares of each block. */
export function partialNorms(): void {
  const gradients = header(Header.gradients);
  const floats = <i32>header(Header.parameterFloats);
  const partials = <usize>control(Control.partials);
  const bound = controlFloat(Control.clipValue);
  const blocks = (floats + Size.normBlock - 1) / Size.normBlock;
  const end = shareStart(blocks, rank + 1, participants);
  for (let block = shareStart(blocks, rank, participants); block < end; block++) {
    const first = block * Size.normBlock;
    const from = gradients + (<usize>first << 2);
    const bytes = <usize>min(floats - first, Size.normBlock) << 2;
    if (bound > 0) clipByValue(from, bytes, bound);
    store<f64>(partials + (<usize>block << 3), sumOfSquares(from, bytes));
  }
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

function sumOfSquares(from: usize, bytes: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (const end = from + bytes; from < end; from += 16) {
    const g = v128.load(from);
    const low = f64x2.promote_low_f32x4(g);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(g, g, 2, 3, 2, 3));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  const both = f64x2.add(even, odd);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
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
  const matrices = control(Control.matrixFloats);
  // Shares begin at whole groups of 8 floats.
  const begin = shareStart(floats >> 3, rank, participants) << 3;
  const end = rank + 1 == participants ? floats : shareStart(floats >> 3, rank + 1, participants) << 3;
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
    case Optimizer.adam: {
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
