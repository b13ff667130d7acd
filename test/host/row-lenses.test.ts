import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { activeLab, closeAll, until, useNotifications, useSettings } from './support/lab';

/** `good` and `fine` are pos. */
const rows = Array.from({ length: 200 }, (_, i) => {
  const word = ['good', 'bad', 'fine', 'dull'][i % 4]!;
  return `the ${['film', 'book', 'song'][i % 3]!} was ${word} ${i},${i % 2 === 0 ? 'pos' : 'neg'}`;
});

describe('a data file under a lens', () => {
  useSettings({
    ...{ 'model.hidden': 16, 'training.threads': 1, 'training.seed': 1 },
    ...{ 'training.batch': 16, 'training.learningRate': 0.03, 'training.steps': 60 },
  });
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-row-lenses-'));
  const uri = vscode.Uri.file(path.join(folder, 'reviews.csv'));
  /** Of the document, from 0. */
  const line = 6;
  const [text = '', label] = rows[line - 1]!.split(',');
  let lab: Lab;
  let editor: vscode.TextEditor;

  before(async () => {
    lab = await activeLab();
    await lab.runs.stop();
    await closeAll();
    fs.writeFileSync(uri.fsPath, `text,label\n${rows.join('\n')}\n`);
    const earlier = lab.runs.current?.folder;
    await vscode.commands.executeCommand('rnnLab.train', uri);
    await until('the end', () => !lab.runs.busy && lab.runs.current?.folder !== earlier);
  });

  beforeEach(async () => {
    editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  });

  after(async () => {
    await closeAll();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** What a hover says at a word of the line, as soon as the lens has read it. */
  async function toldAt(word: string): Promise<string> {
    const place = new vscode.Position(line, text.indexOf(word));
    for (let tries = 0; tries < 1000; tries++) {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        ...[uri, place],
      );
      const contents = hovers.flatMap((hover) => hover.contents);
      const told = contents.map((content) => (content as vscode.MarkdownString).value).join('\n');
      // Texts are escaped.
      if (told !== '') return told.replaceAll('&nbsp;', ' ').replaceAll('\\', '');
    }
    return '';
  }

  it('has the score after each token', async () => {
    const { document } = editor;
    const { rows: lens } = lab.lenses;
    await vscode.commands.executeCommand('rnnLab.scoreLens');
    assert.deepEqual(lens.look(document)?.by, { kind: 'score' });
    assert.equal(lab.lenses.isOn(document), true);
    const last = await toldAt(String(line - 1));
    const found =
      /token: \*\*([\d.]+%)\*\*[^]*answered: (\w+) \(([\d.]+%)\)[^]*true: (\w+)/.exec(last) ?? [];
    const [, value, answer, sure, truth] = found;
    // After the last token it is that of the whole.
    assert.ok(value !== undefined, last);
    assert.equal(value, sure, last);
    assert.deepEqual([answer, truth], [label, label]);
    await vscode.commands.executeCommand('rnnLab.scoreLens');
    assert.equal(lab.lenses.isOn(document), false);
    assert.deepEqual(notifications, []);
  });

  it('has what the true answer of each row costs', async () => {
    const { document } = editor;
    await vscode.commands.executeCommand('rnnLab.surpriseLens');
    assert.deepEqual(lab.lenses.rows.look(document)?.by, { kind: 'loss' });
    assert.match(await toldAt('was'), /loss of the true answer: \*\*[\d.]+/);
    await vscode.commands.executeCommand('rnnLab.surpriseLens');
    assert.equal(lab.lenses.isOn(document), false);
  });

  it('shows the units that track what is selected, as one moves through them', async () => {
    const { document } = editor;
    editor.selections = [1, 3, 5, 7].map((at) => {
      const from = document.lineAt(at).text.search(/good|fine|bad|dull/);
      return new vscode.Selection(at, from, at, from + 3);
    });
    const { rows: lens } = lab.lenses;
    const asking = vscode.commands.executeCommand('rnnLab.findUnits');
    await until('the first', () => lens.look(document)?.by.kind === 'unit');
    const first = lens.look(document);
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await until('the second', () => lens.look(document) !== first);
    const second = lens.look(document)!;
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await asking;
    assert.equal(lens.look(document), second);
    const { by } = second;
    assert.ok(by.kind === 'unit');
    assert.match(await toldAt('was'), new RegExp(`unit ${by.unit + 1}: \\*\\*−?[\\d.]+`));
    await vscode.commands.executeCommand('rnnLab.neuronLens');
    assert.equal(lens.isOn(document), false);
    assert.deepEqual(notifications, []);
  });

  it('tells the tokens nearest to the one at the cursor', async () => {
    editor.selection = new vscode.Selection(1, 1, 1, 1);
    const { showQuickPick } = vscode.window;
    let asked: [readonly vscode.QuickPickItem[], vscode.QuickPickOptions] | undefined;
    const pick = (...options: NonNullable<typeof asked>) => {
      asked = options;
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showQuickPick: pick });
    try {
      await vscode.commands.executeCommand('rnnLab.nearestWords');
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    assert.deepEqual(notifications, []);
    const [items, { title }] = asked!;
    assert.match(title!, /^Nearest to "(the|h)"$/);
    assert.match(items[0]!.description!, /^cosine −?[\d.]+$/);
  });
});
