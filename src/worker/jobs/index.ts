import type { JobFunctions } from '../handler';
import { bench } from './bench';
import { evaluate } from './evaluate';
import { exportModel } from './export';
import { gradcheck } from './gradcheck';
import { inspect } from './inspect';
import { describe, list } from './runs';
import { sample } from './sample';
import { train } from './train';

/** What does each kind of job. */
export const jobFunctions: JobFunctions = {
  train,
  sample,
  evaluate,
  inspect,
  gradcheck,
  export: exportModel,
  bench,
  describe,
  list,
};
