import * as path from 'node:path';
import { debug, l10n, window, workspace } from 'vscode';
import { debugType, launchOf } from '../debugger/debugger';
import { pathOf } from '../debugger/open';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { textEditorInFront } from '../documents';
import { inputsAt, truthAt } from '../rows/rows';
import { canPredict, knownRun } from '../runs/run';
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
export async function debugText(
  { choice, runs }: Pick<Lab, 'choice' | 'runs'>,
  target: unknown,
): Promise<void> {
  const [run] = targetRuns(target);
  if (run !== undefined && answersExamples(runs, run)) {
    await debugRow({ choice, runs }, target);
    return;
  }
  const launch = {
    type: debugType,
    request: 'launch',
    name: l10n.t('Debug this text with the model'),
  };
  if (run !== undefined) {
    await debug.startDebugging(workspace.workspaceFolders?.[0], {
      ...launch,
      ...weightsOf(runs, run),
    });
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
    ...weightsOf(runs, model.folder),
    textFile,
    ...range,
  });
}

/** As the panel looks at the model. */
function weightsOf(runs: Lab['runs'], folder: string) {
  const checkpoint = knownRun(runs, folder)?.traveled;
  return { run: folder, ...(checkpoint === undefined ? {} : { checkpoint }) };
}

function answersExamples(runs: Lab['runs'], folder: string): boolean {
  const known = knownRun(runs, folder);
  if (known) return known.facts.task !== undefined;
  return runs.lines.some((line) => line.folder === folder && line.canPredict);
}

/**
 * Debug this row with the model: the row or line of the cursor, with the run that it is called on, the one that has learnt
 * the file, or the one on show.
 *
 * @throws UserError where there is no run, or no row
 */
export async function debugRow(
  { choice, runs }: Pick<Lab, 'choice' | 'runs'>,
  target: unknown,
): Promise<void> {
  const editor = textEditorInFront();
  const { current } = runs;
  const [run] = targetRuns(target);
  const folder =
    run ??
    (editor && (await choice.answererOf(editor.document))) ??
    (current && canPredict(current) ? current.folder : undefined);
  if (folder === undefined) {
    throw new UserError(
      l10n.t('There is no model of examples yet. Train one on a data file first.'),
    );
  }
  if (!editor) {
    throw new UserError(l10n.t('Open a data file, and put the cursor on the row to go through.'));
  }
  const { document, selection } = editor;
  const { line } = selection.active;
  const task = knownRun(runs, folder)?.facts.task;
  const cells = task && task.horizon === undefined ? inputsAt(document, line, task) : undefined;
  const truth = cells && task && truthAt(document, line, task);
  await debug.startDebugging(workspace.getWorkspaceFolder(document.uri), {
    ...{ type: debugType, request: 'launch', name: l10n.t('Debug this row with the model') },
    ...{ ...weightsOf(runs, folder), textFile: pathOf(document.uri) },
    ...(cells ? { input: cells, ...(truth && { target: truth }) } : { row: line + 1 }),
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
