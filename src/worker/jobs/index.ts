import type { JobFunctions } from '../handler';
import { bench } from './bench';
import { evaluate } from './evaluate';
import { exportRun } from './export';
import { gradcheck } from './gradcheck';
import { importRun } from './import';
import { inspect } from './inspect';
import { deleteRuns, purge, rename, restore } from './manage';
import { profile } from './profile';
import { describe, list } from './runs';
import { reproduce } from './reproduce';
import { sample } from './sample';
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
  profile,
  describe,
  list,
  rename,
  delete: deleteRuns,
  restore,
  reproduce,
  purge,
};
