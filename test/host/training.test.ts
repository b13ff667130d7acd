import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { createEngine, type Engine } from '../../src/host/engine';
import { createEngineProcess } from '../../src/host/engine-process';
import type { Lab } from '../../src/host/lab';
import { readDocument } from '../../src/host/runs/folder';
import { latest, type Run } from '../../src/host/runs/run';
import { createRuns } from '../../src/host/runs/runs';
import {
  activeLab,
  alphabet,
  closeAll,
  openUntitled,
  tiny,
  until,
  useNotifications,
  useSettings,
} from './support/lab';

describe('training', () => {
  useSettings({ ...tiny, 'training.seconds': 600, 'sampling.length': 50, 'sampling.seed': 7 });
  const notifications = useNotifications();
  let lab: Lab;
  let run: Run;

  function current(): Run {
    assert.ok(lab.runs.current);
    return lab.runs.current;
  }

  before(async () => {
    lab = await activeLab();
  });

  after(async () => {
    await lab.runs.stop();
    await closeAll();
  });

  it('begins on an untitled document, with what is typed in it', async () => {
    const document = await openUntitled('');
    await vscode.commands.executeCommand('type', { text: alphabet });
    await vscode.commands.executeCommand('rnnLab.train');
    run = current();
    assert.equal(run.phase, 'training');
    assert.equal(lab.runs.busy, true);
    assert.equal(run.facts.name, path.basename(document.uri.path));
    assert.equal(run.facts.settings['model.hidden'], 16);
    assert.equal(run.facts.vocabulary, 28);
    assert.ok(Math.abs(run.facts.baselines.uniform - Math.log(28)) < 1e-12);
  });

  it('gives rows of metrics, from ln C down', async () => {
    await until('40 rows', () => run.metrics.length >= 40);
    const { step, lossMean, lossMin, lossMax } = run.metrics.columns();
    assert.ok(Math.abs(lossMean[0]! - Math.log(28)) < 0.5, String(lossMean[0]));
    assert.ok(lossMean.at(-1)! < lossMean[0]!);
    for (let i = 0; i < step.length; i++) {
      assert.ok(lossMin[i]! <= lossMean[i]! && lossMean[i]! <= lossMax[i]!);
      assert.ok(i === 0 || step[i]! > step[i - 1]!);
    }
  });

  it('opens the panel beside the editor', async () => {
    const panels = () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview)
        .map(({ label }) => label);
    const title = `RNN Lab: ${run.facts.name}`;
    await until('the panel', () => panels().includes(title));
    assert.deepEqual(panels(), [title]);
  });

  it('pauses and goes on', async () => {
    await vscode.commands.executeCommand('rnnLab.pause');
    await until('the pause', () => run.phase === 'paused');
    const step = latest(run, 'step');
    // A training that goes on makes a step between any two answers, and no two steps expect the same.
    const model = { kind: 'live', job: run.job!.id } as const;
    const text = alphabet.slice(0, 90);
    const expected = async () =>
      (await lab.engine.start({ kind: 'inspect', model, text }).result).loss;
    const whenPaused = await expected();
    for (let i = 0; i < 5; i++) assert.deepEqual(await expected(), whenPaused);
    await vscode.commands.executeCommand('rnnLab.resume');
    await until('more steps', () => latest(run, 'step') > step);
    assert.notDeepEqual(await expected(), whenPaused);
  });

  it('is sampled while it goes on', async () => {
    await vscode.commands.executeCommand('rnnLab.sample');
    const text = vscode.window.activeTextEditor?.document;
    assert.ok(text?.isUntitled);
    assert.equal(text.getText().length, 50);
    assert.equal(run.phase, 'training');
  });

  it('stops, and leaves a folder that says what was done', async () => {
    await vscode.commands.executeCommand('rnnLab.stop');
    assert.equal(run.phase, 'stopped');
    assert.equal(lab.runs.busy, false);
    assert.equal(run.hasCheckpoint, true);
    const names = fs.readdirSync(run.folder).toSorted();
    assert.deepEqual(
      names.filter((name) => !/best|checkpoint-step-\d+\.safetensors$/.test(name)),
      [
        'checkpoint-last.safetensors',
        'document.json',
        'metrics.jsonl',
        'model.rnn',
        'observations.jsonl',
        'run.json',
        'samples.jsonl',
      ],
    );
    const document = await readDocument(run.folder);
    assert.ok(document && 'text' in document);
    assert.equal(document.text, alphabet);
  });

  it('is found again by another engine, with all its rows', async () => {
    await withOtherEngine(async (engine) => {
      const others = createRuns(engine, path.dirname(run.folder), {
        failed: (error) => assert.fail(String(error)),
        warned: () => undefined,
        recovered: () => assert.fail('The engine is well.'),
      });
      assert.equal(await others.openNewest(), true);
      const found = others.current!;
      assert.equal(found.folder, run.folder);
      assert.equal(found.phase, 'stopped');
      assert.deepEqual(found.metrics.columns().step, run.metrics.columns().step);
      assert.deepEqual(found.metrics.columns().lossMean, run.metrics.columns().lossMean);
      assert.deepEqual(found.evaluations.columns(), run.evaluations.columns());
      others.dispose();
    });
  });

  it('is sampled after it has stopped, from the selection', async () => {
    const editor = await vscode.window.showTextDocument(await openUntitled('say: the quick bro'));
    editor.selection = new vscode.Selection(0, 5, 0, 18);
    await vscode.commands.executeCommand('rnnLab.sample');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.ok(text.startsWith('the quick bro'), text);
    assert.equal(text.length, 13 + 50);
  });

  it('goes on where it stopped', async () => {
    const step = latest(run, 'step');
    await vscode.commands.executeCommand('rnnLab.continue');
    const continued = current();
    assert.equal(continued.folder, run.folder);
    await until('new steps', () => latest(continued, 'step') > step);
    const steps = continued.metrics.columns().step;
    for (let i = 1; i < steps.length; i++) assert.ok(steps[i]! > steps[i - 1]!);
    await vscode.commands.executeCommand('rnnLab.stop');
    assert.equal(continued.phase, 'stopped');
  });

  it('that reaches its limit is finished, and can be given more', async () => {
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('training.seconds', undefined, true);
    await configuration.update('training.steps', 30, true);
    await openUntitled(alphabet);
    await vscode.commands.executeCommand('rnnLab.train');
    const finished = current();
    await until('the end', () => finished.phase === 'finished');
    assert.equal(latest(finished, 'step'), 30);
    await vscode.commands.executeCommand('rnnLab.continue');
    await until('the second end', () => current().phase === 'finished');
    assert.equal(latest(current(), 'step'), 60);
    await configuration.update('training.steps', undefined, true);
  });

  it('told the user nothing: all was well', () => {
    assert.deepEqual(notifications, []);
  });

  async function withOtherEngine(use: (engine: Engine) => Promise<void>): Promise<void> {
    const { extensionPath } = vscode.extensions.getExtension('rnn-lab.rnn-lab')!;
    const log = vscode.window.createOutputChannel('RNN Lab test', { log: true });
    const lines = createEngineProcess(path.join(extensionPath, 'dist/engine.js'), log);
    const engine = createEngine(() => lines.open('trainer'), log);
    try {
      await use(engine);
    } finally {
      await engine.close();
      log.dispose();
    }
  }
});
