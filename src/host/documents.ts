import { window, workspace, type TextDocument, type TextEditor } from 'vscode';

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

/** The text in front: the active editor's, or one that can be seen while a panel has the focus. */
export function textEditorInFront(): TextEditor | undefined {
  const { activeTextEditor: active, visibleTextEditors } = window;
  if (active && isText(active.document)) return active;
  return visibleTextEditors.find(({ document }) => isText(document));
}

/** UTF-16 units, found without a copy of the text. */
export function lengthOf(document: TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}
