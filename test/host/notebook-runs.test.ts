import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activeLab, closeAll, until, useNotifications } from './support/lab';
import { figureIn, isDone, source, useNotebooks } from './support/notebooks';

describe('runs of a notebook', () => {
  const { open, run } = useNotebooks();
  useNotifications();

  before(async () => {
    await (await activeLab()).runs.stop();
    await closeAll();
  });
  afterEach(async () => {
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('give the settings of a run to what is trained next, and take them back', async () => {
    const { notebook, runs } = await open(source.replace('data: fox\r\ncell: mine', 'data: fox'));
    await run(3);
    await until('it has run', () => isDone(notebook.cellAt(3)));
    const best = figureIn(notebook.cellAt(3))!.rows.find(({ values }) => values[0] === 4)!;
    assert.ok(best.run?.startsWith(runs));
    const settings = () => vscode.workspace.getConfiguration('rnnLab');
    const keys = ['model.hidden', 'training.batch', 'training.sequence', 'training.steps'];
    const now = () => keys.map((key) => settings().get(key));
    const before = now();
    let undo: ((title: string) => void) | undefined;
    const { showInformationMessage } = vscode.window;
    const asked: string[] = [];
    Object.assign(vscode.window, {
      showInformationMessage: (message: string) => {
        asked.push(message);
        return new Promise((resolve) => (undo = resolve));
      },
    });
    try {
      await vscode.commands.executeCommand('rnnLab.useSettings', { run: best.run });
      // How long a run is trained is not what makes it good.
      assert.deepEqual(now(), [4, 4, 16, before[3]]);
      assert.match(asked[0]!, /model\.hidden = 4/);
      undo!('Undo');
      await until('they are as before', () => now().join() === before.join());
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
  });
});
