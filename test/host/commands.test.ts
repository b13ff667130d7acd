import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activeLab } from './support/lab';

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
});
