import { l10n, workspace, type TextDocument } from 'vscode';
import { diagnoseCell } from '../../core/equations/parse';
import { chosenSettings } from '../configuration';
import type { Lab } from '../lab';
import { sourceOf } from '../runs/folder';
import type { TrialOrder } from '../trials/trial';
import { cellDocument, openTexts, textFor, usableCell } from './new-cell';
import { readText } from './text';
import { withoutLimits } from './train';
import { refuseSecond } from './under-way';

/** Try this cell; or, from the line above it, end the trial or show its curves. */
export async function tryCell(lab: Lab, target: unknown, action: unknown): Promise<void> {
  const { trials } = lab;
  if (action === 'end') {
    trials.end();
    return;
  }
  const document = await cellDocument(target);
  if (action === 'curves') await trials.showCurves(document);
  else await trials.try(document);
}

/** What a trial trains: with the settings as they are, but for its sizes. */
export async function trialOrder(
  lab: Lab,
  document: TextDocument,
  before: string | undefined,
  isAsked: boolean,
): Promise<TrialOrder | undefined> {
  const now = await usableCell(document.uri);
  refuseSecond(lab, {
    title: l10n.t('Stop it and try'),
    instead: () => lab.trials.try(document),
  });
  const texts = openTexts();
  const address = isAsked || texts.length === 1 ? await textFor() : undefined;
  if (!address) return undefined;
  const text = await readText(address, lab.notifier);
  const name = workspace.asRelativePath(document.uri);
  const settings = chosenSettings(lab.settings, ['model', 'data', 'training'], address);
  return {
    source: sourceOf(text),
    name: text.name,
    settings: withoutLimits(settings),
    now,
    before: before !== undefined && isUsable(before) ? { name, source: before } : undefined,
  };
}

function isUsable(source: string): boolean {
  return diagnoseCell(source, 'cell').problems.length === 0;
}
