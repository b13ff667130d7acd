// What a killed engine costs; `npm run bench:host -- kill` runs it in a real VS Code. With default settings a run trains
// on Hamlet while a text is typed and completed as one types; meanwhile the engine's process is killed again and again
// (SIGKILL), at random moments.
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createCounter } from '../../src/host/completion/figures';
import { createProvider } from '../../src/host/completion/provider';
import type { Lab } from '../../src/host/lab';
import { latest } from '../../src/host/runs/run';
import { delayDuring, leaveResults, sleep, spreadOf, type Spread } from './support/measuring';

/** Times in milliseconds. */
export interface KillFigures {
  readonly cores: number;
  readonly kills: number;
  /** How many of them the run has outlived by itself. */
  readonly recovered: number;
  /** Different processes that trained; none of them is the extension host. */
  readonly processes: number;
  /** Steps done that had to be done again, each time, and the time that they had taken. */
  readonly stepsLost: readonly number[];
  readonly lost: Spread;
  /** From the kill to the next step. */
  readonly away: Spread;
  /** A character that is typed, and the answer after it. */
  readonly characters: number;
  readonly edit: Spread;
  readonly answer: Spread;
  /** From the kill to the next answer with something to show. */
  readonly shownAgain: Spread;
  readonly delay: Spread;
}

const kills = 20;

/** VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Lab>('rnn-lab.rnn-lab')!;
  const lab = await extension.activate();
  const settings = { 'editor.inlineSuggest.enabled': false, 'rnnLab.training.seconds': 3600 };
  for (const [key, value] of Object.entries(settings)) {
    await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  }
  const file = path.join(extension.extensionPath, 'media/samples/hamlet.txt');
  const document = await vscode.workspace.openTextDocument({
    content: fs.readFileSync(file, 'utf8'),
  });
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('rnnLab.train');
  const trained = lab.runs.current!;
  while (latest(trained, 'step') < 200) await sleep(0.1);

  const processes = new Set<number>();
  const stepsLost: number[] = [];
  const lost: number[] = [];
  const away: number[] = [];
  const shownAgain: number[] = [];
  const typing = typeOn(lab, document);
  const delay = await delayDuring(async () => {
    for (let i = 0; i < kills; i++) {
      await sleep(2 + Math.random() * 8);
      const { process: pid } = JSON.parse(
        fs.readFileSync(path.join(trained.folder, 'lock'), 'utf8'),
      ) as { process: number };
      const reached = latest(trained, 'step');
      const savedAt = fs.statSync(path.join(trained.folder, 'checkpoint-last.safetensors')).mtimeMs;
      if (processes.has(pid) || pid === process.pid) throw new Error(`Process ${pid} again`);
      processes.add(pid);
      const start = performance.now();
      lost.push(Date.now() - savedAt);
      process.kill(pid, 'SIGKILL');
      let resumed = NaN;
      const following = lab.runs.onDidChange(({ kind }) => {
        if (kind === 'current' && Number.isNaN(resumed)) resumed = latest(trained, 'step');
      });
      while (Number.isNaN(resumed) || latest(trained, 'step') <= resumed) {
        if (!lab.runs.busy) throw new Error(trained.message);
        await sleep(0.01);
      }
      following.dispose();
      away.push(performance.now() - start);
      stepsLost.push(reached - resumed);
      shownAgain.push((await typing.shownAfter(start)) - start);
    }
  });
  const typed = await typing.end();
  const figures: KillFigures = {
    cores: availableParallelism(),
    kills,
    recovered: away.length,
    processes: processes.size,
    stepsLost,
    lost: spreadOf(lost),
    away: spreadOf(away),
    ...typed,
    shownAgain: spreadOf(shownAgain),
    delay,
  };
  await lab.runs.stop();
  leaveResults(figures);
}

/** Types at the end of a document, ten characters a second, and asks for what comes next after each. */
function typeOn({ reader, choice, answers: rows }: Lab, document: vscode.TextDocument) {
  const log = vscode.window.createOutputChannel('bench', { log: true });
  const provider = createProvider({
    ...{ reader, choice, answers: rows, log, explain: () => undefined },
    counter: createCounter(undefined, () => undefined),
  });
  const editor = vscode.window.activeTextEditor!;
  const token = new vscode.CancellationTokenSource().token;
  const triggerKind = vscode.InlineCompletionTriggerKind.Automatic;
  const text = document.getText().slice(20_000, 40_000);
  const edits: number[] = [];
  const answers: number[] = [];
  let shownAt = 0;
  let isOver = false;

  async function ask(): Promise<void> {
    const start = performance.now();
    const position = document.lineAt(document.lineCount - 1).range.end;
    const context = { triggerKind, selectedCompletionInfo: undefined };
    const items = await provider.provideInlineCompletionItems(document, position, context, token);
    answers.push(performance.now() - start);
    if (((items ?? []) as vscode.InlineCompletionItem[]).length > 0) shownAt = performance.now();
  }

  async function type(): Promise<void> {
    const asking: Promise<void>[] = [];
    for (let i = 0; !isOver; i++) {
      const start = performance.now();
      const end = document.lineAt(document.lineCount - 1).range.end;
      await editor.edit((edit) => edit.insert(end, text[i % text.length]!));
      edits.push(performance.now() - start);
      asking.push(ask());
      await sleep(0.1);
    }
    await Promise.all(asking);
  }

  const typing = type();
  return {
    async shownAfter(time: number): Promise<number> {
      while (shownAt < time) await sleep(0.01);
      return shownAt;
    },
    async end() {
      isOver = true;
      await typing;
      log.dispose();
      return {
        characters: edits.length,
        edit: spreadOf(edits),
        answer: spreadOf(answers),
      };
    },
  };
}
