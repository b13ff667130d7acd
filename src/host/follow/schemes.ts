import { workspace } from 'vscode';

/** Files, texts that have not been saved yet, and files of virtual workspaces such as GitHub's. */
const known: readonly string[] = ['file', 'untitled', 'vscode-vfs', 'vscode-remote'];

/**
 * Whether documents of a scheme are the user's own texts, rather than commit messages, outputs, comments, cells or
 * what extensions make up.
 */
export function isDocumentScheme(scheme: string): boolean {
  const folders = workspace.workspaceFolders ?? [];
  return known.includes(scheme) || folders.some(({ uri }) => uri.scheme === scheme);
}
