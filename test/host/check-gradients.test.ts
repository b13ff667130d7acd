import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { gradientsOf, tableOf } from '../../src/host/commands/check-gradients';
import { activeLab, closeAll, useNotifications, useSettings } from './support/lab';

describe('Check gradients', () => {
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-gradients-'));
  useSettings({ 'model.cell': 'gru', 'model.layers': 2 });

  afterEach(() => closeAll());
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it('checks the cell of the settings, as many layers as they say', async () => {
    const found = await gradientsOf(await activeLab(), undefined);
    assert.equal(found?.name, 'gru');
    const { rows, maxRelativeError, passed } = found.result;
    assert.ok(passed && maxRelativeError < 1e-7, String(maxRelativeError));
    assert.ok(rows.some(({ name }) => name.startsWith('layer2.')));
  });

  it('checks a .rnn file, and has a table of all that it found', async () => {
    const file = path.join(folder, 'mine.rnn');
    fs.writeFileSync(file, 's[t] = tanh(U x[t] + Q s[t-1] + b)\n');
    const found = await gradientsOf(await activeLab(), vscode.Uri.file(file));
    assert.ok(found?.result.passed);
    const text = tableOf(found.name, found.result);
    assert.match(text, /^# Gradients of .*mine\.rnn$/m);
    // How many of the 64 are checked is a question of time; all that are have a gradient.
    assert.match(text, /^\| `layer1\.Q` \| 64 \| (\d+) \| \1 \| \d\.\de-\d+ \|$/m);
    assert.match(text, /ε = 1e-1 \|.*ε = 1e-8 \|$/m);
  });

  it('says what is wrong with a cell that has an error', async () => {
    const file = path.join(folder, 'wrong.rnn');
    fs.writeFileSync(file, 's[t] = tanh(U x[t] + W s[t])\n');
    await vscode.commands.executeCommand('rnnLab.checkGradients', vscode.Uri.file(file));
    assert.match(notifications[0]!, /wrong\.rnn:1:\d+: s\[t\] needs itself/);
  });
});
