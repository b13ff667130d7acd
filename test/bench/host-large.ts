// How long a text of 1 GB is waited for in a real VS Code; `npm run bench:host -- large` runs it there. The command is
// the one of the explorer's menu, which gives it the file: the editor does not open it.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { delayDuring, leaveResults, type Spread } from './support/measuring';

export interface LargeFigures {
  /** Of the text. */
  readonly bytes: number;
  /** From the command to the first row of metrics in the host, milliseconds. */
  readonly firstRow: number;
  /** Of the extension host, the engine's threads in it: before the command, and at most. Bytes. */
  readonly before: number;
  readonly most: number;
  /** Of the event loop from the command to the first row. */
  readonly delay: Spread;
}

const bytes = 1_000_000_000;

/** VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Lab>('rnn-lab.rnn-lab')!;
  const { runs } = await extension.activate();
  const hamlet = fs.readFileSync(path.join(extension.extensionPath, 'media/samples/hamlet.txt'));
  const [folder] = vscode.workspace.workspaceFolders!;
  const file = vscode.Uri.joinPath(folder!.uri, 'large.txt');
  const piece = Buffer.concat(Array<Buffer>(100).fill(hamlet));
  const out = fs.openSync(file.fsPath, 'w');
  for (let at = 0; at < bytes; at += piece.length)
    fs.writeSync(out, piece, 0, Math.min(piece.length, bytes - at));
  fs.closeSync(out);
  // What the window does at its start is over.
  await sleep(5000);
  const before = process.memoryUsage.rss();
  const start = performance.now();
  let firstRow = NaN;
  const delay = await delayDuring(async () => {
    await new Promise<void>((resolve) => {
      const following = runs.onDidChange(({ kind }) => {
        if (kind !== 'rows') return;
        firstRow = performance.now() - start;
        following.dispose();
        resolve();
      });
      void vscode.commands.executeCommand('rnnLab.train', file, [file]);
    });
  });
  await sleep(2000);
  const most = process.resourceUsage().maxRSS * 1024;
  const figures: LargeFigures = { bytes, firstRow, before, most, delay };
  await runs.stop();
  leaveResults(figures);
}
