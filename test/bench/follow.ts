// What following a document costs: node out/test/bench/follow.js [hidden] [characters] [--busy | --training |
// --impolite]. An lstm of random weights reads a document of 1 MB in the engine worker, as in the extension; characters
// are typed in its middle, and for each the answers to `complete` (8 tokens, whatever their probability) and `look` (256
// tokens) are waited for. With --busy other processes keep all cores at work meanwhile, with --training another engine
// trains the same model on all cores, in the background and giving way, as in the extension; with --impolite it gives
// no way.
import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { characterTokenizer } from '../../src/core/data/characters';
import { loadCell } from '../../src/core/equations/load-cell';
import { buildModel } from '../../src/core/engine/model';
import { createRightOfWay, leaveRightOfWay, takeRightOfWay } from '../../src/core/right-of-way';
import { initialise } from '../../src/core/engine/initialise';
import { createRandom } from '../../src/core/random/random';
import { connect, workerPort, type Client, type Job } from '../../src/protocol/client';
import type { ModelSource } from '../../src/protocol/engine';

const flags = process.argv.slice(2);
const isBusy = flags.includes('--busy');
const isImpolite = flags.includes('--impolite');
const isTraining = isImpolite || flags.includes('--training');
const sizes = flags.filter((flag) => !flag.startsWith('--'));
const [hidden = 512, characters = 1000] = sizes.map(Number);
const rightOfWay = createRightOfWay();
const middle = 500_000;

function makeModel(text: string): Extract<ModelSource, { kind: 'snapshot' }> {
  const tokenizer = characterTokenizer([...new Set(text)].sort());
  const cell = loadCell('lstm');
  const sizes = { hidden, layers: 1, vocabulary: tokenizer.vocabulary, embedding: 0, dropout: 0 };
  const model = buildModel({ cell, ...sizes });
  const parameters = new Float32Array(model.layout.parameterFloats);
  initialise(model, parameters, createRandom(1));
  const description = {
    cell: cell.name,
    equations: cell.source,
    sizes,
    tokenizer: tokenizer.toJSON(),
  };
  return { kind: 'snapshot', step: 0, model: description, parameters };
}

/** p50, p99 and the longest of times in milliseconds. */
function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

/** Takes the right of way until a question is answered. */
async function urgently<T>(answer: Promise<T>): Promise<T> {
  takeRightOfWay(rightOfWay);
  try {
    return await answer;
  } finally {
    leaveRightOfWay(rightOfWay);
  }
}

async function measure(client: Client, text: string): Promise<void> {
  const following = client.start<'follow'>({ kind: 'follow', model: makeModel(text) });
  const follow = following.id;
  const whole = text.repeat(Math.ceil(1_000_000 / text.length)).slice(0, 1_000_000);
  const document = 'text';
  let version = 1;
  const about = () => ({ follow, document, version });
  const open = () => client.start<'open'>({ kind: 'open', ...about(), text: whole }).result;
  console.log(`open 1 MB: ${(await timed(open)).ms.toFixed(1)} ms`);
  const complete = (offset: number, context?: number) => {
    const limits = { confidence: 0, maxTokens: 8, ...(context === undefined ? {} : { context }) };
    const job = client.start<'complete'>({ kind: 'complete', ...about(), offset, ...limits });
    return urgently(job.result);
  };
  const short = await timed(() => complete(middle - 100_000, 128));
  const first = await timed(() => complete(middle));
  console.log(
    `first answer at a place, after 128 tokens: ${short.ms.toFixed(0)} ms; after 2048: ${first.ms.toFixed(0)} ms, ` +
      `${(first.ms / 2055).toFixed(3)} ms a token`,
  );
  const look = (offset: number) => {
    const job = client.start<'look'>({ kind: 'look', ...about(), offset, target: 'last' });
    return urgently(job.result);
  };
  console.log(`first look: ${(await timed(() => look(middle))).ms.toFixed(0)} ms`);

  async function type(count: number, ask: (offset: number) => Promise<unknown>): Promise<string> {
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const change = { offset: middle + i, removed: 0, inserted: text[7000 + i]! };
      version++;
      const { ms } = await timed(() => {
        void client.start<'edit'>({ kind: 'edit', ...about(), changes: [change] }).result;
        return ask(middle + i + 1);
      });
      times.push(ms);
      // A fast typist, who lets the worker rest; beside a training, one that types some twenty a second.
      await sleep(isTraining ? 50 : 2);
    }
    return spread(times);
  }
  console.log(`complete, ${String(characters)} characters: ${await type(characters, complete)}`);
  const looks = Math.min(200, characters);
  console.log(`look, ${String(looks)} characters: ${await type(looks, look)}`);
  let looking: Promise<unknown> = Promise.resolve();
  const both = async (offset: number): Promise<void> => {
    looking = look(offset);
    await complete(offset);
  };
  console.log(`complete while a look is under way: ${await type(looks, both)}`);
  await looking;
  following.control({ action: 'stop' });
  await following.result;
}

function burn(): ChildProcess[] {
  return Array.from({ length: availableParallelism() }, () => fork(__filename, ['--burn']));
}

/** A training in the background, and how to end it; resolves once it trains. */
async function train(text: string): Promise<() => Promise<void>> {
  const setup = { background: true, ...(isImpolite ? {} : { rightOfWay }) };
  const trainer = connect(
    workerPort(new Worker(path.resolve('dist/worker.js'), { workerData: setup })),
  );
  let step = 0;
  let begun: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => (begun = resolve));
  const job: Job<'train'> = trainer.start<'train'>(
    {
      kind: 'train',
      cell: 'lstm',
      source: { kind: 'text', name: 'text', text },
      settings: {
        'model.hidden': hidden,
        'training.batch': 64,
        'training.sequence': 64,
        'training.seconds': 3600,
        'training.epochs': 0,
      },
    },
    (event) => {
      if (event.event !== 'metrics') return;
      ({ step } = event.row);
      begun();
    },
  );
  await beginning;
  const [start, first] = [performance.now(), step];
  return async () => {
    const seconds = (performance.now() - start) / 1000;
    console.log(`trained meanwhile: ${((4096 * (step - first)) / seconds).toFixed(0)} tokens/s`);
    job.control({ action: 'stop' });
    await job.result;
    await trainer.dispose();
  };
}

async function main(): Promise<void> {
  if (flags.includes('--burn')) {
    for (;;) Math.random();
  }
  const others = isBusy ? burn() : [];
  const client = connect(workerPort(new Worker(path.resolve('dist/worker.js'))));
  try {
    console.log(
      `lstm, H = ${String(hidden)} ${flags.filter((flag) => flag.startsWith('--')).join(' ')}`,
    );
    const text = fs.readFileSync('media/samples/hamlet.txt', 'utf8');
    const stop = isTraining ? await train(text) : undefined;
    try {
      await measure(client, text);
    } finally {
      await stop?.();
    }
  } finally {
    await client.dispose();
    for (const other of others) other.kill();
  }
}

void main();
