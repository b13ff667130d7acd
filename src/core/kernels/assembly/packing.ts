/** Copies of the weights in the order in which the product reads them. */
import { participants, rank, shareStart } from './state';
import { storePair } from './vector';

/** Panels of 8 columns: `[columns/8][inputs][8]`. */
function packPlain(source: usize, inputs: i32, columns: i32, packed: usize, first: i32, end: i32): void {
  const stride = <usize>columns << 2;
  for (let panel = first; panel < end; panel++) {
    let from = source + (<usize>panel << 5);
    let to = packed + ((<usize>panel * inputs) << 5);
    for (let k = 0; k < inputs; k++) {
      storePair(to, v128.load(from), v128.load(from, 16));
      from += stride;
      to += 32;
    }
  }
}

/** Panels of 8 rows: `[pad(inputs)/8][columns][8]`, zero past the last row. */
function packTransposed(source: usize, inputs: i32, columns: i32, packed: usize, first: i32, end: i32): void {
  const stride = <usize>columns << 2;
  for (let panel = first; panel < end; panel++) {
    const to = packed + ((<usize>panel * columns) << 5);
    const rows = min(8, inputs - (panel << 3));
    const from = source + (<usize>panel << 3) * stride;
    if (rows < 8) {
      memory.fill(to, 0, <usize>columns << 5);
      for (let r = 0; r < rows; r++) {
        const row = from + <usize>r * stride;
        for (let n = 0; n < columns; n++) {
          store<f32>(to + (<usize>n << 5) + (<usize>r << 2), load<f32>(row + (<usize>n << 2)));
        }
      }
      continue;
    }
    transposeQuad(from, stride, to, columns);
    transposeQuad(from + (stride << 2), stride, to + 16, columns);
  }
}

/** Four rows of `columns` values into the four lanes at `to`, 32 bytes apart; `columns` is a multiple of 4. */
function transposeQuad(from: usize, stride: usize, to: usize, columns: i32): void {
  for (const end = from + (<usize>columns << 2); from < end; from += 16) {
    const r0 = v128.load(from);
    const r1 = v128.load(from + stride);
    const r2 = v128.load(from + 2 * stride);
    const r3 = v128.load(from + 3 * stride);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
    v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
    v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
    to += 128;
  }
}

/** Packs this thread's share of every matrix in the list: source, inputs, columns, packed, packed transposed. */
export function packMatrices(list: usize, listEnd: usize): void {
  for (let at = list; at < listEnd; at += 20) {
    const source = load<usize>(at);
    const inputs = load<i32>(at, 4);
    const columns = load<i32>(at, 8);
    const plain = load<usize>(at, 12);
    const transposed = load<usize>(at, 16);
    if (plain != 0) {
      const panels = columns >> 3;
      packPlain(source, inputs, columns, plain, shareStart(panels, rank, participants), shareStart(panels, rank + 1, participants));
    }
    if (transposed != 0) {
      const panels = (inputs + 7) >> 3;
      packTransposed(source, inputs, columns, transposed, shareStart(panels, rank, participants), shareStart(panels, rank + 1, participants));
    }
  }
}
