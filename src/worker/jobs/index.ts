import type { JobFunctions } from '../handler';
import { bench } from './bench';
import { evaluate } from './evaluate';
import { exportRun } from './export';
import { gradcheck } from './gradcheck';
import { importRun } from './import';
import { inspect } from './inspect';
import { deleteRuns, purge, rename, restore } from './manage';
import { describe, list } from './runs';
import { sample } from './sample';
import { snapshot } from './snapshot';
import { train } from './train';

/** What does each kind of job. */
export const jobFunctions: JobFunctions = {
  train,
  sample,
  evaluate,
  inspect,
  gradcheck,
  export: exportRun,
  import: importRun,
  bench,
  describe,
  list,
  rename,
  delete: deleteRuns,
  restore,
  purge,
  snapshot,
};
