import assert from 'node:assert/strict';
import type { Engine } from '../../../src/host/engine';
import { createList } from '../../../src/host/runs/list';
import type { ListResult, RunSummary } from '../../../src/protocol/engine';

const nothing: ListResult = { runs: [], damaged: [] };
const one = { ...nothing, runs: [{ run: '/runs/a', created: 1 } as RunSummary] };

/** Answers each question when it is told to. */
function createFakeEngine() {
  const questions: ((result: ListResult) => void)[] = [];
  const start = () => ({
    result: new Promise<ListResult>((resolve) => {
      questions.push(resolve);
    }),
  });
  /** Until it has been asked so often. */
  async function asked(times: number) {
    while (questions.length < times) await new Promise(setImmediate);
  }
  return { engine: { start } as unknown as Engine, questions, asked };
}

describe('the list of runs', () => {
  it('looks in turn, so that what is no longer so never comes last', async () => {
    const { engine, questions, asked } = createFakeEngine();
    const list = createList(engine, '/runs', () => undefined);
    const loaded = list.load();
    await asked(1);
    questions[0]!(one);
    await loaded;
    const looks = [list.refresh(['/runs/a']), list.refresh(['/runs/a'])];
    await asked(2);
    // The folder goes while the first of them is under way: only the second can know.
    questions[1]!(one);
    await asked(3);
    questions[2]!(nothing);
    await Promise.all(looks);
    assert.deepEqual([list.runs.length, list.vanished.map(({ run }) => run)], [0, ['/runs/a']]);
  });

  it('knows a run that was seen half removed as vanished, and says no more of it once it is told to', async () => {
    const { engine, questions, asked } = createFakeEngine();
    const list = createList(engine, '/runs', () => undefined);
    const half = { ...nothing, damaged: [{ run: '/runs/a' } as ListResult['damaged'][number]] };
    const seen = [];
    for (const [i, found] of [one, half, nothing, nothing].entries()) {
      const look = i === 0 ? list.load() : list.refresh(['/runs/a']);
      await asked(i + 1);
      questions[i]!(found);
      await look;
      seen.push([list.runs.length, list.damaged.length, list.vanished.length]);
      if (i === 2) list.forget(['/runs/a']);
    }
    assert.deepEqual(seen, [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
  });

  it('looks again after a look that failed', async () => {
    const { engine, questions, asked } = createFakeEngine();
    const list = createList(engine, '/runs', () => undefined);
    const looks = [list.load(), list.load()];
    await asked(1);
    questions[0]!(Promise.reject(new Error('The engine has ended.')) as unknown as ListResult);
    await assert.rejects(looks[0]!, /has ended/);
    await asked(2);
    questions[1]!(one);
    await looks[1];
    assert.equal(list.runs.length, 1);
  });
});
