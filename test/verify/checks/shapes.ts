import path from 'node:path';
import { parseCell } from '../../../src/core/equations/parse';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { parseSettings } from '../../../src/core/settings/settings';
import { createTrainer } from '../../../src/core/training/trainer';
import { nodeThreads } from '../../../src/worker/spawn';
import { sha256 } from '../../../src/worker/sha256';
import { description } from '../../unit/task/made';
import { within, type Check, type Finding } from '../check';
import { problems, type Problem } from '../examples/problems';

export const shapes: Check = {
  name: 'shapes',
  title: 'a problem of every input/output shape is learnt, in seconds of this machine',
  source:
    'Hochreiter & Schmidhuber 1997 (temporal order, adding), Arjovsky et al. 2016 (copy: 0.9 of the loss without memory)',
  async *run({ threads }) {
    for (const problem of problems) yield await solve(problem, threads);
  },
};

/** Trains until the goal is met, or the time is over. */
async function solve(problem: Problem, threads: number): Promise<Finding> {
  const { name, judged, range } = problem;
  const spawn = nodeThreads(path.resolve('dist/thread.js'));
  const trainer = await createTrainer({
    settings: parseSettings({ 'training.schedule': 'constant', ...problem.settings }),
    cell: parseCell(problem.model, 'model'),
    data: { kind: 'examples', dataset: problem.dataset, task: description, hash: name },
    createHash: sha256,
    createBackend: ({ layout }) => createWasmBackend({ layout, threads, spawn }),
    now: () => performance.now() / 1000,
  });
  let last = NaN;
  let seconds = 0;
  const isMet = (): boolean => last >= range[0] && last <= range[1];
  while (!trainer.hasEnded() && !isMet()) {
    for (const event of trainer.runFor(0.2)) {
      if (event.event !== 'evaluation') continue;
      last = event.row[judged]!;
      seconds = event.row.seconds;
    }
  }
  trainer.close();
  return within(`${name}, after ${seconds.toFixed(1)} s: ${judged}`, last, range, 4);
}
