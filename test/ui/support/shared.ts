// One VS Code for all suites that want nothing of it but files and settings: nothing else takes a test so long as a
// window that opens.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { notification, openFile, runCommand } from './actions';
import { deletedFolders, lockOf, runFolders, writeFiles } from './files';
import { readSettings, writeSettings } from './settings';
import { until } from './wait';
import { openVSCode, type Options, type VSCode } from './window';

interface Shared {
  readonly vscode: VSCode;
  /** Its settings before a suite adds any. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How many suites have had it. */
  suites: number;
}

let shared: Shared | undefined;

/** Hands out the window, with nothing in it that another suite has left. */
export async function borrowVSCode(options: Options): Promise<VSCode> {
  shared ??= await openShared();
  try {
    await prepare(shared, options);
  } catch (error) {
    await shared.vscode.keepEvidence(`before suite ${shared.suites}`);
    await discardVSCode();
    throw error;
  }
  return shared.vscode;
}

async function prepare(shared: Shared, { files, open, settings }: Options): Promise<void> {
  const { page, workspace, data } = shared.vscode;
  if (shared.suites++ > 0) await clearWindow(page, data);
  for (const name of fs.readdirSync(workspace)) {
    fs.rmSync(path.join(workspace, name), { recursive: true });
  }
  writeFiles(workspace, files ?? {});
  // A search for a file that begins before VS Code knows of it never finds it.
  const shown = page.locator('.explorer-folders-view .monaco-list-row');
  for (const name of Object.keys(files ?? {})) {
    await shown.getByText(name.split('/')[0]!, { exact: true }).waitFor();
  }
  await writeSettings(page, data, { ...shared.settings, ...settings });
  if (open !== undefined) await openFile(page, open);
}

/** Ends the window: a suite has failed in it, or was the last. */
export async function discardVSCode(): Promise<void> {
  const discarded = shared;
  shared = undefined;
  await discarded?.vscode.close();
}

async function openShared(): Promise<Shared> {
  const vscode = await openVSCode({});
  return { vscode, settings: await readSettings(vscode.data), suites: 0 };
}

/** Stops what is trained, deletes all runs, and closes all that is open. */
async function clearWindow(page: Page, data: string): Promise<void> {
  await page.keyboard.press('Escape');
  if (lockOf(data) !== undefined) {
    await runCommand(page, 'RNN Lab: Stop training');
    await until('the training has ended', () => lockOf(data) === undefined);
  }
  await closeEditors(page);
  await deleteRuns(page, data);
  await runCommand(page, 'Notifications: Clear All Notifications');
  if (await page.locator('.part.panel').isVisible()) await page.keyboard.press('Control+j');
  await runCommand(page, 'View: Show Explorer');
}

async function closeEditors(page: Page): Promise<void> {
  await runCommand(page, 'View: Close All Editors');
  const unsaved = page.locator('.monaco-dialog-box').getByText("Don't Save", { exact: true });
  const tabs = page.locator('.tabs-container .tab');
  await until('all editors are closed', async () => {
    if (await unsaved.isVisible()) await unsaved.click();
    return (await tabs.count()) === 0;
  });
}

async function deleteRuns(page: Page, data: string): Promise<void> {
  const folders = runFolders(data);
  if (folders.length > 0) {
    await runCommand(page, 'RNN Lab: Delete run');
    const all = page
      .locator('.quick-input-widget:visible .quick-input-header')
      .getByRole('checkbox');
    await all.click();
    await page.keyboard.press('Enter');
    await until('all runs are deleted', () => runFolders(data).length === 0);
    // It comes after them, and would be there for the next suite.
    await notification(page, /Deleted /);
  }
  // They could still be taken back.
  for (const folder of deletedFolders(data)) fs.rmSync(folder, { recursive: true });
}
