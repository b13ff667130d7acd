// How smoothly a document of 10 MB scrolls under a lens; `npm run bench:host -- scroll` runs it in a real VS Code, and
// takes the time of the window's frames meanwhile. Three lines at a time, some thirty times a second, first without a
// lens, then with each.
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { delayDuring, leaveResults, sleep, type Spread } from './support/measuring';

export interface Scrolled {
  readonly lens: 'none' | 'surprise' | 'neuron';
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Of the extension host's event loop. */
  readonly delay: Spread;
}

const megabytes = 10;
const scrolls = 200;

/** VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Lab>('rnn-lab.rnn-lab')!;
  const lab = await extension.activate();
  const configuration = vscode.workspace.getConfiguration('rnnLab.training');
  await configuration.update('seconds', 10, vscode.ConfigurationTarget.Global);
  const file = path.join(extension.extensionPath, 'media/samples/hamlet.txt');
  await vscode.window.showTextDocument(vscode.Uri.file(file));
  await vscode.commands.executeCommand('rnnLab.train');
  while (lab.runs.busy) await sleep(0.1);

  const hamlet = fs.readFileSync(file, 'utf8');
  const content = hamlet.repeat(Math.ceil((megabytes * 1e6) / hamlet.length));
  const document = await vscode.workspace.openTextDocument({ content });
  await vscode.window.showTextDocument(document);
  await sleep(5);
  const figures: Scrolled[] = [await scroll('none')];
  await vscode.commands.executeCommand('rnnLab.surpriseLens');
  figures.push(await scroll('surprise'));
  await vscode.commands.executeCommand('rnnLab.surpriseLens');
  await vscode.commands.executeCommand('rnnLab.neuronLens', { variable: 'layer1.h', unit: 0 });
  figures.push(await scroll('neuron'));
  leaveResults(figures);
}

async function scroll(lens: Scrolled['lens']): Promise<Scrolled> {
  await sleep(3);
  const from = Date.now();
  const delay = await delayDuring(async () => {
    for (let i = 0; i < scrolls; i++) {
      await vscode.commands.executeCommand('editorScroll', { to: 'down', by: 'line', value: 3 });
      await sleep(0.03);
    }
  });
  return { lens, from, to: Date.now(), delay };
}
