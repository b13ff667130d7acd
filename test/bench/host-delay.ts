// What the extension costs the extension host; `npm run bench:host` runs it inside a real VS Code.
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { latest } from '../../src/host/runs/run';
import { delayDuring, leaveResults, sleep, type Spread } from './support/measuring';

/** What the bench writes for the script that started it. */
export interface HostFigures {
  readonly cores: number;
  readonly threads: number;
  /** Loading the bundle, and `activate` itself, milliseconds. */
  readonly load: number;
  readonly activate: number;
  /** Of the event loop. */
  readonly idle: Spread;
  readonly training: Spread;
  readonly tokensPerSecond: number;
  readonly rows: number;
  /** From the command to the first row of metrics in the host, milliseconds. */
  readonly firstRow: number;
}

const seconds = 20;

/** VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Lab>('rnn-lab.rnn-lab')!;
  const lab = await extension.activate();
  const load = timeToLoad(path.join(extension.extensionPath, 'dist/extension.js'));
  await sleep(5);
  const idle = await delayDuring(() => sleep(5));

  const text = fs.readFileSync(
    path.join(extension.extensionPath, 'media/samples/hamlet.txt'),
    'utf8',
  );
  const document = await vscode.workspace.openTextDocument({ content: text });
  await vscode.window.showTextDocument(document);
  const start = performance.now();
  let firstRow = NaN;
  const following = lab.runs.onDidChange(({ kind }) => {
    if (kind === 'rows' && Number.isNaN(firstRow)) firstRow = performance.now() - start;
  });
  const training = await delayDuring(async () => {
    await vscode.commands.executeCommand('rnnLab.train');
    await sleep(seconds);
  });
  following.dispose();
  const trained = lab.runs.current!;
  const figures: HostFigures = {
    cores: availableParallelism(),
    threads: trained.facts.threads ?? 0,
    load,
    activate: lab.activationTime,
    idle,
    training,
    tokensPerSecond: latest(trained, 'tokensPerSecond'),
    rows: trained.metrics.length,
    firstRow,
  };
  await lab.runs.stop();
  leaveResults(figures);
}

/** Loads a bundle as if for the first time. */
function timeToLoad(file: string): number {
  // Kept out of the bundler's sight: it is the built extension that is measured.
  const load = module.require.bind(module) as NodeJS.Require;
  const { cache } = require;
  Reflect.deleteProperty(cache, file);
  const start = performance.now();
  load(file);
  return performance.now() - start;
}
