/** Dot products of rows with rows, for JavaScript: no job of threads. */
import { madd, sumOf, zero } from './vector';

/**
 * The dot product of each of `count` rows with each of `others` rows, `[count, others]` from `to` on. Rows have `size`
 * bytes, a multiple of 16, and are `stride` and `otherStride` bytes apart. Two rows by four at a time: where fewer are
 * left, the last one stands in for those that are missing, and is written again.
 */
export function dots(
  row: usize, stride: usize, count: i32, other: usize, otherStride: usize, others: i32, size: usize, to: usize,
): void {
  for (let i = 0; i < count; i += 2) {
    const j = min(i + 1, count - 1);
    for (let k = 0; k < others; k += 4) {
      const l = min(k + 1, others - 1), m = min(k + 2, others - 1), n = min(k + 3, others - 1);
      const at = to + (<usize>(i * others) << 2);
      tile(
        row + <usize>i * stride, row + <usize>j * stride,
        other + <usize>k * otherStride, other + <usize>l * otherStride,
        other + <usize>m * otherStride, other + <usize>n * otherStride, size,
        at + (<usize>k << 2), at + (<usize>l << 2), at + (<usize>m << 2), at + (<usize>n << 2),
        <usize>((j - i) * others) << 2,
      );
    }
  }
}

/** The products of one row go to the four places, those of the other `next` bytes after them. */
function tile(
  a: usize, b: usize, k: usize, l: usize, m: usize, n: usize, size: usize,
  toK: usize, toL: usize, toM: usize, toN: usize, next: usize,
): void {
  let ak = zero(), al = zero(), am = zero(), an = zero();
  let bk = zero(), bl = zero(), bm = zero(), bn = zero();
  for (let i: usize = 0; i < size; i += 16) {
    const va = v128.load(a + i), vb = v128.load(b + i);
    const vk = v128.load(k + i), vl = v128.load(l + i);
    ak = madd(va, vk, ak);
    bk = madd(vb, vk, bk);
    al = madd(va, vl, al);
    bl = madd(vb, vl, bl);
    const vm = v128.load(m + i), vn = v128.load(n + i);
    am = madd(va, vm, am);
    bm = madd(vb, vm, bm);
    an = madd(va, vn, an);
    bn = madd(vb, vn, bn);
  }
  store<f32>(toK, sumOf(ak));
  store<f32>(toL, sumOf(al));
  store<f32>(toM, sumOf(am));
  store<f32>(toN, sumOf(an));
  store<f32>(toK + next, sumOf(bk));
  store<f32>(toL + next, sumOf(bl));
  store<f32>(toM + next, sumOf(bm));
  store<f32>(toN + next, sumOf(bn));
}
