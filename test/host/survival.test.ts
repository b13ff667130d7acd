import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { toEnglish } from '../../src/core/sentence';
import { createEngine, type Engine } from '../../src/host/engine';
import { createEngineProcess } from '../../src/host/engine-process';
import { offerInterrupted } from '../../src/host/interrupted';
import type { Lab } from '../../src/host/lab';
import type { Action } from '../../src/host/notify';
import { latest, type Run } from '../../src/host/runs/run';
import { createRuns, type Runs } from '../../src/host/runs/runs';
import { alphabet, tiny, until } from './support/lab';

const document = { uri: 'untitled:1', name: 'a.txt', text: alphabet };
const settings = { ...tiny, 'training.seconds': 600, 'training.checkpointEvery': 0.1 };
/** Times that the engine is killed while it trains. */
const kills = 5;

describe('a training that is cut short', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-survival-'));
  const runsFolder = path.join(folder, 'runs');
  const flag = path.join(folder, 'eat');
  const log = vscode.window.createOutputChannel('RNN Lab survival test', { log: true });
  const file = path.join(folder, 'engine.js');
  let engine: Engine;
  let runs: Runs;
  let failures: unknown[];
  /** Whether rows that the engine tells are lost on their way. */
  let isDeaf: boolean;
  let recoveries: { readonly run: Run; readonly step: number; readonly reason: string }[];

  before(() => {
    const { extensionPath } = vscode.extensions.getExtension('rnn-lab.rnn-lab')!;
    const dist = path.join(extensionPath, 'dist');
    for (const each of ['engine.js', 'kernels.js']) {
      fs.copyFileSync(path.join(dist, each), path.join(folder, each));
    }
    // The real engine, which runs out of memory as soon as there is a certain file.
    fs.writeFileSync(
      path.join(folder, 'worker.js'),
      `const fs = require('node:fs');
      require(${JSON.stringify(path.join(dist, 'worker.js'))});
      setInterval(() => {
        if (!fs.existsSync(${JSON.stringify(flag)})) return;
        fs.unlinkSync(${JSON.stringify(flag)});
        const all = [];
        for (;;) all.push(new Array(1e6).fill(all.length + 0.5));
      }, 10);`,
    );
  });

  beforeEach(begin);

  afterEach(async () => {
    await runs.stop();
    await engine.close();
    runs.dispose();
  });

  after(() => {
    log.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** A session of VS Code. */
  function begin(): void {
    failures = [];
    recoveries = [];
    isDeaf = false;
    const lines = createEngineProcess(file, log);
    engine = createEngine(() => lines.open('trainer'), log);
    const { start } = engine;
    const hearing: Engine = {
      ...engine,
      start: (request, onEvent) =>
        start(request, (event) => {
          const isRow = event.event === 'metrics' || event.event === 'evaluation';
          if (!isDeaf || !isRow) onEvent?.(event);
        }),
    };
    runs = createRuns(hearing, runsFolder, {
      failed: (error) => failures.push(error),
      warned: ({ message }) => assert.fail(toEnglish(message)),
      recovered: (run, step, error) => {
        isDeaf = false;
        recoveries.push({ run, step, reason: String(error) });
      },
    });
  }

  async function train(): Promise<Run> {
    await runs.train({ document, settings, cell: undefined });
    const run = runs.current!;
    await until('a checkpoint', () => run.hasCheckpoint && run.metrics.length > 5);
    return run;
  }

  /** The process that trains a run: the one that has its lock. */
  function processOf(run: Run): number {
    const holder = JSON.parse(fs.readFileSync(path.join(run.folder, 'lock'), 'utf8')) as {
      process: number;
    };
    assert.notEqual(holder.process, process.pid);
    return holder.process;
  }

  function kill(run: Run): void {
    process.kill(processOf(run), 'SIGKILL');
  }

  /** When the checkpoint was written from which the run would go on. */
  function savedAt(run: Run): number {
    return fs.statSync(path.join(run.folder, 'checkpoint-last.safetensors')).mtimeMs;
  }

  /** The run's folder has every step once, in their order. */
  async function assertWhole(run: Run): Promise<void> {
    const { history } = await engine.start({ kind: 'describe', run: run.folder }).result;
    const { step, steps } = history.metrics;
    for (let i = 1; i < step.length; i++) assert.ok(step[i]! > step[i - 1]!);
    assert.equal(
      steps.reduce((a, b) => a + b),
      step.at(-1),
    );
  }

  it('by a kill of the engine goes on by itself, however often', async () => {
    const run = await train();
    runs.setLearningRate(0.00123);
    await until('the rate', () => latest(run, 'learningRate') === 0.00123);
    for (let i = 1; i <= kills; i++) {
      const reached = latest(run, 'step');
      const killed = processOf(run);
      kill(run);
      await until('the recovery', () => recoveries.length === i);
      assert.equal(runs.trained, run);
      const { step } = recoveries[i - 1]!;
      assert.ok(step > 0 && step <= reached + 1000, `${step} after ${reached}`);
      assert.notEqual(processOf(run), killed);
      // On to the next checkpoint: else it would be in vain.
      const saved = savedAt(run);
      await until('a checkpoint', () => savedAt(run) > saved && latest(run, 'step') > step);
      await assertWhole(run);
      // What was set by hand is not forgotten.
      assert.equal(latest(run, 'learningRate'), 0.00123);
    }
    assert.deepEqual(failures, []);
  });

  it('by a kill of the engine shows the rows that it had kept but not told', async () => {
    const run = await train();
    isDeaf = true;
    const told = latest(run, 'step');
    const saved = savedAt(run);
    await until('a checkpoint', () => savedAt(run) > saved);
    const untold = savedAt(run);
    await until('another checkpoint', () => savedAt(run) > untold);
    kill(run);
    await until('the recovery', () => recoveries.length === 1);
    const { step: from } = recoveries[0]!;
    assert.ok(from > told, `${from} after ${told}`);
    await until('more steps', () => latest(run, 'step') > from);
    const { step, steps } = run.metrics.columns();
    // The steps of every row, up to the last one: none is missing, none is there twice.
    assert.equal(
      steps.reduce((a, b) => a + b),
      step.at(-1),
    );
    const { history } = await engine.start({ kind: 'describe', run: run.folder }).result;
    const known = new Set(run.metrics.columns().step);
    for (const kept of history.metrics.step) assert.ok(known.has(kept), String(kept));
  });

  it('by a lack of memory goes on by itself', async () => {
    const { NODE_OPTIONS } = process.env;
    process.env['NODE_OPTIONS'] = '--max-old-space-size=128';
    try {
      const run = await train();
      fs.writeFileSync(flag, '');
      await until('the recovery', () => recoveries.length === 1);
      const [{ step, reason }] = recoveries as [(typeof recoveries)[0]];
      assert.match(reason, /ran out of memory/);
      await until('more steps', () => latest(run, 'step') > step + 100);
      await assertWhole(run);
      assert.deepEqual(failures, []);
    } finally {
      if (NODE_OPTIONS === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = NODE_OPTIONS;
    }
  });

  it('without a checkpoint in between goes on by itself, but not for ever', async () => {
    const never = { ...settings, 'training.checkpointEvery': 0 };
    await runs.train({ document, settings: never, cell: undefined });
    const run = runs.current!;
    for (let i = 1; i <= 2; i++) {
      await until('some steps', () => run.phase === 'training' && run.metrics.length > 2);
      kill(run);
      await until('the recovery', () => recoveries.length === i);
      // The checkpoint of the first step is the only one.
      assert.ok(recoveries.at(-1)!.step <= 1);
    }
    await until('some steps', () => run.phase === 'training' && run.metrics.length > 2);
    kill(run);
    await until('the end', () => !runs.busy);
    assert.equal(recoveries.length, 2);
    assert.equal(failures.length, 1);
    assert.match(run.message, /ended 3 times in a row.*ended unexpectedly: signal SIGKILL/);
    assert.equal(run.phase, 'interrupted');

    await runs.continue();
    await until('some steps', () => run.phase === 'training' && run.metrics.length > 2);
    await assertWhole(run);
    assert.equal(failures.length, 1);
  });

  it('by a crash while it is paused stays paused', async () => {
    const run = await train();
    runs.pause();
    await until('the pause', () => run.phase === 'paused');
    const step = latest(run, 'step');
    kill(run);
    await until('the recovery', () => recoveries.length === 1);
    await until('the pause', () => run.phase === 'paused');
    assert.ok(latest(run, 'step') <= step + 100);
  });

  it('by the end of VS Code is offered once to the next session, and goes on from there', async () => {
    const { folder: interrupted } = await train();
    await runs.suspend();
    const step = latest(runs.current!, 'step');
    await engine.close();
    runs.dispose();
    begin();

    const offers = await offered();
    assert.equal(offers.length, 1);
    assert.match(
      offers[0]!.message,
      /^Training of a\.txt · vanilla was interrupted at step [\d,]+\./,
    );
    assert.equal(Number(/step ([\d,]+)/.exec(offers[0]!.message)![1]!.replaceAll(',', '')), step);
    assert.deepEqual(
      offers[0]!.actions.map(({ title }) => title),
      ['Continue training', 'Show'],
    );
    assert.deepEqual(await offered(), []);

    await runs.open(interrupted);
    assert.equal(runs.current?.phase, 'interrupted');
    assert.match(runs.current.message, /continues from its last checkpoint/);
    await runs.continue();
    await until('more steps', () => latest(runs.current!, 'step') > step);
    await runs.stop();
    assert.deepEqual(await offered(), []);
  });

  it('before its first checkpoint begins again, in its own folder', async () => {
    const { folder: interrupted } = await train();
    await runs.suspend();
    await engine.close();
    runs.dispose();
    // As a kill leaves it then: nothing but its settings and the first rows.
    for (const name of fs.readdirSync(interrupted)) {
      if (name.endsWith('.safetensors')) fs.rmSync(path.join(interrupted, name));
    }
    begin();

    await runs.list.load();
    assert.ok(runs.lines.find((line) => line.folder === interrupted)!.canContinue);
    await runs.open(interrupted);
    assert.match(runs.current!.message, /before this run’s first checkpoint.*starts again/);
    const before = latest(runs.current!, 'step');
    await runs.continue();
    const run = runs.current!;
    await until('more steps', () => latest(run, 'step') > before);
    assert.equal(run.folder, interrupted);
    const { step, steps } = run.metrics.columns();
    assert.equal(step[0], steps[0]);
    assert.equal(
      steps.reduce((a, b) => a + b),
      step.at(-1),
    );
  });

  it('by the end of VS Code is not offered where the panel shows it', async () => {
    const { folder: interrupted } = await train();
    await runs.suspend();
    await runs.open(interrupted);
    assert.deepEqual(await offered(true), []);
    assert.deepEqual(await offered(), []);
  });

  it('by the user is not offered', async () => {
    await train();
    await runs.stop();
    assert.deepEqual(await offered(), []);
  });

  it('is not offered while it is trained, but after that', async () => {
    await train();
    assert.deepEqual(await offered(), []);
    await runs.suspend();
    assert.equal((await offered()).length, 1);
  });

  interface Offer {
    readonly message: string;
    readonly actions: readonly Action[];
  }

  /** What is offered when VS Code starts. */
  async function offered(isPanelOpen = false): Promise<Offer[]> {
    const offers: Offer[] = [];
    const lab = {
      runs,
      panel: { isOpen: isPanelOpen },
      notifier: {
        info: (message: string, ...actions: Action[]) => offers.push({ message, actions }),
      },
    } as unknown as Lab;
    await offerInterrupted(lab, runsFolder, log);
    return offers;
  }
});
