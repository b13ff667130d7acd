import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TextDocument } from 'vscode';
import { columnAfter, placeAfter, type Change, type Place } from '../../../src/host/panel/place';

/** Places are compared by what they have, and never asked for it. */
const document = {} as TextDocument;

function typed(place: Omit<Place, 'document'>, ...changes: Change[]) {
  return placeAfter({ document, ...place }, changes, { typed: true });
}

function change(rangeOffset: number, rangeLength: number, text: string): Change {
  return { rangeOffset, rangeLength, text };
}

describe('the place where the panel looks', () => {
  it('is where the cursor will be after a key', () => {
    assert.deepEqual(typed({ offset: 5 }, change(5, 0, 'a')), { document, offset: 6 });
    // Backspace, Delete, and a word that completes what is before the cursor.
    assert.deepEqual(typed({ offset: 5 }, change(4, 1, '')), { document, offset: 4 });
    assert.deepEqual(typed({ offset: 5 }, change(5, 1, '')), { document, offset: 5 });
    assert.deepEqual(typed({ offset: 5 }, change(2, 3, 'others')), { document, offset: 8 });
    // A selection is replaced.
    assert.deepEqual(typed({ from: 3, offset: 5 }, change(3, 2, 'a')), { document, offset: 4 });
  });

  it('stays where it is pinned, whatever is typed there', () => {
    const changes = [change(5, 0, 'abc')];
    assert.deepEqual(placeAfter({ document, offset: 5 }, changes, { typed: false }), {
      ...{ document, offset: 5 },
    });
  });

  it('is the same text as before after any changes of other text', () => {
    const anyText = fc.string({ maxLength: 8 });
    const gap = fc.record({ kept: anyText, removed: anyText, inserted: anyText });
    fc.assert(
      fc.property(
        fc.array(gap),
        fc.array(gap),
        fc.string({ minLength: 1 }),
        (before, after, own) => {
          const gaps = [...before, { kept: own, removed: '', inserted: '' }, ...after];
          const old = gaps.map(({ kept, removed }) => kept + removed);
          const start = (parts: string[], count: number) => parts.slice(0, count).join('').length;
          // As VS Code orders them: from the end of the text to its beginning.
          const changes = gaps
            .map(({ kept, removed, inserted }, i) => {
              return change(start(old, i) + kept.length, removed.length, inserted);
            })
            .filter(({ rangeLength, text }) => rangeLength > 0 || text !== '')
            .reverse();
          const from = start(old, before.length);
          const place = placeAfter({ document, from, offset: from + own.length }, changes, {
            typed: false,
          });
          const texts = gaps.map(({ kept, inserted }) => kept + inserted);
          assert.equal(place.offset, start(texts, before.length) + own.length);
          assert.ok(texts.join('').slice(place.from, place.offset).endsWith(own));
        },
      ),
    );
  });
});

it('a column is what the status bar of VS Code says: characters, and tabs up to the next stop', () => {
  const columns = ['', 'ab', '😀', '\t', 'a\t', 'abcd\t', '😀\tb'].map((text) =>
    columnAfter(text, 4),
  );
  assert.deepEqual(columns, [1, 3, 2, 5, 5, 9, 6]);
});
