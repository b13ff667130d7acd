import assert from 'node:assert/strict';
import { prepareText } from '../../../src/core/data/text';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { structureOf } from '../../../src/core/engine/structure';
import { lookBack } from '../../../src/core/inspection/look-back';
import { createLooker, type LookAnswer, type LookRequest } from '../../../src/core/reading/looker';
import { createReading, type ReadModel } from '../../../src/core/reading/reading';
import { createTokenText, type TextChange } from '../../../src/core/reading/token-text';
import { random } from '../engine/tools';
import {
  finish,
  lossesOf,
  makeNetwork,
  makeReadModel,
  makeTokenizer,
  randomText,
  type Shape,
} from './tools';

const usual: Omit<LookRequest, 'offset'> = {
  window: 40,
  from: 0,
  target: undefined,
  variables: undefined,
  top: 4,
  gradients: true,
  context: 100_000,
};

function makeDocument(tokenizer: Tokenizer, whole: string, shape: Shape = {}) {
  return openDocument(tokenizer, whole, makeReadModel(tokenizer, shape));
}

function openDocument(tokenizer: Tokenizer, whole: string, model: ReadModel) {
  const text = createTokenText(tokenizer, whole);
  const reading = createReading(text, model, 60);
  const looker = createLooker(model, structureOf(model.network.model.spec));
  return {
    model,
    text,
    edit(change: TextChange): void {
      const changed = text.replace(change);
      reading.edited(changed);
      looker.edited(reading, changed);
    },
    close(): void {
      reading.clear();
    },
    look: (offset: number, more: Partial<LookRequest> = {}): LookAnswer =>
      finish(looker.look(reading, { ...usual, offset, ...more })),
  };
}

describe('a look back from a place in a document', () => {
  for (const backend of ['reference', 'kernels'] as const) {
    for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
      it(`after any edits is that of a document opened again: ${kind}, ${backend}`, () => {
        const tokenizer = makeTokenizer(kind);
        const shape = { backend, layers: 2 };
        const next = random(21);
        let whole = randomText(next, 120);
        const document = makeDocument(tokenizer, whole, shape);
        const model = makeReadModel(tokenizer, shape);
        let cursor = 80;
        for (let i = 0; i < 40; i++) {
          const target = ([undefined, 'next', 'last'] as const)[Math.floor(3 * next())];
          const request = { target, window: next() < 0.2 ? 256 : 30 };
          const found = document.look(cursor, request);
          const opened = openDocument(tokenizer, whole, model);
          assert.deepEqual(found, opened.look(cursor, request));
          opened.close();
          const kindOfEdit = next();
          if (kindOfEdit > 0.8) cursor = Math.floor(next() * (whole.length + 1));
          const removed = kindOfEdit < 0.2 ? Math.min(1, whole.length - cursor) : 0;
          const inserted = randomText(next, Math.floor(2 * next()));
          document.edit({ offset: cursor, removed, inserted });
          whole = whole.slice(0, cursor) + inserted + whole.slice(cursor + removed);
          cursor += inserted.length;
        }
      });
    }
  }

  it('shows losses, expectations and states as they are, and derives the right loss', () => {
    const tokenizer = makeTokenizer('char');
    const whole = randomText(random(22), 90);
    const { look, text } = makeDocument(tokenizer, whole);
    const network = makeNetwork(tokenizer.vocabulary);
    const ids = tokenizer.encode(prepareText(whole).text).ids;
    const { starts, ends } = text.tokens(0, whole.length);
    const losses = lossesOf(network, ids);
    const inspected = network.program('inspect', { batch: 1, sequence: ids.length });
    inspected.tokens.set(ids);
    inspected.targets.fill(-1);
    inspected.run(0);
    const row = (name: string, t: number): number[] => {
      const view = inspected.program.probes.get(name)!;
      const start = view.offset + t * view.timeStride;
      return [...network.backend.floats().subarray(start, start + view.width)];
    };
    for (const end of [1, 2, 20, 57, ids.length]) {
      for (const target of ['next', 'last'] as const) {
        const found = look(ends[end - 1]!, { target, window: 25, variables: ['c', 'layer1.h'] });
        const count = Math.min(25, end);
        const first = end - count;
        assert.deepEqual(found.ids, [...ids.slice(first, end)]);
        assert.deepEqual([...found.starts], [...starts.slice(first, end)]);
        assert.deepEqual([...found.loss], losses.slice(first, end));
        const [c, h] = found.variables;
        for (let i = 0; i < count; i++) {
          const single = (values: number[]): number[] => [...Float32Array.from(values)];
          assert.deepEqual(
            [...c!.values.slice(6 * i, 6 * i + 6)],
            single(row('layer1.c', first + i)),
          );
          assert.deepEqual(
            [...h!.values.slice(6 * i, 6 * i + 6)],
            single(row('layer1.h', first + i)),
          );
        }
        const logits = row('logits', end - 1);
        const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
        const order = logits.map((_, id) => id).sort((a, b) => logits[b]! - logits[a]!);
        found.next.forEach(({ id, probability }, k) => {
          assert.equal(id, order[k]);
          assert.ok(Math.abs(probability - Math.exp(logits[id]!) / total) < 1e-12);
        });
        const place = target === 'next' ? end : end - 1;
        if (place >= ids.length || place - 1 < first) {
          assert.equal(found.target, undefined);
          assert.equal(found.gradients, undefined);
          continue;
        }
        const { id, start, end: to, loss, at } = found.target!;
        assert.deepEqual(
          [id, start, to, loss, at],
          [ids[place], starts[place], ends[place], losses[place], place - 1 - first],
        );
        // All at once, by another program that begins at the text's start.
        const whole = network.program('look', { batch: 1, sequence: ids.length });
        whole.resetState();
        whole.tokens.set(ids);
        whole.runPart({ pass: 'forward', from: 0, to: ids.length });
        const structure = structureOf(network.model.spec);
        const step = { first, at: place - 1, target: id };
        assert.deepEqual(found.gradients, finish(lookBack(network, structure, whole, step)));
      }
    }
  });

  it('begins where it is told, at a token', () => {
    const { look } = makeDocument(makeTokenizer('word'), 'the cab the 3.14 a the cab');
    const found = look(18, { from: 9 });
    assert.deepEqual([found.starts[0], found.ends.at(-1)], [8, 18]);
    assert.equal(look(18, { from: 50 }).ids.length, 0);
    assert.deepEqual(look(0).next, []);
  });

  it('goes on from what it has read: a step a typed character', () => {
    const { look, edit, model } = makeDocument(makeTokenizer('char'), 'the cab '.repeat(1000), {
      backend: 'kernels',
    });
    look(4000, { context: 500, window: 256 });
    const before = model.steps();
    for (let i = 0; i < 200; i++) {
      edit({ offset: 4000 + i, removed: 0, inserted: 'c' });
      look(4001 + i, { context: 500, window: 256 });
    }
    // Everything else was done by the looking program itself.
    assert.equal(model.steps(), before);
  });

  it('says which variable there is not', () => {
    const { look } = makeDocument(makeTokenizer('char'), 'the cab');
    assert.throws(() => look(4, { variables: ['layer3.c'] }), /no variable layer3\.c/);
    assert.throws(() => look(4, { variables: ['input'] }), /no variable input/);
  });
});
