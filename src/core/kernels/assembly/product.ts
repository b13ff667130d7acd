/** Matrix product of rows with a packed matrix. */
import { Size } from './layout';
import { scratch } from './state';
import { tile1, tile6 } from './tiles';
import { rowAddress, rowStride } from './views';

/** Notes addresses of inputs and outputs of the next rows; returns how many. */
function noteRows(table: usize, input: usize, out: usize, first: i32, count: i32, t0: i32, b0: i32, rowsPerStep: i32): void {
  let t = t0 + first / rowsPerStep;
  let b = b0 + (first % rowsPerStep);
  const end = b0 + rowsPerStep;
  let i = rowAddress(input, t, b);
  let o = rowAddress(out, t, b);
  const inputStride = rowStride(input);
  const outStride = rowStride(out);
  for (const last = table + (<usize>count << 2); table < last; table += 4) {
    store<usize>(table, i);
    store<usize>(table, o, Size.rowBlock << 2);
    i += inputStride;
    o += outStride;
    if (++b == end) {
      b = b0;
      t++;
      i = rowAddress(input, t, b);
      o = rowAddress(out, t, b);
    }
  }
}

/**
 * out (+)= input · P over rows [b0, b1) of steps [t0, t1).
 * Words from `at`: input view, output view, first panel, bytes between panels, depth, panels, accumulate.
 */
export function product(at: usize, t0: i32, t1: i32, b0: i32, b1: i32): void {
  const input = at;
  const out = at + 16;
  const panels = load<usize>(at, 32);
  const stride = load<usize>(at, 36);
  const depth = load<i32>(at, 40);
  const panelCount = load<i32>(at, 44);
  const accumulate = load<i32>(at, 48) != 0;
  const rowsPerStep = b1 - b0;
  const total = (t1 - t0) * rowsPerStep;
  const table = scratch + Size.rowTable;
  for (let first = 0; first < total; first += Size.rowBlock) {
    const count = min(total - first, Size.rowBlock);
    noteRows(table, input, out, first, count, t0, b0, rowsPerStep);
    for (let k = 0; k < depth; k += Size.depthBlock) {
      const fresh = k == 0 && !accumulate;
      const block = min(depth - k, Size.depthBlock);
      const from = <usize>k << 2;
      let panel = panels + (<usize>k << 5);
      const columnEnd = <usize>panelCount << 5;
      for (let column: usize = 0; column < columnEnd; column += 32) {
        let row = table;
        let left = count;
        while (left >= 6) {
          tile6(row, from, column, panel, block, fresh);
          row += 24;
          left -= 6;
        }
        while (left > 0) {
          tile1(row, from, column, panel, block, fresh);
          row += 4;
          left--;
        }
        panel += stride;
      }
    }
  }
}
