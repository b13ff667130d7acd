import { Uri, window, workspace, type Memento } from 'vscode';
import type { Lab } from './lab';

/** Where `npm start` says which text to open and train on at once: an absolute path. */
const variable = 'RNN_LAB_START';
const memory = 'started';

/** Opens the text that the environment names and trains on it, once each time VS Code is started. */
export function startFromEnvironment(lab: Lab, memento: Memento): void {
  const file = process.env[variable];
  if (file !== undefined && file !== '') void start(file);

  async function start(path: string) {
    // A reloaded window has a new extension host with the same parent: it restores its panel instead.
    const stamp = `${process.ppid} ${path}`;
    if (memento.get(memory) === stamp) return;
    await memento.update(memory, stamp);
    try {
      const document = await workspace.openTextDocument(Uri.file(path));
      await window.showTextDocument(document, { preview: false });
      await lab.run('train', document.uri);
    } catch (error) {
      lab.notifier.error(error);
    }
  }
}
