/** A process that says whether the wide kernels may be used here (dist/wide-probe.js). */
import { takeWideKernels } from '../core/kernels/loader';
import { areWideKernelsBetter } from '../core/kernels/wide';
import { compileWideKernels, optimising, verdict, withFlags } from './wide';

takeWideKernels(compileWideKernels());
withFlags(optimising, () => {
  // What they are compared with is to be as ready as they are.
  process.stdout.write(areWideKernelsBetter() ? verdict : 'not here');
});
