/** Trainings on examples of different length that are the same in RNN Lab and in PyTorch. */
import type { Backend } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { shapeOf, readParameter, writeParameter } from '../../../src/core/engine/parameters';
import { readSafetensors, valuesOf, writeSafetensors } from '../../../src/core/formats/safetensors';
import { createRandom, type Random } from '../../../src/core/random/random';
import type { Dataset } from '../../../src/core/task/dataset';
import { createExampleBatches } from '../../../src/core/task/example-batches';
import type { Trainer } from '../../../src/core/training/trainer';
import { channel, dataset, makeExampleTrainer, reference, type Rows } from '../../unit/task/made';
import { training, type Course } from './cases';

type Row = Rows[number];

export interface ExampleCase {
  /** Of its file, and of its model in examples.py. */
  readonly name: string;
  readonly model: string;
  readonly input: Row[];
  readonly output: Row[];
  readonly dataset: Dataset;
}

/** What both trainings are told beside `training`. */
export const exampleTraining = {
  ...training,
  hidden: 10,
  batch: 4,
  sequence: 0,
  /** Each is seen some times. */
  examples: 240,
} as const;

interface Kind extends Pick<ExampleCase, 'name' | 'model'> {
  /** Number of symbols that go in and come out; undefined: numbers. */
  readonly inputs: number | undefined;
  readonly outputs: number | undefined;
  readonly alignment: Dataset['alignment'];
  readonly isSequence?: false;
  readonly make: (random: Random) => readonly [Row, Row];
}

const symbols = (random: Random, least: number, most: number, classes: number): number[] =>
  Array.from({ length: least + random.integer(most - least + 1) }, () => random.integer(classes));

const kinds: readonly Kind[] = [
  {
    name: 'classifier',
    model: 'h[t] = lstm(x[t], h[t-1])\ny = softmax(V h[T] + c)',
    ...{ inputs: 5, outputs: 3, alignment: 'one' },
    make(random) {
      const x = symbols(random, 1, 9, 5);
      return [x, [(x[0]! + x.at(-1)!) % 3]];
    },
  },
  {
    name: 'tagger',
    model: 'f[t] = gru(x[t], f[t-1])\nb[t] = gru(x[t], b[t+1])\ny[t] = softmax(V [f[t]; b[t]] + c)',
    ...{ inputs: 4, outputs: 4, alignment: 'synced' },
    make(random) {
      const x = symbols(random, 1, 8, 4);
      return [x, x.map((_, t) => ((x[t - 1] ?? 0) + (x[t + 1] ?? 0)) % 4)];
    },
  },
  {
    name: 'translation',
    model: `s[t] = lstm(x[t], s[t-1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T]
a[u] = attend(d[u], s)
k[u] = tanh(K [a[u]; d[u]] + k0)
y[u] = softmax(V k[u] + c)`,
    ...{ inputs: 5, outputs: 5, alignment: 'delayed' },
    make(random) {
      const x = symbols(random, 1, 7, 5);
      return [x, x.filter((id, t) => id !== x[t - 1]).reverse()];
    },
  },
  {
    name: 'series',
    model: 'h[t] = gru(x[t], h[t-1])\ny[t] = V h[t] + c',
    ...{ inputs: undefined, outputs: undefined, alignment: 'synced' },
    make(random) {
      const x = symbols(random, 1, 10, 1).map(() => [random.uniform(), random.integer(2)]);
      let sum = 0;
      return [x, x.map(([value, counts]) => [(sum += value! * counts!)])];
    },
  },
  {
    name: 'plain',
    model: 'h = relu(A x + a)\ny = softmax(V h + c)',
    ...{ inputs: undefined, outputs: 2, alignment: 'one', isSequence: false },
    make(random) {
      const [a, b] = [random.normal(), random.normal()];
      return [[[a, b]], [Number(a > 0 === b > 0)]];
    },
  },
];

export const exampleCases: readonly ExampleCase[] = kinds.map(
  ({ name, model, inputs, outputs, alignment, isSequence = true, make }) => {
    const random = createRandom(23);
    const count = exampleTraining.examples;
    const made = Array.from({ length: count }, () => make(random));
    const [input, output] = [made.map(([x]) => x), made.map(([, y]) => y)];
    return {
      ...{ name, model, input, output },
      dataset: dataset(
        channel(input, inputs, isSequence),
        channel(output, outputs, alignment !== 'one'),
        ...([alignment, count, 0] as const),
      ),
    };
  },
);

const settings = {
  'model.hidden': exampleTraining.hidden,
  'model.dropout': 0,
  'training.seed': 7,
  'training.batch': exampleTraining.batch,
  'training.steps': exampleTraining.steps,
  'training.optimizer': 'adam',
  'training.learningRate': exampleTraining.learningRate,
  'training.beta1': exampleTraining.beta1,
  'training.beta2': exampleTraining.beta2,
  'training.epsilon': exampleTraining.epsilon,
  'training.clip': exampleTraining.clip,
  'training.schedule': 'constant',
  'training.warmup': 0,
};

/** The examples of each step, `[x, y]`. */
export function batchesOf({
  dataset: data,
  input,
  output,
}: ExampleCase): (readonly [Row, Row])[][] {
  const { batch, steps } = exampleTraining;
  const batches = createExampleBatches(data, data.parts.train, batch, settings['training.seed']);
  return Array.from({ length: steps }, () =>
    Array.from(batches.next(), (example) => [input[example]!, output[example]!] as const),
  );
}

async function trainerOf(
  { model, dataset: data }: ExampleCase,
  backend: (model: GraphModel) => Backend,
): Promise<Trainer> {
  let time = 0;
  // Each step is a row of metrics.
  return makeExampleTrainer({ model, dataset: data, settings, backend, now: () => (time += 1) });
}

/** Untrained weights from RNN Lab's own initialiser, in float32. */
export async function initialExampleWeights(wanted: ExampleCase): Promise<Uint8Array> {
  const trainer = await trainerOf(wanted, reference);
  const { model, backend } = trainer.network;
  const tensors = model.parameters.map((parameter) => ({
    name: parameter.name,
    shape: shapeOf(parameter),
    values: Float32Array.from(readParameter(backend.floats(), model.layout.parameters, parameter)),
  }));
  trainer.close();
  return writeSafetensors(tensors, {});
}

/** Trains from the weights of a file, on the float64 reference unless told otherwise. */
export async function trainExamplesFrom(
  weights: Uint8Array,
  wanted: ExampleCase,
  createBackend: (model: GraphModel) => Backend = reference,
): Promise<Course> {
  const trainer = await trainerOf(wanted, createBackend);
  const { model, backend } = trainer.network;
  const { tensors } = readSafetensors(weights, 'weights');
  for (const parameter of model.parameters) {
    const values = valuesOf(tensors.get(parameter.name)!)!;
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  backend.parametersChanged();
  const rows = [];
  while (!trainer.hasEnded()) {
    for (const event of trainer.runFor(0)) if (event.event === 'metrics') rows.push(event.row);
  }
  trainer.close();
  return {
    losses: rows.map(({ loss }) => loss.mean),
    clipped: rows.filter(({ clipped }) => clipped > 0).length / rows.length,
  };
}
