// Speed of the kernels beside the processor's peak: node out/test/bench/kernels.js [strict|relaxed] [threads]
import path from 'node:path';
import { measureKernels, measureOperations } from '../../src/core/kernels/bench';
import { hasRelaxedSimd, type Build } from '../../src/core/kernels/loader';
import { measurePeak } from '../../src/core/kernels/peak';
import { nodeThreads } from '../../src/worker/spawn';

const build = (process.argv[2] ?? (hasRelaxedSimd() ? 'relaxed' : 'strict')) as Build;
const threads = Number(process.argv[3] ?? 1);
const peak = measurePeak(build);
console.log(`${build}, ${String(threads)} threads, peak ${peak.toFixed(1)} GFLOP/s a thread`);
const spawn = nodeThreads(path.resolve('dist/thread.js'));
for (const { kernel, m, k, n, gflops } of measureKernels({ build, threads, spawn })) {
  const share = ((100 * gflops) / peak / threads).toFixed(0);
  const shape = `${String(m)}×${String(k)}×${String(n)}`;
  console.log(
    `${kernel.padEnd(20)}${shape.padEnd(16)}${gflops.toFixed(1).padStart(7)} GFLOP/s ${share.padStart(4)} %`,
  );
}
for (const { operation, nanoseconds } of measureOperations(build)) {
  console.log(`${operation.padEnd(20)}${nanoseconds.toFixed(2).padStart(6)} ns a value`);
}
