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
