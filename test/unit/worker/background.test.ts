import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { connect, workerPort } from '../../../src/protocol/client';
import type { EngineSetup } from '../../../src/worker/setup';

/** How many threads of this process have each nice value (proc(5)); none where the system does not tell. */
function niceValues(): Map<number, number> {
  const values = new Map<number, number>();
  if (process.platform !== 'linux') return values;
  for (const thread of fs.readdirSync('/proc/self/task')) {
    const stat = statOf(thread);
    if (stat === undefined) continue;
    // The name before it is in parentheses and may have spaces; nice is the 17th after it.
    const nice = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    values.set(nice, (values.get(nice) ?? 0) + 1);
  }
  return values;
}

/** undefined of a thread that has just ended. */
function statOf(thread: string): string | undefined {
  try {
    return fs.readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
  } catch {
    return undefined;
  }
}

/** The most threads of this process that have had a priority below normal while an engine trained on two threads. */
async function backgroundThreads(workerData?: EngineSetup): Promise<number> {
  const client = connect(workerPort(new Worker(path.resolve('dist/worker.js'), { workerData })));
  let most = 0;
  // Compute threads are there only while something is measured.
  const looking = setInterval(() => {
    most = Math.max(most, niceValues().get(10) ?? 0);
  }, 5);
  try {
    const request = { kind: 'bench', seconds: 0.02, repetitions: 1, threads: 2 } as const;
    await client.start({ ...request, only: 'vanilla 128x32x64' }).result;
  } finally {
    clearInterval(looking);
    await client.dispose();
  }
  return most;
}

describe('an engine in the background', () => {
  const isLinux = process.platform === 'linux';

  it('lets others go first, its compute threads too, where threads have priorities', async () => {
    const most = await backgroundThreads({ background: true });
    // What Node starts by itself for a thread in the background is in the background, too.
    assert.ok(isLinux ? most >= 2 : most === 0, `${most} threads`);
  });

  it('is none unless told so', async () => {
    assert.equal(await backgroundThreads({ background: false }), 0);
    assert.equal(await backgroundThreads(), 0);
  });

  it('leaves the thread that started it as it was', async () => {
    const before = niceValues();
    await backgroundThreads({ background: true });
    assert.equal(niceValues().get(10), before.get(10));
  });
});
