/**
 * The rows that tokens pick of embeddings and one-hot matrices: all other rows of their gradients are zero, so that
 * clearing, norm and update need not touch them. A vocabulary may be large and a batch small.
 */
import { axisWord, beginOf, endOf, enterAxis, firstRun, stepOf, tokens } from './axes';
import { Axis, Domain, Header, Picked } from './layout';
import { batch, header } from './state';

// @ts-ignore: decorator
@inline
export function pickedWord(at: usize, word: i32): i32 {
  return load<i32>(at + (<usize>word << 2));
}

/** Bytes of the bits of so many rows. */
// @ts-ignore: decorator
@inline
function bitBytes(rows: i32): usize {
  return <usize>((rows + 63) >> 6) << 3;
}

/** The first row from `row` on whose bit is set; `rows` if there is none. */
export function nextRow(bits: usize, row: i32, rows: i32): i32 {
  while (row < rows) {
    const word = load<u64>(bits + (<usize>(row >> 6) << 3)) >> (row & 63);
    if (word != 0) return min(rows, row + <i32>ctz(word));
    row = (row | 63) + 1;
  }
  return rows;
}

/** Notes which rows this run's tokens pick, and that the gradient still holds those of the run before. */
export function notePicked(): void {
  const end = header(Header.pickedEnd);
  for (let at = header(Header.picked); at < end; at += Picked.words << 2) {
    const touched = <usize>pickedWord(at, Picked.touched);
    const bytes = bitBytes(pickedWord(at, Picked.rows));
    memory.copy(<usize>pickedWord(at, Picked.stale), touched, bytes);
    memory.fill(touched, 0, bytes);
    for (let domain = 0; domain < Domain.count; domain++) {
      if (((pickedWord(at, Picked.domains) >> domain) & 1) != 0) noteTokens(domain, touched);
    }
  }
}

function noteTokens(domain: i32, bits: usize): void {
  enterAxis(domain);
  const runs = firstRun(axisWord(domain, Axis.steps));
  for (let r = 0; r < runs; r++) {
    const row = tokens + (<usize>(stepOf(r) * batch) << 2);
    const end = row + (<usize>endOf(r, batch) << 2);
    for (let at = row + (<usize>beginOf(r, 0) << 2); at < end; at += 4) {
      const token = load<i32>(at);
      const word = bits + (<usize>(token >> 6) << 3);
      store<u64>(word, load<u64>(word) | (<u64>1 << (token & 63)));
    }
  }
}
