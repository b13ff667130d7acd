import assert from 'node:assert/strict';
import { suggestByModel } from '../../../src/core/keystrokes/model-suggester';
import {
  shownAt,
  type SuggestedPart,
  type Suggester,
} from '../../../src/core/keystrokes/suggestion';
import { typeText } from '../../../src/core/keystrokes/typist';
import { suggestByWords } from '../../../src/core/keystrokes/word-list';
import { createCompleter } from '../../../src/core/reading/completer';
import { createReading } from '../../../src/core/reading/reading';
import { createTokenText } from '../../../src/core/reading/token-text';
import { finish, makeReadModel, makeTokenizer, randomText } from '../reading/tools';
import { random } from '../engine/tools';

/** Suggests by what has been typed. */
function scripted(suggest: (typed: string) => readonly SuggestedPart[]): Suggester {
  let typed = '';
  return {
    type: (text) => void (typed += text),
    suggest: () => suggest(typed),
  };
}

const sure = (text: string): SuggestedPart[] => [{ text, probability: 1 }];

describe('the typist', () => {
  it('presses a key for every character where nothing is shown', () => {
    const [row] = finish(
      typeText(
        'a🌸c',
        scripted(() => []),
        [0.5],
      ),
    );
    assert.deepEqual(row, {
      ...{ threshold: 0.5, keystrokes: 3, saved: 0, shown: 0 },
      ...{ rightSuggestions: NaN, rightCharacters: NaN },
    });
  });

  it('takes with one key what is right to its end', () => {
    const all = 'hello world';
    const [row] = finish(
      typeText(
        all,
        scripted((typed) => sure(all.slice(typed.length))),
        [0.5],
      ),
    );
    assert.equal(row!.keystrokes, 1);
    assert.equal(row!.saved, 1 - 1 / 11);
    assert.equal(row!.rightSuggestions, 1);
  });

  it('takes the first word of what is right that far, and types on', () => {
    // "hello " is taken, then "wo" is typed; "rld" shown after that is right.
    const shown: Record<string, string> = { '': 'hello there', 'hello wo': 'rld' };
    const [row] = finish(
      typeText(
        'hello world',
        scripted((typed) => sure(shown[typed] ?? '').filter((p) => p.text !== '')),
        [1],
      ),
    );
    // hello | space w o: white space goes by itself.
    assert.equal(row!.keystrokes, 1 + 3 + 1);
    assert.equal(row!.shown, 2 / 5);
    assert.equal(row!.rightSuggestions, 1 / 2);
    assert.equal(row!.rightCharacters, (6 + 3) / (11 + 3));
  });

  it('shows at each confidence what is probable enough, whoever else types beside', () => {
    const parts = [
      { text: 'ab', probability: 0.8 },
      { text: 'c', probability: 0.5 },
    ];
    const rows = finish(
      typeText(
        'abc',
        scripted((typed) => (typed === '' ? parts : [])),
        [0.3, 0.6, 0.9],
      ),
    );
    assert.deepEqual(
      rows.map(({ keystrokes }) => keystrokes),
      [1, 2, 3],
    );
    assert.deepEqual(
      rows.map(({ shown }) => shown),
      [1, 1 / 2, 0],
    );
  });
});

describe('completion by a list of words', () => {
  it('is the commonest word that begins so, with its share of them', () => {
    const words = suggestByWords('the then the they a then the');
    words.type('Over th');
    assert.deepEqual(words.suggest(0), [{ text: 'e', probability: 3 / 6 }]);
    assert.deepEqual(words.suggest(0.6), []);
    words.type('e');
    // The word itself is as likely to end here.
    assert.deepEqual(words.suggest(0), [{ text: 'n', probability: 2 / 6 }]);
    words.type(' ');
    assert.deepEqual(words.suggest(0), []);
  });
});

describe('completion by the model, as text is typed', () => {
  for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
    it(`is that of a document with the same text, at every confidence: ${kind}`, () => {
      const tokenizer = makeTokenizer(kind);
      const limits = { context: 100_000, until: 'text', maxTokens: 6 } as const;
      const typing = suggestByModel(makeReadModel(tokenizer), limits);
      const model = makeReadModel(tokenizer);
      let typed = '';
      let shown = 0;
      for (const character of randomText(random(3), 25)) {
        const parts = typing.suggest(0.01);
        for (const confidence of [0.01, 0.1, 0.3]) {
          const completer = createCompleter(
            createReading(createTokenText(tokenizer, typed), model, 60),
          );
          const { completions } = finish(
            completer.complete({
              ...{ offset: typed.length, prefix: '', alternatives: 1, next: 1 },
              ...{ ...limits, confidence },
            }),
          );
          assert.equal(shownAt(parts, confidence), completions[0]?.text ?? '');
          shown += Number(completions.length > 0);
        }
        typing.type(character);
        typed += character;
      }
      assert.ok(shown > 5, String(shown));
    });
  }
});
