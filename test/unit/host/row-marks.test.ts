import assert from 'node:assert/strict';
import { marksAfter, type RowMark } from '../../../src/host/row-marks';

const marks = (...lines: number[]): RowMark[] =>
  lines.map((line) => ({ line, message: `row ${String(line)}` }));

/** The same edit of a text of lines, of which each is its own mark. */
function edited(count: number, first: number, last: number, lines: number): Map<number, number> {
  const texts = Array.from({ length: count }, (_, i) => String(i));
  texts.splice(first, last - first + 1, ...Array<string>(lines).fill('new'));
  return new Map(texts.flatMap((text, line) => (text === 'new' ? [] : [[Number(text), line]])));
}

describe('marks on rows', () => {
  it('stay with their lines, and go where a line was touched: as in a text that is edited so', () => {
    for (let first = 0; first < 6; first++) {
      for (let last = first; last < 6; last++) {
        for (let lines = 1; lines < 4; lines++) {
          const expected = edited(6, first, last, lines);
          const after = marksAfter(marks(0, 1, 2, 3, 4, 5), { first, last, lines });
          const found = new Map(after.map(({ line, message }) => [message, line]));
          assert.deepEqual(
            found,
            new Map([...expected].map(([row, line]) => [`row ${String(row)}`, line])),
          );
        }
      }
    }
  });
});
