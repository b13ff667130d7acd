import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { didYouMean, linesNamedIn, lineText, listed, suggestedBy } from '../../../src/core/suggest';
import {
  joined,
  sentence,
  sentenceSchema,
  sentencesIn,
  toEnglish,
  verbatim,
  type Sentence,
} from '../../../src/core/sentence';
import {
  decodeEvent,
  decodeFromEngine,
  decodeResult,
  EngineError,
} from '../../../src/protocol/engine';

const reason = sentence`the disk is full`;
const told = sentence`Cannot write ${'/run/last'}: ${reason}, ${3} times.`;

describe('a sentence', () => {
  it('has a text with places, as vscode.l10n wants it, and values', () => {
    assert.deepEqual(told, {
      text: 'Cannot write {0}: {1}, {2} times.',
      values: ['/run/last', { text: 'the disk is full', values: [] }, '3'],
    });
    assert.deepEqual(sentence`${1}${2}`, { text: '{0}{1}', values: ['1', '2'] });
  });

  it('is put into English from the inside out', () => {
    assert.equal(toEnglish(told), 'Cannot write /run/last: the disk is full, 3 times.');
    assert.equal(toEnglish(undefined), '');
  });

  it('says what template and values say, whatever stands in them', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('{0}', '{1}', '{', '}', '$&', '$1'));
    fc.assert(
      fc.property(piece, piece, fc.double(), (first, second, third) => {
        const inner = sentence`[${second}]`;
        assert.equal(
          toEnglish(sentence`a ${first} b ${inner} c ${third}.`),
          `a ${first} b [${second}] c ${third}.`,
        );
        assert.equal(toEnglish(verbatim(first)), first);
      }),
    );
  });

  it('is followed by another, where there is one', () => {
    assert.equal(toEnglish(joined(sentence`One.`, sentence`Two.`)), 'One. Two.');
    assert.equal(toEnglish(joined(undefined, sentence`Two.`)), 'Two.');
    assert.equal(toEnglish(joined(sentence`One.`, undefined)), 'One.');
  });

  it('lists words and other sentences', () => {
    assert.equal(toEnglish(listed([])), '');
    assert.equal(toEnglish(listed(['a'])), 'a');
    assert.equal(toEnglish(listed(['a', 'b'])), 'a and b');
    assert.equal(toEnglish(listed(['a', sentence`b c`, 'd'], 'or')), 'a, b c or d');
  });

  it('tells what it suggests and of which lines it speaks, whatever it is translated to', () => {
    const hint = joined(
      didYouMean('stat', ['state', 'x']),
      sentence`Keep one; the first is on ${lineText(12)}, not on ${lineText(3)}.`,
    );
    assert.equal(suggestedBy(hint), 'state');
    assert.deepEqual(linesNamedIn(hint), [12, 3]);
    assert.equal(suggestedBy(told), undefined);
    assert.deepEqual(linesNamedIn(told), []);
    assert.equal(didYouMean('q', ['layer']), undefined);
  });

  it('gives those within it', () => {
    assert.deepEqual([...sentencesIn(told)], [told, reason]);
  });
});

describe('sentences of the engine', () => {
  /** As a message between threads, and as a line of JSON. */
  function carried(message: unknown): unknown {
    return JSON.parse(JSON.stringify(structuredClone(message)));
  }

  it('come whole over the border between worker and client', () => {
    const failure = { code: 'failure', message: told, hint: reason } as const;
    const failed = { type: 'failed', job: 1, failure } as const;
    assert.deepEqual(decodeFromEngine(carried(failed)), failed);
    assert.equal(new EngineError(failure).message, `${toEnglish(told)} the disk is full`);
    const warning = { event: 'warning', code: 'not-saved', message: told };
    assert.deepEqual(decodeEvent('train', carried(warning)), warning);
    const listed = { runs: [], damaged: [{ run: '/a', message: told }] };
    assert.deepEqual(decodeResult('list', carried(listed)), listed);
    const refused = [{ run: '/a', reason: 'failed', message: told }];
    const deletion = { deletion: '1', deleted: [], refused };
    assert.deepEqual(decodeResult('delete', carried(deletion)), deletion);
  });

  it('come whole, however deep', () => {
    const { tree } = fc.letrec<{ tree: Sentence; value: string | Sentence }>((tie) => ({
      tree: fc.record(
        { text: fc.string(), values: fc.array(tie('value'), { maxLength: 3 }) },
        { noNullPrototype: true },
      ),
      value: fc.oneof({ maxDepth: 4 }, fc.string(), tie('tree')),
    }));
    fc.assert(
      fc.property(tree, (any) => {
        assert.deepEqual(v.parse(sentenceSchema, carried(any)), any);
      }),
    );
  });

  it('are refused where they are none', () => {
    const malformed = [
      'The text is empty.',
      null,
      { text: 'a' },
      { text: 'a', values: [1] },
      { text: 5, values: [] },
      { text: 'a', values: [], more: 1 },
      { text: '{0}', values: [{ text: 'a', values: [[]] }] },
    ];
    for (const message of malformed) {
      const failed = { type: 'failed', job: 1, failure: { code: 'input', message } };
      assert.throws(() => decodeFromEngine(failed), { name: 'TypeError', message: /failure/ });
    }
  });
});
