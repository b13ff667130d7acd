import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createEngine } from '../../src/host/engine';
import { createEngineProcess } from '../../src/host/engine-process';
import { createNotifier } from '../../src/host/notify';
import { createRuns } from '../../src/host/runs/runs';
import type { Lab } from '../../src/host/lab';
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

describe('bad input is told once, with what to do', () => {
  useSettings({ ...tiny, 'training.seconds': 5 });
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-bad-'));
  let lab: Lab;

  before(async () => {
    lab = await activeLab();
  });

  afterEach(async () => {
    await lab.runs.stop();
    await closeAll();
  });

  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function trainOn(name: string, content: string | Uint8Array): Promise<void> {
    const file = path.join(folder, name);
    fs.writeFileSync(file, content);
    await vscode.commands.executeCommand('rnnLab.train', vscode.Uri.file(file));
  }

  function onlyNotification(): string {
    assert.equal(notifications.length, 1, notifications.join('\n'));
    return notifications[0]!;
  }

  it('no text at all', async () => {
    await closeAll();
    await vscode.commands.executeCommand('rnnLab.train');
    assert.match(onlyNotification(), /no text to train on\. Open a text file/);
  });

  it('an empty file', async () => {
    await trainOn('empty.txt', '');
    assert.match(onlyNotification(), /empty\.txt is empty\. Write or paste/);
    assert.equal(lab.runs.busy, false);
  });

  it('a text of one symbol', async () => {
    await trainOn('one.txt', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
    assert.match(onlyNotification(), /one\.txt|symbol|token|character/i);
    assert.equal(lab.runs.busy, false);
  });

  it('a text shorter than a sequence, which trains with less: the panel says so', async () => {
    await trainOn('little.txt', 'abcabcabcabcabc');
    const warnings = () => lab.runs.current?.warnings.join(' ') ?? '';
    await until('the warning', () => /short/i.test(warnings()));
    assert.deepEqual(notifications, []);
  });

  it('a binary file', async () => {
    await trainOn(
      'picture.bin',
      Uint8Array.from({ length: 3000 }, (_, i) => i % 7),
    );
    assert.match(onlyNotification(), /not a text file|cannot be opened as text/);
    assert.equal(lab.runs.busy, false);
  });

  it('a notebook, and a cell of one', async () => {
    const cells = [{ cell_type: 'markdown', metadata: {}, source: [alphabet] }];
    const notebook = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
    await trainOn('notes.ipynb', notebook);
    assert.match(onlyNotification(), /^notes\.ipynb is a notebook, .* Export it as/);
    const file = vscode.Uri.file(path.join(folder, 'notes.ipynb'));
    const cell = file.with({ scheme: 'vscode-notebook-cell', fragment: 'W0sZmlsZQ==' });
    await vscode.commands.executeCommand('rnnLab.train', cell);
    assert.match(notifications.at(-1)!, /^notes\.ipynb is a notebook/);
    assert.equal(lab.runs.busy, false);
  });

  it('invalid UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(alphabet), Buffer.from([0xe4, 0xf6, 0xfc])]);
    await trainOn('latin1.txt', bytes);
    assert.match(onlyNotification(), /not UTF-8: 3 bytes are invalid.*Reopen/);
    assert.equal(lab.runs.busy, false);
  });

  it('a setting out of range', async () => {
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('model.hidden', -3, true);
    await trainOn('good.txt', alphabet);
    await configuration.update('model.hidden', tiny['model.hidden'], true);
    assert.match(onlyNotification(), /model\.hidden.*1 to 8192.*-3/);
  });

  it('a cell file that is not there, and one with an error', async () => {
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('model.cell', 'nowhere.rnn', true);
    await trainOn('good.txt', alphabet);
    assert.match(onlyNotification(), /nowhere\.rnn cannot be opened.*built-in cell/);

    const cell = path.join(folder, 'wrong.rnn');
    fs.writeFileSync(cell, 's[t] = tanh(U x[t] + W s[t-1] + \n');
    await configuration.update('model.cell', cell, true);
    await vscode.commands.executeCommand(
      'rnnLab.train',
      vscode.Uri.file(path.join(folder, 'good.txt')),
    );
    await configuration.update('model.cell', undefined, true);
    assert.equal(notifications.length, 2, notifications.join('\n'));
    assert.match(notifications[1]!, /wrong\.rnn:\d+:\d+: /);
  });

  it('a second training', async () => {
    await trainOn('first.txt', alphabet);
    const first = lab.runs.current;
    await openUntitled('another text');
    await vscode.commands.executeCommand('rnnLab.train');
    assert.match(
      onlyNotification(),
      /^first\.txt is being trained\. Add this to the queue, or stop it/,
    );
    assert.equal(lab.runs.current, first);
  });

  it('two quick clicks, which start one training', async () => {
    const document = await openUntitled(alphabet);
    const clicks = [document.uri, document.uri].map((uri) =>
      vscode.commands.executeCommand('rnnLab.train', uri),
    );
    await Promise.all(clicks);
    assert.match(onlyNotification(), /is being trained/);
    assert.equal(lab.runs.busy, true);
  });

  it('leaves no folder of a run that never began', async () => {
    const runs = path.dirname(lab.runs.current!.folder);
    const folders = fs.readdirSync(runs);
    assert.ok(folders.every((name) => fs.existsSync(path.join(runs, name, 'run.json'))));
    await trainOn('short.txt', 'a');
    assert.deepEqual(fs.readdirSync(runs), folders);
  });

  it('a loss that is not finite any more', async () => {
    const wild = {
      'training.optimizer': 'sgd',
      'training.learningRate': 1000,
      'training.clip': 0,
      'training.weightDecay': 10,
      'training.schedule': 'constant',
    };
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    for (const [key, value] of Object.entries(wild)) await configuration.update(key, value, true);
    await trainOn('good.txt', alphabet);
    const run = lab.runs.current!;
    await until('the failure', () => !lab.runs.busy);
    for (const key of Object.keys(wild)) await configuration.update(key, undefined, true);
    assert.equal(run.phase, 'failed');
    assert.match(onlyNotification(), /step \d+.*(layer1\.\w+|output\.\w+)/s);
    assert.equal(run.message, onlyNotification());
    // Its batch, its weights and its time step, stopped at the first number that is none.
    await vscode.commands.executeCommand('rnnLab.debugFailedStep');
    const { debug } = vscode;
    await until('a stop', () => debug.activeStackItem instanceof vscode.DebugStackFrame);
    const session = debug.activeDebugSession!;
    const asked = { threadId: debug.activeStackItem!.threadId };
    const info = (await session.customRequest('exceptionInfo', asked)) as { exceptionId: string };
    assert.equal(info.exceptionId, 'Not finite');
    const trace = (await session.customRequest('stackTrace', asked)) as {
      readonly stackFrames: readonly { readonly source: { readonly path?: string } }[];
    };
    const shown = trace.stackFrames[0]!.source.path ?? '';
    assert.ok(shown.endsWith(path.join(run.folder, 'model.rnn')), shown);
    const batch = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.scheme === 'rnn-lab-debug',
    );
    assert.ok(alphabet.includes(batch!.document.getText()));
    await debug.stopDebugging();
    await until('the session ends', () => debug.activeDebugSession === undefined);
  });

  it('a damaged checkpoint', async () => {
    await trainOn('good.txt', alphabet);
    await lab.runs.stop();
    const run = lab.runs.current!;
    for (const name of fs.readdirSync(run.folder)) {
      if (name.endsWith('.safetensors')) fs.writeFileSync(path.join(run.folder, name), 'damaged');
    }
    await vscode.commands.executeCommand('rnnLab.continue');
    assert.match(onlyNotification(), /checkpoint/i);
    assert.equal(lab.runs.busy, false);
  });
});

describe('an engine that dies', () => {
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-dying-'));

  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('is told once, though two jobs fail, and the next job starts a new one', async () => {
    const file = path.join(folder, 'engine.js');
    fs.writeFileSync(
      file,
      `process.on('message', ({ line, message: { job, request } }) => {
        if (request.kind === 'train') setTimeout(() => process.exit(3), 50);
        if (request.kind === 'list') {
          const message = { type: 'result', job, result: { runs: [], damaged: [] } };
          process.send({ type: 'message', line, message });
        }
      });
      process.on('disconnect', () => process.exit());`,
    );
    const log = vscode.window.createOutputChannel('RNN Lab test', { log: true });
    const lines = createEngineProcess(file, log);
    const engine = createEngine(() => lines.open('trainer'), log);
    const notifier = createNotifier(log);
    const runs = createRuns(engine, path.join(folder, 'runs'), {
      failed: (error) => notifier.error(error),
      warned: () => undefined,
      recovered: () => assert.fail('It has not begun.'),
    });
    const inspecting = engine.start({
      kind: 'inspect',
      model: { kind: 'live', job: 1 },
      text: 'a',
    });
    inspecting.result.catch(notifier.error);
    const document = { uri: 'untitled:1', name: 'a.txt', text: alphabet };
    await runs.train({ document, settings: {}, cell: undefined });
    await until('the end', () => !runs.busy);
    assert.equal(notifications.length, 1);
    assert.match(notifications[0]!, /ended unexpectedly.*checkpoint is kept/);
    assert.equal(await runs.openNewest(), false);
    await engine.close();
    runs.dispose();
    log.dispose();
  });
});
