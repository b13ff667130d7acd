import assert from 'node:assert/strict';
import path from 'node:path';
import type { Request, SnapshotResult } from '../../../src/protocol/engine';
import { answered, beginTraining, settings, source, text, useReader } from './follow-tools';

describe('weights of a followed model', () => {
  const at = useReader();
  const { follow, open, read } = at;

  it('are those of a training under way, then newer ones', async () => {
    const endless = { ...settings, 'training.steps': 1_000_000 };
    const training = await beginTraining(at.trainer, { source, settings: endless });
    const snapshot = (description: boolean): Promise<SnapshotResult> =>
      at.trainer.start<'snapshot'>({ kind: 'snapshot', training: training.id, description }).result;
    const { model, step, parameters } = await snapshot(true);
    const copy = parameters.slice();
    const { job, opened } = follow({
      model: { kind: 'snapshot', step, model: model!, parameters },
    });
    open(job.id, text.slice(0, 300));
    assert.equal((await opened).step, step);
    const before = await read(job.id, 300);
    assert.equal(before.step, step);
    const newer = await snapshot(false);
    assert.equal(newer.model, undefined);
    training.control({ action: 'stop' });
    await training.result;
    assert.ok(newer.step > step);
    const given = newer.parameters.slice();
    const refreshing = at.reader.start<'refresh'>({
      kind: 'refresh',
      follow: job.id,
      weights: { kind: 'parameters', step: newer.step, parameters: newer.parameters },
    });
    assert.deepEqual(await refreshing.result, { step: newer.step });
    const after = await read(job.id, 300);
    assert.equal(after.step, newer.step);
    assert.notDeepEqual([...after.loss], [...before.loss]);
    // The same as a model that was opened with these weights, and the old ones again are the old ones.
    const again = follow({
      model: { kind: 'snapshot', step: newer.step, model: model!, parameters: given },
    });
    open(again.job.id, text.slice(0, 300));
    assert.deepEqual([...(await read(again.job.id, 300)).loss], [...after.loss]);
    const back = { kind: 'parameters', step, parameters: copy } as const;
    for (const warm of [false, true]) {
      await at.reader.start<'refresh'>({ kind: 'refresh', follow: job.id, weights: back, warm })
        .result;
      assert.deepEqual([...(await read(job.id, 300)).loss], [...before.loss]);
    }
  });

  it('stay the old ones until what was asked about is read with the new', async () => {
    const { job } = follow({
      context: 10_000_000,
    });
    open(job.id, text.repeat(20));
    const about = { follow: job.id, document: 'a', version: 1 } as const;
    const ask = { kind: 'complete', ...about, offset: 100_000 } as const;
    await at.reader.start<'complete'>(ask).result;
    const { parameters, step } = await weightsOf(7);
    const weights = { kind: 'parameters', step, parameters } as const;
    const refreshes = [0, 1, 2].map((i) =>
      at.reader.start<'refresh'>({
        ...{ kind: 'refresh', follow: job.id, weights: { ...weights, step: step + i } },
      }),
    );
    const during = answered(await at.reader.start<'complete'>(ask).result, 'completed');
    assert.deepEqual([during.step, during.steps], [60, 0]);
    // The first is read, the second is overtaken while it waits.
    const steps = await Promise.all(refreshes.map(async ({ result }) => (await result).step));
    assert.deepEqual(steps, [step, null, step + 2]);
    const now = answered(await at.reader.start<'complete'>(ask).result, 'completed');
    assert.equal(now.step, step + 2);
    // All but the continuation has been read already.
    assert.ok(now.steps <= 48, String(now.steps));
  });

  /** Weights of a model of the same kind that was trained otherwise. */
  async function weightsOf(seed: number, more: object = {}) {
    const other = path.join(at.folder, `run ${String(seed)}`);
    await at.trainer.start({
      kind: 'train',
      source,
      settings: { ...settings, 'training.steps': 5, 'training.seed': seed, ...more },
      run: other,
    }).result;
    const job = await beginTraining(at.trainer, {
      run: other,
      source,
      settings: { 'training.steps': 1_000_000 },
      resume: true,
    });
    const weights = await at.trainer.start<'snapshot'>({ kind: 'snapshot', training: job.id })
      .result;
    job.control({ action: 'stop' });
    await job.result;
    return { ...weights, run: other };
  }

  it('are those of any checkpoint that a run keeps, which all other jobs may name as well', async () => {
    const described = await at.trainer.start({ kind: 'describe', run: at.run }).result;
    assert.ok(described.steps.length > 0);
    assert.deepEqual(described.checkpoints, ['best', 'last']);
    const [step] = described.steps;
    const { job } = follow();
    open(job.id, text.slice(0, 200));
    const last = await read(job.id, 200);
    const earlier = { kind: 'run', run: at.run, checkpoint: step! } as const;
    const refresh = (weights: Extract<Request, { kind: 'refresh' }>['weights']) =>
      at.reader.start<'refresh'>({ kind: 'refresh', follow: job.id, weights }).result;
    assert.deepEqual(await refresh(earlier), { step });
    const then = await read(job.id, 200);
    assert.ok(step! < 60 && then.step === step);
    const inspected = await at.reader.start<'inspect'>({
      ...{ kind: 'inspect', model: earlier, text: text.slice(0, 200) },
    }).result;
    then.loss.forEach((nats, i) => {
      if (i > 0) assert.ok(Math.abs(nats - inspected.loss[i]!) < 1e-4);
    });
    // A model that has learnt less is more surprised.
    const mean = (loss: Float64Array): number =>
      loss.slice(1).reduce((sum, nats) => sum + nats, 0) / 199;
    assert.ok(mean(then.loss) > mean(last.loss) + 0.2);
    await assert.rejects(
      refresh({ ...earlier, checkpoint: 59_000 }),
      /has no checkpoint of step 59000\. The nearest that it keeps is of step \d+/,
    );
    const exported = await at.reader.start({
      ...{ kind: 'export', run: at.run, checkpoint: step, format: 'json' },
    }).result;
    assert.equal(exported.step, step);
  });

  it('are not those of another model', async () => {
    const { job } = follow();
    const { parameters, step, run: other } = await weightsOf(8, { 'model.hidden': 25 });
    const refresh = (weights: Extract<Request, { kind: 'refresh' }>['weights']) =>
      at.reader.start<'refresh'>({ kind: 'refresh', follow: job.id, weights }).result;
    await assert.rejects(
      refresh({ kind: 'parameters', step, parameters }),
      /These are the weights of another model/,
    );
    await assert.rejects(refresh({ kind: 'run', run: other }), /is of another model/);
    assert.equal((await refresh({ kind: 'run', run: at.run, checkpoint: 'last' })).step, 60);
  });
});
