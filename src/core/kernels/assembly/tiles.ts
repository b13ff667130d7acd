/**
 * Inner loops of the matrix product: tiles of rows × columns whose sums stay in registers.
 *
 * `rows` points at a table of row addresses: inputs first, outputs `Size.rowBlock` words later. A
 * panel is `[depth][8]`; neighbouring panels are `stride` bytes apart. Every element of the output
 * is summed over k ascending from the value it starts with, whatever tile it falls into: the split
 * into tiles never changes a bit.
 */
import { Size } from './layout';
import { madd, zero } from './vector';

const OUT: usize = Size.rowBlock << 2;

// @ts-ignore: decorator
@inline
function start(address: usize, fresh: bool): v128 {
  return fresh ? zero() : v128.load(address);
}

/** 6 rows × 8 columns: 12 sums, as many as the registers of x86-64 hold beside the operands. */
export function tile6(rows: usize, from: usize, column: usize, panel: usize, depth: i32, fresh: bool): void {
  let i0 = load<usize>(rows) + from;
  let i1 = load<usize>(rows, 4) + from;
  let i2 = load<usize>(rows, 8) + from;
  let i3 = load<usize>(rows, 12) + from;
  let i4 = load<usize>(rows, 16) + from;
  let i5 = load<usize>(rows, 20) + from;
  const o0 = load<usize>(rows, OUT) + column;
  const o1 = load<usize>(rows, OUT + 4) + column;
  const o2 = load<usize>(rows, OUT + 8) + column;
  const o3 = load<usize>(rows, OUT + 12) + column;
  const o4 = load<usize>(rows, OUT + 16) + column;
  const o5 = load<usize>(rows, OUT + 20) + column;
  let c00 = start(o0, fresh), c01 = start(o0 + 16, fresh);
  let c10 = start(o1, fresh), c11 = start(o1 + 16, fresh);
  let c20 = start(o2, fresh), c21 = start(o2 + 16, fresh);
  let c30 = start(o3, fresh), c31 = start(o3 + 16, fresh);
  let c40 = start(o4, fresh), c41 = start(o4 + 16, fresh);
  let c50 = start(o5, fresh), c51 = start(o5 + 16, fresh);
  for (const end = panel + (<usize>depth << 5); panel < end; panel += 32) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const a0 = v128.load32_splat(i0);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    const a1 = v128.load32_splat(i1);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    const a2 = v128.load32_splat(i2);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    const a3 = v128.load32_splat(i3);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
    const a4 = v128.load32_splat(i4);
    c40 = madd(a4, b0, c40);
    c41 = madd(a4, b1, c41);
    const a5 = v128.load32_splat(i5);
    c50 = madd(a5, b0, c50);
    c51 = madd(a5, b1, c51);
    i0 += 4; i1 += 4; i2 += 4; i3 += 4; i4 += 4; i5 += 4;
  }
  v128.store(o0, c00); v128.store(o0, c01, 16);
  v128.store(o1, c10); v128.store(o1, c11, 16);
  v128.store(o2, c20); v128.store(o2, c21, 16);
  v128.store(o3, c30); v128.store(o3, c31, 16);
  v128.store(o4, c40); v128.store(o4, c41, 16);
  v128.store(o5, c50); v128.store(o5, c51, 16);
}

/** 1 row × 8 columns. */
export function tile1(rows: usize, from: usize, column: usize, panel: usize, depth: i32, fresh: bool): void {
  let i0 = load<usize>(rows) + from;
  const o0 = load<usize>(rows, OUT) + column;
  let c00 = start(o0, fresh), c01 = start(o0 + 16, fresh);
  for (const end = panel + (<usize>depth << 5); panel < end; panel += 32) {
    const a0 = v128.load32_splat(i0);
    c00 = madd(a0, v128.load(panel), c00);
    c01 = madd(a0, v128.load(panel, 16), c01);
    i0 += 4;
  }
  v128.store(o0, c00); v128.store(o0, c01, 16);
}
