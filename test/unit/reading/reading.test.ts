import assert from 'node:assert/strict';
import { withBoundary } from '../../../src/core/data/documents';
import { prepareText } from '../../../src/core/data/text';
import { createReading, type Reading } from '../../../src/core/reading/reading';
import { readRange, type RangeReading } from '../../../src/core/reading/read-range';
import { createTokenText } from '../../../src/core/reading/token-text';
import { createTokenizer } from '../data/tools';
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

const whole = 1_000_000;

function read(reading: Reading, from: number, to: number, context: number): RangeReading {
  return finish(readRange(reading, { from, to, context, top: 0, variables: [] }, whole));
}

const shapes: Readonly<Record<string, Shape>> = {
  'lstm, reference': { backend: 'reference' },
  'lstm, kernels': { backend: 'kernels', hidden: 20, layers: 2 },
  'two lags, kernels': { cell: 'two lags', backend: 'kernels', embedding: 4 },
};

describe('reading a document', () => {
  it('of a model of documents begins behind the mark between them', () => {
    const plain = createTokenizer('char', 'a cat ran \u001C', 0);
    const tokenizer = withBoundary(plain);
    const text = 'ran a cat';
    for (const backend of ['reference', 'kernels'] as const) {
      const model = makeReadModel(tokenizer, { backend });
      const reading = createReading(createTokenText(tokenizer, text), model, 40);
      const { ids } = tokenizer.encode(text);
      const other = makeNetwork(tokenizer.vocabulary, { backend });
      const losses = lossesOf(other, [tokenizer.boundary!, ...ids]);
      assert.deepEqual([...read(reading, 0, text.length, whole).loss], [...losses].slice(1));
      // From the middle on with little before it, it begins anew and knows of no mark.
      const short = createReading(createTokenText(tokenizer, text), model, 40);
      const { loss } = read(short, 6, 9, 2);
      assert.ok([...loss].every((value) => Number.isFinite(value)));
    }
  });

  for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
    for (const [name, shape] of Object.entries(shapes)) {
      it(`after any edits is exactly reading again: ${kind}, ${name}`, () => {
        const tokenizer = makeTokenizer(kind);
        const model = makeReadModel(tokenizer, shape);
        const other = makeNetwork(tokenizer.vocabulary, shape);
        const next = random(6);
        let text = randomText(next, 250);
        const tokens = createTokenText(tokenizer, text);
        // Few states are kept, so that they are thinned as well.
        const reading = createReading(tokens, model, 40);
        for (let edit = 0; edit < 60; edit++) {
          const offset = Math.floor(next() * (text.length + 1));
          const removed = Math.floor(next() ** 4 * Math.min(12, text.length - offset + 1));
          const inserted = randomText(next, Math.floor(next() ** 2 * 5));
          reading.edited(tokens.replace({ offset, removed, inserted }));
          text = text.slice(0, offset) + inserted + text.slice(offset + removed);
          const from = Math.floor(next() * (text.length + 1));
          const to = Math.min(text.length, from + Math.floor(next() * 60));
          const found = read(reading, from, to, whole);
          const ids = tokenizer.encode(prepareText(text).text).ids;
          const { starts, ends } = tokens.tokens(0, text.length);
          const losses = lossesOf(other, ids);
          const overlapping = [...ids.keys()].filter((i) => starts[i]! < to && ends[i]! > from);
          assert.deepEqual(
            [...found.starts],
            overlapping.map((i) => starts[i]),
          );
          assert.deepEqual(
            [...found.loss],
            overlapping.map((i) => losses[i]),
          );
          assert.equal(found.readFrom, 0);
        }
      });
    }

    it(`begins at least so many tokens before as it is told, and says where: ${kind}`, () => {
      const tokenizer = makeTokenizer(kind);
      const model = makeReadModel(tokenizer);
      const other = makeNetwork(tokenizer.vocabulary);
      const next = random(7);
      let text = randomText(next, 1500);
      const tokens = createTokenText(tokenizer, text);
      const reading = createReading(tokens, model, 40);
      for (let edit = 0; edit < 80; edit++) {
        const context = [0, 1, 17, 100][Math.floor(next() * 4)]!;
        const offset = Math.floor(next() * (text.length + 1));
        const inserted = randomText(next, Math.floor(next() * 3));
        const removed = Math.min(Math.floor(next() * 3), text.length - offset);
        reading.edited(tokens.replace({ offset, removed, inserted }));
        text = text.slice(0, offset) + inserted + text.slice(offset + removed);
        const from = Math.floor(next() * (text.length - 30));
        const found = read(reading, from, from + 30, context);
        const { readFrom } = found;
        const { ids, starts } = tokens.tokens(readFrom, found.ends.at(-1)!);
        const first = starts.indexOf(found.starts[0]!);
        assert.ok(readFrom === 0 || first >= context, `${String(first)} tokens before`);
        const losses = lossesOf(other, ids);
        assert.deepEqual([...found.loss], losses.slice(first));
      }
    });
  }

  it('costs one step a token at the end of what is read, however long the document', () => {
    const tokenizer = makeTokenizer('char');
    const model = makeReadModel(tokenizer, { backend: 'kernels' });
    const text = createTokenText(tokenizer, 'the cab '.repeat(20_000));
    const reading = createReading(text, model, 200);
    const stepsTo = (offset: number): number => {
      const before = model.steps();
      finish(reading.at(text.place(offset), 2048));
      return model.steps() - before;
    };
    const change = (offset: number, removed: number, inserted: string): void => {
      reading.edited(text.replace({ offset, removed, inserted }));
    };
    change(100_000, 0, 'a');
    assert.equal(stepsTo(100_001), 2048);
    for (let i = 1; i < 300; i++) {
      change(100_000 + i, 0, 'b');
      assert.equal(stepsTo(100_001 + i), 1);
    }
    // Characters go again: what was before them is still there.
    change(100_298, 2, '');
    assert.equal(stepsTo(100_298), 0);
    // An edit farther back than that takes nothing away from here.
    change(10, 0, 'abc');
    assert.equal(stepsTo(100_301), 0);
    // One within what was read before costs what it has to.
    change(99_000, 0, 'a');
    const steps = stepsTo(100_302);
    assert.ok(steps > 1302 && steps <= 1302 + 32, String(steps));
  });

  for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
    it(`counts characters as the training does: ${kind}`, () => {
      const tokenizer = makeTokenizer(kind);
      // The model of characters replaces ß by two, and has nothing for the crab and the snowman.
      const strange = "🦀the cab\r\n 3.14 é Straße ☃ don't\r\n\r\n春眠 a\n".repeat(5);
      const text = `\uFEFF${strange}🦀☃`;
      const reading = createReading(createTokenText(tokenizer, text), makeReadModel(tokenizer), 40);
      const encoding = tokenizer.encode(prepareText(text).text);
      let [counted, spelling] = [0, 0];
      // In parts that cut words, line ends and characters in two: each token counts in the first that has it.
      for (let from = 0; from < text.length; from += 7) {
        const part = read(reading, from, from + 7, whole);
        part.characters.forEach((characters, i) => {
          if (from > 0 && part.starts[i]! < from) return;
          counted += characters;
          spelling += part.spelling[i]!;
        });
      }
      assert.equal(counted, encoding.characters(0, encoding.ids.length));
      assert.ok(Math.abs(spelling - encoding.spelling(0, encoding.ids.length)) < 1e-9);
      assert.equal(spelling > 0, kind === 'char' || kind === 'word');
    });
  }

  it('begins at least as far before as the lags of all layers reach, whatever it is told', () => {
    const tokenizer = makeTokenizer('char');
    const shape = { cell: 'long lag', layers: 2 } as const;
    const text = Array.from(randomText(random(9), 1500))
      .filter((c) => tokenizer.knows(c))
      .join('');
    const reading = createReading(
      createTokenText(tokenizer, text),
      makeReadModel(tokenizer, shape),
      40,
    );
    const losses = lossesOf(makeNetwork(tokenizer.vocabulary, shape), tokenizer.encode(text).ids);
    const from = text.length - 100;
    const found = read(reading, from, from + 50, 0);
    assert.ok(found.readFrom > 0 && found.readFrom <= from - 600, String(found.readFrom));
    assert.deepEqual([...found.loss], losses.slice(from, from + 50));
  });

  it('gives ranks, expectations and values as they are', () => {
    const tokenizer = makeTokenizer('char');
    const model = makeReadModel(tokenizer);
    const other = makeNetwork(tokenizer.vocabulary);
    const text = 'the cab 3.14 abc';
    const reading = createReading(createTokenText(tokenizer, text), model, 40);
    const variables = [{ name: 'c' }, { name: 'layer1.h', unit: 2 }];
    const request = { from: 0, to: text.length, context: 9, top: 3, variables };
    const found = finish(readRange(reading, request, whole));
    const ids = tokenizer.encode(text).ids;
    const inspected = other.program('inspect', { batch: 1, sequence: ids.length });
    inspected.tokens.set(ids);
    inspected.targets.fill(-1);
    inspected.run(0);
    const row = (name: string, t: number): number[] => {
      const view = inspected.program.probes.get(name)!;
      const start = view.offset + t * view.timeStride;
      return [...other.backend.floats().subarray(start, start + view.width)];
    };
    ids.forEach((id, i) => {
      const states = row('layer1.c', i);
      const hidden = row('layer1.h', i)[2]!;
      assert.deepEqual(
        [...found.variables[0]!.values.slice(6 * i, 6 * i + 6)],
        [...Float32Array.from(states)],
      );
      assert.equal(found.variables[1]!.values[i], Math.fround(hidden));
      if (i === 0) {
        assert.ok(Number.isNaN(found.loss[0]) && found.rank[0] === 0);
        return;
      }
      const logits = row('logits', i - 1);
      const order = logits.map((_, token) => token).sort((a, b) => logits[b]! - logits[a]!);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      assert.equal(found.rank[i], order.indexOf(id) + 1);
      assert.ok(Math.abs(found.loss[i]! - Math.log(total / Math.exp(logits[id]!))) < 1e-12);
      assert.deepEqual([...found.expected.slice(3 * i, 3 * i + 3)], order.slice(0, 3));
      order.slice(0, 3).forEach((token, k) => {
        const p = Math.exp(logits[token]!) / total;
        assert.ok(Math.abs(found.probability[3 * i + k]! - p) < 1e-12);
      });
    });
    assert.deepEqual(
      [...found.characters],
      Array.from(text, () => 1),
    );
    assert.equal(found.variables[1]!.name, 'layer1.h');
    assert.equal(found.variables[1]!.unit, 2);
  });

  it('gives back all memory of states', () => {
    const tokenizer = makeTokenizer('char');
    const model = makeReadModel(tokenizer);
    const text = createTokenText(tokenizer, 'the cab '.repeat(200));
    const reading = createReading(text, model, 30);
    read(reading, 700, 900, 300);
    // Given up half-way.
    const stopped = reading.at(1600, 1600);
    stopped.next();
    stopped.return(undefined as never);
    assert.ok(model.states.used() > 0 && model.states.used() <= 30);
    reading.edited(text.replace({ offset: 0, removed: 1600, inserted: '' }));
    reading.clear();
    assert.equal(model.states.used(), 0);
  });

  it('says what it cannot read', () => {
    const tokenizer = makeTokenizer('char');
    const model = makeReadModel(tokenizer);
    const reading = createReading(createTokenText(tokenizer, 'the cab'), model, 30);
    const ask = (variables: { name: string; unit?: number }[], most = 10) =>
      finish(readRange(reading, { from: 0, to: 7, context: 9, top: 0, variables }, most));
    assert.throws(() => ask([{ name: 'x' }]), /no variable x/);
    assert.throws(() => ask([{ name: 'h', unit: 6 }]), /layer1\.h has 6 units; there is no unit 6/);
    assert.throws(() => ask([], 6), /has 7 tokens; at most 6 are read at once/);
  });
});
