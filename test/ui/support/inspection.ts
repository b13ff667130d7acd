// What the command line says of a run that the panel shows.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { runFolders } from './files';

/** What `rnn-lab inspect --json` says of one token, as far as it is read here. */
export interface InspectedToken {
  readonly token: string;
  readonly probability?: number;
  readonly loss?: number;
  readonly variables: Readonly<Record<string, readonly number[]>>;
  readonly top: readonly { readonly token: string; readonly probability: number }[];
}

/**
 * The folder of the newest run.
 *
 * @param data the folder of the VS Code's state
 * @throws {Error} where there is no run
 */
export function newestRun(data: string): string {
  const newest = runFolders(data).toSorted(
    (a, b) => fs.statSync(b).ctimeMs - fs.statSync(a).ctimeMs,
  )[0];
  if (newest === undefined) throw new Error(`No run is in ${data}.`);
  return newest;
}

/**
 * Asks the command line what the model of a run makes of a text.
 *
 * @param step of a kept checkpoint; default: the best one
 */
export async function inspectRun(
  run: string,
  text: string,
  step?: number,
): Promise<InspectedToken[]> {
  const checkpoint = step === undefined ? [] : ['--checkpoint', String(step)];
  const options = ['--text', text, '--variables', 'all', '--json', ...checkpoint];
  const args = [path.resolve('dist/cli.js'), 'inspect', run, ...options];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 28 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as InspectedToken & { readonly event: string })
    .filter(({ event }) => event === 'token');
}
