import { window, type TextDocument, type TextEditor } from 'vscode';

/** Documents that are no texts of the user's: outputs, boxes for commit messages and comments, consoles. */
const foreign = new Set([
  'output',
  'comment',
  'vscode-scm',
  'debug',
  'vscode-terminal',
  'interactive',
]);

/** Whether a model may read a document on its own. */
export function isText({ uri }: TextDocument): boolean {
  return !foreign.has(uri.scheme);
}

/** The text in front: the active editor's, or one that can be seen while a panel has the focus. */
export function textEditorInFront(): TextEditor | undefined {
  const { activeTextEditor: active, visibleTextEditors } = window;
  if (active && isText(active.document)) return active;
  return visibleTextEditors.find(({ document }) => isText(document));
}
