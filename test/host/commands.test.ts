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
      registered.filter((name) => name.startsWith('rnnLab.')).toSorted(),
      contributes.commands.map(({ command }) => command).toSorted(),
    );
    for (const { category } of contributes.commands) assert.equal(category, 'RNN Lab');
  });

  it('know every setting of the manifest', async () => {
    const { settingKeys } = await activeLab();
    assert.ok(settingKeys.includes('model.hidden') && settingKeys.includes('sampling.topP'));
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    for (const key of settingKeys) {
      assert.notEqual(configuration.inspect(key)?.defaultValue, undefined, key);
    }
  });
});
