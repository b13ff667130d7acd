import { l10n, Uri, window, workspace, type TextEditor } from 'vscode';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { readDocument } from '../runs/folder';
import { insertInto, placeCursor, refuseReadOnly } from './insertion';
import {
  configuredOptions,
  generate,
  runToSample,
  withProgress,
  type SampleOptions,
} from './sampling';

/** Of the text before the cursor, as much as a model can make use of; UTF-16 units. */
const longestContext = 2000;

/**
 * Sample from the model: streams text into an untitled document, after the selection if there is one,
 * else after the setting `rnnLab.sampling.prime`. Closing the document ends it.
 */
export async function sample(lab: Lab, target: unknown): Promise<void> {
  const run = await runToSample(lab, target);
  const editor = window.activeTextEditor;
  const options = configuredOptions(lab, editor?.document.uri);
  const selected = selectionOf(editor);
  await sampleIntoDocument(lab, run, { ...options, prime: selected || options.prime });
}

/** Sample at the cursor: goes on with the text before it, or with the selection. */
export async function sampleAtCursor(lab: Lab): Promise<void> {
  const run = await runToSample(lab);
  const editor = editorToWriteIn();
  const options = configuredOptions(lab, editor.document.uri);
  const { document, selection } = editor;
  const end = document.offsetAt(selection.end);
  const before = document.getText().slice(Math.max(0, end - longestContext), end);
  const prime = selectionOf(editor) || before || options.prime;
  await sampleIntoEditor(lab, run, editor, { ...options, prime });
}

/** Sample with options…: asks for each, then samples where it is wanted. */
export async function sampleWithOptions(lab: Lab, target: unknown): Promise<void> {
  const run = await runToSample(lab, target);
  const editor = window.activeTextEditor;
  const { askSampleOptions } = await import('./sample-options');
  const asked = await askSampleOptions(
    lab,
    configuredOptions(lab, editor?.document.uri),
    selectionOf(editor),
    editor !== undefined,
  );
  if (!asked) return;
  const { into, ...options } = asked;
  if (into === 'cursor') await sampleIntoEditor(lab, run, editor ?? editorToWriteIn(), options);
  else await sampleIntoDocument(lab, run, options);
}

function selectionOf(editor: TextEditor | undefined): string {
  return editor?.document.getText(editor.selection) ?? '';
}

function editorToWriteIn(): TextEditor {
  const editor = window.activeTextEditor;
  if (editor) return editor;
  throw new UserError(l10n.t('There is no cursor to write at. Click into a text, then try again.'));
}

async function sampleIntoDocument(lab: Lab, run: string, options: SampleOptions): Promise<void> {
  const content = options.prime;
  const language = await languageOf(run);
  const document = await workspace.openTextDocument({ content, language });
  const editor = await window.showTextDocument(document, lab.panel.otherColumn());
  await stream(lab, run, editor, document.getText().length, options);
}

/** The language of the text that a run has learnt, where that is there to tell; else plain text. */
async function languageOf(run: string): Promise<string> {
  const plain = 'plaintext';
  const kept = await readDocument(run);
  if (!kept) return plain;
  const open = workspace.textDocuments.find(({ uri }) => uri.toString() === kept.uri);
  if (open) return open.languageId;
  // One that is too large to be kept is too large to be opened only for this.
  if ('path' in kept) return plain;
  try {
    return (await workspace.openTextDocument(Uri.parse(kept.uri))).languageId;
  } catch {
    return plain;
  }
}

async function sampleIntoEditor(
  lab: Lab,
  run: string,
  editor: TextEditor,
  options: SampleOptions,
): Promise<void> {
  await refuseReadOnly(editor.document);
  await stream(lab, run, editor, editor.document.offsetAt(editor.selection.end), options);
}

async function stream(
  lab: Lab,
  run: string,
  editor: TextEditor,
  offset: number,
  options: SampleOptions,
): Promise<void> {
  await withProgress(async (control) => {
    const insertion = insertInto(editor.document, offset, control.stop);
    placeCursor(editor, offset);
    try {
      await generate(lab, run, options, control, insertion.write);
    } finally {
      await insertion.end().finally(insertion.dispose);
    }
  });
}
