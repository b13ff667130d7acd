/**
 * Attention: rows of scores over an example's steps, and sums that they weigh; what the instructions do stands in
 * engine/program.ts. Every value is summed in an order that only the example's own lengths decide.
 */
import { beginOf, endOf, lengthOf, stepOf } from './axes';
import { By } from './layout';
import { tanh } from './math';
import { madd, splat, storePair, sumOf, zero } from './vector';
import { rowAddress, rowBytes, timeStride } from './views';

/** Words: axis of the keys, view of the query, of the keys, output view. */
export function dot(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const keys = at + 20;
  const out = at + 36;
  const size = rowBytes(keys);
  const bytes = rowBytes(out);
  const stride = timeStride(keys);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const steps = lengthOf(over, b);
      const query = rowAddress(at + 4, t, b);
      const to = rowAddress(out, t, b);
      let key = rowAddress(keys, 0, b);
      memory.fill(to, 0, bytes);
      let s = 0;
      for (; s + 4 <= steps; s += 4, key += stride << 2) dots4(query, key, stride, size, to + (<usize>s << 2));
      for (; s < steps; s++, key += stride) store<f32>(to + (<usize>s << 2), dot1(query, key, size));
    }
  }
}

// @ts-ignore: decorator
@inline
function dot1(query: usize, key: usize, size: usize): f32 {
  let sum = zero();
  for (let i: usize = 0; i < size; i += 16) sum = madd(v128.load(query + i), v128.load(key + i), sum);
  return sumOf(sum);
}

/** Four keys at once, each as by `dot1`. */
// @ts-ignore: decorator
@inline
function dots4(query: usize, key: usize, stride: usize, size: usize, to: usize): void {
  let a = zero(), b = zero(), c = zero(), d = zero();
  const second = key + stride, third = second + stride, fourth = third + stride;
  for (let i: usize = 0; i < size; i += 16) {
    const q = v128.load(query + i);
    a = madd(q, v128.load(key + i), a);
    b = madd(q, v128.load(second + i), b);
    c = madd(q, v128.load(third + i), c);
    d = madd(q, v128.load(fourth + i), d);
  }
  v128.store(to, f32x4(sumOf(a), sumOf(b), sumOf(c), sumOf(d)));
}

/** to = Σ over `count` rows, `stride` apart, of factor · row; factors are `factorStride` apart. */
// @ts-ignore: decorator
@inline
function weigh(to: usize, bytes: usize, row: usize, stride: usize, factor: usize, factorStride: usize, count: i32): void {
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    let a = zero(), b = zero(), c = zero(), d = zero();
    let from = row + i;
    let by = factor;
    for (let s = 0; s < count; s++, from += stride, by += factorStride) {
      const w = v128.load32_splat(by);
      a = madd(w, v128.load(from), a);
      b = madd(w, v128.load(from, 16), b);
      c = madd(w, v128.load(from, 32), c);
      d = madd(w, v128.load(from, 48), d);
    }
    storePair(to + i, a, b);
    storePair(to + i + 32, c, d);
  }
  if (i < bytes) {
    let a = zero(), b = zero();
    let from = row + i;
    let by = factor;
    for (let s = 0; s < count; s++, from += stride, by += factorStride) {
      const w = v128.load32_splat(by);
      a = madd(w, v128.load(from), a);
      b = madd(w, v128.load(from, 16), b);
    }
    storePair(to + i, a, b);
  }
}

/** Words: axis of the values, view of the weights, of the values, output view. */
export function mix(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const values = at + 20;
  const bytes = rowBytes(at + 36);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const to = rowAddress(at + 36, t, b);
      weigh(to, bytes, rowAddress(values, 0, b), timeStride(values), rowAddress(at + 4, t, b), 4, lengthOf(over, b));
    }
  }
}

/** Words: axis of the weights' rows, view of the weights, of the gradient, output view. */
export function unmix(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const weights = at + 4;
  const gradient = at + 20;
  const bytes = rowBytes(at + 36);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const to = rowAddress(at + 36, t, b);
      const factor = rowAddress(weights, 0, b) + (<usize>t << 2);
      weigh(to, bytes, rowAddress(gradient, 0, b), timeStride(gradient), factor, timeStride(weights), lengthOf(over, b));
    }
  }
}

/** Words: axis of the keys, view of the query, of the keys, of the vector, output view. */
export function additive(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const keys = at + 20;
  const out = at + 52;
  const size = rowBytes(keys);
  const stride = timeStride(keys);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const steps = lengthOf(over, b);
      const query = rowAddress(at + 4, t, b);
      const vector = rowAddress(at + 36, t, b);
      const to = rowAddress(out, t, b);
      let key = rowAddress(keys, 0, b);
      memory.fill(to, 0, rowBytes(out));
      for (let s = 0; s < steps; s++, key += stride) {
        let sum = zero();
        for (let i: usize = 0; i < size; i += 16) {
          const y = tanh(f32x4.add(v128.load(query + i), v128.load(key + i)));
          sum = madd(v128.load(vector + i), y, sum);
        }
        store<f32>(to + (<usize>s << 2), sumOf(sum));
      }
    }
  }
}

/**
 * Words: by what, axis of the query, view of the query, axis of the keys, view of the keys, view of the vector, of the
 * scores' gradient, output view.
 */
export function additiveGradient(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const by = load<i32>(at);
  const byKeys = by == By.keys;
  const over = byKeys ? load<i32>(at, 4) : load<i32>(at, 24);
  const query = at + 8, keys = at + 28, vector = at + 44, scores = at + 60, out = at + 76;
  const size = rowBytes(out);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const steps = lengthOf(over, b);
      const to = rowAddress(out, t, b);
      memory.fill(to, 0, size);
      for (let s = 0; s < steps; s++) {
        const row = byKeys ? s : t;
        const step = byKeys ? t : s;
        const d = v128.load32_splat(rowAddress(scores, row, b) + (<usize>step << 2));
        const q = rowAddress(query, row, b);
        const k = rowAddress(keys, step, b);
        const v = rowAddress(vector, row, b);
        for (let i: usize = 0; i < size; i += 16) {
          const y = tanh(f32x4.add(v128.load(q + i), v128.load(k + i)));
          const slope = f32x4.mul(v128.load(v + i), f32x4.sub(splat(1), f32x4.mul(y, y)));
          v128.store(to + i, madd(d, by == By.vector ? y : slope, v128.load(to + i)));
        }
      }
    }
  }
}
