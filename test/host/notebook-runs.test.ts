import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { decodeMetrics } from '../../src/core/training/run';
import { activeLab, closeAll, until, useNotifications } from './support/lab';
import { figureIn, isDone, source, textOf, useNotebooks } from './support/notebooks';

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

  it('whose engine is killed (kill -9) say so, and go on where they were', async () => {
    const long = source
      .replace('steps: 40', 'steps: 5000\r\ncheckpointEvery: 0.2')
      .replace('evaluateEvery: 20', 'evaluateEvery: 500')
      .replace('seeds: 2', 'seeds: 1');
    const { notebook, runs } = await open(long);
    const [experiment] = notebook.getCells().filter((cell) => cell.index === 3);
    await run(3);
    const lockOf = (name: string) => path.join(runs, name, 'lock');
    const trained = () =>
      (fs.existsSync(runs) ? fs.readdirSync(runs) : []).find(
        (name) =>
          fs.existsSync(lockOf(name)) &&
          fs.existsSync(path.join(runs, name, 'checkpoint-last.safetensors')),
      );
    await until('a run has a checkpoint', () => trained() !== undefined);
    const name = trained()!;
    const holder = JSON.parse(fs.readFileSync(lockOf(name), 'utf8')) as { process: number };
    assert.notEqual(holder.process, process.pid);
    process.kill(holder.process, 'SIGKILL');
    await until('it has ended', () => isDone(experiment!));
    assert.equal(experiment!.executionSummary?.success, false);
    assert.ok(textOf(experiment!, 'application/vnd.code.notebook.error'));
    const before = experiment!.executionSummary.executionOrder;
    await run(3);
    await until(
      'it has run again',
      () => isDone(experiment!) && experiment!.executionSummary?.executionOrder !== before,
    );
    assert.equal(experiment!.executionSummary.success, true);
    const { done, metrics, rows } = figureIn(experiment!)!;
    assert.equal(done, 2);
    assert.deepEqual(
      rows.map(({ cells }) => cells[metrics.indexOf('step')]!.mean),
      [5000, 5000],
    );
    // Every step is in a row, once, as of a run that was never killed.
    const lines = fs
      .readFileSync(path.join(runs, name, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const steps = decodeMetrics(lines.join('\n')).flatMap((line) =>
      line.event === 'metrics' ? [line.row.steps] : [],
    );
    assert.equal(
      steps.reduce((sum, count) => sum + count, 0),
      5000,
    );
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
