/**
 * The one table of settings. `model.hidden` is the setting `rnnLab.model.hidden` in the editor and the
 * flag `--hidden` on the command line; help texts, the manifest and the schema come from here.
 */
import { dataSettings } from './groups/data';
import { inspectionSettings } from './groups/inspection';
import { modelSettings } from './groups/model';
import { samplingSettings } from './groups/sampling';
import { trainingSettings } from './groups/training';
import type { Setting } from './setting';

export const settingsTable = {
  model: modelSettings,
  data: dataSettings,
  training: trainingSettings,
  inspection: inspectionSettings,
  sampling: samplingSettings,
} as const satisfies Record<string, Record<string, Setting>>;
