import assert from 'node:assert/strict';
import { elementOperations } from '../../../src/core/graph/elements';
import { measureKernels, measureOperations } from '../../../src/core/kernels/bench';
import { measureCommonPeak, measurePeak } from '../../../src/core/kernels/peak';
import { builds, spawn } from './machine';

for (const build of builds) {
  it(`the kernels' benchmark measures every shape and operation, ${build} build`, () => {
    assert(measurePeak(build, 0) > 0);
    const kernels = [...measureKernels({ build, seconds: 0 })];
    assert.deepEqual(
      [...new Set(kernels.map(({ kernel }) => kernel))],
      ['product', 'product transposed', 'outer'],
    );
    assert(
      kernels.every(
        ({ gflops, threads }) => gflops > 0 && Number.isFinite(gflops) && threads === 1,
      ),
    );
    const operations = [...measureOperations(build, 0)];
    assert.deepEqual(
      operations.map(({ operation }) => operation),
      [...elementOperations],
    );
    assert(operations.every(({ nanoseconds }) => nanoseconds > 0 && Number.isFinite(nanoseconds)));
  });
}

it('threads together do more than none, and end when they have been measured', async () => {
  const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
  const ends: boolean[] = [];
  const counting: typeof spawn = (init, failed) => {
    const handle = spawn(init, failed);
    const place = ends.push(false) - 1;
    return {
      end() {
        ends[place] = true;
        handle.end();
      },
    };
  };
  const peak = await measureCommonPeak({ threads: 3, spawn: counting, breathe, seconds: 0.05 });
  assert(peak > 0 && Number.isFinite(peak));
  assert.deepEqual(ends, [true, true]);
});

it('a thread that cannot start ends the measurement of the common peak', async () => {
  const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
  const broken: typeof spawn = (_init, failed) => {
    setImmediate(() => failed(new Error('No such thread.')));
    return { end: () => undefined };
  };
  await assert.rejects(measureCommonPeak({ threads: 2, spawn: broken, breathe }), /No such thread/);
});
