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
): Promise<void> {
  for (const generated of data) {
    const file = dataFile(runs, generated);
    const isThere = await fs.access(file).then(
      () => true,
      () => false,
    );
    if (isThere) continue;
    await makeFolder(path.dirname(file));
    const { task, rows, length, seed } = generated;
    const asked = { task, rows, seed, ...(length !== undefined && { length }) };
    await client.start<'generate'>({ kind: 'generate', ...asked, path: file }).result;
  }
}
