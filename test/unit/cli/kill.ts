import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import {
  checkpointFileName,
  decodeMetrics,
  decodeRunInfo,
  runFileNames,
} from '../../../src/core/training/run';
import { start } from './tools';

/** What a killed training has left, and when. */
export interface Killed {
  /** Whether there is a checkpoint. */
  readonly hasCheckpoint: boolean;
  /** Training time between the last checkpoint and the kill, s; 0 if it had not begun. */
  readonly lost: number;
}

/**
 * Begins a training, or goes on with it, and kills it (`kill -9`) after some time. All that it left must then
 * load, with no step fewer than before.
 *
 * @param train arguments of `rnn-lab train` that begin it in `run`
 * @param after milliseconds, from the start of the process
 * @throws AssertionError if something does not load
 */
export async function killAfter(
  train: readonly string[],
  run: string,
  after: number,
): Promise<Killed> {
  const before = stepOf(run);
  const args = fs.existsSync(path.join(run, runFileNames.info))
    ? ['train', '--resume', run]
    : [...train, '--out', run];
  let begun: number | undefined;
  const { process: child, ended } = start([...args, '--json'], {
    onLine: (line) => {
      if (line.startsWith('{"event":"start"')) begun = Date.now();
    },
  });
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill('SIGKILL');
  const killed = Date.now();
  const { signal, stderr } = await ended;
  assert.equal(signal, 'SIGKILL', stderr);
  const step = stepOf(run);
  assert.ok((step ?? 0) >= (before ?? 0), `${String(step)} steps are left of ${String(before)}`);
  const saved = step === undefined ? -Infinity : fs.statSync(lastOf(run)).mtimeMs;
  const since = begun === undefined ? killed : Math.max(begun, saved);
  return { hasCheckpoint: step !== undefined, lost: Math.max(0, killed - since) / 1000 };
}

function lastOf(run: string): string {
  return path.join(run, checkpointFileName('last'));
}

/** Reads all of a run as RNN Lab does. @returns the last checkpoint's step; undefined: there is none */
function stepOf(run: string): number | undefined {
  const info = path.join(run, runFileNames.info);
  if (!fs.existsSync(info)) return undefined;
  decodeRunInfo(fs.readFileSync(info), run);
  const metrics = path.join(run, runFileNames.metrics);
  const lines = fs.existsSync(metrics) ? fs.readFileSync(metrics, 'utf8') : '';
  // A line at the end may be cut off; all others are whole.
  assert.ok(lines.split('\n').length - decodeMetrics(lines).length <= 2);
  for (const which of ['best', 'last'] as const) {
    const file = path.join(run, checkpointFileName(which));
    if (!fs.existsSync(file)) continue;
    const { step } = decodeCheckpoint(fs.readFileSync(file), file).training;
    if (which === 'last') return step;
  }
  return undefined;
}
