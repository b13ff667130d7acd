import * as path from 'node:path';
import { debug, l10n, window, workspace } from 'vscode';
import { debugType, launchOf } from '../debugger/debugger';
import { pathOf } from '../debugger/open';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { knownRun } from '../runs/run';
import { targetRuns } from '../runs/target';
import { cellDocument } from './new-cell';
import { addressFor } from './text';

/** Debug this cell: over the text that is open, with new weights. */
export async function debugCell(target: unknown): Promise<void> {
  const document = await cellDocument(target);
  await debug.startDebugging(workspace.getWorkspaceFolder(document.uri), launchOf(document.uri));
}

/**
 * Debug this text with the model: that of the run that follows it, else of the one on show; of a selection that alone. Of
 * a run that it is called on, over the text that is open. With the weights that the panel shows, also earlier ones.
 *
 * @throws UserError where there is no run
 */
export async function debugText({ choice, runs }: Lab, target: unknown): Promise<void> {
  const [run] = targetRuns(target);
  /** As the panel looks at the model. */
  const weightsOf = (folder: string) => {
    const checkpoint = knownRun(runs, folder)?.traveled;
    return { run: folder, ...(checkpoint === undefined ? {} : { checkpoint }) };
  };
  const launch = {
    type: debugType,
    request: 'launch',
    name: l10n.t('Debug this text with the model'),
  };
  if (run !== undefined) {
    await debug.startDebugging(workspace.workspaceFolders?.[0], { ...launch, ...weightsOf(run) });
    return;
  }
  const document = await workspace.openTextDocument(addressFor(target));
  const model = await choice.modelOf(document);
  if (!model) {
    throw new UserError(l10n.t('There is no model yet. Train one first.'));
  }
  const selection = window.visibleTextEditors.find((each) => each.document === document)?.selection;
  const range =
    selection === undefined || selection.isEmpty
      ? {}
      : { range: [document.offsetAt(selection.start), document.offsetAt(selection.end)] };
  const textFile = pathOf(document.uri);
  await debug.startDebugging(workspace.getWorkspaceFolder(document.uri), {
    ...launch,
    ...weightsOf(model.folder),
    textFile,
    ...range,
  });
}

/**
 * Debug the step that failed: of the run that it is called on, else of the one on show; stopped at the first number that
 * is not finite.
 *
 * @throws UserError where there is none
 */
export async function debugFailedStep({ runs }: Lab, target: unknown): Promise<void> {
  const [run = runs.current?.folder] = targetRuns(target);
  if (run === undefined) throw new UserError(l10n.t('There is no run whose numbers went wrong.'));
  await debug.startDebugging(workspace.workspaceFolders?.[0], {
    ...{ type: debugType, request: 'launch', name: l10n.t('Debug the step that failed') },
    ...{ run, checkpoint: 'failed', program: path.join(run, 'model.rnn'), stopOnEntry: false },
  });
}
