/** Instructions that sum along a row: softmax, layer normalisation, cross-entropy. */
import { exp } from './math';
import { beginOf, endOf, lengthOf, stepOf } from './axes';
import { batch, losses, lossScale, targets } from './state';
import { madd, splat, storePair, sumOf, zero } from './vector';
import { clearPadding, inside, rowAddress, rowBytes, widthOf } from './views';

const EPSILON: f32 = 1e-5;

/** The four values at `address`, those past the end of the row replaced. */
// @ts-ignore: decorator
@inline
function loadInside(address: usize, i: i32, width: i32, other: v128): v128 {
  return v128.bitselect(v128.load(address), other, inside(i, width));
}

/** Largest value of a row. NaN is passed over: whatever the caller adds up becomes NaN anyway. */
// @ts-ignore: decorator
@inline
function maximum(row: usize, width: i32): f32 {
  const none = splat(-Infinity);
  const whole = width & ~3;
  let m = none;
  let at = row;
  for (const end = row + (<usize>whole << 2); at < end; at += 16) m = f32x4.pmax(m, v128.load(at));
  if (whole < width) m = f32x4.pmax(m, loadInside(at, whole, width, none));
  return max(
    max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
    max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
  );
}

/** to = e^(from - shift), zero past `width`; returns the sum. Without `keep` only the sum. */
// @ts-ignore: decorator
@inline
function exponentials(from: usize, to: usize, width: i32, shift: f32, keep: bool): f32 {
  const by = splat(shift);
  const whole = width & ~7;
  let sum = zero();
  for (const end = from + (<usize>whole << 2); from < end; from += 32) {
    const low = exp(f32x4.sub(v128.load(from), by));
    const high = exp(f32x4.sub(v128.load(from, 16), by));
    if (keep) {
      storePair(to, low, high);
      to += 32;
    }
    sum = f32x4.add(f32x4.add(sum, low), high);
  }
  if (whole < width) {
    const low = v128.and(exp(f32x4.sub(v128.load(from), by)), inside(whole, width));
    const high = v128.and(exp(f32x4.sub(v128.load(from, 16), by)), inside(whole + 4, width));
    if (keep) storePair(to, low, high);
    sum = f32x4.add(f32x4.add(sum, low), high);
  }
  return sumOf(sum);
}

// @ts-ignore: decorator
@inline
function scale(row: usize, bytes: usize, factor: f32): void {
  for (const end = row + bytes; row < end; row += 32) {
    const low = f32x4.mul(v128.load(row), splat(factor));
    const high = f32x4.mul(v128.load(row, 16), splat(factor));
    storePair(row, low, high);
  }
}

/** Words: input view, output view. */
export function softmax(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const width = widthOf(at);
  const bytes = rowBytes(at);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const from = rowAddress(at, t, b);
      const to = rowAddress(at + 16, t, b);
      const sum = exponentials(from, to, width, maximum(from, width), true);
      scale(to, bytes, <f32>1 / sum);
    }
  }
}

/** Words: axis, input view, output view. */
export function stepSoftmax(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const axis = load<i32>(at);
  const bytes = rowBytes(at + 20);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const width = lengthOf(axis, b);
      const from = rowAddress(at + 4, t, b);
      const to = rowAddress(at + 20, t, b);
      const written = <usize>((width + 7) & ~7) << 2;
      const sum = exponentials(from, to, width, maximum(from, width), true);
      scale(to, written, <f32>1 / sum);
      memory.fill(to + written, 0, bytes - written);
    }
  }
}

/** Σ a b of two rows. */
// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = zero();
  for (let i: usize = 0; i < bytes; i += 16) {
    sum = madd(v128.load(a + i), v128.load(b + i), sum);
  }
  return sumOf(sum);
}

/** Words: view of the softmax's output, of its gradient, of the result. */
export function softmaxGradient(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const bytes = rowBytes(at);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const p = rowAddress(at, t, b);
      const g = rowAddress(at + 16, t, b);
      const to = rowAddress(at + 32, t, b);
      const mean = splat(dot(p, g, bytes));
      for (let i: usize = 0; i < bytes; i += 32) {
        const low = f32x4.mul(v128.load(p + i), f32x4.sub(v128.load(g + i), mean));
        const high = f32x4.mul(v128.load(p + i, 16), f32x4.sub(v128.load(g + i, 16), mean));
        storePair(to + i, low, high);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function meanOf(row: usize, bytes: usize, width: i32): f32 {
  let sum = zero();
  for (let i: usize = 0; i < bytes; i += 16) sum = f32x4.add(sum, v128.load(row + i));
  return sumOf(sum) / <f32>width;
}

/** 1 / √(variance + ε) of a row. */
// @ts-ignore: decorator
@inline
function inverseDeviation(row: usize, width: i32, mean: f32): f32 {
  let sum = zero();
  for (let i = 0; i < width; i += 4) {
    const d = v128.and(
      f32x4.sub(v128.load(row + (<usize>i << 2)), splat(mean)),
      inside(i, width),
    );
    sum = madd(d, d, sum);
  }
  return <f32>1 / sqrt<f32>(sumOf(sum) / <f32>width + EPSILON);
}

/** Words: input view, output view. */
export function layernorm(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const width = widthOf(at);
  const bytes = rowBytes(at);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const from = rowAddress(at, t, b);
      const to = rowAddress(at + 16, t, b);
      const mean = meanOf(from, bytes, width);
      const inverse = splat(inverseDeviation(from, width, mean));
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(to + i, f32x4.mul(f32x4.sub(v128.load(from + i), splat(mean)), inverse));
      }
      clearPadding(to, width);
    }
  }
}

/** Words: view of the input, of the normalised output, of its gradient, of the result. */
export function layernormGradient(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const width = widthOf(at);
  const bytes = rowBytes(at);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const x = rowAddress(at, t, b);
      const y = rowAddress(at + 16, t, b);
      const g = rowAddress(at + 32, t, b);
      const to = rowAddress(at + 48, t, b);
      const inverse = splat(inverseDeviation(x, width, meanOf(x, bytes, width)));
      const mean = splat(meanOf(g, bytes, width));
      const slope = splat(dot(g, y, bytes) / <f32>width);
      for (let i: usize = 0; i < bytes; i += 16) {
        const centred = f32x4.sub(v128.load(g + i), mean);
        const tilted = f32x4.sub(centred, f32x4.mul(v128.load(y + i), slope));
        v128.store(to + i, f32x4.mul(tilted, inverse));
      }
      clearPadding(to, width);
    }
  }
}

/** ln x of a normal x ≥ 1, within a few ulp of a double, so that a loss near 0 keeps its digits. */
function naturalLog(x: f64): f64 {
  // x = 2ᵏ m with m in [√½, √2); ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 …), s = (m - 1) / (m + 1)
  const bits = reinterpret<i64>(x) - 0x3fe6a09e667f3bcd;
  const k = <f64>(bits >> 52);
  const m = reinterpret<f64>((bits & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p = z * (1.0 / 19) + 1.0 / 17;
  p = p * z + 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  p = p * z + 1;
  return x == x ? k * 0.693147180559945309 + 2 * s * p : x;
}

/** Words: logits view, gradient view (address 0: none), view of the classes' weights (address 0: all are 1). */
export function crossEntropy(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const width = widthOf(at);
  const bytes = rowBytes(at);
  const keep = load<usize>(at, 16) != 0;
  const weights = load<usize>(at, 32);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const place = <usize>(t * batch + b) << 2;
      const target = load<i32>(targets + place);
      const logits = rowAddress(at, t, b);
      const gradient = rowAddress(at + 16, t, b);
      if (target < 0) {
        store<f32>(losses + place, 0);
        if (keep) memory.fill(gradient, 0, bytes);
        continue;
      }
      const largest = maximum(logits, width);
      const wanted = load<f32>(logits + (<usize>target << 2)) - largest;
      const sum = keep
        ? exponentials(logits, gradient, width, largest, true)
        : exponentials(logits, 0, width, largest, false);
      const weight: f32 = weights == 0 ? 1 : load<f32>(weights + (<usize>target << 2));
      store<f32>(losses + place, <f32>(<f64>weight * (naturalLog(sum) - <f64>wanted)));
      if (keep) {
        const by = lossScale * weight;
        scale(gradient, bytes, by / sum);
        const hit = gradient + (<usize>target << 2);
        store<f32>(hit, load<f32>(hit) - by);
      }
    }
  }
}
