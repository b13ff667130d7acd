import { window, workspace, type Disposable, type TextDocument, type TextEditor } from 'vscode';

/** Documents that are no texts of the user's: outputs, boxes for commit messages and comments, consoles. */
const foreign = new Set([
  'output',
  'comment',
  'vscode-scm',
  'debug',
  'vscode-terminal',
  'interactive',
]);
/** Files, texts that have not been saved yet, and files of virtual workspaces such as GitHub's. */
const own: readonly string[] = ['file', 'untitled', 'vscode-vfs', 'vscode-remote'];

/** Whether documents of a scheme are texts to train on and to look at. */
export function isTextScheme(scheme: string): boolean {
  return !foreign.has(scheme);
}

/**
 * Whether documents of a scheme are the user's own texts, to be completed without having been asked, rather than
 * commit messages, outputs, comments, cells or what extensions make up.
 */
export function isDocumentScheme(scheme: string): boolean {
  const folders = workspace.workspaceFolders ?? [];
  return own.includes(scheme) || folders.some(({ uri }) => uri.scheme === scheme);
}

export function isText({ uri }: TextDocument): boolean {
  return isTextScheme(uri.scheme);
}

/** The editor of a text that had the focus last. */
let last: TextEditor | undefined;

/** Remembers which editor of a text had the focus last, until it is disposed of. */
export function rememberFront(): Disposable {
  const remember = (editor: TextEditor | undefined) => {
    if (editor && isText(editor.document)) last = editor;
  };
  remember(window.activeTextEditor);
  return window.onDidChangeActiveTextEditor(remember);
}

/** The text in front: the active editor's, or, while a panel has the focus, the one that had it last and can be seen. */
export function textEditorInFront(): TextEditor | undefined {
  const { activeTextEditor: active, visibleTextEditors } = window;
  if (active && isText(active.document)) return active;
  if (last && visibleTextEditors.includes(last)) return last;
  return visibleTextEditors.find(({ document }) => isText(document));
}

/** UTF-16 units, found without a copy of the text. */
export function lengthOf(document: TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}
