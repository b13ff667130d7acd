import assert from 'node:assert/strict';
import { elementOperations } from '../../../src/core/engine/program';
import { measureKernels, measureOperations, measurePeak } from '../../../src/core/kernels/bench';
import { builds } from './machine';

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
