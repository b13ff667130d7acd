/** Data that a notebook asks to be made: kept beside its runs, made once. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Generated } from '../core/notebooks/generated';
import { makeFolder } from '../files/write';
import type { Client } from '../protocol/client';

export function dataFile(runs: string, { name }: Generated): string {
  return path.join(runs, 'data', name);
}

/**
 * Makes what is not there yet.
 * @throws EngineError where there are not so many different rows
 */
export async function makeData(
  client: Client,
  runs: string,
  data: Iterable<Generated>,
  signal?: AbortSignal,
): Promise<void> {
  const isStopped = (): boolean => signal?.aborted === true;
  for (const generated of data) {
    const file = dataFile(runs, generated);
    if (isStopped()) return;
    if (await exists(file)) continue;
    await makeFolder(path.dirname(file));
    const { task, rows, length, seed } = generated;
    const asked = { task, rows, seed, ...(length !== undefined && { length }) };
    const job = client.start<'generate'>({ kind: 'generate', ...asked, path: file });
    const stop = (): void => {
      job.control({ action: 'stop' });
    };
    signal?.addEventListener('abort', stop);
    try {
      await job.result;
    } catch (error) {
      // Another part of the same notebook may have made it meanwhile.
      if (!isStopped() && !(await exists(file))) throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
