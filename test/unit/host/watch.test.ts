import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { watchRuns } from '../../../src/host/views/watch';

describe('the folder of runs', () => {
  const parent = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-watch-')), 'runs');
  after(() => fs.rmSync(path.dirname(parent), { recursive: true }));

  it('is made and watched: folders that come and go, and files in them that tell of a run', async () => {
    let heard = () => undefined as unknown;
    const told: string[] = [];
    const watching = watchRuns(parent, (runs) => {
      told.push(...runs.map((run) => path.basename(run)));
      heard();
    });
    /** Waits until all that was asked for has been told of, and forgets it. */
    const hears = (name: string) =>
      new Promise<void>((resolve) => {
        heard = () => {
          if (!told.includes(name)) return;
          told.splice(0);
          resolve();
        };
        heard();
      });
    try {
      const run = path.join(parent, 'a');
      fs.mkdirSync(run);
      await hears('a');
      for (const name of ['run.json', 'lock', 'note.md', 'queued.json']) {
        // As it is written: under a temporary name, then renamed.
        fs.writeFileSync(path.join(run, `${name}.tmp`), '{}');
        fs.renameSync(path.join(run, `${name}.tmp`), path.join(run, name));
        await hears('a');
      }
      // Rows of metrics, and deletions, are not what it is about: the folder after them is told of alone.
      fs.writeFileSync(path.join(run, 'metrics.jsonl'), '{}');
      fs.mkdirSync(path.join(parent, '.deleted'));
      fs.mkdirSync(path.join(parent, 'b'));
      await new Promise<void>((resolve) => {
        heard = () => {
          if (told.includes('b')) resolve();
        };
        heard();
      });
      assert.deepEqual([...new Set(told)], ['b']);
      told.splice(0);
      fs.renameSync(run, path.join(path.dirname(parent), 'aside'));
      await hears('a');
    } finally {
      watching.dispose();
    }
  });
});
