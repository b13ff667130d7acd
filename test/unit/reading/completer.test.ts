import assert from 'node:assert/strict';
import { prepareText } from '../../../src/core/data/text';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { createTokenizer } from '../data/tools';
import {
  createCompleter,
  type CompletionAnswer,
  type CompletionRequest,
} from '../../../src/core/reading/completer';
import { createReading } from '../../../src/core/reading/reading';
import { endOfText, nextWordLength } from '../../../src/core/reading/text-ends';
import { createTokenText, type TextChange } from '../../../src/core/reading/token-text';
import { sampleText } from '../../../src/core/sampling/sample';
import { random } from '../engine/tools';
import { finish, makeNetwork, makeReadModel, makeTokenizer, randomText, type Shape } from './tools';

const usual: Omit<CompletionRequest, 'offset'> = {
  context: 100_000,
  confidence: 0,
  maxTokens: 12,
  until: 'text',
  alternatives: 1,
  prefix: '',
  next: 5,
};

/** A document with a completer, and how it is edited and asked. */
function makeDocument(tokenizer: Tokenizer, whole: string, shape: Shape = {}) {
  const model = makeReadModel(tokenizer, shape);
  const text = createTokenText(tokenizer, whole);
  const reading = createReading(text, model, 60);
  const completer = createCompleter(reading);
  return {
    model,
    text,
    reading,
    edit(change: TextChange): void {
      const changed = text.replace(change);
      reading.edited(changed);
      completer.edited(changed);
    },
    ask: (offset: number, more: Partial<CompletionRequest> = {}): CompletionAnswer =>
      finish(completer.complete({ ...usual, offset, ...more })),
    clear(): void {
      reading.clear();
      completer.clear();
    },
  };
}

/** The tokens that the sampling code writes at temperature 0. */
function greedy(tokenizer: Tokenizer, prime: string, length: number, shape: Shape = {}) {
  const settings = { prime, length, temperature: 0, topK: 0, topP: 1, seed: 1 };
  const sampling = sampleText(makeNetwork(tokenizer.vocabulary, shape), tokenizer, settings);
  const tokens: { id: number; logProbability: number; text: string }[] = [];
  for (;;) {
    const { done, value } = sampling.next();
    if (done === true) return tokens;
    tokens.push(value);
  }
}

const letters = createTokenizer('char', 'abcdefgh \n', 0);
const letterText = (next: () => number, length: number): string =>
  Array.from({ length }, () => 'abcdefgh \n'[Math.floor(next() * 10)]).join('');

describe('completion', () => {
  for (const kind of ['char', 'byte'] as const) {
    for (const backend of ['reference', 'kernels'] as const) {
      it(`is what greedy sampling writes: ${kind}, ${backend}`, () => {
        const tokenizer = makeTokenizer(kind);
        const next = random(8);
        for (let run = 0; run < 6; run++) {
          const shape = { backend, layers: 1 + (run % 2) };
          const whole = `${randomText(next, 200)}a`;
          const { ask } = makeDocument(tokenizer, whole, shape);
          const [found] = ask(whole.length).completions;
          const expected = greedy(tokenizer, whole, 12, shape);
          const ids = found!.tokens.map(({ id }) => id);
          assert.ok(ids.length > 3);
          // Bytes of an unfinished character at the end are left out.
          assert.deepEqual(
            ids,
            expected.slice(0, ids.length).map(({ id }) => id),
          );
          assert.equal(
            found!.text,
            expected
              .slice(0, ids.length)
              .map(({ text }) => text)
              .join(''),
          );
          found!.tokens.forEach(({ probability }, i) => {
            const exact = Math.exp(expected[i]!.logProbability);
            assert.ok(Math.abs(probability / exact - 1) < 1e-6);
          });
        }
      });
    }
  }

  it('of words begins a word again that the offset cuts, with tokens that begin like it', () => {
    const words = ['the', 'then', 'there', 'cat', 'cats', 'sat', ' ', '.', '\n'];
    const tokenizer = createTokenizer('word', words.join(' ').replace(/ {3}/, ' '), 40);
    const next = random(9);
    const { ask, text, edit } = makeDocument(tokenizer, '');
    let whole = '';
    const add = (inserted: string): void => {
      edit({ offset: whole.length, removed: 0, inserted });
      whole += inserted;
    };
    for (let i = 0; i < 30; i++) add(words[Math.floor(next() * words.length)]! + ' ');
    add('th');
    const answer = ask(whole.length, { maxTokens: 1, alternatives: 3 });
    // By hand: the distribution after all tokens but the last, of what begins with "th".
    const before = text.place(whole.length - 2);
    const [state] = ask(before, { next: 40, maxTokens: 1 }).next.length > 0 ? [before] : [];
    assert.equal(state, whole.length - 2);
    const network = makeNetwork(tokenizer.vocabulary);
    const ids = tokenizer.encode(whole.slice(0, -2)).ids;
    const loaded = network.program('evaluate', { batch: 1, sequence: ids.length });
    loaded.tokens.set(ids);
    loaded.targets.fill(-1);
    loaded.run(0);
    const view = loaded.program.probes.get('logits')!;
    const start = view.offset + (ids.length - 1) * view.timeStride;
    const logits = network.backend.floats().subarray(start, start + view.width);
    const shares = ['the', 'then', 'there']
      .map((word) => ({ word, odds: Math.exp(logits[tokenizer.encode(word).ids[0]!]!) }))
      .sort((a, b) => b.odds - a.odds);
    const total = shares.reduce((sum, { odds }) => sum + odds, 0);
    assert.deepEqual(
      answer.next.map((token) => token.text),
      shares.map(({ word }) => word.slice(2)),
    );
    answer.next.forEach(({ probability }, i) => {
      assert.ok(Math.abs(probability - shares[i]!.odds / total) < 1e-12);
    });
    assert.deepEqual(
      answer.completions.map((completion) => completion.text),
      shares.map(({ word }) => word.slice(2)),
    );
    // As if the widget had chosen "there".
    const chosen = ask(whole.length - 2, { prefix: 'there', maxTokens: 2 }).completions[0]!;
    assert.ok(chosen.text.startsWith('there') && chosen.text.length > 5);
  });

  it('of byte pairs begins a word again that the offset cuts, and spells what was typed of it', () => {
    const tokenizer = createTokenizer('bpe', 'the then there cat cats sat theatre '.repeat(9), 290);
    const { ask, text } = makeDocument(tokenizer, 'the cat sat thea');
    assert.equal(text.startAfter(15), 11);
    for (let offset = 12; offset <= 16; offset++) {
      const { next, completions } = ask(offset, { maxTokens: 3, alternatives: 3, next: 300 });
      const typed = 'the cat sat thea'.slice(11, offset);
      for (const { id } of next) {
        const own = tokenizer.decode([id]);
        assert.ok(own.startsWith(typed) || typed.startsWith(own), `${own} after ${typed}`);
      }
      const total = next.reduce((sum, { probability }) => sum + probability, 0);
      assert.ok(Math.abs(total - 1) < 1e-9);
      assert.ok(completions.length > 0 && completions.every((made) => made.text !== ''));
    }
  });

  it('never writes UNKNOWN', () => {
    const tokenizer = makeTokenizer('word');
    const next = random(10);
    for (let run = 0; run < 10; run++) {
      const whole = randomText(next, 60);
      const { ask } = makeDocument(tokenizer, whole, { scale: 2 });
      for (const { tokens } of ask(whole.length, { alternatives: 4 }).completions) {
        assert.ok(tokens.every(({ id }) => id !== tokenizer.unknown));
      }
    }
  });

  it('ends before its probability falls below the confidence', () => {
    const next = random(11);
    const whole = letterText(next, 80);
    const { ask } = makeDocument(letters, whole, { scale: 3 });
    for (let offset = 1; offset < 80; offset++) {
      const longest = ask(offset, { maxTokens: 30 }).completions[0]!;
      for (const confidence of [0.05, 0.3, 0.5, 0.8, 0.95]) {
        const { completions } = ask(offset, { confidence, maxTokens: 30 });
        let product = 1;
        let count = 0;
        for (const { probability } of longest.tokens) {
          if (product * probability < confidence) break;
          product *= probability;
          count++;
        }
        const expected = longest.text.slice(0, count);
        assert.equal(completions[0]?.text ?? '', expected);
        if (count > 0) assert.ok(Math.abs(completions[0]!.probability - product) < 1e-12);
        if (count > 0 && count < 30) assert.equal(completions[0]!.end, 'confidence');
      }
    }
  });

  it('ends at a word, a line or a number of tokens', () => {
    const few = createTokenizer('char', 'ab \n', 0);
    const next = random(12);
    const whole = Array.from({ length: 60 }, () => 'ab \n'[Math.floor(next() * 4)]).join('');
    const { ask } = makeDocument(few, whole, { scale: 3 });
    let [cutAtLine, cutAtWord] = [0, 0];
    for (let offset = 1; offset < 60; offset++) {
      const { text } = ask(offset, { maxTokens: 40 }).completions[0]!;
      const line = ask(offset, { maxTokens: 40, until: 'line' }).completions[0];
      const word = ask(offset, { maxTokens: 40, until: 'word' }).completions[0];
      const wholeLine = text.split('\n')[0]!;
      assert.equal(line?.text ?? '', wholeLine);
      if (wholeLine.length < text.length && line) {
        assert.equal(line.end, 'until');
        cutAtLine++;
      }
      const firstWord = /^\s*\w+(?=\s)/.exec(text)?.[0];
      assert.equal(word!.text, firstWord ?? text);
      if (firstWord !== undefined) cutAtWord++;
      assert.equal(word!.tokens.length, word!.text.length);
      assert.equal(ask(offset, { maxTokens: 3 }).completions[0]!.text, text.slice(0, 3));
    }
    assert.ok(cutAtLine > 5 && cutAtWord > 5);
  });

  it('gives different continuations, which begin with the likeliest tokens', () => {
    const whole = letterText(random(13), 60);
    const { ask } = makeDocument(letters, whole);
    const alone = ask(40, { confidence: 0.2 });
    const { completions, next } = ask(40, { confidence: 0.2, alternatives: 4, next: 10 });
    assert.equal(completions.length, 4);
    assert.deepEqual(
      completions.map(({ tokens }) => tokens[0]!.id),
      next.slice(0, 4).map(({ id }) => id),
    );
    if (alone.completions.length > 0) assert.deepEqual(completions[0], alone.completions[0]);
    for (const { text, tokens } of completions) {
      const following = tokens.slice(1).reduce((product, token) => product * token.probability, 1);
      assert.ok(following >= 0.2 - 1e-12);
      // Each is what greedy reading goes on with after its own beginning.
      const [, ...rest] = text;
      const after = ask(40, { prefix: text[0]!, maxTokens: rest.length });
      if (rest.length > 0) assert.equal(after.completions[0]!.text, text);
    }
    assert.ok(Math.abs(next.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-9);
  });

  it('reads a prefix as if it stood there', () => {
    const whole = letterText(random(14), 50);
    const { ask } = makeDocument(letters, whole);
    const typed = makeDocument(letters, `${whole.slice(0, 30)}bad`);
    const found = ask(30, { prefix: 'bad' });
    const expected = typed.ask(33);
    assert.equal(found.completions[0]!.text, `bad${expected.completions[0]!.text}`);
    assert.equal(found.completions[0]!.probability, expected.completions[0]!.probability);
    assert.deepEqual(found.next, expected.next);
  });

  it('comes from as few tokens as are asked for where nothing is known, and from all once they are read', () => {
    const whole = letterText(random(11), 900);
    const shape = { layers: 2 };
    const quick = makeDocument(letters, whole, shape);
    const few = quick.ask(880, { context: 600, most: 100 });
    // The same as with so short a context, and as long in coming.
    const short = makeDocument(letters, whole, shape).ask(880, { context: 100 });
    assert.deepEqual(few, { ...short, isShort: true });
    assert.equal(few.readFrom, 780);
    // The next key costs a step or two, though the whole context is still not known.
    const next = quick.ask(881, { context: 600, most: 100, maxTokens: 1 });
    assert.ok(next.isShort && next.readFrom === 780 && next.steps <= 2, String(next.steps));
    finish(quick.reading.at(quick.text.place(882), 600));
    const all = quick.ask(882, { context: 600, most: 100 });
    const long = makeDocument(letters, whole, shape).ask(882, { context: 600 });
    assert.deepEqual({ ...all, steps: 0 }, { ...long, steps: 0 });
    assert.ok(!all.isShort && all.readFrom <= 282 && all.steps < 30, String(all.steps));
  });

  it('costs a step or none where what is typed was predicted', () => {
    const { model, edit, ask } = makeDocument(letters, letterText(random(15), 3000));
    let offset = 1500;
    const [first] = ask(offset, { maxTokens: 6 }).completions;
    let predicted = first!.text;
    for (let i = 0; i < 200; i++) {
      edit({ offset, removed: 0, inserted: predicted[0]! });
      offset++;
      const before = model.steps();
      const answer = ask(offset, { maxTokens: 6 });
      assert.ok(model.steps() - before <= 1);
      assert.equal(answer.steps, model.steps() - before);
      assert.ok(answer.completions[0]!.text.startsWith(predicted.slice(1)));
      predicted = answer.completions[0]!.text;
    }
  });

  for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
    it(`after any edits is that of a document opened again: ${kind}`, () => {
      const tokenizer = makeTokenizer(kind);
      const next = random(16);
      let whole = randomText(next, 150);
      const document = makeDocument(tokenizer, whole, { scale: 1.5 });
      let cursor = 70;
      for (let i = 0; i < 60; i++) {
        const asked = document.ask(cursor, { maxTokens: 4, alternatives: 2 });
        const again = makeDocument(tokenizer, whole, { scale: 1.5 });
        const expected = again.ask(cursor, { maxTokens: 4, alternatives: 2 });
        assert.deepEqual({ ...asked, steps: 0 }, { ...expected, steps: 0 });
        // A typist who mostly types on, often what is predicted, sometimes elsewhere.
        const text = asked.completions[0]?.text ?? '';
        const kindOfEdit = next();
        const removed = kindOfEdit < 0.2 ? Math.min(2, cursor) : 0;
        if (kindOfEdit > 0.85) cursor = Math.floor(next() * (whole.length + 1));
        const inserted = next() < 0.5 ? text.slice(0, 1) : randomText(next, Math.floor(2 * next()));
        const offset = cursor - removed > 0 && kindOfEdit < 0.2 ? cursor - removed : cursor;
        const gone = Math.min(removed, whole.length - offset);
        document.edit({ offset, removed: gone, inserted });
        whole = whole.slice(0, offset) + inserted + whole.slice(offset + gone);
        cursor = offset + inserted.length;
        assert.equal(prepareText(whole).text.length > 0, true);
      }
      document.clear();
      assert.equal(document.model.states.used(), 0);
    });
  }

  it('expects nothing where nothing was read, or the model is no number', () => {
    assert.deepEqual(makeDocument(letters, 'abc').ask(0), {
      completions: [],
      next: [],
      readFrom: 0,
      isShort: false,
      steps: 0,
    });
    const broken = makeDocument(letters, 'abc', { scale: Infinity }).ask(2);
    assert.deepEqual([broken.completions, broken.next], [[], []]);
  });
});

describe('where predicted text ends', () => {
  it('after the first word, before the first line end, or nowhere', () => {
    assert.equal(endOfText('the cat', 'word'), 3);
    assert.equal(endOfText('  the, ', 'word'), 5);
    assert.equal(endOfText('the', 'word'), undefined);
    assert.equal(endOfText('…  ', 'word'), undefined);
    assert.equal(endOfText('the\ncat', 'line'), 3);
    assert.equal(endOfText('\ncat', 'line'), 0);
    assert.equal(endOfText('the\ncat', 'text'), undefined);
  });

  it('of one word more, where the command Accept Next Word ends', () => {
    const parts = (text: string): string[] =>
      text === ''
        ? []
        : [text.slice(0, nextWordLength(text)), ...parts(text.slice(nextWordLength(text)))];
    assert.deepEqual(parts('the cat_1, sat.\n  On'), [
      ...['the', ' ', 'cat_1', ', ', 'sat', '.\n  ', 'On'],
    ]);
  });
});
