/** What is put aside while memory is short comes back as it was. */
import assert from 'node:assert/strict';
import { createRoom, takeScratch, type Scratch } from '../../../src/core/data/scratch';
import { createColumn } from '../../../src/core/tables/texts';
import { createChannel } from '../../../src/core/task/channel-builder';
import { openNodeScratch } from '../../../src/worker/node-scratch';

/** Counts what is put aside, up to so many bytes. */
function counted(most = Infinity) {
  const at = { bytes: 0, refused: 0 };
  takeScratch(() => {
    const scratch = openNodeScratch()!;
    return {
      append(bytes) {
        if (at.bytes + bytes.length > most) {
          at.refused++;
          return undefined;
        }
        at.bytes += bytes.length;
        return scratch.append(bytes);
      },
      read: (from, into) => {
        scratch.read(from, into);
      },
    } satisfies Scratch;
  });
  return at;
}

/** Texts of lengths from none to beyond a chunk, each told by its number. */
function textOf(index: number): string {
  if (index === 7) return '长'.repeat(700_000);
  return index % 5 === 0 ? '' : `${String(index)} é𝄞\n`.repeat((index * 7919) % 300);
}

describe('what is put aside', () => {
  after(() => {
    takeScratch(openNodeScratch);
  });

  for (const [name, most] of [
    ['in a file', Infinity],
    ['in a file that is full, and then stays in memory', 3_000_000],
  ] as const) {
    it(`is read again: texts ${name}`, () => {
      const told = counted(most);
      const room = createRoom(1_500_000);
      const columns = [createColumn('a', room), createColumn('b', room)];
      const rows = 6000;
      for (let row = 0; row < rows; row++) {
        columns[0]!.push(textOf(row));
        columns[1]!.push([textOf(row + 1), String(row)]);
      }
      const [a, b] = columns.map((column) => column.finish());
      assert.ok(told.bytes > 2_000_000, String(told.bytes));
      assert.equal(told.refused > 0, most < Infinity);
      assert.ok(a?.kind === 'text' && b?.kind === 'list');
      // From row to row, and in leaps from one end to the other.
      for (let step = 0; step < rows; step++) {
        for (const row of [step, (step * 2003) % rows]) {
          assert.equal(a.texts.at(row), textOf(row));
          assert.equal(b.texts.at(b.starts[row]!), textOf(row + 1));
          assert.equal(b.texts.at(b.starts[row]! + 1), String(row));
        }
      }
    });
  }

  it('is read again: symbols and numbers', () => {
    const told = counted();
    const symbols = createChannel({ kind: 'symbols', width: 50_000, sequence: true });
    const numbers = createChannel({ kind: 'numbers', width: 3, sequence: false });
    const count = 18_000_000;
    for (let i = 0; i < count; i++) symbols.push((i * 31) % 50_000);
    symbols.end();
    for (let i = 0; i < count / 3; i++) numbers.add([i, -i, 0.5]);
    const [ids, rows] = [symbols.finish().values, numbers.finish().values];
    assert.ok(told.bytes > 8_000_000, String(told.bytes));
    assert.ok(ids.kind === 'symbols' && rows.kind === 'numbers');
    assert.deepEqual([ids.ids.length, rows.values.length], [count, count]);
    let wrong = 0;
    for (let i = 0; i < count; i++) if (ids.ids[i] !== (i * 31) % 50_000) wrong++;
    for (let i = 0; i < count / 3; i++) {
      if (rows.values[3 * i] !== i || rows.values[3 * i + 1] !== -i) wrong++;
      if (rows.values[3 * i + 2] !== 0.5) wrong++;
    }
    assert.equal(wrong, 0);
  });
});
