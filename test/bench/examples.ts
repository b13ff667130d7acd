// Training speed of models of examples: node out/test/bench/examples.js ROWS THREADS SECONDS [--profile]. ROWS is the
// JSON of scripts/bench-examples.mjs; a line of JSON a row. With --profile, where the time of a step goes, on standard
// error.
import path from 'node:path';
import { buildExampleModel } from '../../src/core/engine/model';
import { createNetwork } from '../../src/core/engine/network';
import { parseCell } from '../../src/core/equations/parse';
import { benchUpdate } from '../../src/core/kernels/bench';
import { createWasmBackend } from '../../src/core/kernels/wasm';
import { createRandom } from '../../src/core/random/random';
import { channelsOf } from '../../src/core/task/channels';
import type { Alignment, Dataset } from '../../src/core/task/dataset';
import { exampleShape } from '../../src/core/task/run-examples';
import { createRowWriter } from '../../src/core/task/write-rows';
import { nodeThreads } from '../../src/worker/spawn';
import { useWideKernels } from '../../src/worker/wide';
import { channel, dataset } from '../unit/task/made';

interface Row {
  readonly kind: keyof typeof kinds;
  readonly hidden: number;
  readonly batch: number;
  /** Steps of each example, one batch after another, and of their answers. */
  readonly sources: readonly number[];
  readonly answers: readonly number[];
}

interface Kind {
  readonly model: string;
  /** Number of symbols that go in and come out; of numbers, how many. */
  readonly inputs: number;
  readonly outputs: number;
  readonly numbers?: 'in' | 'both';
  readonly alignment: Alignment;
  readonly isSequence?: false;
}

const kinds = {
  classifier: {
    model: 'h[t] = lstm(x[t], h[t-1])\ny = softmax(V h[T] + c)',
    ...{ inputs: 32, outputs: 4, alignment: 'one' },
  },
  tagger: {
    model: 'f[t] = gru(x[t], f[t-1])\nb[t] = gru(x[t], b[t+1])\ny[t] = softmax(V [f[t]; b[t]] + c)',
    ...{ inputs: 32, outputs: 16, alignment: 'synced' },
  },
  translation: {
    model: `s[t] = lstm(x[t], s[t-1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T]
a[u] = attend(d[u], s)
k[u] = tanh(K [a[u]; d[u]] + k0)
y[u] = softmax(V k[u] + c)`,
    ...{ inputs: 32, outputs: 32, alignment: 'delayed' },
  },
  series: {
    model: 'h[t] = gru(x[t], h[t-1])\ny[t] = V h[t] + c',
    ...{ inputs: 4, outputs: 1, alignment: 'synced', numbers: 'both' },
  },
  plain: {
    model: 'h = relu(A x + a)\ny = softmax(V h + c)',
    ...{ inputs: 784, outputs: 10, alignment: 'one', numbers: 'in', isSequence: false },
  },
} as const satisfies Readonly<Record<string, Kind>>;

const random = createRandom(1);

function datasetOf({ kind, sources, answers }: Row): Dataset {
  const { inputs, outputs, numbers, alignment, isSequence }: Kind = kinds[kind];
  const symbols = (count: number, classes: number): number[] =>
    Array.from({ length: count }, () => random.integer(classes));
  const rows = (count: number, width: number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length: width }, () => random.normal()));
  const outSteps = { one: sources.map(() => 1), synced: sources, delayed: answers }[alignment];
  const areNumbers = numbers === 'both';
  return dataset(
    channel(
      sources.map((count) => (numbers ? rows(count, inputs) : symbols(count, inputs))),
      numbers ? undefined : inputs,
      isSequence !== false,
    ),
    channel(
      outSteps.map((count) => (areNumbers ? rows(count, outputs) : symbols(count, outputs))),
      areNumbers ? undefined : outputs,
      alignment !== 'one',
    ),
    ...([alignment, sources.length, 0] as const),
  );
}

/** A function that does a step with the next batch, and gives its number of steps of all sequences. */
function stepper(row: Row, threads: number) {
  const data = datasetOf(row);
  const { hidden, batch } = row;
  const cell = parseCell(kinds[row.kind].model, row.kind);
  const model = buildExampleModel({ cell, hidden, dropout: 0, ...channelsOf(data) });
  const spawn = nodeThreads(path.resolve('dist/thread.js'));
  const backend = createWasmBackend({ layout: model.layout, threads, spawn });
  const network = createNetwork(model, backend);
  const loaded = network.program('train', exampleShape(data, data.parts.train, batch));
  const floats = backend.floats();
  for (let i = 0; i < model.layout.parameterFloats; i++) floats[i] = (random.uniform() - 0.5) / 8;
  backend.parametersChanged();
  const writer = createRowWriter(data, loaded, () => backend.floats());
  // The longest first, as training has them.
  const batches = Array.from({ length: data.count / batch }, (_, i) =>
    data.parts.train
      .slice(i * batch, (i + 1) * batch)
      .sort((a, b) => row.sources[b]! - row.sources[a]!),
  );
  let step = 0;
  return {
    backend,
    loaded,
    batches: batches.length,
    next(): number {
      const tokens = writer.write(batches[step % batches.length]!, batch);
      loaded.train(0, { ...benchUpdate, step: ++step });
      return tokens;
    },
  };
}

/** Milliseconds: on one thread the processor's, which do not count what else it does meanwhile. */
function clock(threads: number): number {
  if (threads > 1) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Tokens a second, by the least time of each of the batches, which take turns. */
function measure({ next, batches }: ReturnType<typeof stepper>, threads: number, seconds: number) {
  const least = new Array<number>(batches).fill(Infinity);
  const end = performance.now() + seconds * 1000;
  let tokens = 0;
  for (let turn = 0; turn < 2 || performance.now() < end; turn++) {
    tokens = 0;
    for (let i = 0; i < batches; i++) {
      const start = clock(threads);
      tokens += next();
      least[i] = Math.min(least[i]!, clock(threads) - start);
    }
  }
  return (tokens * 1000) / least.reduce((sum, time) => sum + time, 0);
}

/** Prints the least time of each part of a step, which is of the batch that takes least. */
async function profile({ backend, loaded, next }: ReturnType<typeof stepper>): Promise<void> {
  const names = loaded.program.phases.flatMap(({ kind, domain, instructions }) =>
    instructions.map(({ op }) => `${kind} ${domain} ${op}`),
  );
  const least = new Map<string, number>();
  for (let i = 0; i < 40; i++) {
    const { instructions, parts } = await backend.profile(loaded, () => {
      next();
      return Promise.resolve();
    });
    const times = [
      ...Object.entries(parts),
      ...instructions.map((time, place) => [`${names[place]!} ${String(place)}`, time] as const),
    ] as const;
    for (const [name, time] of times) least.set(name, Math.min(least.get(name) ?? Infinity, time));
  }
  const lines = [...least].sort(([, a], [, b]) => b - a).slice(0, 16);
  for (const [name, time] of lines) console.error(`${time.toFixed(3)} ms  ${name}`);
}

async function main(): Promise<void> {
  const [rows = '[]', threads = '1', seconds = '0.5', flag] = process.argv.slice(2);
  await useWideKernels(path.resolve('dist/worker.js'));
  for (const row of JSON.parse(rows) as Row[]) {
    const bench = stepper(row, Number(threads));
    for (let i = 0; i < 2 * bench.batches; i++) bench.next();
    const { kind, hidden } = row;
    if (flag === '--profile') {
      console.error(`${kind} ${String(hidden)}`);
      await profile(bench);
    }
    const tokensPerSecond = measure(bench, Number(threads), Number(seconds));
    console.log(JSON.stringify({ kind, hidden, tokensPerSecond }));
    bench.backend.close();
  }
}

void main().then(() => process.exit());
