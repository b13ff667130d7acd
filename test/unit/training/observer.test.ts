import assert from 'node:assert/strict';
import type { GraphModel } from '../../../src/core/engine/model';
import { readParameter } from '../../../src/core/engine/parameters';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { sampleText } from '../../../src/core/sampling/sample';
import { toEnglish } from '../../../src/core/sentence';
import { createBudget } from '../../../src/core/training/budget';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import type { TrainerEvent } from '../../../src/core/training/events';
import { nextSample } from '../../../src/core/training/sample-plan';
import { parseSettings } from '../../../src/core/settings/settings';
import type { Trainer } from '../../../src/core/training/trainer';
import { eventsOf, makeTrainer, runSteps } from './tools';

const wasm = (model: GraphModel) => createWasmBackend({ layout: model.layout });
const always = { 'inspection.observeEvery': 1e-9, 'inspection.observeWindow': 20 };
const never = { 'inspection.observeEvery': 0, 'inspection.sampleEvery': 0 };

/** A clock by which work takes no time, and each slice begins a second later. */
function eachSlice(): { now: () => number; run: (trainer: Trainer) => TrainerEvent[] } {
  let time = 0;
  return {
    now: () => time,
    run(trainer) {
      time += 1;
      return trainer.runFor(0);
    },
  };
}

describe('observation of a training', () => {
  it('is of its first step and of its last, however seldom it is wanted', async () => {
    const clock = eachSlice();
    const seldom = { 'inspection.observeEvery': 1e6, 'inspection.observeWindow': 20 };
    const trainer = await makeTrainer({
      settings: { ...seldom, 'training.steps': 12, 'model.hidden': 8 },
      now: clock.now,
    });
    const events: TrainerEvent[] = [];
    while (!trainer.hasEnded()) events.push(...clock.run(trainer));
    trainer.close();
    assert.deepEqual(
      eventsOf(events, 'observation').map(({ row }) => row.step),
      [1, 12],
    );
  });

  const settings = {
    'training.steps': 40,
    'training.evaluateEvery': 15,
    'training.learningRate': 0.02,
    'training.clip': 0.5,
    'model.hidden': 12,
    'model.layers': 2,
    'model.dropout': 0.1,
  };

  for (const [name, backend] of [
    ['reference', undefined],
    ['WebAssembly', wasm],
  ] as const) {
    it(`changes no bit of it: ${name}`, async () => {
      const run = async (inspection: object) => {
        const clock = eachSlice();
        const trainer = await makeTrainer({
          settings: { ...settings, ...inspection },
          cell: 'lstm',
          now: clock.now,
          ...(backend === undefined ? {} : { backend }),
        });
        const events: TrainerEvent[] = [];
        while (!trainer.hasEnded()) events.push(...clock.run(trainer));
        const { tensors, training } = decodeCheckpoint(trainer.checkpoint(), 'c');
        trainer.close();
        return { events, tensors, training: { ...training, seconds: 0 } };
      };
      const plain = await run(never);
      const observed = await run({
        ...always,
        'inspection.sampleEvery': 1e-9,
        'inspection.sampleLength': 7,
      });
      assert.deepEqual(eventsOf(plain.events, 'observation'), []);
      assert.deepEqual(eventsOf(plain.events, 'sampled'), []);
      assert.equal(eventsOf(observed.events, 'observation').length, 40);
      assert.ok(eventsOf(observed.events, 'sampled').length > 5);
      assert.deepEqual(observed.tensors, plain.tensors);
      assert.deepEqual(observed.training, plain.training);
      const losses = ({ events }: typeof plain) => [
        ...eventsOf(events, 'metrics').map(({ row }) => [row.step, row.loss, row.gradientNorm]),
        ...eventsOf(events, 'evaluation').map(({ row }) => row.validationLoss),
      ];
      assert.deepEqual(losses(observed), losses(plain));
    });
  }

  it('leaves a resumed training bit for bit what it was', async () => {
    const observed = { ...settings, ...always };
    const straight = await makeTrainer({ settings: observed, cell: 'gru', backend: wasm });
    runSteps(straight);
    const clock = eachSlice();
    const first = await makeTrainer({ settings: observed, cell: 'gru', backend: wasm, ...clock });
    // Stopped in the middle of a look: more slices than steps have been taken.
    while (first.step() < 17) clock.run(first);
    clock.run(first);
    assert.equal(first.step(), 17);
    const resume = decodeCheckpoint(first.checkpoint(), 'c');
    const second = await makeTrainer({ resume, backend: wasm });
    const events = runSteps(second);
    assert.equal(eventsOf(events, 'observation')[0]?.row.step, 18);
    assert.deepEqual(
      decodeCheckpoint(second.checkpoint(), 'c').tensors,
      decodeCheckpoint(straight.checkpoint(), 'c').tensors,
    );
    for (const trainer of [straight, first, second]) trainer.close();
  });

  it('tells the norms of the step it looks at, and the update that the step made', async () => {
    for (const optimizer of ['sgd', 'adam']) {
      const clock = eachSlice();
      const trainer = await makeTrainer({
        settings: { ...settings, ...always, 'training.optimizer': optimizer },
        backend: wasm,
        now: clock.now,
      });
      const { model, backend } = trainer.network;
      const { parameters: block } = model.layout;
      const read = () =>
        model.parameters.map((parameter) => readParameter(backend.floats(), block, parameter));
      const norm = (values: Iterable<number>) => Math.hypot(...values);
      let before = read();
      let observations = 0;
      while (!trainer.hasEnded()) {
        const events = clock.run(trainer);
        const [look] = eventsOf(events, 'observation');
        if (look === undefined) continue;
        observations++;
        const after = read();
        const { step, weightNorm, updateRatio } = look.row;
        assert.equal(step, trainer.step());
        after.forEach((values, i) => {
          assert.ok(Math.abs(weightNorm[i]! / norm(values) - 1) < 1e-12);
          const ratio = norm(values.map((value, k) => value - before[i]![k]!)) / norm(before[i]!);
          if (norm(before[i]!) === 0) assert.ok(Number.isNaN(updateRatio[i]));
          else assert.ok(Math.abs(updateRatio[i]! / ratio - 1) < 1e-12);
        });
        before = after;
      }
      assert.equal(observations, 40);
      trainer.close();
    }
  });

  it('has the gradient of before clipping, whose parts make up the global norm', async () => {
    const clock = eachSlice();
    const trainer = await makeTrainer({
      settings: { ...settings, ...always },
      backend: wasm,
      now: clock.now,
    });
    const events: TrainerEvent[] = [];
    while (!trainer.hasEnded()) events.push(...clock.run(trainer));
    trainer.close();
    const rows = new Map(eventsOf(events, 'metrics').map(({ row }) => [row.step, row]));
    const looks = eventsOf(events, 'observation');
    assert.ok(looks.some(({ row }) => rows.get(row.step)?.clipped === 1));
    for (const { row } of looks) {
      const whole = rows.get(row.step)!.gradientNorm.mean;
      assert.ok(Math.abs(Math.hypot(...row.gradientNorm) / whole - 1) < 1e-6);
    }
  });

  it('takes two hundredths of the time, once the first one is paid', async () => {
    // Each look at the clock takes a millisecond: a step a few, an observation several times as many.
    const trainer = await makeTrainer({
      settings: { ...always, 'training.steps': 3000, 'inspection.sampleEvery': 0 },
    });
    const looks = eventsOf(runSteps(trainer), 'observation').map(({ row }) => row.seconds);
    const costs = looks.length / 3000;
    assert.equal(looks[0]! < 0.1, true);
    assert.ok(looks.length > 5 && costs < 0.02, String(looks.length));
    const gaps = looks.slice(1).map((seconds, i) => seconds - looks[i]!);
    assert.ok(Math.max(...gaps) < 2 * Math.min(...gaps));
  });

  it('comes no more often than it is asked for', async () => {
    const clock = eachSlice();
    const trainer = await makeTrainer({
      settings: { ...settings, 'inspection.observeEvery': 10 },
      now: clock.now,
    });
    const events: TrainerEvent[] = [];
    while (!trainer.hasEnded()) events.push(...clock.run(trainer));
    const times = eventsOf(events, 'observation').map(({ row }) => row.seconds);
    assert.ok(times.length > 3);
    times.slice(1).forEach((seconds, i) => {
      assert.ok(seconds - times[i]! >= 10);
    });
  });

  it('ends at once when the training is stopped', async () => {
    const clock = eachSlice();
    const trainer = await makeTrainer({ settings: { ...settings, ...always }, now: clock.now });
    while (trainer.step() < 3) clock.run(trainer);
    trainer.stop();
    const events = clock.run(trainer);
    assert.equal(events.at(-1)?.event, 'done');
    assert.deepEqual(eventsOf(events, 'observation'), []);
    assert.deepEqual(eventsOf(events, 'sampled'), []);
  });

  it('goes without where memory does not suffice, and says so', async () => {
    const trainer = await makeTrainer({
      settings: { ...settings, ...always },
      backend(model) {
        const backend = wasm(model);
        return {
          ...backend,
          kind: 'strict',
          threads: 1,
          floats: () => backend.floats(),
          parametersChanged: () => {
            backend.parametersChanged();
          },
          close: () => {
            backend.close();
          },
          load(program) {
            if (program.probes.size > 1) throw new RangeError('This needs 9 GB of memory.');
            return backend.load(program);
          },
        };
      },
    });
    const events = runSteps(trainer);
    trainer.close();
    const [warning] = eventsOf(events, 'warning').filter(({ code }) => code === 'not-observed');
    assert.match(toEnglish(warning!.message), /not enough memory/);
    assert.equal(events.at(-1)?.event, 'done');
    assert.deepEqual(eventsOf(events, 'observation'), []);
  });
});

describe('texts of a training', () => {
  it('are what the model of that step writes with the run’s seed', async () => {
    const clock = eachSlice();
    const trainer = await makeTrainer({
      settings: {
        'training.steps': 60,
        'inspection.observeEvery': 0,
        'inspection.sampleEvery': 200,
        'inspection.sampleLength': 9,
        'inspection.sampleTemperature': 0.5,
        'training.seed': 77,
      },
      now: clock.now,
    });
    const { sampling } = parseSettings({
      sampling: { length: 9, temperature: 0.5, seed: 77 },
    });
    const steps: number[] = [];
    while (!trainer.hasEnded()) {
      for (const { row } of eventsOf(clock.run(trainer), 'sampled')) {
        const writing = sampleText(
          trainer.language!.network,
          trainer.language!.tokenizer,
          sampling,
        );
        const text = [...writing].map((token) => token.text).join('');
        assert.deepEqual(
          { text: row.text, temperature: 0.5 },
          { text, temperature: row.temperature },
        );
        assert.equal(row.step, trainer.step());
        steps.push(row.step);
      }
    }
    assert.equal(steps[0], 1);
    assert.equal(steps.at(-1), 60);
    assert.ok(steps.length > 3);
  });

  it('come soon at first, then as often as asked, then with the time trained', () => {
    const times = [0];
    while (times.at(-1)! < 3600) times.push(nextSample(10, times.at(-1)!));
    assert.deepEqual(times.slice(0, 8), [0, 1.25, 2.5, 5, 10, 20, 30, 40]);
    const gaps = times.slice(4).map((time, i) => time - times[i + 3]!);
    gaps.forEach((gap, i) => {
      assert.ok(gap >= (gaps[i - 1] ?? 0));
    });
    assert.ok(times.length < 60);
  });
});

describe('budget', () => {
  it('counts the time of the work, not that between its pieces', () => {
    let time = 0;
    const budget = createBudget(() => time, 0.02);
    const work = (function* () {
      for (let piece = 0; piece < 5; piece++) {
        time += 1;
        yield piece;
      }
      return 'done';
    })();
    const counted = budget.count(work);
    assert.ok(budget.allows(0));
    for (let piece = 0; piece < 5; piece++) {
      assert.equal(counted.next().done, false);
      time += 1000;
    }
    assert.deepEqual(counted.next(), { done: true, value: 'done' });
    assert.equal(budget.spent(), 5);
    assert.ok(!budget.allows(249) && budget.allows(250));
  });
});
