import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { createRightOfWay, type RightOfWay } from '../../../src/core/right-of-way';
import { watchUrgent } from '../../../src/worker/urgent';
import { allReady, builds, spawn } from './machine';
import { loadOnRandom, trainingStep, trainThreeSteps } from './step';

/** Every float of the arena after three training steps, as bits. */
async function trained(
  build: (typeof builds)[number],
  threads: number,
  rightOfWay?: RightOfWay,
): Promise<Uint32Array> {
  const builder = trainingStep();
  const { program, layout } = builder.build();
  const polite = rightOfWay && { rightOfWay };
  const backend = createWasmBackend({ layout, threads, spawn, build, ...polite });
  try {
    await allReady(backend);
    trainThreeSteps(loadOnRandom(backend, builder, program));
    return new Uint32Array(Float32Array.from(backend.floats()).buffer);
  } finally {
    backend.close();
  }
}

/** Takes the right of way until somebody waits for it, and tells how many did. */
const asker = `
  const { parentPort, workerData: word } = require('node:worker_threads');
  Atomics.store(word, 0, 1);
  parentPort.postMessage('asking');
  let waiting = 0;
  while (waiting === 0 && Atomics.load(word, 0) === 1) waiting = Atomics.notify(word, 0);
  Atomics.store(word, 0, 0);
  Atomics.notify(word, 0);
  parentPort.postMessage(waiting);
`;

for (const build of builds) {
  describe(`the right of way, ${build} build`, () => {
    for (const threads of [1, 2]) {
      it(`is waited for within a step on ${threads} threads, which comes to the same bits`, async () => {
        const rightOfWay = createRightOfWay();
        const other = new Worker(asker, { eval: true, workerData: rightOfWay });
        await once(other, 'message');
        const polite = await trained(build, threads, rightOfWay);
        // Were it not waited for, the other one would look out for ever.
        Atomics.store(rightOfWay, 0, 0);
        const [waiting] = (await once(other, 'message')) as [number];
        assert.ok(waiting >= 1);
        assert.deepEqual(polite, await trained(build, threads));
      });
    }

    it('stops no training, though it is never given back', async () => {
      const rightOfWay = createRightOfWay();
      Atomics.store(rightOfWay, 0, 1);
      assert.deepEqual(await trained(build, 2, rightOfWay), await trained(build, 2));
    });
  });
}

describe('the right of way of several questions', () => {
  const word = createRightOfWay();
  const ask = (job: number, kind: string) => ({ type: 'start', job, request: { kind } });
  const end = (type: string, job: number) => ({ type, job });

  it('is taken for what a keystroke waits for, and ends with the last of them, also where one fails', () => {
    const questions = watchUrgent(word);
    for (const kind of ['read', 'follow', 'edit', 'refresh']) questions.asked(ask(1, kind));
    assert.equal(word[0], 0);
    questions.asked(ask(2, 'complete'));
    questions.asked(ask(3, 'look'));
    questions.asked({ type: 'control', job: 3, control: { action: 'stop' } });
    assert.equal(word[0], 2);
    questions.answered(end('result', 1));
    questions.answered(end('event', 2));
    assert.equal(word[0], 2);
    questions.answered(end('failed', 2));
    questions.answered(end('failed', 2));
    assert.equal(word[0], 1);
    questions.answered(end('result', 3));
    assert.equal(word[0], 0);
  });

  it('ends with an engine that will never answer', () => {
    const questions = watchUrgent(word);
    questions.asked(ask(1, 'complete'));
    questions.asked(ask(2, 'complete'));
    questions.forgotten();
    questions.answered(end('result', 1));
    assert.equal(word[0], 0);
  });
});
