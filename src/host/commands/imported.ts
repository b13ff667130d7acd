import { Uri } from 'vscode';
import type { SettingValues } from '../../protocol/engine';
import { chosenSettings, effectiveSettings } from '../configuration';
import type { Lab } from '../lab';
import type { KeptDocument } from '../runs/folder';

/** What the model itself decides. */
const ofModel = new Set(['data.tokenizer', 'data.vocabulary']);

/**
 * The settings with which a model that was imported goes on. One that came alone has no training yet, so that
 * it gets the user's settings, as a new run; a checkpoint keeps its own, and gets as long again as a new run.
 *
 * @param asked settings that stand above all others, such as a limit counted from now
 */
export async function settingsForImported(
  { engine, settings }: Lab,
  run: string,
  document: KeptDocument,
  asked: SettingValues,
): Promise<SettingValues> {
  const scope = Uri.parse(document.uri);
  const { summary } = await engine.start({ kind: 'describe', run }).result;
  if (summary.step > 0) return furtherThan(summary, asked, scope);
  const chosen = chosenSettings(settings, ['training', 'data', 'inspection'], scope);
  const hasLimit = Object.keys(asked).some(isLimit);
  const kept = Object.entries(chosen).filter(
    ([key]) => !ofModel.has(key) && !(hasLimit && isLimit(key)),
  );
  return { ...Object.fromEntries(kept), ...asked };
}

/** A limit counts from the run's start. */
function furtherThan(
  { step, seconds }: { readonly step: number; readonly seconds: number },
  asked: SettingValues,
  scope: Uri,
): SettingValues {
  const steps = Number(asked['training.steps']);
  if (steps > 0) return { ...asked, 'training.steps': step + steps };
  const usual = Number(effectiveSettings('training', scope)['seconds']) || 60;
  const more = Number(asked['training.seconds']) || usual;
  const rest = Object.entries(asked).filter(([key]) => !isLimit(key));
  return { ...Object.fromEntries(rest), 'training.seconds': Math.round(seconds) + more };
}

function isLimit(key: string): boolean {
  return /^training\.(?:steps|epochs|seconds)$/.test(key);
}
