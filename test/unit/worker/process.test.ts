import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LogOutputChannel } from 'vscode';
import { createEngineProcess } from '../../../src/host/engine-process';
import { connect, type Client } from '../../../src/protocol/client';
import type { LineName, Lines } from '../../../src/protocol/lines';
import { beginTraining, settings, source, text } from './follow-tools';

const file = path.resolve('dist/engine.js');
const list = { kind: 'list', folder: '/there/are/no/runs' } as const;
const nothing = { runs: [], damaged: [] };
const endless = { ...settings, 'training.steps': 1_000_000 };

/** Whether there is such a process. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves once a process is gone. */
async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (isAlive(pid)) {
    assert.ok(Date.now() < deadline, `process ${pid} lives on`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("the engine's process", () => {
  let folder: string;
  let pids: number[];
  let warnings: string[];
  let lines: Lines;
  let clients: Client[];

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-process-'));
  });

  beforeEach(() => {
    clients = [];
    use(file);
  });

  afterEach(() => Promise.all(clients.map((client) => client.dispose())));

  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function use(script: string, execPath?: string): void {
    pids = [];
    warnings = [];
    const log = {
      debug: (said: string) => {
        const pid = /^Engine started as process (\d+)/.exec(said)?.[1];
        if (pid !== undefined) pids.push(Number(pid));
      },
      warn: (said: string) => warnings.push(said),
    } as unknown as LogOutputChannel;
    lines = createEngineProcess(script, log, execPath);
  }

  function open(name: LineName): Client {
    const client = connect(lines.open(name));
    clients.push(client);
    return client;
  }

  /** The process with another engine in its threads. */
  function withEngine(name: string, script: string): void {
    const place = path.join(folder, name);
    fs.mkdirSync(place);
    for (const each of ['engine.js', 'kernels.js']) {
      fs.copyFileSync(path.join(path.dirname(file), each), path.join(place, each));
    }
    fs.writeFileSync(
      path.join(place, 'worker.js'),
      `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ job, request }) => { if (request) { ${script} } });`,
    );
    use(path.join(place, 'engine.js'));
  }

  const answers = `parentPort.postMessage({ type: 'result', job, result: { runs: [], damaged: [] } });`;

  it('has an engine behind each line, and ends with the last line', async () => {
    const [trainer, reader] = [open('trainer'), open('reader')];
    assert.deepEqual(await trainer.start(list).result, nothing);
    assert.deepEqual(await reader.start(list).result, nothing);
    assert.equal(pids.length, 1);
    assert.notEqual(pids[0], process.pid);
    await reader.dispose();
    assert.deepEqual(await trainer.start(list).result, nothing);
    assert.deepEqual(await open('reader').start(list).result, nothing);
    assert.equal(pids.length, 1);
    await Promise.all(clients.map((client) => client.dispose()));
    await gone(pids[0]!);
  });

  it('lets the reader follow a training without the host', async () => {
    const [trainer, reader] = [open('trainer'), open('reader')];
    const training = await beginTraining(trainer, { source, settings: endless });
    const model = { kind: 'live', job: training.id } as const;
    const opened = await new Promise<number>((resolve) => {
      const follow = reader.start<'follow'>({ kind: 'follow', model }, ({ step }) => resolve(step));
      assert.equal(follow.id, 1);
    });
    const refresh = { kind: 'refresh', follow: 1, weights: model } as const;
    const { step } = await reader.start<'refresh'>(refresh).result;
    assert.ok(step! > opened, `${String(step)} after ${String(opened)}`);
    const about = { follow: 1, document: 'a', version: 1 } as const;
    await reader.start<'open'>({ kind: 'open', ...about, text }).result;
    const asked = { kind: 'complete', ...about, offset: 200, confidence: 0 } as const;
    const completed = await reader.start<'complete'>(asked).result;
    assert.ok(completed.kind === 'completed' && completed.step === step);
    training.control({ action: 'stop' });
    await training.result;
    await assert.rejects(reader.start<'refresh'>(refresh).result, /not running/);
  });

  it('dies by a kill: every job says so, and the next one starts another', async () => {
    const [trainer, reader] = [open('trainer'), open('reader')];
    const training = await beginTraining(trainer, { source, settings: endless });
    const following = reader.start({ kind: 'follow', model: { kind: 'live', job: training.id } });
    process.kill(pids[0]!, 'SIGKILL');
    for (const { result } of [training, following])
      await assert.rejects(result, /ended unexpectedly: signal SIGKILL\..*last checkpoint is kept/);
    assert.deepEqual(await open('trainer').start(list).result, nothing);
    assert.equal(pids.length, 2);
  });

  it('ends when its host is killed, in the middle of a training', async () => {
    const host = path.join(folder, 'host.cjs');
    const request = { kind: 'train', source, settings: endless };
    const start = { type: 'start', job: 1, request };
    fs.writeFileSync(
      host,
      `const { fork } = require('node:child_process');
      const child = fork(${JSON.stringify(file)}, { serialization: 'advanced' });
      child.send({ type: 'message', line: 'trainer', message: ${JSON.stringify(start)} });
      child.on('message', ({ message }) => {
        if (message.event?.event === 'metrics') process.send(child.pid);
      });`,
    );
    const child = fork(host);
    const [pid] = (await once(child, 'message')) as [number];
    assert.ok(isAlive(pid));
    child.kill('SIGKILL');
    await gone(pid);
  });

  it('is not ended by what a terminal sends to all of its processes', async () => {
    const trainer = open('trainer');
    await trainer.start(list).result;
    process.kill(pids[0]!, 'SIGINT');
    assert.deepEqual(await trainer.start(list).result, nothing);
    assert.equal(pids.length, 1);
  });

  it('outlives an engine that is out of memory, and so does the other engine', async () => {
    const { NODE_OPTIONS } = process.env;
    process.env['NODE_OPTIONS'] = '--max-old-space-size=64';
    withEngine(
      'greedy',
      `if (request.kind === 'list') { ${answers} }
      else { const all = []; for (;;) all.push(new Array(1e6).fill(all.length + 0.5)); }`,
    );
    const [trainer, reader] = [open('trainer'), open('reader')];
    await trainer.start(list).result;
    if (NODE_OPTIONS === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = NODE_OPTIONS;
    const evaluate = { kind: 'evaluate', model: { kind: 'run', run: '/a' } } as const;
    await assert.rejects(
      reader.start({ ...evaluate, source }).result,
      /ended unexpectedly: it ran out of memory/,
    );
    assert.deepEqual(await trainer.start(list).result, nothing);
    assert.deepEqual(await open('reader').start(list).result, nothing);
    assert.equal(pids.length, 1);
  });

  it('says so when V8 ends it for want of memory', async () => {
    withEngine(
      'fatal',
      `process.stderr.write('FATAL ERROR: Reached heap limit - JavaScript heap out of memory\\n');
      setTimeout(() => process.kill(process.pid, 'SIGABRT'), 100);`,
    );
    await assert.rejects(
      open('trainer').start(list).result,
      /ended unexpectedly: it ran out of memory/,
    );
  });

  it('is a thread of the host where no process can be started', async () => {
    use(file, path.join(folder, 'no-node'));
    const [trainer, reader] = [open('trainer'), open('reader')];
    assert.deepEqual(await trainer.start(list).result, nothing);
    assert.deepEqual(await reader.start(list).result, nothing);
    assert.deepEqual(pids, []);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /thread of the extension host/);
    await trainer.dispose();
    assert.deepEqual(await reader.start(list).result, nothing);
  });
});
