/** Instructions that move rows: gather, one-hot, dropout masks. */
import { areStreams, beginOf, endOf, stepOf, tokens } from './axes';
import { batch, dropoutKey, keys } from './state';
import { splat, storePair } from './vector';
import { rowAddress, rowBytes, widthOf } from './views';

// @ts-ignore: decorator
@inline
function tokenAt(t: i32, b: i32): i32 {
  return load<i32>(tokens + (<usize>(t * batch + b) << 2));
}

/** Words: output view, address of the matrix' first column, bytes between its rows. */
export function gather(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const bytes = rowBytes(at);
  const matrix = load<usize>(at, 16);
  const stride = load<usize>(at, 20);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      let from = matrix + <usize>tokenAt(t, b) * stride;
      let to = rowAddress(at, t, b);
      for (const last = to + bytes; to < last; to += 32) {
        storePair(to, v128.load(from), v128.load(from, 16));
        from += 32;
      }
    }
  }
}

/** Words: output view. */
export function onehot(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const bytes = rowBytes(at);
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const row = rowAddress(at, t, b);
      memory.fill(row, 0, bytes);
      store<f32>(row + (<usize>tokenAt(t, b) << 2), 1);
    }
  }
}

/** `dropoutHash` of program.ts, four neighbouring indices at once. */
// @ts-ignore: decorator
@inline
function hash(seed: v128, index: v128): v128 {
  let x = v128.xor(seed, i32x4.mul(i32x4.add(index, i32x4.splat(1)), i32x4.splat(0x9e3779b1)));
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x21f0aaad));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x735a2d97));
  return v128.xor(x, i32x4.shr_u(x, 15));
}

/** Words: output view, stream, threshold (unsigned), what is kept is multiplied by (f32). */
export function dropoutMask(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const width = widthOf(at);
  const stream = (load<i32>(at, 16) + 1) * 0x85ebca77;
  const streams = areStreams();
  const threshold = i32x4.splat(load<i32>(at, 20));
  const kept = splat(load<f32>(at, 24));
  const padded = (width + 7) & ~7;
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const end = endOf(r, b1);
    for (let b = beginOf(r, b0); b < end; b++) {
      const row = rowAddress(at, t, b);
      // An example's key is that of `exampleKey` in program.ts.
      const key = streams ? dropoutKey : dropoutKey ^ ((load<i32>(keys + (<usize>b << 2)) + 1) * 0x27d4eb2f);
      const seed = i32x4.splat(key ^ stream);
      const first = (streams ? t * batch + b : t) * width;
      for (let i = 0; i < padded; i += 4) {
        const lanes = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3));
        const keep = v128.and(
          i32x4.ge_u(hash(seed, i32x4.add(i32x4.splat(first), lanes)), threshold),
          i32x4.lt_s(lanes, i32x4.splat(width)),
        );
        v128.store(row + (<usize>i << 2), v128.and(kept, keep));
      }
    }
  }
}
