import { TabInputText, window, type Uri } from 'vscode';

/** Whether a text has a tab: VS Code keeps documents for a while whose tabs are closed. */
export function isInTab(uri: Uri): boolean {
  const address = uri.toString();
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === address),
  );
}
