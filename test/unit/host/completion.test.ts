import assert from 'node:assert/strict';
import {
  createCounter,
  isTypedThrough,
  noFigures,
  readFigures,
} from '../../../src/host/completion/figures';
import { readOptions } from '../../../src/host/completion/options';
import { completionTable } from '../../../src/host/completion/settings-table';
import { completionDefaults } from '../../../src/protocol/engine';

describe('figures of completion', () => {
  const at = (offset: number, text: string, document = 'a') => ({ document, offset, text });

  it('count a suggestion once, however much of it is typed', () => {
    const counter = createCounter(undefined, () => undefined);
    counter.shown(at(10, 'hello world'));
    counter.shown(at(11, 'ello world'));
    counter.shown(at(13, 'lo wor'));
    // What is typed on makes it surer: it grows.
    counter.shown(at(15, ' world and all'));
    assert.equal(counter.figures().shown, 1);
    counter.shown(at(16, 'word'));
    assert.equal(counter.figures().shown, 2);
  });

  it('tell another suggestion from what is left of one', () => {
    const first = at(10, 'abcdef');
    assert.ok(isTypedThrough(first, at(10, 'abcdef')));
    assert.ok(isTypedThrough(first, at(12, 'cd')));
    assert.ok(!isTypedThrough(first, at(12, 'dc')));
    assert.ok(!isTypedThrough(first, at(9, 'xabcdef')));
    assert.ok(!isTypedThrough(first, at(16, 'g')));
    assert.ok(!isTypedThrough(first, at(12, 'cd', 'b')));
  });

  it('count what was taken in characters, and are told to whoever keeps them', () => {
    const kept: unknown[] = [];
    const counter = createCounter({ shown: 5, accepted: 1, characters: 9 }, (all) =>
      kept.push(all),
    );
    counter.shown(at(0, 'a🌸'));
    counter.accepted('a🌸');
    // The same text there again is another suggestion.
    counter.shown(at(0, 'a🌸'));
    assert.deepEqual(kept, [
      { shown: 6, accepted: 1, characters: 9 },
      { shown: 6, accepted: 2, characters: 11 },
      { shown: 7, accepted: 2, characters: 11 },
    ]);
  });

  it('begin again where what was kept cannot be read', () => {
    for (const kept of [undefined, 5, { shown: -1, accepted: 0, characters: 0 }, { shown: 1 }]) {
      assert.deepEqual(readFigures(kept), noFigures);
    }
  });
});

describe('settings of completion', () => {
  const read = (values: Readonly<Record<string, unknown>>) =>
    readOptions({ get: (name) => values[name] });

  it('are read as they are set', () => {
    const set = { mode: 'onRequest', confidence: 0.25, stopAt: 'lines', alternatives: 7 };
    assert.deepEqual(read(set), {
      ...{ mode: 'onRequest', confidence: 0.25, alternatives: 7 },
      ...{ until: 'text', maxTokens: 160 },
    });
  });

  it('are the defaults where they cannot be used', () => {
    const wrong = { mode: 'always', confidence: 2, stopAt: 3, alternatives: '4' };
    assert.deepEqual(read(wrong), read({}));
    assert.deepEqual(read({ confidence: NaN, alternatives: 0 }), read({}));
    assert.equal(read({}).mode, 'automatic');
    assert.equal(read({ alternatives: 2.7 }).alternatives, 2);
  });

  it('begin as the engine does', () => {
    assert.equal(completionTable.confidence.default, completionDefaults.confidence);
    assert.equal(completionTable.stopAt.default, completionDefaults.until);
  });
});
