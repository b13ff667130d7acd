import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { createProvider } from '../../src/host/completion/provider';
import { createCounter } from '../../src/host/completion/figures';
import {
  activeLab,
  alphabet,
  closeAll,
  openUntitled,
  tiny,
  until,
  useNotifications,
  useSettings,
} from './support/lab';

const sentence = 'the quick brown fox jumps over the lazy dog. ';

const { Automatic, Invoke } = vscode.InlineCompletionTriggerKind;

describe('inline completion', () => {
  useSettings({ ...tiny, 'model.hidden': 48, 'training.steps': 500, 'training.seed': 1 });
  useNotifications();
  let lab: Lab;
  let document: vscode.TextDocument;

  before(async () => {
    lab = await activeLab();
    await closeAll();
    document = await openUntitled(alphabet);
    await vscode.commands.executeCommand('rnnLab.train');
    await until('the end', () => lab.runs.current?.phase === 'finished');
  });
  beforeEach(async () => {
    await vscode.window.showTextDocument(document);
  });
  afterEach(async () => {
    await configure({ mode: undefined, stopAt: undefined });
    await lab.choice.choose(document.uri, undefined);
  });
  after(() => closeAll());

  async function configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const configuration = vscode.workspace.getConfiguration('rnnLab.completion');
    for (const [key, value] of Object.entries(settings)) {
      await configuration.update(key, value, vscode.ConfigurationTarget.Global);
    }
  }

  /** Puts a text in the place of all, with the cursor at its end. */
  async function write(text: string): Promise<vscode.TextEditor> {
    const editor = await vscode.window.showTextDocument(document);
    const end = document.positionAt(document.getText().length);
    await editor.edit((edit) =>
      edit.replace(new vscode.Range(0, 0, end.line, end.character), text),
    );
    const last = document.positionAt(text.length);
    editor.selection = new vscode.Selection(last, last);
    return editor;
  }

  /** The likeliest tokens one after the other, as sampling at temperature 0 writes them. */
  async function greedy(prime: string, length: number): Promise<string> {
    const model = { kind: 'run', run: lab.runs.current!.folder } as const;
    const request = { kind: 'sample', model, prime, length, temperature: 0, seed: 1 } as const;
    return (await lab.engine.start(request).result).text;
  }

  /** The provider as VS Code calls it, counting for itself. */
  function provider() {
    const { reader, choice, answers } = lab;
    const log = vscode.window.createOutputChannel('completion test', { log: true });
    const counter = createCounter(undefined, () => undefined);
    const explained: string[] = [];
    const explain = (reason: string) => explained.push(reason);
    const made = createProvider({ reader, choice, answers, counter, log, explain });
    return {
      counter,
      explained,
      async ask(
        of: vscode.TextDocument,
        options: {
          readonly kind?: vscode.InlineCompletionTriggerKind;
          readonly selected?: vscode.SelectedCompletionInfo;
          readonly token?: vscode.CancellationToken;
        } = {},
      ): Promise<vscode.InlineCompletionItem[]> {
        const { kind = Automatic, selected, token } = options;
        const position = of.positionAt(of.getText().length);
        const context = { triggerKind: kind, selectedCompletionInfo: selected };
        const asked = token ?? new vscode.CancellationTokenSource().token;
        const items = await made.provideInlineCompletionItems(of, position, context, asked);
        return (items ?? []) as vscode.InlineCompletionItem[];
      },
    };
  }

  const textOf = ({ insertText }: vscode.InlineCompletionItem): string =>
    typeof insertText === 'string' ? insertText : insertText.value;
  const texts = (items: readonly vscode.InlineCompletionItem[]) => items.map(textOf);
  /** The first; empty where there is none. */
  const first = async (items: Promise<readonly vscode.InlineCompletionItem[]>): Promise<string> =>
    texts(await items)[0] ?? '';

  /** Asks VS Code for ghost text and takes it, until it is there to be taken. */
  async function take(command: string): Promise<void> {
    const before = document.version;
    for (let tries = 0; document.version === before; tries++) {
      assert.ok(tries < 100, 'no ghost text');
      await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
      await new Promise((resolve) => setTimeout(resolve, 50));
      await vscode.commands.executeCommand(`editor.action.inlineSuggest.${command}`);
    }
  }

  it('goes on as the model does greedily, and is taken as a whole', async () => {
    const text = `${sentence}the quick br`;
    await write(text);
    const suggested = await first(provider().ask(document));
    assert.ok(suggested.length > 20, suggested);
    assert.equal(suggested, await greedy(text, suggested.length));
    const { accepted, characters } = lab.counter.figures();
    await take('commit');
    assert.equal(document.getText(), text + suggested);
    await until('the count', () => lab.counter.figures().accepted === accepted + 1);
    assert.equal(lab.counter.figures().characters, characters + suggested.length);
    assert.ok(lab.counter.figures().shown > 0);
  });

  it('is taken word by word', async () => {
    const text = `${sentence}the quick br`;
    await write(text);
    await take('acceptNextWord');
    assert.equal(document.getText(), `${text}own`);
  });

  it('follows what is typed: what is left of it is suggested on', async () => {
    const text = `${sentence}the qui`;
    await write(text);
    const asking = provider();
    const whole = await first(asking.ask(document));
    assert.ok(whole.startsWith('ck brown'), whole);
    for (let typed = 1; typed <= 4; typed++) {
      await vscode.commands.executeCommand('type', { text: whole[typed - 1] });
      assert.equal(document.getText(), text + whole.slice(0, typed));
      const left = await first(asking.ask(document));
      assert.ok(left.startsWith(whole.slice(typed, 20)), left);
    }
    assert.equal(asking.counter.figures().shown, 1);
    // Something else is typed: it goes on after that.
    const now = `${document.getText()}over the la`;
    await vscode.commands.executeCommand('type', { text: 'over the la' });
    const other = await first(asking.ask(document));
    assert.ok(other.length > 5, other);
    assert.equal(other, await greedy(now, other.length));
  });

  it('begins with the item of the suggest widget, in its place', async () => {
    await write(`${sentence}the q`);
    const end = document.positionAt(document.getText().length);
    const range = new vscode.Range(end.translate(0, -1), end);
    const selected = { range, text: 'quick brown' };
    const [item] = await provider().ask(document, { selected });
    assert.ok(item?.range?.isEqual(range) === true);
    const text = textOf(item);
    assert.ok(text.startsWith('quick brown fox'), text);
    const rest = text.slice('quick brown'.length);
    assert.equal(rest, await greedy(`${sentence}the quick brown`, rest.length));
  });

  it('ends where the settings say', async () => {
    await write(`${sentence}the qu`);
    await configure({ stopAt: 'word' });
    assert.deepEqual(texts(await provider().ask(document)), ['ick']);
  });

  it('has alternatives for those who ask for it, each of them another', async () => {
    await write(`${sentence}the qu`);
    assert.equal((await provider().ask(document)).length, 1);
    const several = texts(await provider().ask(document, { kind: Invoke }));
    assert.equal(several.length, 3);
    assert.equal(new Set(several.map((text) => text[0])).size, 3);
  });

  it('is there on request only, or never', async () => {
    await write(`${sentence}the qu`);
    await configure({ mode: 'onRequest' });
    assert.deepEqual(await provider().ask(document), []);
    assert.equal((await provider().ask(document, { kind: Invoke })).length, 3);
    await configure({ mode: 'off' });
    assert.deepEqual(await provider().ask(document, { kind: Invoke }), []);
  });

  it('is not there once it is not wanted any more', async () => {
    await write(`${sentence}the qu`);
    const { counter, ask } = provider();
    const cancelling = new vscode.CancellationTokenSource();
    const asked = ask(document, { token: cancelling.token });
    cancelling.cancel();
    assert.deepEqual(await asked, []);
    assert.equal(counter.figures().shown, 0);
    assert.equal((await ask(document)).length, 1);
  });

  it('answers about the document as it is at the last of many changes', async () => {
    const text = `${sentence}the quick brown fox jumps`;
    await write(sentence);
    const { ask } = provider();
    const answers: Promise<vscode.InlineCompletionItem[]>[] = [];
    for (const character of text.slice(sentence.length)) {
      await vscode.commands.executeCommand('type', { text: character });
      answers.push(ask(document));
    }
    const last = await first(answers.at(-1)!);
    assert.ok(last.length > 5, last);
    assert.equal(last, await greedy(text, last.length));
  });

  it('is in no text that no run has learnt, until one is chosen, and in none once none is chosen', async () => {
    const other = await openUntitled(`${sentence}the quick br`);
    assert.deepEqual(await provider().ask(other, { kind: Invoke }), []);
    await lab.choice.choose(other.uri, lab.runs.current!.folder);
    const chosen = await first(provider().ask(other));
    assert.ok(chosen.startsWith('own fox'), chosen);
    await write(`${sentence}the quick br`);
    await lab.choice.choose(document.uri, null);
    assert.deepEqual(await provider().ask(document), []);
    await lab.choice.choose(document.uri, undefined);
    assert.equal((await provider().ask(document)).length, 1);
    await lab.choice.choose(other.uri, undefined);
  });

  it('is prepared for where a person goes, who may be about to type', async () => {
    await write(`${sentence}the quick br`);
    const prepared: string[] = [];
    const reader = lab.reader as { prepare: typeof lab.reader.prepare };
    const { prepare } = reader;
    reader.prepare = (run, of) => prepared.push(`${run} ${of.uri.toString()}`);
    try {
      await configure({ mode: 'onRequest' });
      await vscode.commands.executeCommand('cursorMove', { to: 'left' });
      await configure({ mode: 'automatic' });
      await vscode.commands.executeCommand('cursorMove', { to: 'left' });
      await until('it is prepared', () => prepared.length > 0);
    } finally {
      reader.prepare = prepare;
    }
    assert.deepEqual(prepared, [`${lab.runs.current!.folder} ${document.uri.toString()}`]);
  });

  it('is in no document of another kind, whatever was chosen', async () => {
    const content = vscode.workspace.registerTextDocumentContentProvider('rnn-lab-foreign', {
      provideTextDocumentContent: () => `${sentence}the quick br`,
    });
    const uri = vscode.Uri.parse('rnn-lab-foreign:/commit.txt');
    const foreign = await vscode.workspace.openTextDocument(uri);
    await lab.choice.choose(uri, lab.runs.current!.folder);
    assert.deepEqual(await provider().ask(foreign, { kind: Invoke }), []);
    await lab.choice.choose(uri, undefined);
    content.dispose();
  });

  it('tells what comes next in a hover at the cursor, and only there', async () => {
    const editor = await write(`${sentence}the qu`);
    const hoversAt = async (position: vscode.Position): Promise<string> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
      return hovers
        .flatMap(({ contents }) => contents)
        .map((part) => (part as vscode.MarkdownString).value)
        .join('\n');
    };
    const shown = await hoversAt(editor.selection.active);
    const rows = [...shown.matchAll(/^\| ((?:&#\d+;)+) \| ([\d.]+)% \|$/gm)].map(
      ([, name = '', percent]) => ({
        token: name.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
        share: Number(percent) / 100,
      }),
    );
    const model = { kind: 'run', run: lab.runs.current!.folder } as const;
    const request = { kind: 'inspect', model, text: document.getText(), top: 10 } as const;
    const expected = (await lab.engine.start(request).result).top.at(-1)!;
    assert.deepEqual(
      rows.map(({ token }) => token),
      expected.map(({ token }) => token),
    );
    for (const [i, { share }] of rows.entries()) {
      const { probability } = expected[i]!;
      // Two digits are shown.
      assert.ok(Math.abs(share - probability) <= 0.051 * probability, `${share} ${probability}`);
    }
    assert.equal(await hoversAt(new vscode.Position(0, 3)), '');
    await configure({ mode: 'off' });
    assert.equal(await hoversAt(editor.selection.active), '');
  });

  it('has the weights of a training under way, and then those of the newest run', async () => {
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    const set = (steps: number) =>
      configuration.update('training.steps', steps, vscode.ConfigurationTarget.Global);
    const earlier = lab.runs.current!;
    await set(1_000_000);
    await write(alphabet);
    await vscode.commands.executeCommand('rnnLab.train');
    await until('the first steps', () => (lab.runs.trained?.metrics.length ?? 0) > 3);
    const run = lab.runs.trained!;
    assert.equal(await lab.choice.runOf(document), run.folder);
    const offset = document.getText().length;
    const stepOf = async (): Promise<number> => {
      const answer = await lab.reader.ask(run.folder, 'complete', document, { offset });
      return answer?.step ?? 0;
    };
    const begun = await stepOf();
    assert.ok(begun > 0);
    let step = begun;
    const deadline = Date.now() + 60_000;
    while (step <= begun && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      step = await stepOf();
    }
    assert.ok(step > begun, `${step} after ${begun}`);
    await vscode.commands.executeCommand('rnnLab.stop');
    await set(500);
    // Now there are two that have learnt this text: the newest counts, also where one that was chosen is gone.
    const older = earlier.folder;
    assert.equal(await lab.choice.runOf(document), run.folder);
    await lab.choice.choose(document.uri, older);
    assert.equal(await lab.choice.runOf(document), older);
    await lab.runs.delete([older]);
    assert.equal(await lab.choice.runOf(document), run.folder);
    await lab.runs.undoDelete();
    assert.equal(await lab.choice.runOf(document), older);
    await lab.choice.choose(document.uri, undefined);
    await lab.runs.delete([run.folder]);
    assert.equal(await lab.choice.runOf(document), older);
    await lab.runs.undoDelete();
  });

  it('says why there is none to somebody who asks for one', async () => {
    const { ask, explained } = provider();
    const other = await vscode.workspace.openTextDocument({ content: 'no run has learnt this ' });
    assert.deepEqual(await ask(other), []);
    assert.deepEqual(explained, []);
    assert.deepEqual(await ask(other, { kind: Invoke }), []);
    assert.match(explained[0]!, /^No run was trained on this text/);
    await lab.choice.choose(other.uri, null);
    assert.deepEqual(await ask(other, { kind: Invoke }), []);
    assert.match(explained[1]!, /^You chose no run for this document/);
    await lab.choice.choose(other.uri, undefined);
  });
});

describe('the run of an untitled document', () => {
  useSettings({ ...tiny, 'training.steps': 5 });
  useNotifications();
  before(() => closeAll());
  after(() => closeAll());

  it('is not that of one that was closed and had the same name', async () => {
    const lab = await activeLab();
    const learnt = await openUntitled(alphabet);
    await vscode.commands.executeCommand('rnnLab.train');
    await until('the end', () => lab.runs.current?.phase === 'finished');
    assert.equal(await lab.choice.runOf(learnt), lab.runs.current!.folder);
    // Told as closed and opened again.
    await vscode.languages.setTextDocumentLanguage(learnt, 'markdown');
    assert.equal(await lab.choice.runOf(learnt), lab.runs.current!.folder);
    await lab.choice.choose(learnt.uri, lab.runs.current!.folder);
    await vscode.window.showTextDocument(learnt);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until('it is closed', () => learnt.isClosed);
    const other = await vscode.workspace.openTextDocument(learnt.uri);
    assert.notEqual(other, learnt);
    assert.equal(await lab.choice.runOf(other), undefined);
    assert.equal(lab.choice.chosen(other.uri), undefined);
  });
});
