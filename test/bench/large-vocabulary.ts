// What a step costs of whose vocabulary of 50,000 a batch picks some 500: node out/test/bench/large-vocabulary.js
// [threads] [OPTIMIZER,…]. The optimisers take turns, so that a machine that is slow for a while is slow for all.
import path from 'node:path';
import { compileProgram } from '../../src/core/engine/compile';
import { buildModel, layOut, type GraphModel } from '../../src/core/engine/model';
import type { LoadedProgram } from '../../src/core/engine/backend';
import { parseCell } from '../../src/core/equations/parse';
import { buildModelGraph } from '../../src/core/graph/model-graph';
import { benchUpdate } from '../../src/core/kernels/bench';
import { createWasmBackend } from '../../src/core/kernels/wasm';
import { createRandom } from '../../src/core/random/random';
import type { OptimizerName } from '../../src/core/settings/optimizers';
import { nodeThreads } from '../../src/worker/spawn';

const vocabulary = 50_000;
const hidden = 128;
const chunk = { batch: 20, sequence: 25 };
const turns = 20;
const threads = Number(process.argv[2] ?? 1);
const optimizers = (process.argv[3] ?? 'adam,lazyAdam').split(',') as OptimizerName[];

/** An embedding, and few classes. */
function classifier(): { model: GraphModel; rows: 'examples' } {
  const source = 'e[t] = E x[t]\nh[t] = gru(e[t], h[t-1])\ny = softmax(V mean(h) + c)';
  const input = { kind: 'symbols', width: vocabulary } as const;
  const spec = { cell: parseCell(source, 'classifier'), hidden, input, output: 2, dropout: 0 };
  return { model: layOut((options) => buildModelGraph(spec, options)), rows: 'examples' };
}

/** An embedding, and an output layer whose gradient is dense. */
function wordModel(): { model: GraphModel; rows: 'streams' } {
  const cell = parseCell('s[t] = tanh(U x[t] + W s[t-1] + b)', 'vanilla');
  const spec = { cell, hidden, layers: 1, vocabulary, embedding: hidden, dropout: 0 };
  return { model: buildModel(spec), rows: 'streams' };
}

/** A function that does a step with new tokens. */
function stepper(
  { model, rows }: ReturnType<typeof classifier | typeof wordModel>,
  optimizer: OptimizerName,
): () => void {
  const spawn = nodeThreads(path.resolve('dist/thread.js'));
  const backend = createWasmBackend({ layout: model.layout, threads, spawn });
  const base = model.layout.free;
  const loaded: LoadedProgram = backend.load(
    compileProgram(model, { ...chunk, mode: 'train', rows, base }),
  );
  const random = createRandom(1);
  const floats = backend.floats();
  for (let i = 0; i < model.layout.parameterFloats; i++) floats[i] = (random.uniform() - 0.5) / 8;
  // Memory that nobody has written to yet is not there yet: after some steps all of it is.
  floats.fill(0, model.layout.first, model.layout.free);
  backend.parametersChanged();
  const lengths = new Array<number>(chunk.batch).fill(chunk.sequence);
  if (rows === 'examples') loaded.setExamples({ count: chunk.batch, t: lengths });
  let step = 0;
  return () => {
    loaded.tokens.forEach((_, i, tokens) => (tokens[i] = random.integer(vocabulary)));
    loaded.targets.forEach((_, i, targets) => (targets[i] = random.integer(2)));
    loaded.train(0, { ...benchUpdate, optimizer, step: ++step });
  };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

for (const [name, make] of Object.entries({ classifier, 'word model': wordModel })) {
  const steppers = optimizers.map((optimizer) => stepper(make(), optimizer));
  const times = optimizers.map((): number[] => []);
  for (let turn = -5; turn < turns; turn++) {
    steppers.forEach((step, i) => {
      const start = performance.now();
      step();
      if (turn >= 0) times[i]!.push(performance.now() - start);
    });
  }
  for (const [i, optimizer] of optimizers.entries()) {
    const least = Math.min(...times[i]!).toFixed(2);
    const ratio = median(times[i]!.map((time, turn) => times[0]![turn]! / time)).toFixed(2);
    console.log(
      `${name}, ${optimizer}: ${median(times[i]!).toFixed(2)} ms a step (least ${least}), ${ratio} times as fast as ${optimizers[0]!}`,
    );
  }
}
process.exit();
