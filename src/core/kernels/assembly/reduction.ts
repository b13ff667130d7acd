/**
 * Sums over all rows of the steps that run into gradients. Threads divide the gradient's rows or columns; every entry
 * is summed by one thread, in blocks of a fixed number of rows, so that the result does not depend
 * on the number of threads.
 */
import { Size } from './layout';
import { areStreams, beginOf, endOf, isEven, stepOf, tokens } from './axes';
import { nextRow } from './picked';
import { batch, participants, rank, scratch, shareStart } from './state';
import { giveWay } from './sync';
import { madd, storePair, zero } from './vector';
import { rowAddress, rowStride } from './views';

/** Rows of the gradient in a tile; see `TALL` in product.ts. */
const GROUP: i32 = RELAXED ? 6 : 5;

/** Where a block of rows begins: a run, and a row of it. */
let blockRun: i32 = 0;
let blockRow: i32 = 0;

/** Number of rows of runs [r0, r1); the first block begins there. */
function startBlocks(r0: i32, r1: i32): i32 {
  blockRun = r0;
  blockRow = r0 < r1 ? beginOf(r0, 0) : 0;
  if (areStreams()) return (r1 - r0) * batch;
  let rows = 0;
  for (let r = r0; r < r1; r++) rows += endOf(r, batch) - beginOf(r, 0);
  return rows;
}

/** The next block begins `count` rows later. */
function passBlock(count: i32): void {
  if (areStreams()) {
    const row = blockRow + count;
    blockRun += row / batch;
    blockRow = row % batch;
    return;
  }
  while (count > 0) {
    const passed = min(endOf(blockRun, batch) - blockRow, count);
    count -= passed;
    blockRow += passed;
    if (count > 0) blockRow = beginOf(++blockRun, 0);
  }
}

/** Copies 8 columns, or `GROUP`, from byte `column` on of the block's `count` rows, one row behind the other. */
// @ts-ignore: decorator
@inline
function copyColumns(wide: bool, view: usize, column: usize, count: i32, to: usize): void {
  let r = blockRun;
  let b = blockRow;
  const stride = rowStride(view);
  const even = isEven(view);
  while (count > 0) {
    // Rows of one run are `stride` apart.
    const run = even ? count : min(endOf(r, batch) - b, count);
    let row = rowAddress(view, stepOf(r), b) + column;
    for (let i = 0; i < run; i++) {
      if (wide) {
        storePair(to, v128.load(row), v128.load(row, 16));
        to += 32;
      } else {
        v128.store(to, v128.load(row));
        if (GROUP > 5) store<u64>(to, load<u64>(row, 16), 16);
        else store<f32>(to, load<f32>(row, 16), 16);
        to += GROUP << 2;
      }
      row += stride;
    }
    count -= run;
    if (count > 0) b = beginOf(++r, 0);
  }
}

export function copyLeft(view: usize, column: usize, count: i32, to: usize): void {
  copyColumns(false, view, column, count, to);
}

export function copyRight(view: usize, column: usize, count: i32, to: usize): void {
  copyColumns(true, view, column, count, to);
}

/**
 * `GROUP` rows × P panels of 8 columns of Σ leftᵀ right, of which the first `rows` are added to the gradient or replace
 * it. P is a constant wherever this is inlined.
 */
// @ts-ignore: decorator
@inline
function tile(P: i32, left: usize, right: usize, count: i32, to: usize, stride: usize, rows: i32, fresh: bool): void {
  let c00 = zero(), c01 = zero(), c02 = zero(), c03 = zero();
  let c10 = zero(), c11 = zero(), c12 = zero(), c13 = zero();
  let c20 = zero(), c21 = zero(), c22 = zero(), c23 = zero();
  let c30 = zero(), c31 = zero(), c32 = zero(), c33 = zero();
  let c40 = zero(), c41 = zero(), c42 = zero(), c43 = zero();
  let c50 = zero(), c51 = zero(), c52 = zero(), c53 = zero();
  let next = right + (<usize>count << 5);
  for (const end = next; right < end; right += 32) {
    const b0 = v128.load(right);
    const b1 = v128.load(right, 16);
    const b2 = P > 1 ? v128.load(next) : zero();
    const b3 = P > 1 ? v128.load(next, 16) : zero();
    const a0 = v128.load32_splat(left);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    if (P > 1) {
      c02 = madd(a0, b2, c02);
      c03 = madd(a0, b3, c03);
    }
    const a1 = v128.load32_splat(left, 4);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    if (P > 1) {
      c12 = madd(a1, b2, c12);
      c13 = madd(a1, b3, c13);
    }
    const a2 = v128.load32_splat(left, 8);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    if (P > 1) {
      c22 = madd(a2, b2, c22);
      c23 = madd(a2, b3, c23);
    }
    const a3 = v128.load32_splat(left, 12);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
    if (P > 1) {
      c32 = madd(a3, b2, c32);
      c33 = madd(a3, b3, c33);
    }
    const a4 = v128.load32_splat(left, 16);
    c40 = madd(a4, b0, c40);
    c41 = madd(a4, b1, c41);
    if (P > 1) {
      c42 = madd(a4, b2, c42);
      c43 = madd(a4, b3, c43);
    }
    if (GROUP > 5) {
      const a5 = v128.load32_splat(left, 20);
      c50 = madd(a5, b0, c50);
      c51 = madd(a5, b1, c51);
      if (P > 1) {
        c52 = madd(a5, b2, c52);
        c53 = madd(a5, b3, c53);
      }
    }
    left += GROUP << 2;
    if (P > 1) next += 32;
  }
  put(P, to, c00, c01, c02, c03, fresh);
  if (rows > 1) put(P, to + stride, c10, c11, c12, c13, fresh);
  if (rows > 2) put(P, to + 2 * stride, c20, c21, c22, c23, fresh);
  if (rows > 3) put(P, to + 3 * stride, c30, c31, c32, c33, fresh);
  if (rows > 4) put(P, to + 4 * stride, c40, c41, c42, c43, fresh);
  if (GROUP > 5 && rows > 5) put(P, to + 5 * stride, c50, c51, c52, c53, fresh);
}

/** Adds up to 16 floats to what is at `to`, or to zeros. */
// @ts-ignore: decorator
@inline
function put(P: i32, to: usize, c0: v128, c1: v128, c2: v128, c3: v128, fresh: bool): void {
  const from = fresh ? <usize>Size.zeros : to;
  const s0 = f32x4.add(v128.load(from), c0);
  const s1 = f32x4.add(v128.load(from, 16), c1);
  if (P > 1) {
    const s2 = f32x4.add(v128.load(from, 32), c2);
    const s3 = f32x4.add(v128.load(from, 48), c3);
    storePair(to, s0, s1);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
  } else {
    storePair(to, s0, s1);
  }
}

export function outerTile(left: usize, right: usize, count: i32, to: usize, stride: usize, rows: i32, fresh: bool): void {
  tile(1, left, right, count, to, stride, rows, fresh);
}

export function outerTile2(left: usize, right: usize, count: i32, to: usize, stride: usize, rows: i32, fresh: bool): void {
  tile(2, left, right, count, to, stride, rows, fresh);
}

/** Words: left view, right view, gradient's address, bytes between its rows, its rows, panels of 8 columns, accumulate. */
export function outer(at: usize, r0: i32, r1: i32): void {
  const left = at;
  const right = at + 16;
  const gradient = load<usize>(at, 32);
  const stride = load<usize>(at, 36);
  const inputs = load<i32>(at, 40);
  const panels = load<i32>(at, 44);
  const accumulate = load<i32>(at, 48) != 0;
  const groups = (inputs + GROUP - 1) / GROUP;
  const byRows = groups >= panels || groups >= participants << 2;
  const groupBegin = byRows ? shareStart(groups, rank, participants) : 0;
  const groupEnd = byRows ? shareStart(groups, rank + 1, participants) : groups;
  const panelBegin = byRows ? 0 : shareStart(panels, rank, participants);
  const panelEnd = byRows ? panels : shareStart(panels, rank + 1, participants);
  if (groupBegin == groupEnd || panelBegin == panelEnd) return;
  const leftPack = scratch + Size.leftPack;
  const rightPack = scratch + Size.rightPack;
  const total = startBlocks(r0, r1);
  for (let first = 0; first < total; first += Size.sumBlock) {
    const count = min(total - first, Size.sumBlock);
    const fresh = first == 0 && !accumulate;
    for (let panel = panelBegin; panel < panelEnd; panel += Size.outerColumns >> 3) {
      const width = min(panelEnd - panel, Size.outerColumns >> 3);
      for (let i = 0; i < width; i++) {
        copyRight(right, <usize>(panel + i) << 5, count, rightPack + ((<usize>i * count) << 5));
      }
      for (let group = groupBegin; group < groupEnd; group++) {
        const row = group * GROUP;
        copyLeft(left, <usize>row << 2, count, leftPack);
        const to = gradient + <usize>row * stride + (<usize>panel << 5);
        let i = 0;
        if (WIDE) for (; i + 1 < width; i += 2) {
          outerTile2(leftPack, rightPack + ((<usize>i * count) << 5), count, to + (<usize>i << 5), stride, inputs - row, fresh);
        }
        for (; i < width; i++) {
          outerTile(leftPack, rightPack + ((<usize>i * count) << 5), count, to + (<usize>i << 5), stride, inputs - row, fresh);
        }
      }
      giveWay();
    }
    passBlock(count);
  }
}

/**
 * Words: right view, gradient's address, bytes between its rows, its rows, panels of 8 columns, accumulate, the bits of
 * the rows that may not be zero (0: any).
 */
export function scatter(at: usize, r0: i32, r1: i32): void {
  const gradient = load<usize>(at, 16);
  const stride = load<usize>(at, 20);
  const rows = load<i32>(at, 24);
  const panels = load<i32>(at, 28);
  const begin = <usize>shareStart(panels, rank, participants) << 5;
  const end = <usize>shareStart(panels, rank + 1, participants) << 5;
  if (begin == end) return;
  if (load<i32>(at, 32) == 0) {
    const stale = load<usize>(at, 36);
    for (let i = 0; i < rows; i++) {
      if (stale != 0) i = nextRow(stale, i, rows);
      if (i < rows) memory.fill(gradient + <usize>i * stride + begin, 0, end - begin);
    }
  }
  for (let r = r0; r < r1; r++) {
    const t = stepOf(r);
    const first = beginOf(r, 0);
    const last = endOf(r, batch);
    let token = tokens + (<usize>(t * batch + first) << 2);
    for (let b = first; b < last; b++) {
      const row = rowAddress(at, t, b);
      const to = gradient + <usize>load<i32>(token) * stride;
      for (let i = begin; i < end; i += 32) {
        const low = f32x4.add(v128.load(to + i), v128.load(row + i));
        const high = f32x4.add(v128.load(to + i, 16), v128.load(row + i, 16));
        storePair(to + i, low, high);
      }
      token += 4;
    }
  }
}

/** Words: input view, gradient's address, panels of 8 columns, accumulate. */
export function sum(at: usize, r0: i32, r1: i32): void {
  const gradient = load<usize>(at, 16);
  const panels = load<i32>(at, 20);
  const begin = shareStart(panels, rank, participants);
  const end = shareStart(panels, rank + 1, participants);
  const total = startBlocks(r0, r1);
  for (let first = 0; first < total; first += Size.sumBlock) {
    const count = min(total - first, Size.sumBlock);
    const fresh = first == 0 && load<i32>(at, 24) == 0;
    let panel = begin;
    for (; panel + 4 <= end; panel += 4) {
      sumPanels4(at, <usize>panel << 5, count, gradient + (<usize>panel << 5), fresh);
    }
    for (; panel < end; panel++) {
      sumPanels1(at, <usize>panel << 5, count, gradient + (<usize>panel << 5), fresh);
    }
    passBlock(count);
  }
}

/** P panels of 8 columns: two cache lines of a row at a time, where there are four. P is a constant wherever this is inlined. */
// @ts-ignore: decorator
@inline
function sumPanels(P: i32, view: usize, column: usize, count: i32, to: usize, fresh: bool): void {
  let r = blockRun;
  let b = blockRow;
  let last = isEven(view) ? b + count : endOf(r, batch);
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
  let s4 = zero(), s5 = zero(), s6 = zero(), s7 = zero();
  let row = rowAddress(view, stepOf(r), b) + column;
  const stride = rowStride(view);
  for (let left = count; left > 0; left--) {
    s0 = f32x4.add(s0, v128.load(row));
    s1 = f32x4.add(s1, v128.load(row, 16));
    if (P > 1) {
      s2 = f32x4.add(s2, v128.load(row, 32));
      s3 = f32x4.add(s3, v128.load(row, 48));
      s4 = f32x4.add(s4, v128.load(row, 64));
      s5 = f32x4.add(s5, v128.load(row, 80));
      s6 = f32x4.add(s6, v128.load(row, 96));
      s7 = f32x4.add(s7, v128.load(row, 112));
    }
    row += stride;
    if (++b == last && left > 1) {
      b = beginOf(++r, 0);
      last = endOf(r, batch);
      row = rowAddress(view, stepOf(r), b) + column;
    }
  }
  put(P > 1 ? 2 : 1, to, s0, s1, s2, s3, fresh);
  if (P > 1) put(2, to + 64, s4, s5, s6, s7, fresh);
}

export function sumPanels1(view: usize, column: usize, count: i32, to: usize, fresh: bool): void {
  sumPanels(1, view, column, count, to, fresh);
}

export function sumPanels4(view: usize, column: usize, count: i32, to: usize, fresh: bool): void {
  sumPanels(4, view, column, count, to, fresh);
}
