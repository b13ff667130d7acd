import * as path from 'node:path';
import {
  commands,
  FileSystemError,
  FileType,
  l10n,
  TabInputText,
  Uri,
  window,
  workspace,
  type FileStat,
  type TextDocument,
} from 'vscode';
import { examineText, largestText, type Examined } from '../../core/data/text';
import { hexOf } from '../../core/data/utf8';
import { isText, isTextScheme } from '../documents';
import { UserError, type Action, type Notifier } from '../notify';
import type { KeptDocument } from '../runs/folder';
import { isReadInPlace, overridesBeside } from './data-file';
import { selectedText } from './selection';

/** Of a larger file that the engine can read by itself no copy is kept with every run; bytes. */
const largestCopy = 8 * 2 ** 20;
/** What has to be decoded here: a string holds not much more. */
const largestDecoded = 256 * 2 ** 20;

/**
 * What a command is about: what it was called on, else the document of the active editor, else that of an
 * editor on show (the panel may have the focus), else of the last tab with a text (the walkthrough may cover
 * it).
 *
 * @throws UserError where there is none
 */
export function addressFor(target: unknown): Uri {
  if (target instanceof Uri) return target;
  const active = window.activeTextEditor?.document;
  if (active && isText(active)) return active.uri;
  // A file that is too large to be shown to extensions has a tab and no editor.
  const { input } = window.tabGroups.activeTabGroup.activeTab ?? {};
  if (hasUri(input) && isTextScheme(input.uri.scheme)) return input.uri;
  const visible = window.visibleTextEditors.map(({ document }) => document).find(isText);
  if (visible) return visible.uri;
  const hidden = window.tabGroups.all
    .flatMap(({ tabs }) => tabs.map(({ input: other }) => other))
    .findLast((other) => other instanceof TabInputText);
  if (hidden) return hidden.uri;
  throw new UserError(l10n.t('There is no text to train on. Open a text file, then try again.'), [
    {
      title: l10n.t('Open file…'),
      run: () => commands.executeCommand('workbench.action.files.openFile'),
    },
    {
      title: l10n.t('Open a sample…'),
      run: () => commands.executeCommand('rnnLab.openSample'),
    },
  ]);
}

function hasUri(input: unknown): input is { readonly uri: Uri } {
  return typeof input === 'object' && input !== null && 'uri' in input && input.uri instanceof Uri;
}

/**
 * A text to train on: as the editor has it, where it is open; a large local file is left to the engine.
 * No editor opens.
 *
 * @throws UserError for a folder that is not on this computer, and for what is missing, too large, empty, binary or not UTF-8
 */
export async function readText(uri: Uri, notifier: Notifier): Promise<KeptDocument> {
  const document = await readContent(uri, notifier);
  const overrides = await overridesBeside(uri);
  return overrides === undefined ? document : { ...document, overrides };
}

async function readContent(uri: Uri, notifier: Notifier): Promise<KeptDocument> {
  // A cell has the notebook's name, but only a part of its text; the file has all, and what it put out besides.
  if (uri.scheme === 'vscode-notebook-cell' || uri.path.endsWith('.ipynb')) {
    throw new UserError(
      l10n.t(
        '{0} is a notebook, which is no text to train on. Export it as a script or as Markdown, and train on that; or select text in a cell, and choose “Train RNN on this selection”.',
        nameOf(uri),
      ),
    );
  }
  const open = workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open && (open.isUntitled || open.isDirty)) return fromDocument(open, notifier);
  const name = nameOf(uri);
  const stat = await statOf(uri, name);
  if (!stat) {
    if (open) return fromDocument(open, notifier);
    throw new UserError(
      l10n.t('There is no file {0}. It may have been moved or deleted; choose another text.', name),
    );
  }
  refuse(stat, uri, name);
  const inPlace = { uri: uri.toString(), name, path: uri.fsPath };
  // A folder of images is for the engine, which tells where there are none.
  if (isFolder(stat) || (uri.scheme === 'file' && (await isReadInPlace(uri.fsPath))))
    return inPlace;
  const isUtf8 = (open?.encoding ?? configuredEncoding(uri)).startsWith('utf8');
  if (uri.scheme === 'file' && isUtf8 && stat.size > largestCopy) {
    return inPlace;
  }
  if (open) return fromDocument(open, notifier);
  if (stat.size > largestDecoded) throw undecodable(stat.size, name);
  return { uri: uri.toString(), name, text: await decode(uri, name, isUtf8) };
}

/** What is selected in the active editor; of several selections, one below the other. Of a data file it is rows. */
export async function readSelection(notifier: Notifier): Promise<KeptDocument> {
  const editor = window.activeTextEditor;
  const selections = (editor?.selections ?? [])
    .filter(({ isEmpty }) => !isEmpty)
    .toSorted((a, b) => a.start.compareTo(b.start));
  const [first] = selections;
  const last = selections.at(-1);
  if (!editor || !first || !last) {
    throw new UserError(
      l10n.t('Nothing is selected. Select the text to train on, then try again.'),
    );
  }
  const { document } = editor;
  // A selection that ends where a line begins has nothing of that line.
  const lastLine = last.end.character === 0 ? last.end.line : last.end.line + 1;
  const name = l10n.t(
    '{0}, lines {1}–{2}',
    nameOf(document.uri),
    first.start.line + 1,
    Math.max(lastLine, first.start.line + 1),
  );
  const { text, format, ranges } = selectedText(document, selections);
  const kept = { ...checked(document, name, text, notifier), ranges };
  if (format === undefined) return kept;
  return { ...kept, overrides: { format, ...(await overridesBeside(document.uri)) } };
}

function fromDocument(document: TextDocument, notifier: Notifier): KeptDocument {
  return checked(document, nameOf(document.uri), document.getText(), notifier);
}

function checked(
  document: TextDocument,
  name: string,
  text: string,
  notifier: Notifier,
): KeptDocument {
  if (text.trim() === '') throw emptyError(name);
  if (text.includes('\0')) throw binaryError(name);
  const broken = text.match(/\uFFFD/g)?.length ?? 0;
  if (broken > 0) {
    const line = text.slice(0, text.indexOf('\uFFFD')).split('\n').length;
    const told =
      broken === 1
        ? l10n.t(
            '{0} contains a character that could not be decoded, on line {1}; it is learnt as “�”.',
            name,
            line,
          )
        : l10n.t(
            '{0} contains {1} characters that could not be decoded, the first on line {2}; they are learnt as “�”.',
            name,
            broken,
            line,
          );
    const hint = l10n.t(
      'If the file has another encoding, reopen it with that encoding and train again.',
    );
    // What no file has was decoded by nobody.
    if (document.isUntitled) notifier.warn(told);
    else notifier.warn(`${told} ${hint}`, reopen(document.uri));
  }
  return { uri: document.uri.toString(), name, text };
}

async function statOf(uri: Uri, name: string): Promise<FileStat | undefined> {
  try {
    return await workspace.fs.stat(uri);
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    // A document of an extension's own scheme has no file.
    if (workspace.fs.isWritableFileSystem(uri.scheme) === undefined) return undefined;
    throw unreadable(name, error);
  }
}

function isFolder({ type }: FileStat): boolean {
  return (type & FileType.Directory) !== 0;
}

function refuse(stat: FileStat, { scheme }: Uri, name: string): void {
  const { size } = stat;
  if (isFolder(stat)) {
    if (scheme === 'file') return;
    throw new UserError(l10n.t('{0} is a folder. Choose a text file in it.', name));
  }
  if (size === 0) throw emptyError(name);
  if (size > largestText) {
    throw new UserError(
      l10n.t(
        '{0} has {1} MB; at most {2} MB can be trained on. Save part of it as a separate file, and train on that.',
        name,
        megabytes(size),
        megabytes(largestText),
      ),
    );
  }
}

function undecodable(size: number, name: string): UserError {
  return new UserError(
    l10n.t(
      '{0} has {1} MB; files that are not UTF-8, or not on this computer, can have at most {2} MB. Save it as UTF-8 on this computer, and train on that.',
      name,
      megabytes(size),
      megabytes(largestDecoded),
    ),
  );
}

function megabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}

/** @throws UserError for what is not text */
async function decode(uri: Uri, name: string, isUtf8: boolean): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await workspace.fs.readFile(uri);
  } catch (error) {
    throw unreadable(name, error);
  }
  if (isUtf8) return textOf(examineText(bytes), uri, name);
  try {
    const text = await workspace.decode(bytes, { uri });
    if (text.trim() === '') throw emptyError(name);
    return text;
  } catch (error) {
    throw error instanceof UserError ? error : binaryError(name);
  }
}

function textOf(examined: Examined, uri: Uri, name: string): string {
  switch (examined.kind) {
    case 'text':
      if (examined.text.trim() === '') throw emptyError(name);
      return examined.text;
    case 'empty':
      throw emptyError(name);
    case 'binary':
      throw examined.looksLikeUtf16
        ? new UserError(
            l10n.t(
              '{0} looks like UTF-16 without a byte order mark. Save it as UTF-8, then train.',
              name,
            ),
            [reopen(uri)],
          )
        : binaryError(name);
    case 'invalid': {
      const { first, count } = examined;
      const problem = l10n.t(
        '{0} is not UTF-8: {1} bytes are invalid, the first is {2} on line {3}. Reopen it with its real encoding and train again, or save it as UTF-8.',
        name,
        count,
        hexOf(first.value),
        first.line,
      );
      throw new UserError(problem, [reopen(uri)]);
    }
  }
}

function emptyError(name: string): UserError {
  return new UserError(l10n.t('{0} is empty. Write or paste some text into it, then train.', name));
}

function binaryError(name: string): UserError {
  return new UserError(
    l10n.t(
      '{0} is not a text file: it contains zero bytes. Train on a text file saved as UTF-8.',
      name,
    ),
  );
}

function unreadable(name: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError(l10n.t('{0} cannot be read: {1}', name, reason.replace(/\.?$/, '.')));
}

function reopen(uri: Uri): Action {
  return {
    title: l10n.t('Reopen with encoding'),
    run: async () => {
      await window.showTextDocument(uri);
      await commands.executeCommand('workbench.action.editor.changeEncoding');
    },
  };
}

/** How VS Code would decode the file: `utf8`, `utf8bom`, `gbk`. */
function configuredEncoding(uri: Uri): string {
  return workspace.getConfiguration('files', uri).get('encoding', 'utf8');
}

function nameOf(uri: Uri): string {
  return path.posix.basename(uri.path);
}
