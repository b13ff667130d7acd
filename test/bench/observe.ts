// What looking into a training costs: node out/test/bench/observe.js [seconds] [threads]. Two trainings of the same
// seed take turns of a quarter of a second, one looked into, one not, so that a busy machine is fair to both.
import fs from 'node:fs';
import path from 'node:path';
import { loadCell } from '../../src/core/equations/load-cell';
import { memoryText } from '../../src/core/data/source';
import { createWasmBackend } from '../../src/core/kernels/wasm';
import type { TrainerEvent } from '../../src/core/training/events';
import { parseSettings } from '../../src/core/settings/settings';
import { createTrainer, type Trainer } from '../../src/core/training/trainer';
import { sha256 } from '../../src/worker/sha256';
import { nodeThreads } from '../../src/worker/spawn';

const seconds = Number(process.argv[2] ?? 30);
const turn = 0.25;
const text = fs.readFileSync('media/samples/hamlet.txt', 'utf8');
const threads = Number(process.argv[3] ?? 2);

function train(cell: string, hidden: number, inspection: object): Promise<Trainer> {
  return createTrainer({
    settings: parseSettings({
      model: { hidden },
      training: { seconds, evaluationTokens: 2000 },
      inspection,
    }),
    cell: loadCell(cell),
    data: { kind: 'text', text: memoryText(text, 'hamlet') },
    createHash: sha256,
    createBackend: ({ layout }) =>
      createWasmBackend({ layout, threads, spawn: nodeThreads(path.resolve('dist/thread.js')) }),
    now: () => performance.now() / 1000,
  });
}

/** One turn; `longest` is the longest time that others had to wait. */
function take(trainer: Trainer, events: TrainerEvent[]): number {
  trainer.resume();
  let longest = 0;
  for (const end = performance.now() + 1000 * turn; performance.now() < end;) {
    const begin = performance.now();
    events.push(...trainer.runFor(0));
    longest = Math.max(longest, performance.now() - begin);
  }
  trainer.pause();
  return longest;
}

async function compare(cell: string, hidden: number): Promise<void> {
  const pair = [
    await train(cell, hidden, {}),
    await train(cell, hidden, { observeEvery: 0, sampleEvery: 0 }),
  ];
  const events: TrainerEvent[][] = [[], []];
  const longest = [0, 0];
  while (pair.every((trainer) => !trainer.hasEnded())) {
    pair.forEach((trainer, i) => {
      longest[i] = Math.max(longest[i]!, take(trainer, events[i]!));
    });
  }
  const speeds = pair.map((trainer) => (trainer.step() * 1024) / trainer.seconds());
  const count = (kind: string): string =>
    String(events[0]!.filter(({ event }) => event === kind).length);
  console.log(
    `${cell} ${String(hidden)}: ${speeds.map((speed) => speed.toFixed(0)).join(' with, ')} tokens/s without: ` +
      `${(100 * (1 - speeds[0]! / speeds[1]!)).toFixed(1)} %; ${count('observation')} observations, ` +
      `${count('sampled')} texts; longest wait ${longest.map((ms) => ms.toFixed(0)).join(' and ')} ms`,
  );
  for (const trainer of pair) trainer.close();
}

async function main(): Promise<void> {
  await compare('vanilla', 256);
  await compare('lstm', 256);
  await compare('gru', 512);
}

void main();
