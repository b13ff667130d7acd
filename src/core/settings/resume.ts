import { sentence, type Sentence } from '../sentence';
import { limitKeys, parseSettings, settingEntries, SettingsError, type Settings } from './settings';

/** A run cannot go on with other values of these: its parameters, moments or data would not fit. */
function isFixed(key: string, hasBegun: boolean): boolean {
  if (key.startsWith('model.') || tokenizerKeys.has(key)) return true;
  return hasBegun && (key.startsWith('data.') || trainingKeys.has(key));
}
const tokenizerKeys = new Set(['data.tokenizer', 'data.vocabulary']);
const trainingKeys = new Set([
  'training.batch',
  'training.sequence',
  'training.seed',
  'training.optimizer',
]);

/**
 * The settings of a run that is resumed: its own, but for those that are given.
 *
 * @param changes dotted keys (`training.steps`) or nested
 * @param hasBegun false: the run is a model from elsewhere that has read no text here
 * @throws SettingsError if a setting cannot be used, or one is given that a run cannot change
 */
export function resumeSettings(
  saved: Settings,
  changes: Readonly<Record<string, unknown>>,
  hasBegun = true,
): Settings {
  const given = flatten(changes);
  const keepsLimit = !limitKeys.some((key) => given.has(key));
  const merged = flatten(saved);
  if (!keepsLimit) for (const key of limitKeys) merged.delete(key);
  for (const [key, value] of given) merged.set(key, value);
  const settings = parseSettings(Object.fromEntries(merged));
  const before = flatten(saved);
  const after = flatten(settings);
  for (const { key, flag } of settingEntries) {
    if (isFixed(key, hasBegun) && before.get(key) !== after.get(key)) {
      const [is, wanted] = [String(before.get(key)), String(after.get(key))];
      const message = sentence`${key} (--${flag}) is ${is} in this run and cannot become ${wanted}.`;
      throw new SettingsError([{ key, message }], sentence`Leave it out, or start a new run.`);
    }
  }
  return settings;
}

/**
 * Holds the settings of `run.json` against those that the checkpoint was trained with.
 *
 * @param which `fixed`: only those that no training can change on its way
 * @throws SettingsError naming each setting that they disagree on, with both values
 */
export function refuseOtherSettings(
  inInfo: Settings,
  inCheckpoint: Settings,
  which: 'all' | 'fixed',
  hasBegun: boolean,
  hint: Sentence,
): void {
  const [info, checkpoint] = [flatten(inInfo), flatten(inCheckpoint)];
  const issues = settingEntries
    .filter(({ key }) => which === 'all' || isFixed(key, hasBegun))
    .filter(({ key }) => info.get(key) !== checkpoint.get(key))
    .map(({ key }) => ({
      key,
      message: sentence`run.json and the last checkpoint disagree on ${key}: ${String(info.get(key))} in run.json, ${String(checkpoint.get(key))} in the checkpoint.`,
    }));
  if (issues.length > 0) throw new SettingsError(issues, hint);
}

function flatten(settings: object): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [key, value] of Object.entries(settings) as [string, unknown][]) {
    if (value === undefined) continue;
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value) as [string, unknown][])
        flat.set(`${key}.${name}`, inner);
    } else {
      flat.set(key, value);
    }
  }
  return flat;
}
