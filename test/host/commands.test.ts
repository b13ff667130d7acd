import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { activeLab, closeAll } from './support/lab';

describe('commands', () => {
  it('of the manifest are all registered, and no others', async () => {
    await activeLab();
    const extension = vscode.extensions.getExtension('rnn-lab.rnn-lab')!;
    const { contributes } = extension.packageJSON as {
      contributes: { commands: { command: string; category: string }[] };
    };
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      // VS Code adds its own for the view: `rnnLab.runs.focus`.
      registered.filter((name) => /^rnnLab\.\w+$/.test(name)).toSorted(),
      contributes.commands.map(({ command }) => command).toSorted(),
    );
    for (const { category } of contributes.commands) assert.equal(category, 'RNN Lab');
  });

  it('know every setting of the manifest', async () => {
    const keys = (await activeLab()).settings.map(({ key }) => key);
    assert.ok(keys.includes('model.hidden') && keys.includes('sampling.topP'));
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    for (const key of keys) {
      assert.notEqual(configuration.inspect(key)?.defaultValue, undefined, key);
    }
  });

  it('make samples that are not shipped when they are opened first', async () => {
    const { storage } = await activeLab();
    const opened = async (name: string) => {
      await vscode.commands.executeCommand('rnnLab.openSample', name);
      const { document } = vscode.window.activeTextEditor!;
      assert.equal(document.fileName, vscode.Uri.joinPath(storage, 'samples', name).fsPath);
      return document;
    };
    const dates = await opened('dates.csv');
    // A head and 6000 rows; the last line ends.
    assert.equal(dates.lineCount, 6002);
    assert.equal(dates.lineAt(1).text, '"Sunday, March 3, 2019",2 0 1 9 - 0 3 - 0 3,17958');
    const scenes = await opened('scenes/metadata.csv');
    assert.equal(scenes.lineAt(1).text, '000.png,purple square left of blue heart');
    const names = fs.readdirSync(path.dirname(scenes.fileName));
    assert.equal(names.filter((name) => name.endsWith('.png')).length, 800);
    const licence = fs.readFileSync(`${dates.fileName}.license`, 'utf8');
    assert.match(licence, /^SPDX-License-Identifier: CC0-1\.0/);
    // A second time they are only opened.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const before = fs.statSync(dates.fileName).mtimeMs;
    await opened('dates.csv');
    assert.equal(fs.statSync(dates.fileName).mtimeMs, before);
    await closeAll();
  });
});
