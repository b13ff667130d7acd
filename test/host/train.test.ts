import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { readDocument } from '../../src/host/runs/folder';
import { latest } from '../../src/host/runs/run';
import {
  activeLab,
  alphabet,
  closeAll,
  openUntitled,
  tiny,
  until,
  useButtons,
  useNotifications,
  useSettings,
} from './support/lab';

describe('texts to train on', () => {
  useSettings({ ...tiny, 'training.steps': 20 });
  const notifications = useNotifications();
  const press = useButtons();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-texts-'));
  let lab: Lab;

  before(async () => {
    lab = await activeLab();
    await lab.runs.stop();
    await closeAll();
  });
  afterEach(async () => {
    await lab.runs.stop();
    await closeAll();
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, content: string | Uint8Array): vscode.Uri {
    const file = path.join(folder, name);
    fs.writeFileSync(file, content);
    return vscode.Uri.file(file);
  }

  async function train(uri?: vscode.Uri): Promise<void> {
    await vscode.commands.executeCommand('rnnLab.train', uri);
    await until('the end', () => !lab.runs.busy);
  }

  async function learnt(): Promise<string | undefined> {
    const document = await readDocument(lab.runs.current!.folder);
    return document && 'text' in document ? document.text : undefined;
  }

  function only(): string {
    assert.equal(notifications.length, 1, notifications.join('\n'));
    return notifications[0]!;
  }

  it('from the explorer are read without an editor', async () => {
    await train(write('explorer.txt', alphabet));
    assert.equal(lab.runs.current?.facts.name, 'explorer.txt');
    assert.equal(await learnt(), alphabet);
    assert.ok(
      vscode.workspace.textDocuments.every(({ fileName }) => !fileName.endsWith('explorer.txt')),
    );
    assert.deepEqual(notifications, []);
  });

  it('are those of the editor where it has unsaved changes', async () => {
    const uri = write('edited.txt', alphabet);
    const editor = await vscode.window.showTextDocument(uri);
    await editor.edit((change) => change.insert(new vscode.Position(0, 0), 'ZZZZ '));
    await train(uri);
    assert.equal(await learnt(), `ZZZZ ${alphabet}`);
  });

  it('are read with the encoding that VS Code would use', async () => {
    const uri = write('latin1.txt', Buffer.from('grün und blau '.repeat(100), 'latin1'));
    const files = vscode.workspace.getConfiguration('files', uri);
    await files.update('encoding', 'windows1252', true);
    await train(uri);
    await files.update('encoding', undefined, true);
    assert.equal(await learnt(), 'grün und blau '.repeat(100));
  });

  it('are a selection alone, or several', async () => {
    const document = await openUntitled(`# a title\n${alphabet}\n# another\n${alphabet}`);
    const editor = vscode.window.activeTextEditor!;
    const part = (line: number, end: number) => new vscode.Selection(line, 0, line, end);
    editor.selections = [part(3, 400), part(1, 300)];
    await vscode.commands.executeCommand('rnnLab.trainOnSelection');
    await until('the end', () => !lab.runs.busy);
    assert.equal(await learnt(), `${alphabet.slice(0, 300)}\n${alphabet.slice(0, 400)}`);
    const name = path.basename(document.uri.path);
    assert.equal(lab.runs.current?.facts.name, `${name}, lines 2–4`);
  });

  it('are no selection where nothing is selected', async () => {
    await openUntitled(alphabet);
    await vscode.commands.executeCommand('rnnLab.trainOnSelection');
    assert.match(only(), /^Nothing is selected\. Select the text/);
  });

  it('may be larger than VS Code lets extensions open: the engine reads the file', async () => {
    const uri = write('large.txt', alphabet.repeat(Math.ceil((52 * 2 ** 20) / alphabet.length)));
    await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(uri)));
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('data.validation', 0, true);
    const before = Date.now();
    await train(uri);
    await configuration.update('data.validation', undefined, true);
    assert.deepEqual(notifications, []);
    const run = lab.runs.current!;
    assert.equal(run.facts.name, 'large.txt');
    assert.equal(run.facts.tokens, fs.statSync(uri.fsPath).size);
    assert.equal(latest(run, 'step'), 20);
    const content = fs.readFileSync(path.join(run.folder, 'document.json'), 'utf8');
    const { kept, ...document } = JSON.parse(content) as Record<string, unknown>;
    assert.deepEqual(document, { uri: uri.toString(), name: 'large.txt', path: uri.fsPath });
    assert.ok(Number(kept) >= before && Number(kept) <= Date.now());
  });

  it('are refused where they are larger still', async () => {
    const uri = write('huge.txt', 'text');
    fs.truncateSync(uri.fsPath, 4000 * 2 ** 20);
    await train(uri);
    assert.match(only(), /^huge\.txt has 4000 MB; at most 3815 MB .* Save part of it/);
    fs.truncateSync(uri.fsPath, 0);
  });

  it('are refused sooner where the engine cannot read them by itself', async () => {
    const uri = write('encoded.txt', 'text');
    fs.truncateSync(uri.fsPath, 300 * 2 ** 20);
    const files = vscode.workspace.getConfiguration('files', uri);
    await files.update('encoding', 'windows1252', true);
    await train(uri);
    await files.update('encoding', undefined, true);
    assert.match(only(), /^encoded\.txt has 300 MB; .* at most 256 MB\. Save it as UTF-8/);
  });

  it('are left where they are when the training is stopped before they are read', async () => {
    const uri = write('stopped.txt', alphabet.repeat(Math.ceil((52 * 2 ** 20) / alphabet.length)));
    const training = vscode.commands.executeCommand('rnnLab.train', uri);
    await until('the order', () => lab.runs.busy);
    await lab.runs.stop();
    await training;
    assert.equal(lab.runs.busy, false);
    assert.deepEqual(notifications, []);
  });

  it('are left where they are when the training is stopped before its order is written', async () => {
    await train(write('before.txt', alphabet));
    const runs = path.dirname(lab.runs.current!.folder);
    const uri = write('ordered.txt', alphabet);
    let stopped: Promise<void> | undefined;
    // At the first word of the order, when its folder is not there yet.
    const listening = lab.runs.onDidChange(() => {
      if (lab.runs.preparing !== undefined) stopped ??= Promise.resolve().then(lab.runs.stop);
    });
    await vscode.commands.executeCommand('rnnLab.train', uri);
    listening.dispose();
    await stopped;
    assert.equal(lab.runs.busy, false);
    assert.deepEqual(notifications, []);
    assert.deepEqual(
      fs.readdirSync(runs).filter((name) => name.includes('ordered')),
      [],
    );
  });

  it('are one text where several are chosen, of which each knows its model', async () => {
    for (let i = 0; i < 8; i++) write(`chapter-${String(i)}.md`, `${alphabet} ${String(i)}`);
    const names = ['chapter-1.md', 'chapter-3.md', 'chapter-5.md', 'chapter-6.md'];
    const uris = names.map((name) => vscode.Uri.file(path.join(folder, name)));
    await vscode.commands.executeCommand('rnnLab.trainTogether', uris[0], uris);
    await until('the training', () => !lab.runs.busy);
    const { facts, warnings } = lab.runs.current!;
    assert.equal(facts.documents?.count, 4);
    assert.match(warnings.join(), /4 text files · each a document of its own/);
    assert.ok(names.includes(facts.documents.last));
  });

  it('are refused where they are an empty folder, or gone', async () => {
    const empty = path.join(folder, 'empty');
    fs.mkdirSync(empty);
    await train(vscode.Uri.file(empty));
    assert.match(notifications[0]!, /is a folder without anything to train on\. /);
    await train(vscode.Uri.file(path.join(folder, 'gone.txt')));
    assert.match(notifications[1]!, /^There is no file gone\.txt\. .* choose another text\.$/);
  });

  it('are refused where they are not UTF-8, with how much is wrong and where', async () => {
    const uri = write('wrong.txt', Buffer.from(`${alphabet}\nein grüner Bär\n`, 'latin1'));
    press('Reopen with encoding');
    await train(uri);
    assert.match(
      only(),
      /^wrong\.txt is not UTF-8: 2 bytes are invalid, the first is 0xFC on line 2\./,
    );
    await until('the editor', () => {
      return vscode.window.activeTextEditor?.document.uri.toString() === uri.toString();
    });
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  it('are learnt with what could not be decoded where the editor shows it, which is told once', async () => {
    const uri = write('shown.txt', Buffer.from(`${alphabet}\nein grüner Bär\n`, 'latin1'));
    await vscode.window.showTextDocument(uri);
    await train(uri);
    assert.match(only(), /^shown\.txt contains 2 characters .* the first on line 2; .* reopen it/);
    assert.equal(lab.runs.current?.facts.name, 'shown.txt');
    await train(uri);
    assert.equal(notifications.length, 1);
  });

  it('are UTF-16 with a mark, and refused without', async () => {
    await train(write('marked.txt', Buffer.from(`\uFEFF${alphabet}`, 'utf16le')));
    assert.deepEqual(notifications, []);
    assert.equal(lab.runs.current?.facts.vocabulary, 28);
    await train(write('bare.txt', Buffer.from(alphabet, 'utf16le')));
    assert.match(only(), /^bare\.txt looks like UTF-16 .* Save it as UTF-8/);
  });
});

describe('settings that cannot be used', () => {
  useSettings({ ...tiny, 'training.steps': 20 });
  const notifications = useNotifications();
  const cases = [
    [
      'model.hidden',
      'many',
      /rnnLab\.model\.hidden must be a whole number from 1 to 8192, .*"many"/,
    ],
    ['model.hidden', 12.5, /rnnLab\.model\.hidden must be a whole number from 1 to 8192, .*12\.5/],
    ['model.dropout', 1, /rnnLab\.model\.dropout must be a number from 0 to below 1, .* 1\./],
    ['training.optimizer', 'lion', /rnnLab\.training\.optimizer must be one of sgd, .*"lion"/],
    ['training.steps', { deep: 1 }, /rnnLab\.training\.steps must be .*\{"deep":1\}/],
    ['model.cell', 7, /rnnLab\.model\.cell must be a text, but it is 7/],
  ] as const;

  before(() => activeLab());
  afterEach(() => closeAll());

  for (const [key, value, message] of cases) {
    it(`are named, with what they may be: ${key} = ${JSON.stringify(value)}`, async () => {
      const configuration = vscode.workspace.getConfiguration('rnnLab');
      const before = configuration.inspect(key)?.globalValue;
      await configuration.update(key, value, true);
      await openUntitled(alphabet);
      await vscode.commands.executeCommand('rnnLab.train');
      await configuration.update(key, before, true);
      assert.equal(notifications.length, 1, notifications.join('\n'));
      assert.match(notifications[0]!, message);
    });
  }

  it('of sampling are named when one samples, and do not keep from training; nor do those of the editor', async () => {
    const lab = await activeLab();
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('sampling.topP', 2, true);
    await configuration.update('completion.mode', 'onRequest', true);
    await configuration.update('cells.tryOnSave', 'off', true);
    await openUntitled(alphabet);
    await vscode.commands.executeCommand('rnnLab.train');
    await until('the end', () => !lab.runs.busy);
    assert.deepEqual(notifications, []);
    for (const key of ['completion.mode', 'cells.tryOnSave'])
      await configuration.update(key, undefined, true);
    await vscode.commands.executeCommand('rnnLab.sample');
    await configuration.update('sampling.topP', undefined, true);
    assert.match(
      notifications.join('\n'),
      /rnnLab\.sampling\.topP must be a number from 0 to 1, .*2/,
    );
  });
});
