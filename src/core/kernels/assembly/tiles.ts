/**
 * Inner loops of the matrix product: tiles of rows × panels (of 8 columns) whose sums stay in
 * registers.
 *
 * `rows` points at a table of row addresses: inputs first, outputs `Size.rowBlock` words later. A
 * panel is `[depth][8]`; neighbouring panels are `stride` bytes apart. Every element of the output
 * is summed over k ascending from the value it starts with, whatever tile it falls into: how rows
 * and columns are split into tiles never changes a bit.
 */
import { Size } from './layout';
import { madd, zero } from './vector';

const OUT: usize = Size.rowBlock << 2;

/**
 * A tile of R rows × P panels: 1 × 1 … 6 or 2 … 6 × 1 … 2. R and P are constants wherever this is
 * inlined, so that each caller becomes a loop of its own without the branches.
 */
// @ts-ignore: decorator
@inline
function tile(R: i32, P: i32, rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  let i0 = load<usize>(rows) + from;
  let i1 = R > 1 ? load<usize>(rows, 4) + from : 0;
  let i2 = R > 2 ? load<usize>(rows, 8) + from : 0;
  let i3 = R > 3 ? load<usize>(rows, 12) + from : 0;
  let i4 = R > 4 ? load<usize>(rows, 16) + from : 0;
  let i5 = R > 5 ? load<usize>(rows, 20) + from : 0;
  const o0 = load<usize>(rows, OUT) + column;
  const o1 = R > 1 ? load<usize>(rows, OUT + 4) + column : 0;
  const o2 = R > 2 ? load<usize>(rows, OUT + 8) + column : 0;
  const o3 = R > 3 ? load<usize>(rows, OUT + 12) + column : 0;
  const o4 = R > 4 ? load<usize>(rows, OUT + 16) + column : 0;
  const o5 = R > 5 ? load<usize>(rows, OUT + 20) + column : 0;
  const s0 = fresh ? <usize>Size.zeros : o0;
  const s1 = fresh ? <usize>Size.zeros : o1;
  const s2 = fresh ? <usize>Size.zeros : o2;
  const s3 = fresh ? <usize>Size.zeros : o3;
  const s4 = fresh ? <usize>Size.zeros : o4;
  const s5 = fresh ? <usize>Size.zeros : o5;
  let p1 = panel + stride;
  let p2 = panel + 2 * stride;
  let p3 = panel + 3 * stride;
  let p4 = panel + 4 * stride;
  let p5 = panel + 5 * stride;
  let c000 = v128.load(s0);
  let c001 = v128.load(s0, 16);
  let c010 = P > 1 ? v128.load(s0, 32) : zero();
  let c011 = P > 1 ? v128.load(s0, 48) : zero();
  let c020 = P > 2 ? v128.load(s0, 64) : zero();
  let c021 = P > 2 ? v128.load(s0, 80) : zero();
  let c030 = P > 3 ? v128.load(s0, 96) : zero();
  let c031 = P > 3 ? v128.load(s0, 112) : zero();
  let c040 = P > 4 ? v128.load(s0, 128) : zero();
  let c041 = P > 4 ? v128.load(s0, 144) : zero();
  let c050 = P > 5 ? v128.load(s0, 160) : zero();
  let c051 = P > 5 ? v128.load(s0, 176) : zero();
  let c100 = R > 1 ? v128.load(s1) : zero();
  let c101 = R > 1 ? v128.load(s1, 16) : zero();
  let c110 = R > 1 && P > 1 ? v128.load(s1, 32) : zero();
  let c111 = R > 1 && P > 1 ? v128.load(s1, 48) : zero();
  let c200 = R > 2 ? v128.load(s2) : zero();
  let c201 = R > 2 ? v128.load(s2, 16) : zero();
  let c210 = R > 2 && P > 1 ? v128.load(s2, 32) : zero();
  let c211 = R > 2 && P > 1 ? v128.load(s2, 48) : zero();
  let c300 = R > 3 ? v128.load(s3) : zero();
  let c301 = R > 3 ? v128.load(s3, 16) : zero();
  let c310 = R > 3 && P > 1 ? v128.load(s3, 32) : zero();
  let c311 = R > 3 && P > 1 ? v128.load(s3, 48) : zero();
  let c400 = R > 4 ? v128.load(s4) : zero();
  let c401 = R > 4 ? v128.load(s4, 16) : zero();
  let c410 = R > 4 && P > 1 ? v128.load(s4, 32) : zero();
  let c411 = R > 4 && P > 1 ? v128.load(s4, 48) : zero();
  let c500 = R > 5 ? v128.load(s5) : zero();
  let c501 = R > 5 ? v128.load(s5, 16) : zero();
  let c510 = R > 5 && P > 1 ? v128.load(s5, 32) : zero();
  let c511 = R > 5 && P > 1 ? v128.load(s5, 48) : zero();
  for (const end = panel + (<usize>depth << 5); panel < end; panel += 32) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = P > 1 ? v128.load(p1) : zero();
    const b3 = P > 1 ? v128.load(p1, 16) : zero();
    const a = v128.load32_splat(i0);
    c000 = madd(a, b0, c000);
    c001 = madd(a, b1, c001);
    if (P > 1) {
      c010 = madd(a, b2, c010);
      c011 = madd(a, b3, c011);
    }
    if (P > 2) {
      c020 = madd(a, v128.load(p2), c020);
      c021 = madd(a, v128.load(p2, 16), c021);
    }
    if (P > 3) {
      c030 = madd(a, v128.load(p3), c030);
      c031 = madd(a, v128.load(p3, 16), c031);
    }
    if (P > 4) {
      c040 = madd(a, v128.load(p4), c040);
      c041 = madd(a, v128.load(p4, 16), c041);
    }
    if (P > 5) {
      c050 = madd(a, v128.load(p5), c050);
      c051 = madd(a, v128.load(p5, 16), c051);
    }
    if (R > 1) {
      const a = v128.load32_splat(i1);
      c100 = madd(a, b0, c100);
      c101 = madd(a, b1, c101);
      if (P > 1) {
        c110 = madd(a, b2, c110);
        c111 = madd(a, b3, c111);
      }
    }
    if (R > 2) {
      const a = v128.load32_splat(i2);
      c200 = madd(a, b0, c200);
      c201 = madd(a, b1, c201);
      if (P > 1) {
        c210 = madd(a, b2, c210);
        c211 = madd(a, b3, c211);
      }
    }
    if (R > 3) {
      const a = v128.load32_splat(i3);
      c300 = madd(a, b0, c300);
      c301 = madd(a, b1, c301);
      if (P > 1) {
        c310 = madd(a, b2, c310);
        c311 = madd(a, b3, c311);
      }
    }
    if (R > 4) {
      const a = v128.load32_splat(i4);
      c400 = madd(a, b0, c400);
      c401 = madd(a, b1, c401);
      if (P > 1) {
        c410 = madd(a, b2, c410);
        c411 = madd(a, b3, c411);
      }
    }
    if (R > 5) {
      const a = v128.load32_splat(i5);
      c500 = madd(a, b0, c500);
      c501 = madd(a, b1, c501);
      if (P > 1) {
        c510 = madd(a, b2, c510);
        c511 = madd(a, b3, c511);
      }
    }
    if (P > 1) p1 += 32;
    if (P > 2) p2 += 32;
    if (P > 3) p3 += 32;
    if (P > 4) p4 += 32;
    if (P > 5) p5 += 32;
    i0 += 4;
    if (R > 1) i1 += 4;
    if (R > 2) i2 += 4;
    if (R > 3) i3 += 4;
    if (R > 4) i4 += 4;
    if (R > 5) i5 += 4;
  }
  v128.store(o0, c000); v128.store(o0, c001, 16);
  if (P > 1) { v128.store(o0, c010, 32); v128.store(o0, c011, 48); }
  if (P > 2) { v128.store(o0, c020, 64); v128.store(o0, c021, 80); }
  if (P > 3) { v128.store(o0, c030, 96); v128.store(o0, c031, 112); }
  if (P > 4) { v128.store(o0, c040, 128); v128.store(o0, c041, 144); }
  if (P > 5) { v128.store(o0, c050, 160); v128.store(o0, c051, 176); }
  if (R > 1) { v128.store(o1, c100); v128.store(o1, c101, 16); }
  if (R > 1 && P > 1) { v128.store(o1, c110, 32); v128.store(o1, c111, 48); }
  if (R > 2) { v128.store(o2, c200); v128.store(o2, c201, 16); }
  if (R > 2 && P > 1) { v128.store(o2, c210, 32); v128.store(o2, c211, 48); }
  if (R > 3) { v128.store(o3, c300); v128.store(o3, c301, 16); }
  if (R > 3 && P > 1) { v128.store(o3, c310, 32); v128.store(o3, c311, 48); }
  if (R > 4) { v128.store(o4, c400); v128.store(o4, c401, 16); }
  if (R > 4 && P > 1) { v128.store(o4, c410, 32); v128.store(o4, c411, 48); }
  if (R > 5) { v128.store(o5, c500); v128.store(o5, c501, 16); }
  if (R > 5 && P > 1) { v128.store(o5, c510, 32); v128.store(o5, c511, 48); }
}

export function tile1x1(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(1, 1, rows, from, column, panel, stride, depth, fresh);
}

export function tile1x2(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(1, 2, rows, from, column, panel, stride, depth, fresh);
}

export function tile1x3(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(1, 3, rows, from, column, panel, stride, depth, fresh);
}

export function tile1x4(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(1, 4, rows, from, column, panel, stride, depth, fresh);
}

export function tile1x5(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(1, 5, rows, from, column, panel, stride, depth, fresh);
}

export function tile1x6(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(1, 6, rows, from, column, panel, stride, depth, fresh);
}

export function tile2x1(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(2, 1, rows, from, column, panel, stride, depth, fresh);
}

export function tile2x2(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(2, 2, rows, from, column, panel, stride, depth, fresh);
}

export function tile3x1(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(3, 1, rows, from, column, panel, stride, depth, fresh);
}

export function tile4x1(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(4, 1, rows, from, column, panel, stride, depth, fresh);
}

export function tile5x1(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(5, 1, rows, from, column, panel, stride, depth, fresh);
}

export function tile6x1(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(6, 1, rows, from, column, panel, stride, depth, fresh);
}

export function tile6x2(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(6, 2, rows, from, column, panel, stride, depth, fresh);
}

export function tile3x2(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(3, 2, rows, from, column, panel, stride, depth, fresh);
}

export function tile4x2(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(4, 2, rows, from, column, panel, stride, depth, fresh);
}

export function tile5x2(rows: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  tile(5, 2, rows, from, column, panel, stride, depth, fresh);
}
