import assert from 'node:assert/strict';
import type { RunFiles } from '../../../src/core/training/run';
import { thinned } from '../../../src/protocol/thinned';
import { openLookFile, readLooks, type LookFileOptions } from '../../../src/worker/look-file';

interface Item {
  readonly step: number;
}

/** A folder in memory. */
function makeFiles() {
  const contents = new Map<string, string>();
  const state = { isFull: false, replaced: 0 };
  const refuse = (): void => {
    if (state.isFull) throw new Error('The disk is full.');
  };
  const files: RunFiles = {
    read: (name) => {
      const text = contents.get(name);
      return Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
    },
    write(name, text) {
      refuse();
      state.replaced++;
      contents.set(name, String(text));
      return Promise.resolve();
    },
    append(name, text) {
      const before = contents.get(name) ?? '';
      if (state.isFull) contents.set(name, before + text.slice(0, 1));
      refuse();
      contents.set(name, before + text);
      return Promise.resolve();
    },
    remove: (name) => Promise.resolve(void contents.delete(name)),
    list: () => Promise.resolve([...contents.keys()]),
  };
  return { files, contents, state };
}

function optionsFor(files: RunFiles, after?: number): LookFileOptions<Item> {
  return {
    files,
    name: 'looks',
    limit: 20,
    keep: thinned<Item>,
    stepOf: ({ step }) => step,
    encode: ({ step }) => `${String(step)};\n`,
    decode: (text) =>
      text.split('\n').flatMap((line) => (/^\d+;$/.test(line) ? [{ step: parseInt(line) }] : [])),
    after,
  };
}

const stepsIn = async (files: RunFiles): Promise<number[]> =>
  ((await readLooks(files, optionsFor(files))) ?? []).map(({ step }) => step);

describe('a file of looks', () => {
  it('is bounded however much is added, and holds the first and the newest', async () => {
    const { files, contents, state } = makeFiles();
    const file = await openLookFile(optionsFor(files));
    for (let step = 1; step <= 5000; step++) {
      file.append({ step });
      if (step % 3 === 0) await file.write();
      assert.ok((contents.get('looks') ?? '').length < 41 * 6);
    }
    await file.write();
    const steps = await stepsIn(files);
    assert.equal(steps[0], 1);
    assert.equal(steps.at(-1), 5000);
    assert.ok(steps.length >= 20 && steps.length <= 40);
    assert.ok(state.replaced < 5000 / 15);
  });

  it('has nothing of a step after the checkpoint that a run goes on from', async () => {
    const { files, contents } = makeFiles();
    // As a crash leaves it: its last line is cut off.
    contents.set('looks', '1;\n4;\nrubbish\n7;\n10');
    const file = await openLookFile(optionsFor(files, 5));
    assert.deepEqual(await stepsIn(files), [1, 4]);
    file.append({ step: 6 });
    await file.write();
    assert.equal(contents.get('looks'), '1;\n4;\n6;\n');
  });

  it('has nothing of a run that was there before', async () => {
    const { files, contents } = makeFiles();
    contents.set('looks', '1;\n4;\n');
    await openLookFile(optionsFor(files));
    assert.equal(contents.get('looks'), '');
  });

  it('is not made before there is something to write', async () => {
    const { files, contents } = makeFiles();
    const file = await openLookFile(optionsFor(files));
    await file.write();
    assert.equal(contents.size, 0);
  });

  it('has everything once it can be written again', async () => {
    const { files, state } = makeFiles();
    const file = await openLookFile(optionsFor(files));
    state.isFull = true;
    for (const step of [1, 2]) {
      file.append({ step });
      await assert.rejects(file.write(), /full/);
    }
    state.isFull = false;
    file.append({ step: 3 });
    await file.write();
    assert.deepEqual(await stepsIn(files), [1, 2, 3]);
  });

  it('is bounded in memory too where it cannot be written, and then holds what is kept', async () => {
    const { files, state } = makeFiles();
    const file = await openLookFile(optionsFor(files));
    state.isFull = true;
    for (let step = 1; step <= 1000; step++) {
      file.append({ step });
      if (step % 10 === 0) await assert.rejects(file.write(), /full/);
    }
    state.isFull = false;
    await file.write();
    const steps = await stepsIn(files);
    assert.equal(steps.length, 20);
    assert.deepEqual([steps[0], steps.at(-1)], [1, 1000]);
  });
});
