import assert from 'node:assert/strict';
import path from 'node:path';
import type { CompleteResult, ReadResult } from '../../../src/protocol/engine';
import { answered, settings, source, text, useReader } from './follow-tools';

describe('a model that follows documents', () => {
  const at = useReader();
  const { follow, open, read } = at;

  it('says what it is, and answers what was asked before it was open', async () => {
    const { job, opened } = follow();
    open(job.id, text.slice(0, 80));
    const { loss, starts, ends, rank, expected, characters, step } = await read(job.id, 80);
    const event = await opened;
    assert.deepEqual(
      [event.step, event.tokenizer, event.input, event.vocabulary],
      [60, 'char', 'one-hot', new Set(text).size],
    );
    assert.ok(event.network.variables.some(({ name }) => name === 'layer1.c'));
    assert.equal(step, 60);
    const model = { kind: 'run', run: at.run, checkpoint: 'last' } as const;
    const inspected = await at.reader.start<'inspect'>({
      kind: 'inspect',
      model,
      text: text.slice(0, 80),
    }).result;
    assert.deepEqual([...starts], [...Array(80).keys()]);
    assert.deepEqual(
      [...ends],
      [...starts].map((start) => start + 1),
    );
    assert.deepEqual([...characters], Array(80).fill(1));
    loss.forEach((nats, i) => {
      if (i === 0) return;
      assert.ok(Math.abs(nats - inspected.loss[i]!) < 1e-4);
      const names = [0, 1].map((k) => expected.names[expected.index[2 * i + k]!]);
      assert.deepEqual(
        names,
        inspected.top[i - 1]!.slice(0, 2).map(({ token }) => token),
      );
      assert.ok(
        Math.abs(expected.probability[2 * i]! - inspected.top[i - 1]![0]!.probability) < 1e-4,
      );
      if (names[0] === inspected.tokens[i]) assert.equal(rank[i], 1);
    });
  });

  it('goes on with a document as greedy sampling does, and follows its edits', async () => {
    const { job } = follow();
    open(job.id, text.slice(0, 70));
    const ask = async (version: number, offset: number) =>
      answered(
        await at.reader.start<'complete'>({
          ...{ kind: 'complete', follow: job.id, document: 'a', version, offset },
          ...{ confidence: 0, maxTokens: 20, until: 'text', next: 3 },
        }).result,
        'completed',
      );
    const greedy = async (prime: string): Promise<string> => {
      const model = { kind: 'run', run: at.run, checkpoint: 'last' } as const;
      const request = { kind: 'sample', model, prime, length: 20, temperature: 0 } as const;
      return (await at.reader.start<'sample'>(request).result).text;
    };
    const first = await ask(1, 70);
    assert.equal(first.completions[0]!.text, await greedy(text.slice(0, 70)));
    assert.equal(first.next.length, 3);
    assert.equal(first.steps, 70 + 19);
    // Two edits at once, the later place first, as VS Code tells them.
    const changes = [
      { offset: 70, removed: 0, inserted: '\n3 l' },
      { offset: 2, removed: 6, inserted: 'LITTLE' },
    ];
    void at.reader.start<'edit'>({
      ...{ kind: 'edit', follow: job.id, document: 'a', version: 2, changes },
    }).result;
    const whole = `${text.slice(0, 2)}LITTLE${text.slice(8, 70)}\n3 l`;
    const second = await ask(2, whole.length);
    assert.equal(second.completions[0]!.text, await greedy(whole));
    const old: CompleteResult = await at.reader.start<'complete'>({
      ...{ kind: 'complete', follow: job.id, document: 'a', version: 1, offset: 5 },
    }).result;
    assert.deepEqual(old, { kind: 'outdated' });
  });

  it('answers soon from fewer tokens, and from all of them once they are read beside', async () => {
    const { job } = follow({ context: 1_000_000 });
    const whole = text.repeat(40);
    open(job.id, whole);
    const ask = async (quick: boolean) => {
      const about = { follow: job.id, document: 'a', version: 1, offset: whole.length } as const;
      const question = { kind: 'complete', ...about, confidence: 0, quick } as const;
      return answered(await at.reader.start<'complete'>(question).result, 'completed');
    };
    const first = await ask(true);
    assert.ok(first.readFrom > 0 && first.steps < whole.length - first.readFrom + 100);
    let last = first;
    // Each is answered at once: it is the reading beside them that gets on.
    while (last.readFrom > 0) last = await ask(true);
    assert.deepEqual(last.completions, (await ask(false)).completions);
  });

  it('answers the newest question first, and not those that it overtakes', async () => {
    const { job } = follow({
      context: 10_000_000,
    });
    open(job.id, text.repeat(40));
    const about = { follow: job.id, document: 'a', version: 1 } as const;
    const order: string[] = [];
    const note = async <R>(name: string, result: Promise<R>): Promise<R> => {
      const settled = await result;
      order.push(name);
      return settled;
    };
    const all = { kind: 'read', ...about, from: 200_000, to: 200_100 } as const;
    const lens = note('read', at.reader.start<'read'>(all).result);
    const look = { kind: 'look', ...about, offset: 150_000 } as const;
    const looks = [0, 1].map((i) =>
      note(`look ${String(i)}`, at.reader.start<'look'>(look).result),
    );
    const ask = { kind: 'complete', ...about, offset: 100_000 } as const;
    const completions = [0, 1].map((i) =>
      note(`complete ${String(i)}`, at.reader.start<'complete'>(ask).result),
    );
    assert.equal((await lens).kind, 'read');
    assert.deepEqual(
      (await Promise.all([...looks, ...completions])).map(({ kind }) => kind),
      ['outdated', 'looked', 'outdated', 'completed'],
    );
    const places = ['complete 1', 'look 1', 'read'].map((name) => order.indexOf(name));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it('gives up what an edit makes useless', async () => {
    const { job } = follow({
      context: 10_000_000,
    });
    open(job.id, text.repeat(40));
    const about = { follow: job.id, document: 'a', version: 1 } as const;
    const asked = at.reader.start<'read'>({ kind: 'read', ...about, from: 200_000, to: 200_100 });
    const changes = [{ offset: 100, removed: 0, inserted: 'x' }];
    await at.reader.start<'edit'>({ kind: 'edit', ...about, version: 2, changes }).result;
    assert.deepEqual(await asked.result, { kind: 'outdated' } satisfies ReadResult);
    const stopped = at.reader.start<'read'>({
      ...{ kind: 'read', ...about, version: 2, from: 200_000, to: 200_100 },
    });
    stopped.control({ action: 'stop' });
    assert.deepEqual(await stopped.result, { kind: 'outdated' });
  });

  it('looks back from a place, and finds units', async () => {
    const { job } = follow();
    open(job.id, text.slice(0, 400));
    const about = { follow: job.id, document: 'a', version: 1 } as const;
    const found = answered(
      await at.reader.start<'look'>({
        ...{ kind: 'look', ...about, offset: 200, window: 50, variables: ['h'] },
      }).result,
      'looked',
    );
    const { loss } = await read(job.id, 400);
    assert.deepEqual([...found.loss], [...loss.slice(150, 200)]);
    assert.equal(found.target!.loss, loss[200]);
    assert.deepEqual([found.target!.start, found.target!.at, found.tokens.length], [200, 49, 50]);
    const { states, saliency, gradientTimesInput, terms } = found.gradients!;
    assert.deepEqual(
      states.map(({ variable }) => variable),
      ['layer1.c', 'layer1.h'],
    );
    assert.equal(terms.length, 4);
    for (const values of [
      ...states.map(({ norms }) => norms),
      ...terms.map(({ norms }) => norms),
      saliency.norms,
      gradientTimesInput.values,
    ]) {
      assert.equal(values.length, 50);
      assert.ok(values.every(Number.isFinite) && values[0] !== 0);
    }
    assert.equal(found.variables[0]!.values.length, 50 * 24);
    const progress: number[] = [];
    const units = answered(
      await at.reader.start<'findUnits'>(
        {
          ...{ kind: 'findUnits', ...about, from: 0, to: 400, variables: ['layer1.h'], top: 5 },
          spans: [...text.slice(0, 400).matchAll(/\d/g)].map(({ index }) => ({
            from: index,
            to: index + 1,
          })),
        },
        ({ done }) => progress.push(done),
      ).result,
      'found',
    );
    assert.equal(units.units.length, 5);
    assert.ok(Math.abs(units.units[0]!.auc - 0.5) >= Math.abs(units.units[4]!.auc - 0.5));
    assert.equal(units.inside + units.outside, 400);
    assert.ok(progress.every((done) => done >= 0 && done <= 1));
  });

  it('ends when it is stopped, and says what is not there', async () => {
    const { job, opened } = follow();
    await opened;
    const about = { follow: job.id, document: 'b', version: 1 } as const;
    const ask = () => at.reader.start<'complete'>({ kind: 'complete', ...about, offset: 0 }).result;
    await assert.rejects(ask(), /The document b is not open\. Open it/);
    open(job.id, 'little', 'b');
    const change = { offset: 5, removed: 2, inserted: '' };
    await assert.rejects(
      at.reader.start<'edit'>({ kind: 'edit', ...about, changes: [change] }).result,
      /outside the document of 6\. Reopen the document/,
    );
    await at.reader.start<'forget'>({ kind: 'forget', follow: job.id, document: 'b' }).result;
    await assert.rejects(ask(), /The document b is not open/);
    job.control({ action: 'stop' });
    assert.equal(await job.result, null);
    await assert.rejects(ask(), /no longer followed/);
    await assert.rejects(
      at.trainer.start<'snapshot'>({ kind: 'snapshot', training: 12345 }).result,
      /That training is not running/,
    );
    const missing = follow({ model: { kind: 'run', run: path.join(at.folder, 'none') } });
    await assert.rejects(missing.job.result, /There is no run/);
  });

  it('of words names its tokens', async () => {
    const words = path.join(at.folder, 'words');
    await at.trainer.start({
      kind: 'train',
      source,
      settings: { ...settings, 'training.steps': 200, 'data.tokenizer': 'word' },
      run: words,
    }).result;
    const { job, opened } = follow({ model: { kind: 'run', run: words } });
    assert.equal((await opened).tokenizer, 'word');
    open(job.id, '3 little wo');
    const { completions, next } = answered(
      await at.reader.start<'complete'>({
        ...{ kind: 'complete', follow: job.id, document: 'a', version: 1, offset: 11 },
        ...{ until: 'word', confidence: 0 },
      }).result,
      'completed',
    );
    assert.equal(completions[0]!.text, 'rds');
    assert.deepEqual(
      next.map(({ name, text: added, probability }) => [name, added, probability]),
      [['words', 'rds', 1]],
    );
  });
});
