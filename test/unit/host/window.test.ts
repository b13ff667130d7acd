import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { createCorpus } from '../../../src/core/data/corpus';
import { prepareText } from '../../../src/core/data/text';
import { readableText, readEnough } from '../../../src/host/panel/text';
import { countTokens, fitWindow, heldOutStart, splitsText } from '../../../src/host/panel/window';
import { createTokenizer, readPlainly } from '../data/tools';

function windowOf(
  text: string,
  asked: { start: number | null; length: number; context?: number },
  heldOut: number | null = null,
) {
  const wanted = { context: 0, ...asked };
  const { context, window } = fitWindow(wanted, text.length, heldOut, splitsText(text));
  return {
    context: text.slice(context.from, context.to),
    window: text.slice(window.from, window.to),
    from: window.from,
  };
}

describe('the window of the text that the panel looks at', () => {
  it('is what was asked for, with what comes before it', () => {
    const text = 'abcdefghij';
    const { context, window } = windowOf(text, { start: 4, length: 3, context: 2 });
    assert.deepEqual({ context, window }, { context: 'cd', window: 'efg' });
  });

  it('begins at the held-out part where no place is given, else at the beginning', () => {
    assert.equal(windowOf('abcdefghij', { start: null, length: 2 }, 7).window, 'hi');
    assert.equal(windowOf('abcdefghij', { start: null, length: 2 }).window, 'ab');
  });

  it('is moved back from the end of the text, and is all of a text that is shorter', () => {
    assert.equal(windowOf('abcdefghij', { start: 9, length: 4 }).window, 'ghij');
    assert.equal(windowOf('abcdefghij', { start: 500, length: 4 }).window, 'ghij');
    assert.equal(windowOf('abc', { start: 2, length: 64, context: 64 }).window, 'abc');
    assert.equal(windowOf('a', { start: 0, length: 64 }).window, 'a');
    assert.equal(windowOf('', { start: null, length: 64, context: 64 }).window, '');
  });

  it('cuts no character and no line end in two', () => {
    const text = '😀a😀\r\nb';
    assert.equal(windowOf(text, { start: 1, length: 1 }).window, '😀');
    assert.equal(windowOf(text, { start: 2, length: 2 }).window, 'a😀');
    assert.equal(windowOf(text, { start: 6, length: 2 }).window, '\r\nb');
    assert.equal(windowOf(text, { start: 2, length: 1, context: 1 }).context, '😀');
  });

  it('with its context is the text between them, and each is well-formed where the text is', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\r\n', '😀', '漢') });
    const numbers = fc.nat({ max: 40 });
    fc.assert(
      fc.property(texts, numbers, numbers, numbers, (text, start, length, context) => {
        const parts = windowOf(text, { start, length, context });
        assert.doesNotMatch(parts.window + '|' + parts.context, /\p{Surrogate}/u);
        assert.ok(text.slice(0, parts.from).endsWith(parts.context));
        assert.equal(text.slice(parts.from, parts.from + parts.window.length), parts.window);
        // A border that falls into a character moves by one unit at most.
        assert.ok(parts.window.length >= Math.min(length, text.length));
        assert.ok(parts.window.length <= length + 2);
      }),
    );
  });
});

describe('a text that only a file has', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-window-'));
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  async function read(content: string, start: number | null, length: number, context: number) {
    const file = path.join(folder, 'text.txt');
    fs.writeFileSync(file, content);
    const text = await readableText({ uri: '', name: 'text.txt', path: file });
    assert.equal(text.length, Buffer.byteLength(content));
    return text.read({ start, length, context }, null);
  }

  it('is read in parts, which cut no character and no line end in two', async () => {
    const content = 'äß😀漢\r\nend';
    const bytes = Buffer.from(content);
    for (let start = 0; start < bytes.length; start++) {
      for (let length = 1; length < 6; length++) {
        const { window, context, text, textBefore } = await read(content, start, length, 3);
        const before = bytes.subarray(0, context.from).toString() + textBefore;
        const all = before + text + bytes.subarray(window.to).toString();
        assert.equal(all, content);
        assert.ok(!all.includes('\uFFFD'));
        assert.notEqual(before.at(-1), '\r');
        assert.ok(Buffer.byteLength(text) >= Math.min(length, bytes.length - start));
      }
    }
  });

  it('says so where it is gone', async () => {
    const gone = { uri: '', name: 'gone.txt', path: path.join(folder, 'gone.txt') };
    await assert.rejects(readableText(gone), /gone\.txt/);
  });
});

describe('what is read before the window', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-before-'));
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  const line = 'Grüße, 世界! 😀\r\nIt’s 3.5 o’clock,\tisn’t it?\n';
  // The text's beginning has other words than its end: what is so of all is not so of each part.
  const content = line.repeat(150) + 'supercalifragilisticexpialidocious '.repeat(900);

  for (const kind of ['char', 'byte', 'word'] as const) {
    for (const isFile of [false, true]) {
      it(`is as many tokens as the lags reach: ${kind}, ${isFile ? 'a file' : 'in memory'}`, async () => {
        const file = path.join(folder, 'text.txt');
        fs.writeFileSync(file, content);
        const named = { uri: '', name: 'text.txt' };
        const text = await readableText({
          ...named,
          ...(isFile ? { path: file } : { text: content }),
        });
        const tokenizer = createTokenizer(kind, prepareText(content).text, 20);
        const count = (part: string) => tokenizer.encode(prepareText(part).text).ids.length;
        const facts = { tokens: count(content), validationTokens: 0, batch: 1 };
        const settings = { 'data.tokenizer': kind };
        for (const reach of [0, 300, 1000, 1_000_000]) {
          const network = { reach };
          const start = Math.floor(text.length * 0.9);
          const asked = { start, length: 50 };
          const { textBefore, context } = await readEnough(text, asked, null, {
            ...{ ...facts, settings, network },
          });
          const enough = count(textBefore) > Math.max(127, reach);
          assert.ok(reach === 1_000_000 ? context.from === 0 : enough && context.from > 0);
        }
      });
    }
  }

  it('is exactly 128 tokens where each has one unit and no lag reaches further', async () => {
    const text = await readableText({ uri: '', name: 'text.txt', text: 'abc'.repeat(500) });
    const facts = { tokens: 1500, validationTokens: 0, batch: 1, network: { reach: 2 } };
    const settings = { 'data.tokenizer': 'char' };
    const asked = { start: 700, length: 50 };
    const { context } = await readEnough(text, asked, null, { ...facts, settings });
    assert.deepEqual(context, { from: 572, to: 700 });
  });
});

describe('where the held-out part begins', () => {
  const text = 'It is a far, far better thing that I do.\n'.repeat(50);
  const read = readPlainly('char', text, 100);
  const place = (kind: 'tail' | 'streams') => {
    const request = { batch: 4, sequence: 16, validation: 0.1, kind };
    const corpus = createCorpus(read, request);
    const facts = {
      tokens: corpus.trainingTokens,
      validationTokens: corpus.validationTokens,
      batch: corpus.split.batch,
      settings: { 'data.split': kind },
    };
    return {
      found: heldOutStart(text.length, facts),
      true: corpus.split.validation[0]!.from,
    };
  };

  it('is exact for a text of one unit a token', () => {
    const { found, true: border } = place('tail');
    assert.equal(found, border);
  });

  it('is within one chunk of the first stream’s, where the text was split by streams', () => {
    const { found, true: border } = place('streams');
    assert.ok(Math.abs(found! - border) <= 16, `${String(found)} ${String(border)}`);
  });

  it('is nowhere where nothing is held out', () => {
    const facts = { tokens: 100, validationTokens: 0, batch: 1, settings: {} };
    assert.equal(heldOutStart(100, facts), null);
  });
});

describe('counting tokens before the window', () => {
  it('counts as the tokenizer of the run does', () => {
    const text = 'Grüße, 世界! 😀\r\nIt’s 3.5 o’clock,\tisn’t it?\n'.repeat(3);
    for (const kind of ['char', 'byte', 'word'] as const) {
      const tokenizer = createTokenizer(kind, prepareText(text).text, 20);
      const { length } = tokenizer.encode(prepareText(text).text).ids;
      assert.equal(countTokens(kind, text), length, kind);
      assert.equal(countTokens(kind, ''), 0, kind);
    }
    // Of byte pairs at least one a word, and as many where each word is a token.
    const { length } = createTokenizer('bpe', text, 1000).encode(prepareText(text).text).ids;
    assert.equal(countTokens('bpe', text), length);
    assert.ok(countTokens('bpe', 'xyz') === 1 && countTokens('bpe', '') === 0);
  });
});
