import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { toEnglish } from '../../../src/core/sentence';
import { decodeMetrics } from '../../../src/core/training/run';
import { connect, workerPort, type Client, type Job } from '../../../src/protocol/client';
import { EngineError, type TrainEvent } from '../../../src/protocol/engine';

const text = Array.from(
  { length: 200 },
  (_, i) => `${i % 7} little words in a row, ${i % 3}.\n`,
).join('');
const source = { kind: 'text', name: 'words', text } as const;
const small = {
  'model.hidden': 8,
  'training.batch': 4,
  'training.sequence': 8,
  'training.threads': 1,
  'training.evaluateEvery': 5,
} as const;
const endless = { ...small, 'training.seconds': 100_000, 'training.evaluateEvery': 1_000_000 };

/** Collects a job's events, and waits for some. */
function watch(start: (onEvent: (event: TrainEvent) => void) => Job<'train'>): {
  job: Job<'train'>;
  events: TrainEvent[];
  next: (isIt: (event: TrainEvent) => boolean) => Promise<TrainEvent>;
} {
  const events: TrainEvent[] = [];
  const waiting = new Set<(event: TrainEvent) => void>();
  const job = start((event) => {
    events.push(event);
    for (const listener of waiting) listener(event);
  });
  const next = (isIt: (event: TrainEvent) => boolean): Promise<TrainEvent> =>
    new Promise((resolve, reject) => {
      const listener = (event: TrainEvent): void => {
        if (!isIt(event)) return;
        waiting.delete(listener);
        resolve(event);
      };
      waiting.add(listener);
      job.result.catch(reject);
    });
  return { job, events, next };
}

describe('training in the worker', () => {
  let client: Client;
  let folder = '';
  beforeEach(() => {
    client = connect(workerPort(new Worker(path.resolve('dist/worker.js'))));
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-worker-'));
  });
  afterEach(async () => {
    await client.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('tells what it is before the first step, then row after row, and how it ended', async () => {
    const settings = { ...small, 'training.steps': 10 };
    const { job, events } = watch((on) => client.start({ kind: 'train', source, settings }, on));
    const result = await job.result;
    assert.equal(events[0]?.event, 'started');
    assert.deepEqual(
      { reason: result.reason, step: result.step, run: result.run },
      { reason: 'finished', step: 10, run: null },
    );
    const rows = events.flatMap((event) => (event.event === 'metrics' ? [event.row] : []));
    assert.equal(
      rows.reduce((sum, row) => sum + row.steps, 0),
      10,
    );
    assert.deepEqual(
      events.flatMap((event) => (event.event === 'evaluation' ? [event.row.step] : [])),
      [5, 10],
    );
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it('pauses with a checkpoint, goes on, and takes another learning rate on the way', async () => {
    const run = path.join(folder, 'run');
    const { job, events, next } = watch((on) =>
      client.start({ kind: 'train', source, settings: endless, run }, on),
    );
    await next(({ event }) => event === 'metrics');
    const pause = next(({ event }) => event === 'paused');
    job.control({ action: 'pause' });
    const paused = await pause;
    assert(paused.event === 'paused');
    const saved = events.flatMap((event) => (event.event === 'checkpoint' ? [event.step] : []));
    assert.equal(saved.at(-1), paused.step);
    // A kill from here on loses no row of what is kept.
    const kept = decodeMetrics(fs.readFileSync(path.join(run, 'metrics.jsonl'), 'utf8'));
    const rows = kept.flatMap((event) => (event.event === 'metrics' ? [event.row.steps] : []));
    assert.equal(
      rows.reduce((sum, steps) => sum + steps, 0),
      paused.step,
    );
    const count = events.length;
    job.control({ action: 'setLearningRate', learningRate: 0.0123 });
    const described = await client.start({ kind: 'describe', run }).result;
    assert.equal(described.summary.state, 'training');
    assert.equal(described.summary.step, paused.step);
    assert.deepEqual(events.slice(count), []);
    const row = next((event) => event.event === 'metrics' && event.row.step > paused.step);
    job.control({ action: 'resume' });
    const after = await row;
    assert(after.event === 'metrics');
    assert.equal(after.row.learningRate, 0.0123);
    assert.ok(events.some((event) => event.event === 'resumed' && event.step === paused.step));
    job.control({ action: 'stop' });
    assert.equal((await job.result).reason, 'stopped');
  });

  it('stops while it is paused', async () => {
    const { job, next } = watch((on) =>
      client.start({ kind: 'train', source, settings: endless }, on),
    );
    await next(({ event }) => event === 'started');
    const paused = next(({ event }) => event === 'paused');
    job.control({ action: 'pause' });
    await paused;
    job.control({ action: 'stop' });
    assert.equal((await job.result).reason, 'stopped');
  });

  it('stops while it reads the text, and leaves nothing behind', async () => {
    const file = path.join(folder, 'long.txt');
    fs.writeFileSync(file, text.repeat(10_000));
    const run = path.join(folder, 'run');
    const reading = { kind: 'file', path: file } as const;
    const job = client.start({ kind: 'train', source: reading, settings: endless, run });
    job.control({ action: 'stop' });
    await assert.rejects(job.result, /The training was stopped before its first step/);
    assert.deepEqual(fs.readdirSync(folder), ['long.txt']);
  });

  it('describes and lists the runs of a folder, and what cannot be read of it', async () => {
    const run = path.join(folder, 'one');
    const settings = { ...small, 'training.steps': 10 };
    await client.start({ kind: 'train', source, settings, run }).result;
    fs.mkdirSync(path.join(folder, 'no run'));
    fs.mkdirSync(path.join(folder, 'broken'));
    fs.writeFileSync(path.join(folder, 'broken', 'run.json'), '{');
    const { runs, damaged } = await client.start({ kind: 'list', folder }).result;
    assert.deepEqual(
      runs.map(({ name, cell, state, step, source: from }) => ({ name, cell, state, step, from })),
      [{ name: 'words', cell: 'vanilla', state: 'finished', step: 10, from: null }],
    );
    assert.deepEqual(
      damaged.map((entry) => path.basename(entry.run)),
      ['broken'],
    );
    const described = await client.start({ kind: 'describe', run }).result;
    assert.deepEqual(described.checkpoints, ['best', 'last']);
    assert.equal(described.facts.batch, 4);
    assert.equal(described.facts.settings['model.hidden'], 8);
    const { metrics, evaluations } = described.history;
    assert.equal(
      metrics.steps.reduce((a, b) => a + b),
      10,
    );
    assert.equal(metrics.step.at(-1), 10);
    assert.deepEqual([...evaluations.step], [5, 10]);
    assert.equal(described.summary.bestValidationLoss, Math.min(...evaluations.validationLoss));
  });

  it('goes on with a run whose text was no file only if it gets the text again', async () => {
    const run = path.join(folder, 'run');
    await client.start({ kind: 'train', source, settings: { ...small, 'training.steps': 4 }, run })
      .result;
    const resume = { kind: 'train', settings: { 'training.steps': 8 }, run, resume: true } as const;
    await assert.rejects(client.start(resume).result, (error: unknown) => {
      assert(error instanceof EngineError);
      assert.equal(error.failure.code, 'input');
      assert.match(error.message, /text, words, was not a file\. Give the text again\./);
      return true;
    });
    assert.equal((await client.start({ ...resume, source }).result).step, 8);
  });

  it('goes on with a run whose worker has crashed, in the same process', async () => {
    const run = path.join(folder, 'run');
    const { job, next } = watch((on) =>
      client.start({ kind: 'train', source, settings: endless, run }, on),
    );
    const crashed = assert.rejects(job.result, /The engine was closed/);
    await next(({ event }) => event === 'checkpoint');
    await client.dispose();
    await crashed;
    assert.ok(fs.existsSync(path.join(run, 'lock')));
    client = connect(workerPort(new Worker(path.resolve('dist/worker.js'))));
    const { runs } = await client.start({ kind: 'list', folder }).result;
    assert.deepEqual(
      runs.map(({ state }) => state),
      ['interrupted'],
    );
    const again = watch((on) =>
      client.start({ kind: 'train', source, settings: {}, run, resume: true }, on),
    );
    const started = await again.next(({ event }) => event === 'started');
    assert(started.event === 'started' && started.resumed && started.step > 0);
    again.job.control({ action: 'stop' });
    await again.job.result;
  });

  it('warns when a run goes on with another text', async () => {
    const run = path.join(folder, 'run');
    await client.start({ kind: 'train', source, settings: { ...small, 'training.steps': 4 }, run })
      .result;
    const other = { ...source, text: text.slice(100) };
    const { job, events } = watch((on) =>
      client.start(
        { kind: 'train', source: other, settings: { 'training.steps': 8 }, run, resume: true },
        on,
      ),
    );
    await job.result;
    assert.ok(events.some((event) => event.event === 'warning' && event.code === 'other-text'));
  });

  it('trains two runs at a time, but no run twice', async () => {
    const runs = ['one', 'two'].map((name) => path.join(folder, name));
    const watched = runs.map((run) =>
      watch((on) => client.start({ kind: 'train', source, settings: endless, run }, on)),
    );
    await Promise.all(watched.map(({ next }) => next(({ event }) => event === 'checkpoint')));
    await assert.rejects(
      client.start({ kind: 'train', settings: {}, run: runs[0]!, resume: true }).result,
      /is being trained by this process/,
    );
    for (const { job } of watched) job.control({ action: 'stop' });
    const results = await Promise.all(watched.map(({ job }) => job.result));
    assert.deepEqual(
      results.map(({ run }) => run),
      runs,
    );
  });

  it('goes on training where it cannot write, says so once, and fails at the end', async () => {
    const run = path.join(folder, 'run');
    const settings = { ...endless, 'training.checkpointEvery': 0.01 };
    const { job, events, next } = watch((on) =>
      client.start({ kind: 'train', source, settings, run }, on),
    );
    await next(({ event }) => event === 'checkpoint');
    // Kept checkpoints are a second apart: what finds nothing to write meanwhile has not succeeded.
    await next(({ event }) => event === 'kept');
    const warned = next((event) => event.event === 'warning' && event.code === 'not-saved');
    fs.renameSync(run, path.join(folder, 'elsewhere'));
    const warning = await warned;
    assert(warning.event === 'warning');
    assert.match(
      toEnglish(warning.message),
      /Cannot write .*there is no such file or folder.*Training continues/,
    );
    const step = Math.max(
      ...events.map((event) => (event.event === 'metrics' ? event.row.step : 0)),
    );
    await next((event) => event.event === 'metrics' && event.row.step > step + 100);
    assert.equal(events.filter((event) => event.event === 'warning').length, 1);
    job.control({ action: 'stop' });
    await assert.rejects(job.result, /Cannot write/);
  });

  it('samples from a run while it trains, without disturbing it', async () => {
    const settings = { ...small, 'training.steps': 5000, 'training.evaluateEvery': 5000 };
    const plain = await client.start({ kind: 'train', source, settings }).result;
    const { job, next } = watch((on) => client.start({ kind: 'train', source, settings }, on));
    await next(({ event }) => event === 'metrics');
    const model = { kind: 'live', job: job.id } as const;
    let streamed = '';
    const sampling = client.start(
      { kind: 'sample', model, prime: '3 little', length: 300, seed: 5 },
      (event) => (streamed += event.text),
    );
    const evaluating = client.start({ kind: 'evaluate', model, source });
    const sampled = await sampling.result;
    assert.equal(sampled.tokens, 300);
    assert.equal(sampled.text, streamed);
    assert.equal(sampled.seed, 5);
    const evaluated = await evaluating.result;
    assert.equal(evaluated.of, 'text');
    assert.ok(evaluated.loss < Math.log(30));
    const { validationLoss, step } = await job.result;
    assert.deepEqual(
      { validationLoss, step },
      { validationLoss: plain.validationLoss, step: 5000 },
    );
    await assert.rejects(
      client.start({ kind: 'sample', model }).result,
      /That training is not running/,
    );
  });

  it('ends a sample that is stopped with what there is', async () => {
    const run = path.join(folder, 'run');
    await client.start({ kind: 'train', source, settings: { ...small, 'training.steps': 4 }, run })
      .result;
    const sampling: Job<'sample'> = client.start(
      { kind: 'sample', model: { kind: 'run', run }, length: 10_000_000 },
      () => {
        sampling.control({ action: 'stop' });
      },
    );
    const { text: written, tokens, seed } = await sampling.result;
    assert.ok(tokens > 0 && tokens < 10_000_000);
    assert.equal(written.length, tokens);
    assert.ok(seed > 0);
  });
});
