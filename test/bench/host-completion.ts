// How long ghost text is waited for in a real VS Code; `npm run bench:host -- completion` runs it there. 1,000
// characters of Hamlet are typed in the middle of a document of 1 MB that an lstm with H = 512 has learnt a little, and
// after each the provider is asked as VS Code asks it: first while nothing else runs, then while the run trains on.
// Then 200 more are typed each time, and what the panel is to show of the text at the cursor is waited for; the panel
// itself is closed, so that nobody else asks.
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createCounter } from '../../src/host/completion/figures';
import { createProvider } from '../../src/host/completion/provider';
import type { Lab } from '../../src/host/lab';
import { createCursorWatch } from '../../src/host/panel/cursor';
import { createCursorModels } from '../../src/host/panel/cursor-model';
import type { CursorMessage } from '../../src/protocol/panel';
import { delayDuring, leaveResults, sleep, spreadOf, type Spread } from './support/measuring';

/** Times in milliseconds. */
export interface CompletionFigures {
  readonly cores: number;
  readonly characters: number;
  readonly first: number;
  readonly idle: Spread;
  readonly training: Spread;
  /** Answers with something to show, and their mean length. */
  readonly shown: number;
  readonly length: number;
  /** To the message for the panel about the text before the cursor, all gradients in it: the same way. */
  readonly look: Looks;
  readonly lookTraining: Looks;
  /** Of the event loop while the run trains and characters are typed. */
  readonly delay: Spread;
}

export interface Looks {
  /** From an edit that the extension host asks for, as no key is at hand: it goes to the window and back. */
  readonly fromEdit: Spread;
  /** From VS Code's word to the extension that the document has changed. */
  readonly fromEvent: Spread;
}

const characters = 1000;
const looks = 200;
const trainingSeconds = 40;

/** VS Code calls it in its extension host. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Lab>('rnn-lab.rnn-lab')!;
  const lab = await extension.activate();
  const settings = {
    // The window would ask too, and overtake.
    'editor.inlineSuggest.enabled': false,
    'rnnLab.model.cell': 'lstm',
    'rnnLab.model.hidden': 512,
    'rnnLab.training.seconds': trainingSeconds,
  };
  for (const [key, value] of Object.entries(settings)) {
    await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  }
  const file = path.join(extension.extensionPath, 'media/samples/hamlet.txt');
  const hamlet = fs.readFileSync(file, 'utf8');
  const content = hamlet.repeat(Math.ceil(1_000_000 / hamlet.length)).slice(0, 1_000_000);
  const document = await vscode.workspace.openTextDocument({ content });
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('rnnLab.train');
  while (lab.runs.busy) await sleep(0.1);

  const typing = createTypist(lab, document, hamlet.slice(20_000, 20_000 + 3 * characters));
  const [first] = await typing.type(1);
  const idle = await typing.type(characters);
  const { tabGroups } = vscode.window;
  const tabs = tabGroups.all.flatMap((group) => group.tabs);
  await tabGroups.close(tabs.filter(({ input }) => input instanceof vscode.TabInputWebview));
  const look = await typing.look(looks);
  await lab.runs.continue({ settings: { 'training.seconds': 1000 } });
  await sleep(2);
  await typing.type(5);
  let training: number[] = [];
  const delay = await delayDuring(async () => {
    training = await typing.type(characters - 6);
  });
  const lookTraining = await typing.look(looks);
  const figures: CompletionFigures = {
    cores: availableParallelism(),
    characters,
    first: first!,
    idle: spreadOf(idle),
    training: spreadOf(training),
    look,
    lookTraining,
    ...typing.shown(),
    delay,
  };
  await lab.runs.stop();
  leaveResults(figures);
}

/** Types a text at a line's end in the middle of a document, and asks after each character. */
function createTypist(
  { engine, reader, choice, answers, runs, lenses }: Lab,
  document: vscode.TextDocument,
  text: string,
) {
  const log = vscode.window.createOutputChannel('bench', { log: true });
  const counter = createCounter(undefined, () => undefined);
  const provider = createProvider({
    reader,
    choice,
    answers,
    counter,
    log,
    explain: () => undefined,
  });
  const editor = vscode.window.activeTextEditor!;
  const token = new vscode.CancellationTokenSource().token;
  const triggerKind = vscode.InlineCompletionTriggerKind.Automatic;
  let offset = document.getText().indexOf('\n', 500_000);
  let place = 0;
  let asked = 0;
  let shown = 0;
  let length = 0;

  async function insert(character: string): Promise<void> {
    await editor.edit((edit) => edit.insert(document.positionAt(offset), character));
    offset += character.length;
  }

  return {
    shown: () => ({ shown: shown / asked, length: length / shown }),
    async type(count: number): Promise<number[]> {
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        const character = text[place++]!;
        await insert(character);
        asked++;
        const start = performance.now();
        const context = { triggerKind, selectedCompletionInfo: undefined };
        const position = document.positionAt(offset);
        const items = await provider.provideInlineCompletionItems(
          document,
          position,
          context,
          token,
        );
        times.push(performance.now() - start);
        const [item] = (items ?? []) as vscode.InlineCompletionItem[];
        if (!item) continue;
        shown++;
        length += typeof item.insertText === 'string' ? item.insertText.length : 0;
      }
      return times;
    },
    async look(count: number): Promise<Looks> {
      const fromEdit: number[] = [];
      const fromEvent: number[] = [];
      let changed = 0;
      const listener = vscode.workspace.onDidChangeTextDocument(
        () => (changed = performance.now()),
      );
      let arrived: (message: CursorMessage) => void = () => undefined;
      const watch = createCursorWatch({
        ...{ reader, runs, lenses, onDidChoose: choice.onDidChange },
        modelFor: createCursorModels(engine, runs, choice),
        post: (message) => arrived(message),
      });
      editor.selection = new vscode.Selection(
        document.positionAt(offset),
        document.positionAt(offset),
      );
      watch.watch({ id: runs.current!.folder, variable: 'layer1.h' });
      await sleep(1);
      for (let i = 0; i < count; i++) {
        const character = text[place++]!.replace('\n', ' ');
        // The place that the panel names is counted from 1, and lies after the character.
        const column = document.positionAt(offset).character + 2;
        const start = performance.now();
        const answer = new Promise<void>((resolve) => {
          arrived = (message) => {
            if (message.result !== null && message.place?.column === column) resolve();
          };
        });
        await insert(character);
        await answer;
        const end = performance.now();
        fromEdit.push(end - start);
        fromEvent.push(end - changed);
        // A fast typist.
        await sleep(0.05);
      }
      listener.dispose();
      watch.dispose();
      return { fromEdit: spreadOf(fromEdit), fromEvent: spreadOf(fromEvent) };
    },
  };
}
