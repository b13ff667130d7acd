import assert from 'node:assert/strict';
import { InputError } from '../../../src/core/input-error';
import { readParameter } from '../../../src/core/engine/parameters';
import { toEnglish } from '../../../src/core/sentence';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import type { TrainerEvent } from '../../../src/core/training/events';
import { resumeSettings } from '../../../src/core/settings/resume';
import type { Trainer } from '../../../src/core/training/trainer';
import { everyStep, eventsOf, makeTrainer, runSteps, sampleText } from './tools';

const steps = (n: number): Record<string, unknown> => ({ 'training.steps': n });

function parameterBits(trainer: Trainer): Float64Array {
  const { model, backend } = trainer.network;
  const all = model.parameters.map((p) => [
    ...readParameter(backend.floats(), model.layout.parameters, p),
  ]);
  return Float64Array.from(all.flat());
}

function losses(events: readonly TrainerEvent[]): [number, number][] {
  return events.flatMap((event): [number, number][] => {
    if (event.event === 'metrics') return [[event.row.step, event.row.loss.mean]];
    return event.event === 'evaluation' ? [[event.row.step, event.row.validationLoss]] : [];
  });
}

describe('trainer', () => {
  it('tells first what it is, then trains to the number of steps and measures at the end', async () => {
    const events = runSteps(await makeTrainer({ settings: steps(30) }));
    const [started] = events;
    assert.ok(started?.event === 'started');
    assert.equal(started.facts.vocabulary, new Set(sampleText(300)).size);
    assert.equal(started.facts.lastStep, 30);
    assert.equal(started.facts.backend, 'reference');
    assert.ok(
      Math.abs(started.facts.baselines.uniform - Math.log(started.facts.vocabulary)) < 1e-12,
    );
    assert.ok(started.facts.baselines.bigram < started.facts.baselines.unigram);
    const done = events.at(-1)!;
    assert.ok(done.event === 'done');
    assert.equal(done.reason, 'finished');
    assert.equal(done.step, 30);
    assert.equal(done.tokens, 30 * 15);
    assert.equal(eventsOf(events, 'evaluation').at(-1)!.row.step, 30);
    assert.equal(done.validationLoss, eventsOf(events, 'evaluation').at(-1)!.row.validationLoss);
    const rows = eventsOf(events, 'metrics').map(({ row }) => row);
    assert.equal(rows[0]!.step, 1);
    assert.equal(rows[0]!.steps, 1);
    assert.equal(
      rows.reduce((sum, row) => sum + row.steps, 0),
      30,
    );
    for (const { loss } of rows) assert.ok(loss.min <= loss.mean && loss.mean <= loss.max);
  });

  for (const cell of ['vanilla', 'gru', 'lstm']) {
    it(`an untrained ${cell} has the loss ln C within 1 %, for 65 characters and for 8000 words`, async () => {
      const characters = Array.from({ length: 65 }, (_, i) => String.fromCodePoint(0x4e00 + i));
      const words = Array.from({ length: 7998 }, (_, i) => `w${String(i)} `);
      const cases: [string, string, number, number][] = [
        [characters.join('').repeat(20), 'char', 65, 128],
        [words.join(''), 'word', 8000, 16],
      ];
      for (const [text, tokenizer, C, hidden] of cases) {
        const trainer = await makeTrainer({
          cell,
          text,
          settings: {
            ...steps(1),
            'data.tokenizer': tokenizer,
            'model.hidden': hidden,
            'data.validation': 0,
            'training.sequence': 4,
            'inspection.observeEvery': 0,
            'inspection.sampleEvery': 0,
          },
        });
        assert.equal(trainer.facts.vocabulary, C);
        const loss = eventsOf(runSteps(trainer), 'metrics')[0]!.row.loss.mean;
        assert.ok(Math.abs(loss / Math.log(C) - 1) < 0.01, `${String(C)}: ${String(loss)}`);
      }
    });
  }

  it('learns: below the bigram entropy, with each optimiser', async () => {
    const rates = { sgd: 1, momentum: 0.1, adagrad: 0.1, rmsprop: 0.02, adam: 0.02 };
    for (const [optimizer, rate] of Object.entries(rates)) {
      const trainer = await makeTrainer({
        text: sampleText(1000),
        settings: {
          ...steps(300),
          'training.optimizer': optimizer,
          'training.learningRate': rate,
          'model.hidden': 16,
          'training.batch': 6,
          'training.sequence': 10,
        },
      });
      const events = runSteps(trainer);
      const { validationLoss } = eventsOf(events, 'evaluation').at(-1)!.row;
      const { bigram } = trainer.facts.baselines;
      assert.ok(
        validationLoss < bigram,
        `${optimizer}: ${String(validationLoss)}, bigram ${String(bigram)}`,
      );
    }
  });

  for (const cell of ['vanilla', 'lstm', 'h[t] = tanh(U x[t] + W h[t-1] + R h[t-3])']) {
    it(`goes on from a checkpoint bit for bit: ${cell}`, async () => {
      const settings = {
        ...steps(60),
        'model.layers': 2,
        'model.dropout': 0.3,
        'model.embedding': 4,
        'training.schedule': 'halve',
        'training.evaluateEvery': 7,
        'training.weightDecay': 0.01,
      };
      const straight = await makeTrainer({ cell, settings });
      const expected = losses(runSteps(straight));
      const first = await makeTrainer({ cell, settings });
      const before = losses(runSteps(first, 33));
      const resume = decodeCheckpoint(first.checkpoint(), 'c');
      const second = await makeTrainer({ resume });
      const events = runSteps(second);
      assert.ok(events[0]?.event === 'started' && events[0].resumed && events[0].step === 33);
      const after = losses(events);
      // Rows are cut by the clock, so only those of single measurements are compared, and all bits at the end.
      const measured = (all: [number, number][]): [number, number][] =>
        all.filter(([step]) => step % 7 === 0 || step === 60);
      assert.deepEqual(parameterBits(second), parameterBits(straight));
      assert.equal(measured([...before, ...after]).at(-1)![1], measured(expected).at(-1)![1]);
      assert.deepEqual(second.checkpoint().length, straight.checkpoint().length);
    });
  }

  it('measures a state of its own: evaluating does not change training', async () => {
    const often = await makeTrainer({ settings: { ...steps(40), 'training.evaluateEvery': 1 } });
    const never = await makeTrainer({ settings: { ...steps(40), 'training.evaluateEvery': 1000 } });
    runSteps(often);
    runSteps(never);
    assert.deepEqual(parameterBits(often), parameterBits(never));
  });

  it('measures as often as it is told, and by itself early and then at growing distances', async () => {
    const measuredAt = async (evaluateEvery: number): Promise<number[]> => {
      const trainer = await makeTrainer({
        settings: { ...steps(100), 'training.evaluateEvery': evaluateEvery },
      });
      return eventsOf(runSteps(trainer), 'evaluation').map(({ row }) => row.step);
    };
    assert.deepEqual(await measuredAt(30), [30, 60, 90, 100]);
    const automatic = await measuredAt(0);
    // 135 held-out tokens cost as much as 60 steps' tokens at a twentieth: at least every 60 steps.
    assert.ok(
      automatic[0]! <= 10 && automatic.length >= 4 && automatic.at(-1) === 100,
      String(automatic),
    );
  });

  it('stops early when the validation loss no longer falls', async () => {
    // Random text: what is learnt of the training part makes the held-out part worse.
    const trainer = await makeTrainer({
      text: sampleText(30) + 'q'.repeat(40),
      settings: {
        ...steps(5000),
        'data.validation': 0.3,
        'training.evaluateEvery': 10,
        'training.patience': 3,
        'training.learningRate': 0.05,
      },
    });
    const events = runSteps(trainer);
    const done = events.at(-1)!;
    assert.ok(done.event === 'done' && done.reason === 'early stop');
    const measured = eventsOf(events, 'evaluation').map(({ row }) => row);
    assert.equal(measured.at(-1)!.step, done.best!.step + 30);
    assert.deepEqual(
      measured.slice(-4).map((row) => row.best),
      [true, false, false, false],
    );
    assert.equal(Math.min(...measured.map((row) => row.validationLoss)), done.best!.validationLoss);
  });

  it('ends with the time, pauses not counted, and the cosine ends with it', async () => {
    let time = 0;
    const trainer = await makeTrainer({
      settings: {
        'training.seconds': 2,
        'training.minimumRatio': 0.1,
        'training.learningRate': 1e-3,
      },
      now: () => (time += 0.0005),
    });
    const events: TrainerEvent[] = [];
    while (!trainer.hasEnded()) {
      events.push(...trainer.runFor(0.02));
      if (trainer.seconds() > 1 && events.every((event) => event.event !== 'paused')) {
        trainer.pause();
        time += 1000;
        events.push(...trainer.runFor(0.02));
        assert.ok(trainer.isPaused());
        trainer.resume();
      }
    }
    const done = events.at(-1)!;
    assert.ok(done.event === 'done' && done.reason === 'time limit');
    const kinds = events.map((event) => event.event);
    assert.ok(kinds.indexOf('paused') < kinds.indexOf('resumed'));
    const last = eventsOf(events, 'metrics').at(-1)!.row;
    assert.ok(last.seconds > 1.99 && last.seconds < 2.1);
    assert.ok(Math.abs(last.learningRate - 1e-4) < 1e-6);
    assert.equal(last.progress, 1);
  });

  it('stops when it is told, also while it is paused', async () => {
    const trainer = await makeTrainer({ settings: steps(1000) });
    runSteps(trainer, 5);
    trainer.pause();
    trainer.stop();
    const done = trainer.runFor(1).at(-1)!;
    assert.ok(done.event === 'done' && done.reason === 'stopped' && done.step === 5);
    assert.ok(trainer.hasEnded());
    assert.deepEqual(trainer.runFor(1), []);
  });

  it('takes another learning rate from the next step on', async () => {
    const trainer = await makeTrainer({
      settings: steps(20),
      now: everyStep(),
    });
    const before = eventsOf(runSteps(trainer, 10), 'metrics').at(-1)!.row;
    trainer.setLearningRate(0.0123);
    const after = eventsOf(runSteps(trainer), 'metrics')[0]!.row;
    assert.notEqual(before.learningRate, 0.0123);
    assert.equal(after.learningRate, 0.0123);
  });

  it('stops where a number is no longer finite, and says at which step and where', async () => {
    const trainer = await makeTrainer({
      // Its first step is finite, and goes so far that a later one is not.
      cell: 'h[t] = U x[t] + W h[t-1] * h[t-1]\ninit W = normal(0.05)',
      settings: {
        ...steps(1000),
        'training.clip': 0,
        'training.optimizer': 'sgd',
        'training.learningRate': 100,
        'training.sequence': 20,
      },
    });
    const events = runSteps(trainer);
    const failed = events.at(-1)!;
    assert.ok(failed.event === 'failed', JSON.stringify(failed));
    assert.equal(failed.step, trainer.step() + 1);
    assert.ok(trainer.network.model.parameters.some(({ name }) => name === failed.parameter));
    assert.match(
      toEnglish(failed.message),
      new RegExp(`at step ${String(failed.step)}\\. .*${failed.parameter}`),
    );
    assert.match(toEnglish(failed.hint), /Lower the learning rate .*clip the gradients/);
    assert.ok(
      parameterBits(trainer).every(Number.isFinite),
      'the parameters are those before the step',
    );
    assert.throws(() => trainer.checkpoint(), /failed/);
  });

  it('halves the rate when the mean loss of a pass rises, where nothing is held out', async () => {
    const trainer = await makeTrainer({
      settings: {
        ...steps(300),
        'data.validation': 0,
        'training.schedule': 'halve',
        'training.optimizer': 'sgd',
        'training.learningRate': 32,
        'training.warmup': 0,
        'training.minimumRatio': 0,
      },
      now: everyStep(),
    });
    const rows = eventsOf(runSteps(trainer), 'metrics').map(({ row }) => row);
    const chunks = Math.floor((trainer.facts.tokens - 1) / 15);
    let rate = 32;
    let before = Infinity;
    for (let pass = 0; pass * chunks < rows.length; pass++) {
      const own = rows.slice(pass * chunks, (pass + 1) * chunks);
      for (const row of own) assert.equal(row.learningRate, rate);
      const mean = own.reduce((sum, row) => sum + row.loss.mean / own.length, 0);
      if (mean > before) rate /= 2;
      before = mean;
    }
    assert.ok(rate < 32);
  });

  it('trains on very short texts with smaller batches and says so', async () => {
    for (const text of ['ab', 'abc', 'hello world']) {
      const trainer = await makeTrainer({
        text,
        settings: { ...steps(3), 'training.batch': 32, 'training.sequence': 64 },
      });
      const events = runSteps(trainer);
      assert.ok(events.at(-1)!.event === 'done');
      const codes = eventsOf(events, 'warning').map(({ code }) => code);
      assert.deepEqual(codes, ['no-validation', 'short-text']);
    }
    await assert.rejects(makeTrainer({ text: 'aaaa' }), InputError);
  });

  it('gives the same bits for the same seed, others for another', async () => {
    const bits = async (seed: number): Promise<Float64Array> => {
      const trainer = await makeTrainer({
        settings: { ...steps(10), 'training.seed': seed, 'model.dropout': 0.2 },
      });
      runSteps(trainer);
      return parameterBits(trainer);
    };
    assert.deepEqual(await bits(5), await bits(5));
    assert.notDeepEqual(await bits(5), await bits(6));
  });
});

describe('resume', () => {
  it('takes a higher limit, and refuses what a run cannot change', async () => {
    const trainer = await makeTrainer({ settings: steps(4) });
    runSteps(trainer);
    const saved = decodeCheckpoint(trainer.checkpoint(), 'c');
    const again = await makeTrainer({ resume: saved });
    const events = runSteps(again);
    assert.equal(eventsOf(events, 'warning')[0]!.code, 'limit-reached');
    assert.equal(again.step(), 4);
    const longer = { ...saved, settings: resumeSettings(saved.settings, steps(9)) };
    const more = await makeTrainer({ resume: longer });
    runSteps(more);
    assert.equal(more.step(), 9);
    assert.equal(resumeSettings(saved.settings, { 'training.seconds': 5 }).training.steps, 0);
    assert.throws(
      () => resumeSettings(saved.settings, { 'model.hidden': 9 }),
      /model\.hidden \(--hidden\) is 8 in this run and cannot become 9\. Leave it out/,
    );
  });

  it('goes on with another text from its beginning, and says so', async () => {
    const trainer = await makeTrainer({ settings: steps(4) });
    runSteps(trainer);
    const saved = decodeCheckpoint(trainer.checkpoint(), 'c');
    const resume = { ...saved, settings: resumeSettings(saved.settings, steps(8)) };
    const other = await makeTrainer({ resume, text: `${sampleText(100, 3)} Ω` });
    const events = runSteps(other);
    assert.deepEqual(
      eventsOf(events, 'warning').map(({ code }) => code),
      ['unknown-characters', 'other-text'],
    );
    assert.equal(other.step(), 8);
  });
});
