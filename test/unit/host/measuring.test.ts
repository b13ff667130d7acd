import assert from 'node:assert/strict';
import { createMeasuring } from '../../../src/host/lenses/measuring';

/** Steps of a measurement that the test lets go on by itself. */
function makeWork() {
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  let begun = 0;
  const measure = async (isUseless: () => boolean): Promise<void> => {
    const name = String(++begun);
    log.push(`begin ${name}`);
    await new Promise<void>((resolve) => waiting.push(resolve));
    log.push(`${isUseless() ? 'drop' : 'end'} ${name}`);
  };
  return { log, measure, finish: () => waiting.shift()?.() };
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(log: readonly string[], length: number): Promise<void> {
  while (log.length < length) await sleep(5);
}

describe('measuring', () => {
  it('gives up what is under way for another thing', async () => {
    const { log, measure, finish } = makeWork();
    const measuring = createMeasuring(measure);
    measuring.restart(0);
    await until(log, 1);
    measuring.restart(0);
    finish();
    await until(log, 3);
    finish();
    await until(log, 4);
    measuring.dispose();
    assert.deepEqual(log, ['begin 1', 'drop 1', 'begin 2', 'end 2']);
  });

  it('finishes what is under way when only the weights change, and then measures anew once', async () => {
    const { log, measure, finish } = makeWork();
    const measuring = createMeasuring(measure);
    measuring.restart(0);
    await until(log, 1);
    for (let i = 0; i < 3; i++) measuring.again();
    // Longer than the least rest.
    await sleep(700);
    assert.deepEqual(log, ['begin 1']);
    finish();
    await until(log, 2);
    await sleep(300);
    assert.deepEqual(log, ['begin 1', 'end 1']);
    await until(log, 3);
    finish();
    await until(log, 4);
    measuring.dispose();
    assert.deepEqual(log, ['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('measures nothing after its end', async () => {
    const { log, measure } = makeWork();
    const measuring = createMeasuring(measure);
    measuring.restart(0);
    measuring.again();
    measuring.dispose();
    await sleep(50);
    assert.deepEqual(log, []);
  });
});
