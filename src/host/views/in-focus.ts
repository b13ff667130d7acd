import { commands, type TreeView } from 'vscode';

/**
 * What a key in a tree view is about, as in the Explorer: all that is selected where the line in focus is among it, else
 * that line alone. VS Code tells an extension of the selection only; adding the line in focus to it, and taking it out
 * again, tells which that is.
 */
export async function inFocus<T>(view: TreeView<T>): Promise<readonly T[]> {
  const before = view.selection;
  await commands.executeCommand('list.toggleSelection');
  const after = view.selection;
  await commands.executeCommand('list.toggleSelection');
  const added = after.filter((element) => !before.includes(element));
  return added.length > 0 ? added : before;
}
