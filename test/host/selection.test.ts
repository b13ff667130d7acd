import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { activeLab, closeAll, until, useNotifications, useSettings } from './support/lab';

const rows = Array.from({ length: 120 }, (_, i) => {
  const word = ['good', 'bad', 'fine', 'dull'][i % 4]!;
  return `the ${['film', 'book', 'song'][i % 3]!} was ${word} ${i},${i % 2 === 0 ? 'pos' : 'neg'}`;
});

describe('a selection of a data file', () => {
  useSettings({
    ...{ 'model.hidden': 8, 'training.threads': 1, 'training.seed': 1 },
    ...{ 'training.batch': 16, 'training.steps': 10 },
  });
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-selection-'));
  const uri = vscode.Uri.file(path.join(folder, 'reviews.csv'));
  let lab: Lab;
  let editor: vscode.TextEditor;

  const diagnostics = () =>
    vscode.languages
      .getDiagnostics(uri)
      .map(({ range, severity, message }) => [range.start.line, severity, message] as const);

  /** @param lines of the document, from 0, both included */
  async function trainOn(first: number, last: number): Promise<void> {
    editor.selection = new vscode.Selection(first, 2, last, 3);
    await vscode.commands.executeCommand('rnnLab.trainOnSelection');
  }

  before(async () => {
    lab = await activeLab();
    await lab.runs.stop();
    await closeAll();
    // Its line 41 cannot be read, and line 61 has no label.
    const lines = rows.with(39, `${rows[39]!},more`).with(59, 'the film,');
    fs.writeFileSync(uri.fsPath, `text,label\n${lines.join('\n')}\n`);
    editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  });

  after(async () => {
    await closeAll();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('says of a row that cannot be read so at its place in the document', async () => {
    await trainOn(21, 50);
    await until('a diagnostic', () => diagnostics().length > 0);
    const [[line, severity, message]] = diagnostics() as [readonly [number, number, string]];
    assert.deepEqual([line, severity], [40, vscode.DiagnosticSeverity.Error]);
    assert.match(message, /3 values where the first row has 2/);
    await until('the row is shown', () => editor.selection.active.line === 40);
    assert.deepEqual(notifications, []);
  });

  it('is learnt as rows, without those that say nothing, each of which is marked', async () => {
    const earlier = lab.runs.current?.folder;
    await trainOn(51, 120);
    await until('the end', () => !lab.runs.busy && lab.runs.current?.folder !== earlier);
    const { facts } = lab.runs.current!;
    assert.deepEqual([facts.task?.inputs, facts.task?.outputs], [['text'], ['label']]);
    const { train, validation, test } = facts.task!.examples;
    assert.equal(train + validation + test, 69);
    assert.deepEqual(diagnostics(), [
      [60, vscode.DiagnosticSeverity.Warning, 'This row is left out: label is missing.'],
    ]);
    assert.deepEqual(notifications, []);
  });
});
