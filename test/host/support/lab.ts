import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Lab } from '../../../src/host/lab';

/** What the extension gave when it was activated. */
export async function activeLab(): Promise<Lab> {
  const extension = vscode.extensions.getExtension<Lab>('rnn-lab.rnn-lab');
  assert.ok(extension, 'the extension is not there');
  return extension.activate();
}

/** Only ends what hangs, ms. */
const patience = 120_000;

/** A text that a small model learns something of: every symbol follows from the one before. */
export const alphabet = 'the quick brown fox jumps over the lazy dog. '.repeat(100);

/** Opens an untitled document. */
export async function openUntitled(content: string): Promise<vscode.TextDocument> {
  const open = () => vscode.workspace.openTextDocument({ content, language: 'plaintext' });
  let document = await open();
  // The name of one that was closed a moment ago is taken again, and may still lead to its text.
  for (const end = Date.now() + patience; document.getText() !== content;) {
    if (Date.now() > end) throw new Error('No untitled document has the text that it was given.');
    document = await open();
  }
  await vscode.window.showTextDocument(document);
  return document;
}

/** Sets `rnnLab.*` settings for a suite, and takes them back after it. */
export function useSettings(settings: Readonly<Record<string, unknown>>): void {
  before(() => setAll(settings));
  after(() => setAll(Object.fromEntries(Object.keys(settings).map((key) => [key, undefined]))));
}

async function setAll(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('rnnLab');
  for (const [key, value] of Object.entries(settings)) {
    await configuration.update(key, value, vscode.ConfigurationTarget.Global);
  }
}

/** A model so small that a step takes well under a millisecond. */
export const tiny = {
  'model.hidden': 16,
  'training.batch': 4,
  'training.sequence': 16,
  'training.threads': 1,
};

/**
 * Waits until something holds.
 *
 * @throws {Error} naming it, where it does not within two minutes
 */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The button that answers the next notification that has it. */
let pressed: string | undefined;

/** @returns what presses a button of the next notification, within a suite that uses `useNotifications` */
export function useButtons(): (title: string) => void {
  afterEach(() => {
    pressed = undefined;
  });
  return (title) => {
    pressed = title;
  };
}

/** Collects the notifications of a suite; none of them is shown, and none answered but by `useButtons`. */
export function useNotifications(): readonly string[] {
  const shown: string[] = [];
  const { window } = vscode;
  const { showErrorMessage, showWarningMessage } = window;

  before(() => {
    const collect = (message: string, ...titles: unknown[]) => {
      shown.push(message);
      return Promise.resolve(titles.find((title) => title === pressed));
    };
    Object.assign(window, { showErrorMessage: collect, showWarningMessage: collect });
  });
  beforeEach(() => {
    shown.length = 0;
  });
  after(() => {
    Object.assign(window, { showErrorMessage, showWarningMessage });
  });
  return shown;
}

/** Closes all editors without asking whether to save. */
export async function closeAll(): Promise<void> {
  for (const group of vscode.window.tabGroups.all) {
    for (const tab of group.tabs) {
      if (tab.isDirty && tab.input instanceof vscode.TabInputText) {
        await vscode.window.showTextDocument(tab.input.uri);
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      }
    }
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  // The window is ahead of what it tells extensions: the next editor must not be taken for one of these.
  const { window } = vscode;
  await until('all editors are closed', () => {
    const isClosed = window.tabGroups.all.every(({ tabs }) => tabs.length === 0);
    return isClosed && window.activeTextEditor === undefined;
  });
}

/**
 * Does what asks in input boxes; a person's part is Enter.
 * @returns what stood in each box
 */
export async function answeredByEnter(act: () => Thenable<unknown>): Promise<string[]> {
  const { window } = vscode;
  const { createInputBox } = window;
  const typed: string[] = [];
  Object.assign(window, {
    createInputBox() {
      const input = createInputBox();
      const listeners: (() => void)[] = [];
      const own: Readonly<Record<PropertyKey, unknown>> = {
        onDidAccept: (listener: () => void) => void listeners.push(listener),
        show() {
          input.show();
          typed.push(input.value);
          setTimeout(() => listeners.forEach((listener) => listener()), 50);
        },
      };
      return new Proxy(input, {
        get(target, key) {
          const value: unknown = own[key] ?? Reflect.get(target, key);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
        set: (target, key, value) => Reflect.set(target, key, value),
      });
    },
  });
  try {
    await act();
  } finally {
    Object.assign(window, { createInputBox });
  }
  return typed;
}
