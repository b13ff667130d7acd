import type { JobFunctions } from '../handler';
import { bench } from './bench';
import { complete } from './complete';
import { debug, debugAsk, debugMove } from './debug';
import { evaluate } from './evaluate';
import { examine } from './examine';
import { exportRun } from './export';
import { edit, follow, forget, open, refresh } from './follow';
import { generate } from './generate';
import { gradcheck } from './gradcheck';
import { importRun } from './import';
import { inspect } from './inspect';
import { keystrokes } from './keystrokes';
import { look } from './look';
import { annotate, deleteRuns, purge, restore } from './manage';
import { nearest } from './nearest';
import { predict } from './predict';
import { profile } from './profile';
import { project } from './project';
import { findUnits, read } from './read';
import { findRowUnits, shadeRows } from './rows';
import { describe, list } from './runs';
import { reproduce } from './reproduce';
import { sample } from './sample';
import { snapshot } from './snapshot';
import { train } from './train';
import { understand } from './understand';
import { vectors } from './vectors';
import { worksheet } from './worksheet';

/** What does each kind of job. */
export const jobFunctions: JobFunctions = {
  train,
  sample,
  evaluate,
  predict,
  examine,
  inspect,
  gradcheck,
  export: exportRun,
  import: importRun,
  generate,
  vectors,
  bench,
  profile,
  describe,
  list,
  annotate,
  delete: deleteRuns,
  restore,
  reproduce,
  purge,
  snapshot,
  follow,
  refresh,
  open,
  edit,
  forget,
  complete,
  read,
  findUnits,
  look,
  debug,
  debugMove,
  debugAsk,
  keystrokes,
  understand,
  worksheet,
  project,
  nearest,
  shadeRows,
  findRowUnits,
};
