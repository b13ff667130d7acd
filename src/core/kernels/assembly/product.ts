/** Matrix product of rows with a packed matrix. */
import { Size } from './layout';
import { beginOf, endOf, isEven, stepOf } from './axes';
import { batch, scratch } from './state';
import {
  tile1x1,
  tile1x2,
  tile1x3,
  tile1x4,
  tile1x5,
  tile1x6,
  tile2x1,
  tile2x2,
  tile3x1,
  tile3x2,
  tile4x1,
  tile4x2,
  tile5x1,
  tile5x2,
  tile6x1,
  tile6x2,
} from './tiles';
import { rowAddress, rowStride } from './views';

/**
 * Rows of a full tile. A strict multiply-add needs a register for the product, and x86-64 has none
 * to spare at 6.
 */
const TALL: i32 = RELAXED ? 6 : 5;

/** Where `noteRows` goes on: a run, and a row of it. */
let run: i32 = 0;
let row: i32 = 0;

/**
 * Notes the addresses of up to `Size.rowBlock` inputs and outputs, of rows [b0, b1) of runs before r1; returns how many.
 * Where rows are `even`, the runs are one.
 */
function noteRows(input: usize, out: usize, r1: i32, b0: i32, b1: i32, even: bool): i32 {
  const inputStride = rowStride(input);
  const outStride = rowStride(out);
  const table = scratch + Size.rowTable;
  const full = table + (Size.rowBlock << 2);
  let entry = table;
  while (run < r1) {
    const t = stepOf(run);
    const end = even ? (r1 - run) * batch : endOf(run, b1);
    let b = row;
    let i = rowAddress(input, t, b);
    let o = rowAddress(out, t, b);
    for (; b < end && entry < full; entry += 4) {
      store<usize>(entry, i);
      store<usize>(entry, o, Size.rowBlock << 2);
      i += inputStride;
      o += outStride;
      b++;
    }
    row = b;
    if (b < end) break;
    run = even ? r1 : run + 1;
    if (run < r1) row = beginOf(run, b0);
  }
  return <i32>((entry - table) >> 2);
}

/**
 * Panels that a tile of the last `rows` (fewer than a full tile's) rows spans, so that it too has
 * work for all registers.
 */
// @ts-ignore: decorator
@inline
function panelsAbreast(rows: i32): i32 {
  return rows == 1 ? 6 : rows == 2 || WIDE ? 2 : 1;
}

/** A tile of fewer rows than a full one. */
function shortTile(rows: i32, panels: i32, table: usize, from: usize, column: usize, panel: usize, stride: usize, depth: i32, fresh: bool): void {
  switch ((rows << 3) | panels) {
    case 0x09: tile1x1(table, from, column, panel, stride, depth, fresh); break;
    case 0x0a: tile1x2(table, from, column, panel, stride, depth, fresh); break;
    case 0x0b: tile1x3(table, from, column, panel, stride, depth, fresh); break;
    case 0x0c: tile1x4(table, from, column, panel, stride, depth, fresh); break;
    case 0x0d: tile1x5(table, from, column, panel, stride, depth, fresh); break;
    case 0x0e: tile1x6(table, from, column, panel, stride, depth, fresh); break;
    case 0x11: tile2x1(table, from, column, panel, stride, depth, fresh); break;
    case 0x12: tile2x2(table, from, column, panel, stride, depth, fresh); break;
    case 0x19: tile3x1(table, from, column, panel, stride, depth, fresh); break;
    case 0x1a: tile3x2(table, from, column, panel, stride, depth, fresh); break;
    case 0x21: tile4x1(table, from, column, panel, stride, depth, fresh); break;
    case 0x22: tile4x2(table, from, column, panel, stride, depth, fresh); break;
    case 0x29: tile5x1(table, from, column, panel, stride, depth, fresh); break;
    case 0x2a: tile5x2(table, from, column, panel, stride, depth, fresh); break;
    default: unreachable();
  }
}

/** All columns of `count` noted rows over `depth` inputs from byte `from` of each row. */
function multiplyBlock(count: i32, from: usize, panels: usize, stride: usize, panelCount: i32, depth: i32, fresh: bool): void {
  const table = scratch + Size.rowTable;
  let rest = count % TALL;
  // Few rows leave registers idle: 6 + 3 are done as 5 + 4, and in the wide build 6 + 1 as 4 + 3, 6 + 2 as 4 + 4.
  let extra = 0;
  if (count > TALL && rest > 0) {
    if (rest == 3 && RELAXED) { extra = 5; rest = 4; }
    else if (WIDE && rest < 3) { extra = 4; rest += 2; }
  }
  const full = count - rest - extra;
  const abreast = panelsAbreast(rest);
  const groups = (panelCount + abreast - 1) / abreast;
  let panel = panels;
  let column: usize = 0;
  for (let group = 0; group < groups; group++) {
    // Groups of equal size: the last one is not left with a single panel.
    const width = (panelCount * (group + 1)) / groups - (panelCount * group) / groups;
    const end = panel + <usize>width * stride;
    const restColumn = column;
    const restPanel = panel;
    if (WIDE) for (; panel + stride < end; panel += 2 * stride) {
      for (let row = table, last = table + (<usize>full << 2); row < last; row += TALL << 2) {
        tile6x2(row, from, column, panel, stride, depth, fresh);
      }
      column += 64;
    }
    for (; panel < end; panel += stride) {
      for (let row = table, last = table + (<usize>full << 2); row < last; row += TALL << 2) {
        if (RELAXED) tile6x1(row, from, column, panel, stride, depth, fresh);
        else tile5x1(row, from, column, panel, stride, depth, fresh);
      }
      column += 32;
    }
    const short = table + (<usize>full << 2);
    if (extra > 0) shortTile(extra, width, short + (<usize>rest << 2), from, restColumn, restPanel, stride, depth, fresh);
    if (rest > 0) shortTile(rest, width, short, from, restColumn, restPanel, stride, depth, fresh);
  }
}

/**
 * out (+)= input · P over rows [b0, b1) of runs [r0, r1).
 * Words from `at`: input view, output view, first panel, bytes between panels, depth, panels, accumulate.
 */
export function product(at: usize, r0: i32, r1: i32, b0: i32, b1: i32): void {
  const panels = load<usize>(at, 32);
  const stride = load<usize>(at, 36);
  const depth = load<i32>(at, 40);
  const panelCount = load<i32>(at, 44);
  const accumulate = load<i32>(at, 48) != 0;
  const even = b0 == 0 && b1 == batch && isEven(at) && isEven(at + 16);
  run = r0;
  row = r0 < r1 ? beginOf(r0, b0) : 0;
  for (;;) {
    const count = noteRows(at, at + 16, r1, b0, b1, even);
    if (count == 0) return;
    for (let k = 0; k < depth; k += Size.depthBlock) {
      multiplyBlock(count, <usize>k << 2, panels + (<usize>k << 5), stride, panelCount, min(depth - k, Size.depthBlock), k == 0 && !accumulate);
    }
  }
}
