import assert from 'node:assert/strict';
import { decodeAnyCheckpoint } from '../../../src/core/training/checkpoint';
import { readParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { createRandom } from '../../../src/core/random/random';
import { balancedWeights } from '../../../src/core/training/class-weights';
import type { Trainer } from '../../../src/core/training/trainer';
import type { Dataset } from '../../../src/core/task/dataset';
import { builds } from '../kernels/machine';
import { channel, dataset, makeExampleTrainer, type MadeOptions } from '../task/made';
import { eventsOf, runSteps } from './tools';

const random = createRandom(11);

/** Points of three classes, of which the first is the commonest and the fourth never comes. */
const classOf = (i: number): number => (i % 10 < 7 ? 0 : i % 10 < 9 ? 1 : 2);
function points(count: number): Dataset {
  const inputs = Array.from({ length: count }, () => [[random.uniform(), random.normal()]]);
  const answers = Array.from({ length: count }, (_, i) => [classOf(i)]);
  return dataset(channel(inputs, undefined, false), channel(answers, 4, false), 'one', count);
}

const plain = 'h = tanh(A x + a)\ny = softmax(V h + c)';
const balanced = { 'training.classWeights': 'balanced' };
const still = { 'training.optimizer': 'sgd', 'training.learningRate': 1e-30, 'training.clip': 0 };

function made(data: Dataset, settings: Record<string, unknown>, model = plain): MadeOptions {
  return {
    dataset: data,
    model,
    settings: { 'model.hidden': 5, 'training.steps': 1, ...settings },
  };
}

function gradients({ network: { model, backend } }: Trainer): Map<string, Float64Array> {
  return new Map(
    model.parameters.map((parameter) => [
      parameter.name,
      readParameter(backend.floats(), model.layout.gradients, parameter),
    ]),
  );
}

/** The mean loss of the one batch of a step, and its gradient. */
async function oneStep(options: MadeOptions): Promise<{ loss: number; trainer: Trainer }> {
  const trainer = await makeExampleTrainer(options);
  const [row] = eventsOf(runSteps(trainer), 'metrics');
  return { loss: row!.row.loss.mean, trainer };
}

describe('class weights', () => {
  it('are n / (k nₖ) of the training part', () => {
    const data = points(100);
    const counts = [0, 0, 0];
    for (const example of data.parts.train) counts[classOf(example)]!++;
    const n = data.parts.train.length;
    const wanted = [...counts.map((count) => n / (3 * count)), 1];
    assert.deepEqual([...balancedWeights(data)], wanted);
    // scikit-learn’s own example: compute_class_weight('balanced', y=[1, 1, 1, 1, 0, 0]) is [1.5, 0.75].
    const six = dataset(
      channel(
        Array.from({ length: 6 }, () => [[0]]),
        undefined,
        false,
      ),
      channel([[1], [1], [1], [1], [0], [0]], 2, false),
      'one',
      6,
    );
    const all = { ...six, parts: { ...six.parts, train: Uint32Array.of(0, 1, 2, 3, 4, 5) } };
    assert.deepEqual([...balancedWeights(all)], [1.5, 0.75]);
  });

  for (const [name, backend] of [
    ['reference', undefined],
    ...builds.map((build) => [build, build] as const),
  ] as const) {
    it(`give the loss and gradient of a data set with as many of each class: ${name}`, async () => {
      // 4 of the first class and 1 of the second: as if the one came four times.
      const xs = Array.from({ length: 5 }, () => [[random.normal(), random.normal()]]);
      const of = (order: readonly number[]): Dataset => {
        const data = dataset(
          channel(
            order.map((i) => xs[i]!),
            undefined,
            false,
          ),
          channel(
            order.map((i) => [Number(i === 4)]),
            2,
            false,
          ),
          'one',
          order.length,
        );
        const train = Uint32Array.from(order, (_, i) => i);
        return { ...data, parts: { train, validation: train, test: new Uint32Array(0) } };
      };
      const make = (data: Dataset, settings: object): MadeOptions => ({
        ...made(data, { ...still, ...settings, 'training.batch': 8 }),
        backend: ({ layout }) =>
          backend === undefined
            ? createReferenceBackend(layout)
            : createWasmBackend({ layout, build: backend }),
      });
      const weighted = await oneStep(make(of([0, 1, 2, 3, 4]), balanced));
      const repeated = await oneStep(make(of([0, 1, 2, 3, 4, 4, 4, 4]), {}));
      const tolerance = backend === undefined ? 1e-12 : 2e-6;
      assert.ok(Math.abs(weighted.loss - repeated.loss) < tolerance);
      const other = gradients(repeated.trainer);
      for (const [parameter, values] of gradients(weighted.trainer)) {
        values.forEach((value, i) => {
          assert.ok(Math.abs(value - other.get(parameter)![i]!) < tolerance, parameter);
        });
      }
      weighted.trainer.close();
      repeated.trainer.close();
    });
  }

  it('have gradients that agree with central differences, of classes and of tags', async () => {
    const tagged = (): Dataset => {
      const inputs = Array.from({ length: 12 }, (_, i) =>
        Array.from({ length: 2 + (i % 4) }, () => random.integer(3)),
      );
      const tags = inputs.map((x) => x.map((symbol) => (symbol === 2 ? 1 : 0)));
      return dataset(channel(inputs, 3, true), channel(tags, 2, true), 'synced', 12);
    };
    for (const [data, model] of [
      [points(20), plain],
      [tagged(), 'h[t] = tanh(U x[t] + W h[t-1] + b)\ny[t] = softmax(V h[t] + c)'],
    ] as const) {
      const options = made(data, { ...still, ...balanced, 'training.batch': 64 }, model);
      const { trainer } = await oneStep({
        ...options,
        backend: ({ layout }) => createReferenceBackend(layout),
      });
      const {
        model: { parameters, layout },
        backend,
        program,
      } = trainer.network;
      const count = data.parts.train.length;
      const longest = Math.max(
        ...data.parts.train.map((e) =>
          data.input.starts ? data.input.starts[e + 1]! - data.input.starts[e]! : 0,
        ),
      );
      // The very program that has just run: its batch is all of the training part.
      const loaded = program('train', {
        rows: 'examples',
        batch: count,
        sequence: longest,
        answer: 0,
        weighted: true,
      });
      const analytic = gradients(trainer);
      const lossAt = (): number => {
        const { lossSum, count: targets } = loaded.run(0);
        return lossSum / targets;
      };
      const floats = backend.floats();
      let worst = 0;
      for (const parameter of parameters) {
        const values = analytic.get(parameter.name)!;
        for (let entry = 0; entry < values.length; entry++) {
          const [row, column] = [Math.floor(entry / parameter.columns), entry % parameter.columns];
          const place =
            layout.parameters + parameter.offset + column * parameter.columnStride + row;
          const before = floats[place]!;
          const h = 1e-4;
          // Five points: the error is of the order h⁴.
          const at = (by: number): number => {
            floats[place] = before + by * h;
            backend.parametersChanged();
            return lossAt();
          };
          const difference = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
          at(0);
          const scale = Math.abs(values[entry]!) + Math.abs(difference);
          if (scale > 1e-6) worst = Math.max(worst, Math.abs(values[entry]! - difference) / scale);
        }
      }
      assert.ok(worst < 1e-7, String(worst));
    }
  });

  it('change what is learnt and not what is measured', async () => {
    const data = points(100);
    const rows = [];
    for (const weights of [{}, balanced]) {
      const events = runSteps(
        await makeExampleTrainer(made(data, { ...still, ...weights, 'training.steps': 5 })),
      );
      rows.push([
        eventsOf(events, 'metrics')[0]!.row.loss.mean,
        eventsOf(events, 'evaluation').at(-1)!.row,
      ]);
    }
    assert.notEqual(rows[0]![0], rows[1]![0]);
    assert.deepEqual(rows[0]![1], rows[1]![1]);
  });

  it('make a rare class be told where it would be passed over', async () => {
    // One class a hundred times as often, and nothing in the input that tells them apart.
    const inputs = Array.from({ length: 400 }, () => [[1]]);
    const answers = inputs.map((_, i) => [Number(i % 20 === 0)]);
    const data = dataset(channel(inputs, undefined, false), channel(answers, 2, false), 'one', 400);
    const share = async (weights: object): Promise<number> => {
      const settings = { ...weights, 'training.steps': 400, 'training.learningRate': 0.05 };
      const trainer = await makeExampleTrainer(made(data, settings));
      runSteps(trainer);
      const { model, backend } = trainer.network;
      const of = (name: string): Float64Array =>
        readParameter(
          backend.floats(),
          model.layout.parameters,
          model.parameters.find((p) => p.name === name)!,
        );
      const h = Array.from(of('A'), (a, i) => Math.tanh(a + of('a')[i]!));
      const z = [0, 1].map(
        (k) =>
          of('c')[k]! + h.reduce((sum, value, i) => sum + value * of('V')[k * h.length + i]!, 0),
      );
      trainer.close();
      return 1 / (1 + Math.exp(z[0]! - z[1]!));
    };
    const train = [...data.parts.train];
    const frequency = train.filter((e) => e % 20 === 0).length / train.length;
    // What minimises the loss: the class’s frequency, and with weights one half.
    assert.ok(Math.abs((await share({})) - frequency) < 0.02);
    assert.ok(Math.abs((await share(balanced)) - 0.5) < 0.05);
  });

  it('go on from a checkpoint bit for bit', async () => {
    const options = made(points(100), { ...balanced, 'training.steps': 30 });
    const whole = await makeExampleTrainer(options);
    runSteps(whole, 13);
    const resume = decodeAnyCheckpoint(whole.checkpoint(), 'checkpoint');
    runSteps(whole);
    const again = await makeExampleTrainer({ ...options, resume });
    runSteps(again);
    const tensors = (trainer: Trainer) => decodeAnyCheckpoint(trainer.checkpoint(), 'x').tensors;
    assert.deepEqual(tensors(again), tensors(whole));
  });

  it('are refused where there are no classes', async () => {
    const numbers = dataset(
      channel([[[1]], [[2]], [[3]], [[4]]], undefined, false),
      channel([[[1]], [[2]], [[3]], [[4]]], undefined, false),
      'one',
      4,
    );
    await assert.rejects(
      makeExampleTrainer(made(numbers, balanced, 'h = tanh(A x + a)\ny = V h + c')),
      /There are no classes to balance: .* Leave out --class-weights\./,
    );
  });
});
