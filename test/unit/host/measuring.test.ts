import assert from 'node:assert/strict';
import { mock } from 'node:test';
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

/** Until everything that is waiting for nothing but its turn has had it. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('measuring', () => {
  // Time passes when the test says so.
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  async function pass(milliseconds: number): Promise<void> {
    mock.timers.tick(milliseconds);
    await settled();
  }

  it('gives up what is under way for another thing', async () => {
    const { log, measure, finish } = makeWork();
    const measuring = createMeasuring(measure);
    measuring.restart(0);
    await pass(0);
    measuring.restart(0);
    await pass(0);
    finish();
    await pass(0);
    finish();
    await pass(0);
    measuring.dispose();
    assert.deepEqual(log, ['begin 1', 'drop 1', 'begin 2', 'end 2']);
  });

  it('finishes what is under way when only the weights change, and then measures again once', async () => {
    const { log, measure, finish } = makeWork();
    const measuring = createMeasuring(measure);
    measuring.restart(0);
    await pass(0);
    for (let i = 0; i < 3; i++) measuring.again();
    // Longer than the least rest.
    await pass(700);
    assert.deepEqual(log, ['begin 1']);
    finish();
    await pass(0);
    await pass(599);
    assert.deepEqual(log, ['begin 1', 'end 1']);
    // A measurement that took long has a long rest.
    await pass(1e9);
    finish();
    await pass(1e9);
    measuring.dispose();
    assert.deepEqual(log, ['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('measures nothing after its end', async () => {
    const { log, measure } = makeWork();
    const measuring = createMeasuring(measure);
    measuring.restart(0);
    measuring.again();
    measuring.dispose();
    await pass(1e9);
    assert.deepEqual(log, []);
  });
});
