import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reachOf } from '../../../webview/views/gradients/reach';
import type { Ended } from '../cli/tools';

/** What README.md's hour promises: from which lag to which less than 1 % of a gradient is left. */
export interface Promised {
  readonly cell: string;
  /** The state whose gradient it is. */
  readonly variable: string;
  readonly least: number;
  readonly most: number;
}

/** After 1000 steps on Hamlet with all defaults. */
export const promised: readonly Promised[] = [
  { cell: 'vanilla', variable: 'layer1.s', least: 12, most: 25 },
  { cell: 'lstm', variable: 'layer1.c', least: 8, most: 22 },
];

export const promisedSteps = 1000;

/**
 * Trains on Hamlet as a reader would, and looks at the last observation of its gradients.
 *
 * @param flags beyond the defaults
 * @param command runs the command line
 * @returns the lag from which on less than 1 % is left; infinite where more is left at every lag
 */
export async function lagOf(
  { cell, variable }: Pick<Promised, 'cell' | 'variable'>,
  seed: number,
  flags: readonly string[],
  command: (args: readonly string[]) => Promise<Ended>,
): Promise<number> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-hour-'));
  const run = path.join(folder, 'run');
  try {
    const { code, stderr } = await command([
      ...['train', 'media/samples/hamlet.txt', '--cell', cell, '--seed', String(seed)],
      ...[
        '--out',
        run,
        '--observe-every',
        '0.01',
        '--sample-every',
        '0',
        '--keep-checkpoints',
        '0',
      ],
      ...flags,
    ]);
    if (code !== 0) throw new Error(stderr);
    const lines = fs.readFileSync(path.join(run, 'observations.jsonl'), 'utf8').trim().split('\n');
    const { lags } = JSON.parse(lines.at(-1)!) as {
      readonly lags: readonly { readonly variable: string; readonly norms: readonly number[] }[];
    };
    const { norms } = lags.find((lag) => lag.variable === variable)!;
    const reach = reachOf(Float64Array.from(norms));
    return reach?.kind === 'falls' ? reach.lag : Infinity;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
