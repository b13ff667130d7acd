import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { builtinCells } from '../../src/core/cells';
import { builtinChoices } from '../../src/host/commands/cells';
import type { Lab } from '../../src/host/lab';
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

const elman = 's[t] = tanh(U x[t] + W s[t-1] + b)\n';

describe('cells', () => {
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-cells-'));
  const configuration = vscode.workspace.getConfiguration('rnnLab');
  let lab: Lab;
  useSettings({ ...tiny, 'training.steps': 20 });

  before(async () => {
    lab = await activeLab();
  });
  afterEach(async () => {
    await lab.runs.stop();
    await closeAll();
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  /** A text, and beside it a cell in a file. */
  async function openBeside(name: string, source: string): Promise<vscode.TextDocument> {
    await openUntitled(alphabet);
    const file = path.join(folder, name);
    fs.writeFileSync(file, source);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    return document;
  }

  async function titlesOver({ uri }: vscode.TextDocument): Promise<string[]> {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
    );
    return lenses.map(({ command }) => command?.title ?? '');
  }

  async function saveAs(document: vscode.TextDocument, source: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), source);
    await vscode.workspace.applyEdit(edit);
    await document.save();
  }

  it('that are built in are offered with a sentence each, and as snippets in an empty file', async () => {
    for (const { label, detail = '' } of builtinChoices()) {
      assert.match(detail, /^[A-Z][^.]+\. \w+\[t\] = /, label);
    }
    const document = await vscode.workspace.openTextDocument({
      language: 'rnn-cell',
      content: '',
    });
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(0, 0),
    );
    const snippets = items.filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet);
    for (const [name, source] of builtinCells) {
      const snippet = snippets.find(({ label }) =>
        (typeof label === 'string' ? label : label.label).startsWith(name),
      );
      assert.ok(snippet, name);
      // What is inserted is the cell: its placeholders are names.
      const { value } = snippet.insertText as vscode.SnippetString;
      const plain = value.replace(/\$\{\d+:([^}]*)\}|\\(?=[$}\\])/g, '$1');
      assert.equal(plain.trim(), source.trim(), name);
    }
  });

  it('are trained with from the line above them, on the text beside them, and nothing is set', async () => {
    const document = await openBeside('mine.rnn', elman.replaceAll('s[', 'state['));
    await vscode.commands.executeCommand('rnnLab.trainCell', document.uri);
    await until('the end', () => !lab.runs.busy);
    const { facts, metrics } = lab.runs.current!;
    assert.deepEqual(notifications, []);
    assert.match(facts.cell.name, /mine\.rnn$/);
    assert.deepEqual(
      facts.network.variables.map(({ name }) => name),
      ['layer1.state'],
    );
    assert.equal(metrics.at('step', metrics.length - 1), 20);
    assert.equal(configuration.inspect('model.cell')?.globalValue, undefined);
    await saveAs(document, 'h[t] = tanh(');
    await vscode.commands.executeCommand('rnnLab.trainCell', document.uri);
    assert.equal(notifications.length, 1);
    assert.equal(lab.runs.busy, false);
  });

  it('have their shapes behind them, unless the setting says no', async () => {
    const document = await openBeside('shapes.rnn', elman);
    const hints = async () =>
      vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, 1, 0),
      );
    assert.deepEqual(
      (await hints()).map(({ label }) => label),
      ['[16]'],
    );
    // Also while what is typed below cannot be read.
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(document.lineCount, 0), '\nr[t] = foo(s[t])');
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual(
      (await hints()).map(({ label }) => label),
      ['[16]'],
    );
    await configuration.update('cells.shapes', 'off', true);
    assert.deepEqual(await hints(), []);
    await configuration.update('cells.shapes', undefined, true);
  });

  it('that are saved with other equations are tried beside the version before', async () => {
    const document = await openBeside('tried.rnn', elman);
    const before = fs.readdirSync(path.dirname(await newestRun()));
    const titles = async () => (await titlesOver(document)).join('\n');
    assert.doesNotMatch(await titles(), /Try it/);
    await saveAs(document, `# A comment is no other equation.\n${elman}`);
    assert.doesNotMatch(await titles(), /Try it/);
    // Nor is what cannot be read, which is no version to compare with either.
    await saveAs(document, 's[t] = tanh(');
    assert.doesNotMatch(await titles(), /Try it/);
    // Nothing can be learnt without reading: what the trial finds is known.
    await saveAs(document, 's[t] = tanh(W s[t-1] + b) + 0 * (U x[t])\n');
    assert.match(await titles(), /Try it/);
    await vscode.commands.executeCommand('rnnLab.tryCell', document.uri);
    assert.deepEqual(notifications, []);
    const found = /([\d.]+) nats, ([\d.]+) before/.exec(await titles());
    assert.ok(found, await titles());
    const [now, old] = found.slice(1).map(Number) as [number, number];
    // Not below the entropy of single characters, 3.1 nats; the version before is.
    assert.ok(now > 3 && old < now - 0.3, `${now} ${old}`);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 0),
    );
    const told = hovers.flatMap(({ contents }) =>
      contents.map((part) => (part as vscode.MarkdownString).value),
    );
    assert.match(told.join('\n'), /data:image\/svg\+xml;base64,/);
    // It leaves no run.
    assert.deepEqual(fs.readdirSync(path.dirname(await newestRun())), before);
  });

  it('are not tried while something is trained, and give way to a training', async () => {
    const document = await openBeside('waits.rnn', elman);
    const trial = vscode.commands.executeCommand('rnnLab.tryCell', document.uri);
    await until('the trial', () => lab.trials.isTrying);
    await configuration.update('training.steps', 1_000_000, true);
    await vscode.commands.executeCommand('rnnLab.trainCell', document.uri);
    await trial;
    assert.equal(lab.trials.isTrying, false);
    await until('the training', () => (lab.runs.trained?.metrics.length ?? 0) > 0);
    await vscode.commands.executeCommand('rnnLab.tryCell', document.uri);
    await configuration.update('training.steps', 20, true);
    assert.match(notifications.join('\n'), /is being trained\. Stop it first/);
    assert.ok(lab.runs.trained);
  });

  async function newestRun(): Promise<string> {
    await lab.runs.list.load();
    return lab.runs.lines[0]!.folder;
  }
});
