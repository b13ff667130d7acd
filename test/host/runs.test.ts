import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { toEnglish } from '../../src/core/sentence';
import type { Lab } from '../../src/host/lab';
import type { RunLine } from '../../src/host/runs/line';
import { latest, type Run } from '../../src/host/runs/run';
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

const steps = 30;

describe('runs', () => {
  useSettings({ ...tiny, 'training.steps': steps });
  const notifications = useNotifications();
  const answers = useAnswers();
  const made: string[] = [];
  let lab: Lab;

  before(async () => {
    lab = await activeLab();
    await lab.runs.stop();
    // The newest is last.
    for (const name of ['first', 'second', 'third']) made.push((await trainToEnd(name)).folder);
    await lab.runs.list.load();
  });

  afterEach(async () => {
    await lab.runs.stop();
    lab.runs.clearComparison();
  });

  after(closeAll);

  async function trainToEnd(text: string): Promise<Run> {
    await openUntitled(`${alphabet}${text}`);
    await vscode.commands.executeCommand('rnnLab.train');
    const run = lab.runs.current!;
    await until('the end', () => run.phase === 'finished' && !lab.runs.busy);
    return run;
  }

  /** A training that goes on until it is stopped. */
  async function trainForLong(): Promise<Run> {
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('training.steps', 1_000_000, true);
    await openUntitled(alphabet);
    await vscode.commands.executeCommand('rnnLab.train');
    await configuration.update('training.steps', steps, true);
    const run = lab.runs.current!;
    await until('rows', () => run.metrics.length > 2);
    return run;
  }

  function lines(): readonly RunLine[] {
    return lab.runs.lines.filter(({ folder }) => made.includes(folder));
  }

  function line(folder: string): RunLine {
    const found = lab.runs.lines.find((candidate) => candidate.folder === folder);
    assert.ok(found, `${folder} is not in the list`);
    return found;
  }

  const targets = (folders: readonly string[]) => folders.map((run) => ({ run }));

  it('are listed, the newest first, with what their folders say', () => {
    assert.deepEqual(
      lines().map(({ folder }) => folder),
      made.toReversed(),
    );
    for (const { folder, name, phase, step, loss, best, summary } of lines()) {
      const rows = fs.readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
      const events = rows.map((row) => JSON.parse(row) as { event: string; row: Row });
      const last = events.findLast(({ event }) => event === 'metrics')!.row;
      const validation = events.flatMap(({ event, row }) =>
        event === 'evaluation' ? [row.validationLoss] : [],
      );
      assert.match(name, /^Untitled-\d+ · vanilla$/);
      assert.deepEqual([phase, step, loss], ['finished', steps, last.loss.mean]);
      assert.equal(best, Math.min(...validation));
      assert.equal(summary.hidden, 16);
    }
  });

  it('are renamed, and called by their text and cell again', async () => {
    answers.input = 'The best of all';
    await vscode.commands.executeCommand('rnnLab.renameRun', { run: made[0] });
    assert.equal(line(made[0]!).name, 'The best of all');
    const file = fs.readFileSync(path.join(made[0]!, 'run.json'), 'utf8');
    assert.equal((JSON.parse(file) as { title?: string }).title, 'The best of all');
    await lab.runs.open(made[0]!);
    assert.equal(lab.runs.current?.title, 'The best of all');
    answers.input = '';
    await vscode.commands.executeCommand('rnnLab.renameRun', { run: made[0] });
    assert.match(line(made[0]!).name, /^Untitled-\d+ · vanilla$/);
    assert.equal(lab.runs.current.title, undefined);
  });

  it('are deleted together and brought back by the button of the message, on show as before', async () => {
    const [a, b] = made as [string, string];
    await lab.runs.open(a);
    const rows = latest(lab.runs.current!, 'lossMean');
    let undo: ((answer: string) => void) | undefined;
    answers.information = () => new Promise((resolve) => (undo = resolve));
    await vscode.commands.executeCommand('rnnLab.deleteRun', { run: a }, targets([a, b]));
    assert.deepEqual(answers.told, ['Deleted 2 runs.']);
    assert.ok(!fs.existsSync(a) && !fs.existsSync(b));
    assert.equal(lines().length, 1);
    // An empty panel would say that there is no run.
    await until('the run that is left', () => lab.runs.current?.folder === made[2]);
    assert.ok(undo);
    undo('Undo');
    await until('the runs', () => lines().length === 3);
    await until('the run on show', () => lab.runs.current?.folder === a);
    assert.equal(latest(lab.runs.current!, 'lossMean'), rows);
  });

  it('are brought back by the command, the last deletion first', async () => {
    for (const folder of made)
      await vscode.commands.executeCommand('rnnLab.deleteRun', { run: folder });
    assert.deepEqual(lines(), []);
    for (const left of [1, 2, 3]) {
      await vscode.commands.executeCommand('rnnLab.undoDelete');
      assert.deepEqual(
        lines().map(({ folder }) => folder),
        made.slice(made.length - left).toReversed(),
      );
    }
    await vscode.commands.executeCommand('rnnLab.undoDelete');
    assert.deepEqual(notifications, ['There is no deleted run to restore.']);
  });

  it('that are trained here are deleted only after asking', async () => {
    const run = await trainForLong();
    answers.warning = undefined;
    await vscode.commands.executeCommand('rnnLab.deleteRun', { run: run.folder });
    assert.deepEqual([lab.runs.busy, fs.existsSync(run.folder)], [true, true]);
    answers.warning = 'Stop and delete';
    await vscode.commands.executeCommand('rnnLab.deleteRun', { run: run.folder });
    assert.deepEqual([lab.runs.busy, fs.existsSync(run.folder)], [false, false]);
    assert.equal(lab.runs.current, undefined);
  });

  it('of another window can be looked at, but not deleted, renamed or continued here', async () => {
    const [, , folder] = made as [string, string, string];
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: 'ignore',
    });
    const lock = path.join(folder, 'lock');
    fs.writeFileSync(lock, JSON.stringify({ process: other.pid, host: os.hostname() }));
    try {
      await lab.runs.list.load();
      assert.deepEqual(
        [line(folder).phase, line(folder).canContinue, line(folder).canSample],
        ['elsewhere', false, true],
      );
      await vscode.commands.executeCommand('rnnLab.deleteRun', { run: folder });
      await vscode.commands.executeCommand('rnnLab.continue', { run: folder });
      answers.input = 'mine';
      await vscode.commands.executeCommand('rnnLab.renameRun', { run: folder });
      const [deleting = '', continuing = '', renaming = ''] = notifications;
      assert.match(deleting, /in another window\. Stop it there, then delete it\./);
      assert.match(continuing, /being trained in another window\. Stop it there first\./);
      assert.match(renaming, /is being trained by process \d+/);
      assert.equal(lab.runs.current?.phase, 'elsewhere');
    } finally {
      other.kill('SIGKILL');
      await new Promise((resolve) => other.on('exit', resolve));
    }
    // Its end is noticed by whoever looks at it.
    await until('the end there', () => lab.runs.current?.phase === 'finished');
    fs.rmSync(lock, { force: true });
  });

  it('that are damaged come last, with what is wrong', async () => {
    const folder = path.join(path.dirname(made[0]!), 'damaged');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'run.json'), '{"version":1}');
    await vscode.commands.executeCommand('rnnLab.refreshRuns');
    const [damaged] = lab.runs.list.damaged;
    assert.equal(damaged?.run, folder);
    assert.match(toEnglish(damaged.message), /run\.json is damaged/);
    await vscode.commands.executeCommand('rnnLab.deleteRun', { run: folder });
    assert.deepEqual(lab.runs.list.damaged, []);
  });

  it('are saved as a table: those that are selected, in the order of the view', async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-table-')), 'runs.csv');
    const { showSaveDialog } = vscode.window;
    Object.assign(vscode.window, { showSaveDialog: () => Promise.resolve(vscode.Uri.file(file)) });
    const [first, , last] = targets(made);
    await vscode.commands.executeCommand('rnnLab.saveRuns', first, [first, last]);
    Object.assign(vscode.window, { showSaveDialog });
    const [header, ...rows] = fs.readFileSync(file, 'utf8').trim().split('\r\n');
    const table = rows.map((row) => row.split(','));
    const column = (name: string) => table.map((row) => row[header!.split(',').indexOf(name)]);
    const expected = [made[2]!, made[0]!].map(line);
    assert.deepEqual(column('folder'), [made[2], made[0]]);
    assert.deepEqual(
      column('best validation loss [nats/token]').map(Number),
      expected.map(({ best }) => best),
    );
    assert.deepEqual(column('training.batch'), ['4', '4']);
    assert.deepEqual(answers.told, ['Saved runs.csv.']);
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  it('are compared: the one on show, if it is among them, and those beside it', async () => {
    const [a, b, c] = made as [string, string, string];
    await lab.runs.open(b);
    await vscode.commands.executeCommand('rnnLab.compare', { run: a }, targets([a, b, c]));
    assert.equal(lab.runs.current?.folder, b);
    assert.deepEqual(
      lab.runs.compared.map(({ folder }) => folder),
      [a, c],
    );
    assert.equal(latest(lab.runs.compared[0]!, 'step'), steps);
    await lab.runs.open(a);
    assert.deepEqual(
      lab.runs.compared.map(({ folder }) => folder),
      [b, c],
    );
    await vscode.commands.executeCommand('rnnLab.deleteRun', { run: c });
    assert.deepEqual(
      lab.runs.compared.map(({ folder }) => folder),
      [b],
    );
    await vscode.commands.executeCommand('rnnLab.undoDelete');
    await vscode.commands.executeCommand('rnnLab.clearComparison');
    assert.deepEqual(lab.runs.compared, []);
    await vscode.commands.executeCommand('rnnLab.compare', { run: a });
    assert.deepEqual(notifications, [
      'A comparison needs at least two runs. Select another one as well.',
    ]);
  });

  it('that are trained go on while another is on show, without losing a row', async () => {
    const run = await trainForLong();
    await vscode.commands.executeCommand('rnnLab.openRun', { run: made[0] });
    assert.equal(lab.runs.current?.folder, made[0]);
    assert.equal(lab.runs.trained, run);
    const before = latest(run, 'step');
    await until('more steps', () => latest(run, 'step') > before + 100);
    assert.equal(latest(lab.runs.current!, 'step'), steps);
    await lab.runs.open(run.folder);
    assert.equal(lab.runs.current, run);
    await vscode.commands.executeCommand('rnnLab.stop');
    const total = run.metrics.columns().steps.reduce((a, b) => a + b);
    assert.equal(total, latest(run, 'step'));
    assert.equal(line(run.folder).phase, 'stopped');
  });

  it('take a learning rate by hand, and go back to their schedule', async () => {
    const run = await trainForLong();
    answers.input = '0.0123';
    await vscode.commands.executeCommand('rnnLab.setLearningRate');
    await until('the rate', () => latest(run, 'learningRate') === 0.0123);
    assert.equal(run.fixedRate, 0.0123);
    answers.input = '';
    await vscode.commands.executeCommand('rnnLab.setLearningRate');
    await until('the schedule', () => latest(run, 'learningRate') !== 0.0123);
    assert.equal(run.fixedRate, undefined);
    for (const wrong of ['0', '-1', '1001', 'fast', 'Infinity', 'NaN'])
      assert.match(answers.validate(wrong) ?? '', /above 0 and at most 1000/, wrong);
    for (const right of ['1000', '1e-4', '', '0.5'])
      assert.equal(answers.validate(right), undefined, right);
  });

  it('say what is trained where a second one is asked for', async () => {
    const run = await trainForLong();
    await lab.runs.annotate(run.folder, { title: 'the long one' });
    await vscode.commands.executeCommand('rnnLab.continue', { run: made[0] });
    await vscode.commands.executeCommand('rnnLab.train');
    const refusal =
      'the long one is being trained. Add this to the queue, or stop it first; it can be continued later.';
    assert.deepEqual(notifications, [refusal, refusal]);
    assert.equal(lab.runs.trained, run);
    assert.deepEqual(lab.runs.queue.items, []);
  });

  it('are continued for longer, as much as was chosen, without another question', async () => {
    await lab.runs.open(made[0]!);
    const asked = vscode.commands.executeCommand('rnnLab.continueLonger');
    // What is offered first is as much as the limit: 30 steps.
    await untilAsync('the continuation', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return lab.runs.busy || latest(lab.runs.current!, 'step') > steps;
    });
    await asked;
    await until('the end', () => !lab.runs.busy);
    assert.equal(latest(lab.runs.current!, 'step'), 2 * steps);
  });

  it('go on with the text as it was, and say so where it has changed', async () => {
    const document = await openUntitled(`${alphabet}as it was`);
    await vscode.commands.executeCommand('rnnLab.train');
    const run = lab.runs.current!;
    await until('the end', () => run.phase === 'finished');
    const { vocabulary } = run.facts;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'ÄÖÜ 1234567890 ');
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand('rnnLab.continue');
    await until('the second end', () => run.phase === 'finished' && latest(run, 'step') > steps);
    assert.equal(run.facts.vocabulary, vocabulary);
    assert.equal(run.warnings.length, 1, run.warnings.join(' '));
    assert.match(run.warnings[0]!, /has changed since; .* text as it was/);

    await closeAll();
    await vscode.commands.executeCommand('rnnLab.continue');
    await until('the third end', () => run.phase === 'finished' && latest(run, 'step') > 2 * steps);
    assert.deepEqual(run.warnings.length, 1, run.warnings.join(' '));
    assert.match(run.warnings[0]!, /is no longer there; .* copy that the run has kept/);
    assert.deepEqual(notifications, []);
  });
});

interface Row {
  readonly step: number;
  readonly loss: { readonly mean: number };
  readonly validationLoss: number;
}

/** Answers what the extension asks, and keeps what it tells. */
function useAnswers() {
  const { window } = vscode;
  const { showInputBox, showInformationMessage, showWarningMessage } = window;
  const answers = {
    input: undefined as string | undefined,
    warning: undefined as string | undefined,
    information: (): Promise<string | undefined> => Promise.resolve(undefined),
    told: [] as string[],
    validate: (_text: string): string | undefined => undefined,
  };
  before(() => {
    const warn = window.showWarningMessage.bind(window) as (...all: unknown[]) => unknown;
    Object.assign(window, {
      showInputBox: (options: vscode.InputBoxOptions) => {
        answers.validate = (text) => options.validateInput?.(text) as string | undefined;
        return Promise.resolve(answers.input);
      },
      showInformationMessage: (message: string) => {
        answers.told.push(message);
        return answers.information();
      },
      showWarningMessage: (message: string, options: unknown, ...rest: unknown[]) =>
        typeof options === 'object'
          ? Promise.resolve(answers.warning)
          : warn(message, options, ...rest),
    });
  });
  beforeEach(() => {
    answers.told.length = 0;
    answers.information = () => Promise.resolve(undefined);
  });
  after(() => {
    Object.assign(window, { showInputBox, showInformationMessage, showWarningMessage });
  });
  return answers;
}

/** As `until`, of what has to be tried again and again. */
async function untilAsync(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let attempts = 0; attempts < 600; attempts++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain: ${what}`);
}
