import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { newNotebookText, notebookOfRun } from '../../core/notebooks/write';
import { writeWhole } from '../../files/write';
import { runFor } from '../commands/pick-run';
import { noRuns } from '../commands/runs';
import { textEditorInFront } from '../documents';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { exists, readDocument, type KeptDocument } from '../runs/folder';

/** New notebook…: asks where, and opens one with an experiment over the text in front, ready to be run. */
export async function newNotebook(): Promise<void> {
  const front = textEditorInFront()?.document.uri;
  const text = front?.scheme === 'file' ? front.fsPath : undefined;
  const file = await askWhere('experiment', text);
  if (file === undefined) return;
  const words = {
    title: l10n.t('Which cell learns more in the same time?'),
    question: l10n.t(
      'Say here what is asked, and what you expect. The experiment below trains two cells with three seeds each.',
    ),
    sample: l10n.t('What the best of them writes:'),
  };
  const data = text === undefined ? 'text.txt' : relative(file, text);
  await open(file, newNotebookText(words, data));
}

/**
 * Make this run a notebook…: an experiment that trains the same again, on any machine that has the notebook and the text.
 * @throws UserError where its text was not kept
 */
export async function makeNotebook(lab: Lab, target: unknown): Promise<void> {
  const folder =
    target === undefined && lab.runs.current
      ? lab.runs.current.folder
      : await runFor(lab, target, {
          title: l10n.t('Make a run a notebook'),
          placeholder: l10n.t('Which run should the notebook ask for again?'),
          none: noRuns(),
        });
  if (folder === undefined) return;
  const { facts, title } = await lab.runs.read(folder);
  const document = await readDocument(folder);
  if (document === undefined) {
    throw new UserError(
      l10n.t(
        'The text of this run, {0}, was not kept with it, so that no notebook can ask for it.',
        facts.name,
      ),
    );
  }
  const kept = await fileOf(document);
  const file = await askWhere(path.parse(facts.name).name, kept);
  if (file === undefined) return;
  const data = kept ?? (await writeBeside(file, document));
  const words = {
    title: title ?? facts.name,
    question: l10n.t('The run again, from its equations, its text, its settings and its seed.'),
    sample: l10n.t('What it writes:'),
  };
  const { cell, settings, task } = facts;
  const canSample = task === undefined;
  await open(file, notebookOfRun(words, { cell, settings, data: relative(file, data), canSample }));
}

/** The file of a run's text, where it is what the run learnt. */
async function fileOf(document: KeptDocument): Promise<string | undefined> {
  if ('path' in document) return document.path;
  const uri = Uri.parse(document.uri);
  if (uri.scheme !== 'file') return undefined;
  const text = await fs.readFile(uri.fsPath, 'utf8').catch(() => undefined);
  return text === document.text ? uri.fsPath : undefined;
}

/** A text that was never saved, or was changed since. */
async function writeBeside(notebook: string, document: KeptDocument): Promise<string> {
  const text = 'text' in document ? document.text : '';
  const extension = path.extname(document.name) === '' ? '.txt' : path.extname(document.name);
  const stem = notebook.replace(/\.rnnlab\.md$/, '');
  for (let number = 1; ; number++) {
    const file = `${stem}${number === 1 ? '' : `-${number}`}${extension}`;
    const there = await fs.readFile(file, 'utf8').catch(() => undefined);
    if (there === text) return file;
    if (there !== undefined || (await exists(file))) continue;
    await writeWhole(file, text);
    return file;
  }
}

/** @param beside a file in whose folder it is proposed */
async function askWhere(name: string, beside: string | undefined): Promise<string | undefined> {
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
  const parent = beside === undefined ? folder : path.dirname(beside);
  const proposed = `${name}.rnnlab.md`;
  const chosen = await window.showSaveDialog({
    title: l10n.t('New notebook'),
    saveLabel: l10n.t('Create'),
    filters: { [l10n.t('Lab notebook')]: ['rnnlab.md', 'md'] },
    defaultUri: Uri.file(parent === undefined ? proposed : path.join(parent, proposed)),
  });
  if (chosen === undefined) return undefined;
  if (chosen.scheme !== 'file') {
    throw new UserError(
      l10n.t('Choose a folder of this machine: the runs are kept beside the notebook.'),
    );
  }
  const file = `${chosen.fsPath.replace(/(?:\.rnnlab)?(?:\.md)?$/, '')}.rnnlab.md`;
  // The dialog has asked about the name that was chosen, not about the one that is written.
  if (file !== chosen.fsPath && (await exists(file))) {
    throw new UserError(l10n.t('{0} is there already. Choose another name.', path.basename(file)));
  }
  return file;
}

function relative(notebook: string, file: string): string {
  return path.relative(path.dirname(notebook), file).replaceAll(path.sep, '/');
}

async function open(file: string, text: string): Promise<void> {
  await writeWhole(file, text);
  const notebook = await workspace.openNotebookDocument(Uri.file(file));
  await window.showNotebookDocument(notebook);
}
