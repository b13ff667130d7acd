// What typing in a labelled file costs while a model trains on it; `npm run bench:host -- rows` runs it in a real VS Code.
// 300 characters of new rows are typed at the end of first-names.csv, first while nothing else runs, then while a gru
// learns the file, its panel open, and then under the score lens as well.
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { latest } from '../../src/host/runs/run';
import { delayDuring, leaveResults, sleep, spreadOf, type Spread } from './support/measuring';

/** Times in milliseconds. */
export interface TypedRows {
  readonly what: string;
  readonly steps: number;
  /** From an edit that the extension host asks for: it goes to the window and back. */
  readonly edit: Spread;
  /** Of the event loop. */
  readonly delay: Spread;
}

export interface RowFigures {
  readonly cores: number;
  readonly rows: number;
  readonly characters: number;
  readonly typed: readonly TypedRows[];
}

const typedText = 'Aurelia,female\nMarlon,male\nElenora,female\n';
const characters = 300;
const trainingSeconds = 300;

/** VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Lab>('rnn-lab.rnn-lab')!;
  const lab = await extension.activate();
  const settings = { 'rnnLab.model.cell': 'gru', 'rnnLab.training.seconds': trainingSeconds };
  for (const [key, value] of Object.entries(settings)) {
    await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  }
  const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const uri = vscode.Uri.file(path.join(folder, 'first-names.csv'));
  const sample = path.join(extension.extensionPath, 'media/samples/first-names.csv');
  const text = fs.readFileSync(sample, 'utf8');
  fs.writeFileSync(uri.fsPath, text);
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const steps = () => (lab.runs.current ? latest(lab.runs.current, 'step') : 0);

  async function type(what: string): Promise<TypedRows> {
    const edits: number[] = [];
    const delay = await delayDuring(async () => {
      for (let i = 0; i < characters; i++) {
        const end = document.lineAt(document.lineCount - 1).range.end;
        const start = performance.now();
        const character = typedText[i % typedText.length]!;
        await editor.edit((edit) => edit.insert(end, character));
        edits.push(performance.now() - start);
        await sleep(0.05);
      }
    });
    return { what, steps: steps(), edit: spreadOf(edits), delay };
  }

  editor.revealRange(document.lineAt(document.lineCount - 1).range);
  const typed = [await type('idle')];
  await vscode.commands.executeCommand('rnnLab.train', uri);
  while (lab.runs.current?.hasCheckpoint !== true) await sleep(0.5);
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  typed.push(await type('training'));
  await vscode.commands.executeCommand('rnnLab.scoreLens');
  typed.push(await type('training, score lens'));
  await lab.runs.stop();
  const rows = text.trimEnd().split('\n').length - 1;
  leaveResults({ cores: availableParallelism(), rows, characters, typed } satisfies RowFigures);
}
