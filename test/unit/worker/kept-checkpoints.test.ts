import assert from 'node:assert/strict';
import { stepsAmong, type RunFiles } from '../../../src/core/training/run';
import { openKeptCheckpoints } from '../../../src/worker/kept-checkpoints';

/** A folder in memory, and a clock. */
function makeFolder() {
  const contents = new Map<string, string>();
  const state = { now: 0, written: 0, writing: 0.001 };
  const files: RunFiles = {
    read: () => Promise.resolve(undefined),
    write(name, bytes) {
      state.now += state.writing;
      state.written++;
      contents.set(name, String(bytes.length));
      return Promise.resolve();
    },
    append: () => Promise.resolve(),
    remove: (name) => Promise.resolve(void contents.delete(name)),
    list: () => Promise.resolve([...contents.keys()]),
  };
  return { files, contents, state, steps: () => stepsAmong([...contents.keys()]) };
}

const size = 1000;

function open(folder: ReturnType<typeof makeFolder>, limit: number, after?: number) {
  return openKeptCheckpoints({
    files: folder.files,
    limit,
    after,
    encode: () => new Uint8Array(size),
    now: () => folder.state.now,
  });
}

describe('earlier checkpoints of a run', () => {
  it('stay within their limit, the first and a late one among them, evenly spaced', async () => {
    const folder = makeFolder();
    const kept = await open(folder, 10 * size);
    let told: readonly number[] = [];
    for (let step = 1; step <= 200_000; step += 7) {
      folder.state.now += 0.1;
      told = (await kept.tick(step)) ?? told;
      const steps = folder.steps();
      assert.ok(steps.length <= 10);
      assert.deepEqual(told, steps);
      if (step > 20_000) {
        const gaps = steps.slice(1).map((own, i) => own - steps[i]!);
        assert.equal(steps[0], 1);
        assert.ok(steps.length >= 9);
        assert.ok(Math.max(...gaps) <= 3.5 * Math.min(...gaps), steps.join(' '));
        assert.ok(step - steps.at(-1)! <= 2 * Math.max(...gaps));
      }
    }
    // As few as doubling the distance again and again takes, rather than one a second.
    assert.ok(folder.state.written < 150, String(folder.state.written));
  });

  it('cost little time however slow the disk is', async () => {
    const folder = makeFolder();
    folder.state.writing = 0.5;
    const kept = await open(folder, 1e9);
    for (let step = 1; folder.state.now < 1000; step++) {
      folder.state.now += 0.1;
      await kept.tick(step);
    }
    assert.ok(folder.state.written * 0.5 <= 0.025 * 1000);
    assert.ok(folder.state.written > 10);
  });

  it('of later steps are gone when a run goes on from an earlier one, and the rest goes on', async () => {
    const folder = makeFolder();
    const first = await open(folder, 100 * size);
    for (let step = 1; step <= 30; step++) {
      folder.state.now += 1.1;
      await first.tick(step);
    }
    assert.equal(folder.steps().length, 30);
    const second = await open(folder, 5 * size, 20);
    assert.equal(folder.steps().at(-1), 20);
    folder.state.now += 10;
    assert.equal(await second.tick(20), undefined);
    const steps = await second.tick(31);
    assert.equal(steps?.length, 5);
    assert.deepEqual([steps[0], steps.at(-1)], [1, 31]);
    assert.deepEqual(folder.steps(), steps);
  });

  it('are not there where two would not fit, or none is wanted', async () => {
    for (const limit of [0, 1.5 * size]) {
      const folder = makeFolder();
      const kept = await open(folder, limit);
      folder.state.now = 100;
      assert.equal(await kept.tick(5), undefined);
      assert.equal(await kept.tick(0), undefined);
      assert.equal(folder.contents.size, 0);
    }
  });
});
