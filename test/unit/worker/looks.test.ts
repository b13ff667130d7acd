import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { connect, workerPort, type Client } from '../../../src/protocol/client';
import type { DescribeResult, Observation, TrainEvent } from '../../../src/protocol/engine';

const text = Array.from(
  { length: 200 },
  (_, i) => `${String(i % 7)} little words in a row, ${String(i % 3)}.\n`,
).join('');
const source = { kind: 'text', name: 'words', text } as const;
const settings = {
  'model.hidden': 8,
  'training.batch': 4,
  'training.sequence': 8,
  'training.threads': 1,
  'training.steps': 60,
  'inspection.observeWindow': 12,
  'inspection.sampleLength': 20,
} as const;

const steps = (rows: readonly { readonly step: number }[]): number[] =>
  rows.map(({ step }) => step);

describe('looks at a training, kept in its folder', () => {
  let client: Client;
  let folder = '';
  let run = '';
  before(() => {
    client = connect(workerPort(new Worker(path.resolve('dist/worker.js'))));
  });
  after(() => client.dispose());
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-looks-'));
    run = path.join(folder, 'run');
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function train(more: object = {}): Promise<TrainEvent[]> {
    const events: TrainEvent[] = [];
    await client.start({ kind: 'train', source, settings, run, ...more }, (event) =>
      events.push(event),
    ).result;
    return events;
  }

  const describeRun = (): Promise<DescribeResult> => client.start({ kind: 'describe', run }).result;
  const file = (name: string): string => path.join(run, name);

  it('are described as they were told, to six digits', async () => {
    const events = await train();
    const told = events.flatMap((event) => (event.event === 'observation' ? [event.row] : []));
    const texts = events.flatMap((event) => (event.event === 'sampled' ? [event.row] : []));
    const { observations, samples, facts } = await describeRun();
    assert.deepEqual(steps(observations), steps(told));
    assert.equal(told[0]?.step, 1);
    assert.equal(texts[0]?.step, 1);
    assert.equal(texts.at(-1)?.step, 60);
    assert.deepEqual(
      samples.map((sample) => sample.text),
      texts.map((sample) => sample.text),
    );
    const [kept, first] = [observations[0]!, told[0]];
    const close = (a: Float64Array, b: Float64Array): void => {
      assert.equal(a.length, b.length);
      a.forEach((value, i) => {
        assert.ok(Math.abs(value - b[i]!) <= 1e-5 * Math.abs(b[i]!) || Object.is(value, b[i]));
      });
    };
    for (const name of ['gradientNorm', 'weightNorm', 'updateRatio'] as const) {
      assert.equal(first[name].length, facts.network.parameters.length);
      close(kept[name], first[name]);
    }
    assert.deepEqual(kept.lags[0]?.variable, 'layer1.s');
    assert.equal(kept.lags[0].norms.length, 12);
    close(kept.lags[0].norms, first.lags[0]!.norms);
    // As many values as the parameter has entries.
    facts.network.parameters.forEach(({ entries }, i) => {
      const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
      assert.equal(sum(kept.weights[i]!.counts), entries);
      assert.equal(sum(kept.gradients[i]!.counts), entries);
    });
  });

  it('of steps after the checkpoint are gone when a run goes on from it', async () => {
    await train();
    const line = fs.readFileSync(file('observations.jsonl'), 'utf8').split('\n')[0]!;
    const later = { ...(JSON.parse(line) as Observation), step: 1000 };
    // As a process leaves it that was killed while it wrote.
    fs.appendFileSync(file('observations.jsonl'), `${JSON.stringify(later)}\n${line.slice(0, 99)}`);
    fs.appendFileSync(
      file('samples.jsonl'),
      '{"step":999,"seconds":1,"temperature":1,"text":"x"}\n{',
    );
    assert.equal((await describeRun()).observations.at(-1)?.step, 1000);
    const events = await train({ settings: { 'training.steps': 80 }, resume: true });
    const { observations, samples } = await describeRun();
    const added = events.flatMap((event) =>
      event.event === 'observation' ? [event.row.step] : [],
    );
    assert.equal(added[0], 61);
    assert.deepEqual(steps(observations).slice(-added.length), added);
    assert.ok(steps(observations).every((step) => step <= 80));
    assert.equal(samples.at(-1)?.step, 80);
    assert.ok(steps(samples).every((step) => step <= 80));
    for (const name of ['observations.jsonl', 'samples.jsonl']) {
      for (const row of fs.readFileSync(file(name), 'utf8').trimEnd().split('\n')) JSON.parse(row);
    }
  });

  it('are none where they are not wanted, or of a run that is older', async () => {
    const events = await train({
      settings: { ...settings, 'inspection.observeEvery': 0, 'inspection.sampleEvery': 0 },
    });
    assert.ok(!events.some(({ event }) => event === 'observation' || event === 'sampled'));
    assert.ok(!fs.existsSync(file('observations.jsonl')) && !fs.existsSync(file('samples.jsonl')));
    const { observations, samples } = await describeRun();
    assert.deepEqual([observations, samples], [[], []]);
  });

  it('leave the batch and sequence to run.json, or to the checkpoint of an older run', async () => {
    // The text is too short for four rows of 4000 steps: the batch is fitted to it.
    await train({ settings: { ...settings, 'training.sequence': 4000, 'training.steps': 2 } });
    const { facts } = await describeRun();
    assert.ok(facts.batch < 4 && facts.sequence === 4000);
    const written = JSON.parse(fs.readFileSync(file('run.json'), 'utf8')) as {
      chunk?: { batch: number; sequence: number };
    };
    assert.deepEqual(written.chunk, { batch: facts.batch, sequence: 4000 });
    delete written.chunk;
    fs.writeFileSync(file('run.json'), JSON.stringify(written));
    const older = await describeRun();
    assert.deepEqual([older.facts.batch, older.facts.sequence], [facts.batch, 4000]);
  });
});
