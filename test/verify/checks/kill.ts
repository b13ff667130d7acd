/** A training that is really killed, a hundred times. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRandom } from '../../../src/core/random/random';
import { killAfter, type Killed } from '../../unit/cli/kill';
import { rnnLab, sampleText, temporaryFolder } from '../../unit/cli/tools';
import type { Check, Finding } from '../check';

/** In quick succession, while checkpoints are written all the time. */
const quickKills = 80;
/** With the settings as they are when nobody changes them: so many trainings side by side, killed so often. */
const [trainings, kills] = [5, 4];
/** Longer than the time between two checkpoints, ms. */
const longest = 16_000;
/** What may be lost, s. */
const most = 10;

export const kill: Check = {
  name: 'kill',
  title: 'kill -9',
  source:
    'what is left is read as RNN Lab reads it, goes on, and at the end is trained again and compared',
  async *run() {
    const folder = temporaryFolder();
    const text = path.join(folder, 'text.txt');
    fs.writeFileSync(text, sampleText.repeat(20));
    try {
      yield* killedWhileWriting(folder, text);
      yield* killedByDefault(folder, text);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function* killedWhileWriting(folder: string, text: string): AsyncGenerator<Finding> {
  const run = path.join(folder, 'quick');
  // Checkpoints of three megabytes, as often as they can be written.
  const model = ['--cell', 'gru', '--hidden', '256', '--batch', '4', '--sequence', '16'];
  const limit = ['--steps', '1000000', '--schedule', 'constant', '--threads', '1'];
  const train = ['train', text, ...model, ...limit, '--checkpoint-every', '0.01'];
  const random = createRandom(1);
  let loaded = 0;
  for (let i = 0; i < quickKills; i++) {
    await killAfter(train, run, 150 + 1500 * random.uniform());
    loaded++;
  }
  yield all('killed while checkpoints are written: what is left loads', loaded, quickKills);
  const { code, stdout } = await rnnLab(['reproduce', run]);
  yield {
    what: `… and after ${String(quickKills)} kills the run is, bit by bit, the one that was never killed`,
    expected: 'identical',
    got: stdout.trim(),
    passed: code === 0,
  };
}

async function* killedByDefault(folder: string, text: string): AsyncGenerator<Finding> {
  const model = ['--cell', 'lstm', '--hidden', '128', '--threads', '1', '--seconds', '100000'];
  const chains = Array.from({ length: trainings }, async (_, i) => {
    const random = createRandom(100 + i);
    const found: Killed[] = [];
    for (let k = 0; k < kills; k++) {
      const run = path.join(folder, `default-${String(i)}`);
      found.push(await killAfter(['train', text, ...model], run, longest * random.uniform()));
    }
    return found;
  });
  const found = (await Promise.all(chains)).flat();
  assert.equal(found.length, trainings * kills);
  yield all('killed with default settings: what is left loads', found.length, trainings * kills);
  const lost = Math.max(...found.map((one) => one.lost));
  yield {
    what: '… and the most that was lost, s',
    expected: `≤ ${String(most)}`,
    got: lost.toFixed(1),
    passed: lost <= most,
  };
}

function all(what: string, got: number, expected: number): Finding {
  return { what, expected: String(expected), got: String(got), passed: got === expected };
}
