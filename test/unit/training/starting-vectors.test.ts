import assert from 'node:assert/strict';
import { memoryText } from '../../../src/core/data/source';
import { readText } from '../../../src/core/data/read-text';
import type { createReferenceBackend } from '../../../src/core/engine/reference';
import { readParameter } from '../../../src/core/engine/parameters';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import type { StartingVectors } from '../../../src/core/training/starting-vectors';
import type { Trainer } from '../../../src/core/training/trainer';
import { toEnglish } from '../../../src/core/sentence';
import { builds } from '../kernels/machine';
import { eventsOf, makeTrainer, runSteps, sampleText } from './tools';

const width = 6;
const known: Readonly<Record<string, readonly number[]>> = {
  cat: [1, 2, 3, 4, 5, 6],
  the: [0.5, 0.25, -0.5, 0, 1, -1],
};
const vectors: StartingVectors = {
  name: 'small.vec',
  width,
  read(words) {
    const values = new Float32Array(words.length * width);
    const found = new Uint8Array(words.length);
    words.forEach((word, i) => {
      const row = word === undefined ? undefined : known[word];
      if (row === undefined) return;
      values.set(row, i * width);
      found[i] = 1;
    });
    return Promise.resolve({ values, found, hash: 'abc' });
  },
};

const settings = {
  'data.tokenizer': 'word',
  'model.embedding': width,
  'training.steps': 30,
  'training.evaluateEvery': 10,
};
const frozen = { ...settings, 'model.vectors': '/small.vec', 'model.vectorsFrozen': 'on' };
const trainedOn = { ...settings, 'model.vectors': '/small.vec' };

const text = sampleText(300);

async function idOf(word: string): Promise<number> {
  const read = await readText(memoryText(text, 'text'), { kind: 'word', limit: 8000 });
  return read.tokenizer.idsOf(word)[0]!;
}

/** The embedding, a column a token. */
function columns({ network: { model, backend } }: Trainer): number[][] {
  const parameter = model.parameters.find(({ name }) => name === 'embedding.E')!;
  const values = readParameter(backend.floats(), model.layout.parameters, parameter);
  return Array.from({ length: parameter.columns }, (_, c) =>
    Array.from({ length: parameter.rows }, (__, r) => values[r * parameter.columns + c]!),
  );
}

describe('an embedding that starts with word vectors', () => {
  it('has theirs for the words that have one, and the random start for the others', async () => {
    const [random, started] = [
      await makeTrainer({ text, settings }),
      await makeTrainer({ text, settings: trainedOn, vectors }),
    ];
    const [before, after] = [columns(random), columns(started)];
    const [the, cat] = [await idOf('the'), await idOf('cat')];
    after.forEach((column, id) => {
      const wanted = id === the ? known['the'] : id === cat ? known['cat'] : before[id];
      assert.deepEqual(column, wanted);
    });
    const notes = eventsOf(runSteps(started), 'warning').filter(({ code }) => code === 'vectors');
    assert.deepEqual(
      notes.map(({ message }) => toEnglish(message)),
      ['Words that have a vector in small.vec: 2 of 12. The others start at random.'],
    );
    // 12 words, the comma and the full stop among them; spaces and line ends have no vector.
    assert.deepEqual(started.vectors, { hash: 'abc', found: 2, words: 12 });
  });

  it('is trained on like all others', async () => {
    const trainer = await makeTrainer({ text, settings: trainedOn, vectors });
    const cat = await idOf('cat');
    runSteps(trainer);
    assert.notDeepEqual(columns(trainer)[cat], known['cat']);
  });

  for (const optimizer of ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam', 'lazyAdam']) {
    it(`stays as it is where it is frozen: ${optimizer}`, async () => {
      const backends = [
        undefined,
        ...builds.map(
          (build) =>
            ({ layout }: { layout: Parameters<typeof createReferenceBackend>[0] }) =>
              createWasmBackend({ layout, build }),
        ),
      ];
      for (const backend of backends) {
        const trainer = await makeTrainer({
          ...{ text, vectors, ...(backend && { backend }) },
          settings: {
            ...frozen,
            'training.optimizer': optimizer,
            'training.weightDecay': 0.1,
            'training.learningRate': 0.01,
          },
        });
        const before = columns(trainer);
        const floats = Array.from(trainer.network.backend.floats().slice(0, 4000));
        runSteps(trainer);
        assert.deepEqual(columns(trainer), before);
        const after = Array.from(trainer.network.backend.floats().slice(0, 4000));
        assert.notDeepEqual(after, floats);
        trainer.close();
      }
    });
  }

  it('that is frozen leaves all other gradients as they are', async () => {
    const make = async (given: object): Promise<Map<string, Float64Array>> => {
      const trainer = await makeTrainer({
        text,
        vectors,
        settings: {
          ...given,
          'training.optimizer': 'sgd',
          'training.clip': 0,
          'training.steps': 1,
        },
      });
      runSteps(trainer);
      const { model, backend } = trainer.network;
      return new Map(
        model.parameters.map((parameter) => [
          parameter.name,
          readParameter(backend.floats(), model.layout.gradients, parameter),
        ]),
      );
    };
    const [learnt, kept] = [await make(trainedOn), await make(frozen)];
    for (const [name, gradient] of kept) {
      if (name === 'embedding.E') assert.ok(gradient.every((value) => value === 0));
      else assert.deepEqual(gradient, learnt.get(name), name);
    }
    assert.ok(learnt.get('embedding.E')!.some((value) => value !== 0));
  });

  for (const [name, given] of [
    ['frozen', frozen],
    ['trained on', trainedOn],
  ] as const) {
    it(`goes on to the bit without the file: ${name}`, async () => {
      const whole = await makeTrainer({ text, vectors, settings: given });
      runSteps(whole);
      const first = await makeTrainer({ text, vectors, settings: given });
      runSteps(first, 17);
      const resume = decodeCheckpoint(first.checkpoint(), 'checkpoint');
      const second = await makeTrainer({ text, resume });
      runSteps(second);
      assert.deepEqual(columns(second), columns(whole));
      const { parameterFloats } = whole.network.model.layout;
      const block = (trainer: Trainer): number[] =>
        Array.from(trainer.network.backend.floats().slice(0, parameterFloats));
      assert.deepEqual(block(second), block(whole));
    });
  }

  it('is refused where tokens are no words', async () => {
    await assert.rejects(
      makeTrainer({ text, vectors, settings: { ...trainedOn, 'data.tokenizer': 'char' } }),
      /Word vectors are of words, and the tokens here are not. Read words \(--tokenizer word\)/,
    );
  });
});
