import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { insertInto } from '../../src/host/commands/insertion';
import type { Lab } from '../../src/host/lab';
import {
  answeredByEnter,
  activeLab,
  alphabet,
  closeAll,
  openUntitled,
  tiny,
  until,
  useNotifications,
  useSettings,
} from './support/lab';

describe('sampling', () => {
  useSettings({
    ...tiny,
    'training.steps': 60,
    'sampling.length': 200,
    'sampling.seed': 7,
    'sampling.temperature': 0.7,
  });
  const notifications = useNotifications();
  let lab: Lab;

  before(async () => {
    lab = await activeLab();
    await closeAll();
    await openUntitled(alphabet);
    await vscode.commands.executeCommand('rnnLab.train');
    await until('the end', () => lab.runs.current?.phase === 'finished');
    await closeAll();
  });
  afterEach(() => closeAll());

  /** What the engine writes after a prime, asked directly. */
  async function written(prime: string, temperature = 0.7): Promise<string> {
    const model = lab.runs.model()!;
    const request = { kind: 'sample', model, prime, length: 200, temperature, seed: 7 } as const;
    return (await lab.engine.start(request).result).text;
  }

  it('goes into an untitled document, after the prime', async () => {
    await openUntitled('of the quick');
    await vscode.commands.executeCommand('editor.action.selectAll');
    await vscode.commands.executeCommand('rnnLab.sample');
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.getText(), `of the quick${await written('of the quick')}`);
  });

  it('is in the language of the text that the run has learnt', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-python-'));
    const file = path.join(folder, 'count.py');
    fs.writeFileSync(file, 'for i in range(3):\n    print(i)\n'.repeat(100));
    const alphabetRun = lab.runs.current!.folder;
    await vscode.commands.executeCommand('rnnLab.train', vscode.Uri.file(file));
    await until('the end', () => lab.runs.current?.phase === 'finished' && !lab.runs.busy);
    await vscode.commands.executeCommand('rnnLab.sample');
    assert.equal(vscode.window.activeTextEditor!.document.languageId, 'python');
    await lab.runs.open(alphabetRun);
    fs.rmSync(folder, { recursive: true });
  });

  it('at the cursor goes on with the text before it, in one step of undo', async () => {
    const document = await openUntitled('the quick brown fox. and after');
    const editor = vscode.window.activeTextEditor!;
    editor.selection = new vscode.Selection(0, 16, 0, 16);
    await vscode.commands.executeCommand('rnnLab.sampleAtCursor');
    const sample = await written('the quick brown ');
    assert.equal(document.getText(), `the quick brown ${sample}fox. and after`);
    assert.ok(editor.selection.isEmpty);
    assert.equal(document.offsetAt(editor.selection.active), 16 + sample.length);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'the quick brown fox. and after');
    await vscode.commands.executeCommand('redo');
    assert.equal(document.getText(), `the quick brown ${sample}fox. and after`);
  });

  it('at the cursor is primed by a selection, and leaves it alone', async () => {
    const document = await openUntitled('jumps over the lazy dog');
    const editor = vscode.window.activeTextEditor!;
    editor.selection = new vscode.Selection(0, 6, 0, 11);
    await vscode.commands.executeCommand('rnnLab.sampleAtCursor');
    assert.equal(document.getText(), `jumps over ${await written('over ')}the lazy dog`);
  });

  it('tells once what the model has never seen', async () => {
    for (let i = 0; i < 2; i++) {
      await openUntitled('Ωmega');
      await vscode.commands.executeCommand('editor.action.selectAll');
      await vscode.commands.executeCommand('rnnLab.sample');
    }
    assert.equal(notifications.length, 1, notifications.join('\n'));
    assert.match(notifications[0]!, /never seen "Ω"/);
  });

  it('refuses a read-only document, and says where else the text can go', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('rnn-lab-test', {
      provideTextDocumentContent: () => 'the quick ',
    });
    const uri = vscode.Uri.parse('rnn-lab-test:/fixed.txt');
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand('rnnLab.sampleAtCursor');
    assert.match(
      notifications.join('\n'),
      /^fixed\.txt cannot be changed: it is read-only\. Sample/,
    );
    provider.dispose();
  });

  it('compares temperatures in one document, with one seed', async () => {
    await openUntitled('the quick ');
    await vscode.commands.executeCommand('editor.action.selectAll');
    const [typed] = await answeredByEnter(() =>
      vscode.commands.executeCommand('rnnLab.compareTemperatures'),
    );
    assert.equal(typed, '0.5, 0.8, 1, 1.2');
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.languageId, 'markdown');
    const text = document.getText();
    assert.match(text, /seed 7\b/);
    for (const temperature of [0.5, 0.8, 1, 1.2]) {
      const section = `## Temperature ${temperature}\n\n~~~~text\nthe quick ${await written('the quick ', temperature)}\n~~~~\n`;
      assert.ok(text.includes(section), `${text}\n---\n${section}`);
    }
  });
});

describe('a text that grows in a document', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-insertion-'));
  let stops = 0;

  beforeEach(() => {
    stops = 0;
  });
  afterEach(() => closeAll());
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  function insertion(document: vscode.TextDocument, offset: number) {
    return insertInto(document, offset, () => stops++);
  }

  /** Someone else's edit: VS Code refuses it where the text has changed under it, then it is made again. */
  async function edit(
    document: vscode.TextDocument,
    offset: () => number,
    remove: number,
    text: string,
  ) {
    const attempt = () => {
      const change = new vscode.WorkspaceEdit();
      const at = offset();
      const range = new vscode.Range(document.positionAt(at), document.positionAt(at + remove));
      change.replace(document.uri, range, text);
      return vscode.workspace.applyEdit(change);
    };
    for (let tries = 0; tries < 100; tries++) if (await attempt()) return;
    assert.fail('the edit was refused again and again');
  }

  it('keeps its place while others edit before, after and at it', async () => {
    const document = await openUntitled('one two three');
    const growing = insertion(document, 4);
    growing.write('AAA');
    await until('the first part', () => document.getText().includes('AA'));
    await edit(document, () => 0, 3, 'number one');
    growing.write('BBB');
    await edit(document, () => document.getText().length, 0, ' four');
    await until('the second part', () => document.getText().includes('AAABB'));
    await edit(document, () => document.getText().indexOf('two'), 0, '2 ');
    growing.write('CCC');
    await growing.end();
    growing.dispose();
    const text = document.getText();
    assert.equal(text.replace('2 ', ''), 'number one AAABBBCCCtwo three four');
    assert.equal(stops, 0);
  });

  it('goes on where what surrounds it was deleted', async () => {
    const document = await openUntitled('left right');
    const growing = insertion(document, 5);
    growing.write('12');
    await until('the first part', () => document.getText().includes('1'));
    await edit(document, () => 2, 6, '');
    growing.write('34');
    await growing.end();
    growing.dispose();
    assert.match(document.getText(), /^le(1?2?)34?.*ght$/);
  });

  it('ends when it is taken back', async () => {
    const document = await openUntitled('text: ');
    const growing = insertion(document, 6);
    growing.write('unwanted words');
    await until('the first part', () => document.getText().includes('unwanted word'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'text: ');
    assert.equal(stops, 1);
    growing.dispose();
  });

  it('waits where no editor shows the document, and is all there at the end', async () => {
    const document = await openUntitled('hidden: ');
    const growing = insertion(document, 8);
    growing.write('abc');
    await until('the first part', () => document.getText().includes('ab'));
    await openUntitled('another');
    await until('the other editor', () => {
      return !vscode.window.visibleTextEditors.some((editor) => editor.document === document);
    });
    growing.write('def');
    await growing.end();
    growing.dispose();
    assert.equal(document.getText(), 'hidden: abcdef');
  });

  it('has the line ends of its document, and characters whole', async () => {
    const file = path.join(folder, 'windows.txt');
    fs.writeFileSync(file, 'first\r\nlast');
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const growing = insertion(document, 7);
    for (const part of ['a\n', 'b😀', '\n😀', 'c\n']) {
      growing.write(part);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await growing.end();
    growing.dispose();
    assert.equal(document.getText(), 'first\r\na\r\nb😀\r\n😀c\r\nlast');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'first\r\nlast');
  });

  it('says that a document cannot be changed', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('rnn-lab-fixed', {
      provideTextDocumentContent: () => 'fixed',
    });
    const uri = vscode.Uri.parse('rnn-lab-fixed:/fixed.txt');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const growing = insertion(document, 2);
    growing.write('abc');
    await assert.rejects(growing.end(), /fixed\.txt cannot be changed/);
    assert.ok(stops > 0);
    growing.dispose();
    provider.dispose();
  });
});
