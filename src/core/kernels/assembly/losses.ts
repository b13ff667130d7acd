/** Losses of numbers: any of C symbols, and squared error. */
import { beginOf, endOf, stepOf } from './axes';
import { sigmoid, softplus } from './math';
import { batch, losses, lossScale, targets } from './state';
import { splat, sumOf, zero } from './vector';
import { inside, rowAddress, rowBytes, widthOf } from './views';

/** Words: logits view, target view, gradient view (address 0: none). */
export function bernoulli(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  compare(true, at, r0, r1, b0, b1);
}

/** The same words. */
export function squaredError(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  compare(false, at, r0, r1, b0, b1);
}

// @ts-ignore: decorator
@inline
function compare(isBernoulli: bool, at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const width = widthOf(at);
  const bytes = rowBytes(at);
  const keep = load<usize>(at, 32) != 0;
  const by = splat(lossScale);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const place = <usize>(t * batch + b) << 2;
      const gradient = rowAddress(at + 32, t, b);
      if (load<i32>(targets + place) < 0) {
        store<f32>(losses + place, 0);
        if (keep) memory.fill(gradient, 0, bytes);
        continue;
      }
      const logits = rowAddress(at, t, b);
      const target = rowAddress(at + 16, t, b);
      let sum = zero();
      for (let i = 0; i < width; i += 4) {
        const lanes = inside(i, width);
        const z = v128.load(logits + (<usize>i << 2));
        const y = v128.load(target + (<usize>i << 2));
        const error = f32x4.sub(isBernoulli ? sigmoid(z) : z, y);
        const loss = isBernoulli
          ? f32x4.sub(softplus(z), f32x4.mul(y, z))
          : f32x4.mul(splat(0.5), f32x4.mul(error, error));
        sum = f32x4.add(sum, v128.and(loss, lanes));
        if (keep) v128.store(gradient + (<usize>i << 2), v128.and(f32x4.mul(error, by), lanes));
      }
      store<f32>(losses + place, sumOf(sum));
    }
  }
}
