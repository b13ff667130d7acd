/** Whether the wide kernels may be used here, tried in a process that may break. */
import { takeWideKernels } from '../core/kernels/loader';
import { areWideKernelsBetter } from '../core/kernels/wide';
import { compileWideKernels, optimising, verdict, withFlags } from './wide';

/** Writes the verdict to standard output. */
export function probeWideKernels(): void {
  takeWideKernels(compileWideKernels());
  withFlags(optimising, () => {
    // What they are compared with is to be as ready as they are.
    process.stdout.write(areWideKernelsBetter() ? verdict : 'not here');
  });
}
