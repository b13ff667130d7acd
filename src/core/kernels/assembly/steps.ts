/** Instructions between a sequence and what stands once for an example; what they do stands in engine/program.ts. */
import { axis, beginOf, endOf, lengthOf, stepOf } from './axes';
import { splat, storePair, zero } from './vector';
import { rowAddress, rowBytes, timeStride, widthOf } from './views';

/** First step of a span: of the last steps where it is negative. */
// @ts-ignore: decorator
@inline
function spanBegin(span: i32, length: i32): i32 {
  return span > 0 ? 0 : max(length + span, 0);
}

// @ts-ignore: decorator
@inline
function spanEnd(span: i32, length: i32): i32 {
  return span > 0 ? min(span, length) : length;
}

/** Words: axis, input view, span, output view. */
export function stepSum(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const input = at + 4;
  const span = load<i32>(at, 20);
  const out = at + 24;
  const bytes = rowBytes(out);
  const stride = timeStride(input);
  for (let r = r0; r < r1; r++) {
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const length = lengthOf(over, b);
      const steps = spanEnd(span, length) - spanBegin(span, length);
      const first = rowAddress(input, spanBegin(span, length), b);
      const to = rowAddress(out, stepOf(r), b);
      for (let i: usize = 0; i < bytes; i += 32) {
        let low = zero(), high = zero();
        let row = first + i;
        for (let s = 0; s < steps; s++, row += stride) {
          low = f32x4.add(low, v128.load(row));
          high = f32x4.add(high, v128.load(row, 16));
        }
        storePair(to + i, low, high);
      }
    }
  }
}

/** Words: input view, span, output view. */
export function spread(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const span = load<i32>(at, 16);
  const out = at + 20;
  const bytes = rowBytes(out);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const length = lengthOf(axis, b);
      const to = rowAddress(out, t, b);
      if (t >= spanBegin(span, length) && t < spanEnd(span, length)) memory.copy(to, rowAddress(at, t, b), bytes);
      else memory.fill(to, 0, bytes);
    }
  }
}

/** Words: axis, input view, output view. */
export function perStep(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const bytes = rowBytes(at + 20);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const steps = splat(<f32>lengthOf(over, b));
      const from = rowAddress(at + 4, t, b);
      const to = rowAddress(at + 20, t, b);
      for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.div(v128.load(from + i), steps));
    }
  }
}

/** Words: axis, input view, output view. */
export function argmax(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const input = at + 4;
  const bytes = rowBytes(at + 20);
  const stride = timeStride(input);
  for (let r = r0; r < r1; r++) {
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const steps = lengthOf(over, b);
      const first = rowAddress(input, 0, b);
      const to = rowAddress(at + 20, stepOf(r), b);
      for (let i: usize = 0; i < bytes; i += 16) {
        let row = first + i;
        let best = v128.load(row);
        let place = zero();
        for (let s = 1; s < steps; s++) {
          row += stride;
          const value = v128.load(row);
          const larger = f32x4.gt(value, best);
          best = v128.bitselect(value, best, larger);
          place = v128.bitselect(splat(<f32>s), place, larger);
        }
        v128.store(to + i, place);
      }
    }
  }
}

/** Words: sequence's view, view of the steps, output view. */
export function pick(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const width = widthOf(at);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const steps = rowAddress(at + 16, t, b);
      const to = rowAddress(at + 32, t, b);
      for (let i = 0; i < width; i++) {
        const place = <usize>i << 2;
        const step = <i32>load<f32>(steps + place);
        store<f32>(to + place, load<f32>(rowAddress(at, step, b) + place));
      }
    }
  }
}

/** Words: view of the steps, of the gradient, output view. */
export function unpick(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const bytes = rowBytes(at + 32);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const here = splat(<f32>t);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const steps = rowAddress(at, t, b);
      const gradient = rowAddress(at + 16, t, b);
      const to = rowAddress(at + 32, t, b);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(to + i, v128.and(v128.load(gradient + i), f32x4.eq(v128.load(steps + i), here)));
      }
    }
  }
}

/** Words: input view, byte there, output view, byte there, bytes. */
export function copyValues(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const from = load<usize>(at, 16);
  const to = load<usize>(at, 36);
  const bytes = load<usize>(at, 40);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      memory.copy(rowAddress(at + 20, t, b) + to, rowAddress(at, t, b) + from, bytes);
    }
  }
}

/** Words: axis, output view, lag, initial value (f32), view of the start (address 0: none). */
export function border(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const over = load<i32>(at);
  const out = at + 4;
  const width = widthOf(out);
  const bytes = rowBytes(out);
  const lag = load<i32>(at, 20);
  const initial = load<f32>(at, 24);
  const start = at + 28;
  const hasStart = load<usize>(start) != 0;
  const count = abs(lag);
  for (let r = r0; r < r1; r++) {
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const length = lengthOf(over, b);
      for (let k = 0; k < count; k++) {
        const row = rowAddress(out, lag > 0 ? -1 - k : length + k, b);
        if (hasStart) {
          memory.copy(row, rowAddress(start, 0, b), bytes);
        } else if (initial == 0) {
          memory.fill(row, 0, bytes);
        } else {
          for (let i = 0; i < width; i++) store<f32>(row + (<usize>i << 2), initial);
        }
      }
    }
  }
}
