import * as path from 'node:path';
import {
  commands,
  env,
  l10n,
  ProgressLocation,
  QuickPickItemKind,
  UIKind,
  Uri,
  window,
  workspace,
} from 'vscode';
import {
  exportFormatNames,
  exportFormats,
  isFolderFormat,
  isModelFormat,
  type ExportFormat,
  type ExportFormatName,
  type ExportSubject,
} from '../../core/exports/formats';
import { beginning } from '../../core/beginning';
import type { DescribeResult, ExportResult } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import type { Lab } from '../lab';
import { UserError, type Action } from '../notify';
import { readDocument, sourceOf } from '../runs/folder';
import { targetRuns } from '../runs/target';
import { translated } from '../translate';
import { askAll, choose, lastUsed, type Answer, type Choice, type Place } from './ask';
import { runFor } from './pick-run';

/** Where the last answers are, for this workspace. */
const memory = { format: 'exportFormat', folder: 'exportFolder' };

/** A larger file is not offered to be opened as text; bytes. */
const largestShown = 5_000_000;

type OfferedCheckpoint = DescribeResult['checkpoints'][number];

/** What is exported. */
export interface ExportChoice {
  readonly format: ExportFormatName;
  /** Of a model; undefined: the only one there is. */
  readonly checkpoint?: OfferedCheckpoint;
}

/** Export…: the model of a run, or what it has measured, to a file that is asked for. */
export async function exportRun(lab: Lab, target: unknown): Promise<void> {
  const folder = await runToExport(lab, target);
  if (folder === undefined) return;
  const run = await lab.engine.start({ kind: 'describe', run: folder }).result;
  const choice = await askWhat(lab, run);
  if (choice) await exportAs(lab, folder, run, choice);
}

/** Train elsewhere…: the run as a folder that PyTorch trains further, on as many machines as there are. */
export async function trainElsewhere(lab: Lab, target: unknown): Promise<void> {
  const folder = await runToExport(lab, target);
  if (folder === undefined) return;
  const run = await lab.engine.start({ kind: 'describe', run: folder }).result;
  if (run.summary.task !== null) {
    throw new UserError(l10n.t('Only models of texts can be trained elsewhere.'));
  }
  if (run.checkpoints.length === 0) {
    throw new UserError(
      l10n.t('There is nothing to export yet. Try again when the first step is done.'),
    );
  }
  await exportAs(lab, folder, run, { format: 'pytorch' });
}

async function exportAs(
  lab: Lab,
  folder: string,
  run: DescribeResult,
  choice: ExportChoice,
): Promise<void> {
  const file = await askWhere(lab, run, choice.format);
  if (!file) return;
  const { bytes, hasText } = await writeExport(lab, folder, choice, file);
  const name = path.posix.basename(file.path);
  const actions = [...opening(file, choice.format, bytes), ...revealing(file)];
  const size = sizeText(bytes);
  lab.notifier.info(
    hasText === false
      ? l10n.t(
          'Exported {0} ({1}) without the run’s text, which was not found: train.py needs it as --text FILE.',
          name,
          size,
        )
      : l10n.t('Exported {0} ({1}).', name, size),
    ...actions,
  );
}

/** `39 kB`, `1.2 MB` */
function sizeText(bytes: number): string {
  const [unit, size] = bytes < 1e6 ? (['kilobyte', 1e3] as const) : (['megabyte', 1e6] as const);
  const options = { style: 'unit', unit, maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(env.language, options).format(bytes / size);
}

/** The one that a menu calls it on, that on show, else one that is picked. */
async function runToExport(lab: Lab, target: unknown): Promise<string | undefined> {
  return (
    targetRuns(target)[0] ??
    lab.runs.current?.folder ??
    (await runFor(lab, undefined, {
      title: l10n.t('Export'),
      placeholder: l10n.t('Which run?'),
      none: l10n.t('There is no run yet. Train one first: “Train RNN on this file”.'),
    }))
  );
}

async function askWhat(lab: Lab, run: DescribeResult): Promise<ExportChoice | undefined> {
  const last = lab.memento.get<ExportFormatName>(memory.format);
  const formats = offeredFormats(run);
  if (formats.length === 0) {
    throw new UserError(
      l10n.t('There is nothing to export yet. Try again when the first step is done.'),
    );
  }
  const ask = async (before: ExportChoice, place: Place): Promise<Answer<ExportChoice>> => {
    const format = await choose<ExportFormatName>({
      ...place,
      title: l10n.t('Export {0}', run.summary.title ?? run.summary.name),
      placeholder: l10n.t('What should be exported?'),
      choices: formatChoices(formats, last),
      isActive: (name) => name === before.format,
    });
    return typeof format === 'string' ? { ...before, format } : format;
  };
  const askCheckpoint = async (
    before: ExportChoice,
    place: Place,
  ): Promise<Answer<ExportChoice>> => {
    // A folder has both checkpoints, and goes on from the last.
    if (!isModelFormat(before.format) || isFolderFormat(before.format))
      return { format: before.format };
    const checkpoint = await choose<OfferedCheckpoint>({
      ...place,
      title: l10n.t('Export {0}', run.summary.title ?? run.summary.name),
      placeholder: l10n.t('The model after which step?'),
      choices: checkpointChoices(run),
      isActive: (which) => which === (before.checkpoint ?? 'best'),
    });
    return typeof checkpoint === 'string' ? { ...before, checkpoint } : checkpoint;
  };
  const first = { format: last ?? formats[0]! };
  const steps = checkpointChoices(run).length > 1 ? [ask, askCheckpoint] : [ask];
  const choice = await askAll<ExportChoice>(first, steps);
  if (choice) await lab.memento.update(memory.format, choice.format);
  return choice;
}

function offeredFormats({ checkpoints, history, summary }: DescribeResult): ExportFormatName[] {
  const isThere: Readonly<Record<ExportSubject, boolean>> = {
    model: checkpoints.length > 0,
    metrics: history.metrics.step.length > 0,
  };
  return exportFormatNames.filter((name) => {
    const { of, ofTexts = false }: ExportFormat = exportFormats[name];
    return isThere[of] && !(ofTexts && summary.task !== null);
  });
}

function formatChoices(
  names: readonly ExportFormatName[],
  last: ExportFormatName | undefined,
): Choice<ExportFormatName>[] {
  const heading = (label: string) => ({ label, kind: QuickPickItemKind.Separator });
  const choicesOf = (subject: ExportSubject) =>
    names
      .filter((name) => exportFormats[name].of === subject)
      .map((name) => {
        const { label, description: detail } = exportFormats[name];
        const description = name === last ? lastUsed() : '';
        return { label, description, detail: translated(detail), value: name };
      });
  const [model, metrics] = [choicesOf('model'), choicesOf('metrics')];
  return [
    ...(model.length > 0 ? [heading(l10n.t('Model')), ...model] : []),
    ...(metrics.length > 0 ? [heading(l10n.t('Measurements')), ...metrics] : []),
  ];
}

/** Those on the disk; of two that are the same step one. */
function checkpointChoices({
  checkpoints,
  summary,
  history,
}: DescribeResult): Choice<OfferedCheckpoint>[] {
  const format = formatFor(env.language);
  const { step: steps, validationLoss, best } = history.evaluations;
  const bestRow = best.lastIndexOf(1);
  const bestStep = steps[bestRow];
  if (bestStep === undefined || bestStep === summary.step || checkpoints.length < 2) {
    return checkpoints.slice(0, 1).map((value) => ({ label: value, value }));
  }
  return [
    {
      label: l10n.t('The best, after step {0}', format.count(bestStep)),
      detail: l10n.t(
        'Validation loss {0} nats/token, the lowest so far',
        format.loss(validationLoss[bestRow]!),
      ),
      value: 'best',
    },
    {
      label: l10n.t('The last, after step {0}', format.count(summary.step)),
      detail: l10n.t('As it is now'),
      value: 'last',
    },
  ];
}

async function askWhere(
  { memento }: Lab,
  { summary }: DescribeResult,
  format: ExportFormatName,
): Promise<Uri | undefined> {
  const { label, extension } = exportFormats[format];
  const remembered = memento.get<string>(memory.folder);
  const parent =
    remembered === undefined ? workspace.workspaceFolders?.[0]?.uri : Uri.parse(remembered);
  const isFolder = isFolderFormat(format);
  const name = `${fileName(summary)}${isFolder ? `-${format}` : `.${extension}`}`;
  const file = await window.showSaveDialog({
    title: isFolder ? l10n.t('Export to a new folder') : l10n.t('Export'),
    saveLabel: l10n.t('Export'),
    ...(!isFolder && { filters: { [label]: [extension] } }),
    ...(parent && { defaultUri: Uri.joinPath(parent, name) }),
  });
  if (file) await memento.update(memory.folder, Uri.joinPath(file, '..').toString());
  return file;
}

/** Of a name, in UTF-8: the most that every file system takes is 255, with what comes behind it. */
const longestName = 200;

/** `hamlet-lstm`, without what a file's name may not hold somewhere. */
function fileName({ title, name, cell }: DescribeResult['summary']): string {
  const stem = (file: string) => path.basename(file.replaceAll('\\', '/'), path.extname(file));
  const wanted = title ?? `${stem(name)}-${stem(cell)}`;
  return beginning(wanted.replace(/[\s\p{C}"*/:<>?\\|]+/gu, '-'), longestName);
}

/** Writes an export; where the engine has no files, it gives the contents and VS Code writes them. */
export async function writeExport(
  { engine }: Lab,
  run: string,
  choice: ExportChoice,
  file: Uri,
): Promise<ExportResult> {
  const title = l10n.t('RNN Lab: exporting');
  return window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    const document = isFolderFormat(choice.format) ? await readDocument(run) : undefined;
    const text = document && { text: sourceOf(document) };
    const request = { kind: 'export', run, ...choice, ...text } as const;
    if (file.scheme === 'file') {
      return engine.start({ ...request, path: file.fsPath }).result;
    }
    const result = await engine.start(request).result;
    try {
      await workspace.fs.writeFile(file, result.contents ?? new Uint8Array());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const name = path.posix.basename(file.path);
      throw new UserError(l10n.t('{0} cannot be written: {1}', name, reason.replace(/\.?$/, '.')));
    }
    return result;
  });
}

function opening(file: Uri, format: ExportFormatName, bytes: number): Action[] {
  if (!exportFormats[format].isText || bytes > largestShown) return [];
  return [{ title: l10n.t('Open'), run: () => window.showTextDocument(file) }];
}

/** In the explorer, where it shows the file; else in the system's own, where there is one. */
function revealing(file: Uri): Action[] {
  const isShown = workspace.getWorkspaceFolder(file) !== undefined;
  const isLocal = file.scheme === 'file' && env.uiKind === UIKind.Desktop && !env.remoteName;
  if (!isShown && !isLocal) return [];
  const command = isShown ? 'revealInExplorer' : 'revealFileInOS';
  return [{ title: l10n.t('Reveal'), run: () => commands.executeCommand(command, file) }];
}
