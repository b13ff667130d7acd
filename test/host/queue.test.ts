import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import { latest, type Run } from '../../src/host/runs/run';
import {
  activeLab,
  alphabet,
  closeAll,
  openUntitled,
  tiny,
  until,
  useButtons,
  useNotifications,
  useSettings,
} from './support/lab';

const steps = 20;

describe('the queue of trainings', () => {
  useSettings({ ...tiny, 'training.steps': steps });
  const notifications = useNotifications();
  const press = useButtons();
  const { window } = vscode;
  const { showInformationMessage } = window;
  const told: string[] = [];
  let lab: Lab;
  let kept: Run;

  before(async () => {
    lab = await activeLab();
    await lab.runs.stop();
    Object.assign(window, {
      showInformationMessage: (message: string) => {
        told.push(message);
        return Promise.resolve(undefined);
      },
    });
    await train('kept');
    kept = lab.runs.current!;
    await until('its end', () => kept.phase === 'finished' && !lab.runs.busy);
    await lab.runs.list.load();
  });
  beforeEach(() => told.splice(0));
  afterEach(async () => {
    for (const { folder } of lab.runs.queue.items) await lab.runs.queue.remove(folder);
    await lab.runs.stop();
  });
  after(async () => {
    Object.assign(window, { showInformationMessage });
    await closeAll();
  });

  /** @param limit of steps; undefined: so many that it has to be stopped */
  async function train(text: string, limit: number | undefined = steps): Promise<void> {
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('training.steps', limit, true);
    await openUntitled(`${alphabet}${text}`);
    await vscode.commands.executeCommand('rnnLab.train');
  }

  const names = () => lab.runs.queue.items.map(({ name }) => name);
  const folders = () => lab.runs.queue.items.map(({ folder }) => folder);
  const run = (command: string, queued: string | undefined) =>
    vscode.commands.executeCommand(`rnnLab.${command}`, { queued });

  it('is offered while one is trained; the next begins when it ends, to its own settings and text', async () => {
    await train('first', 20_000);
    const first = lab.runs.trained;
    // So that it does not end before the others wait.
    await vscode.commands.executeCommand('rnnLab.pause');
    await until('the pause', () => first?.phase === 'paused');
    press('Add to the queue');
    await train('second', 30);
    await until('one waits', () => names().length === 1);
    press('Add to the queue');
    await vscode.commands.executeCommand('rnnLab.continue', { run: kept.folder });
    await until('both wait', () => names().length === 2);
    assert.match(names()[0]!, /^Untitled-\d+ · vanilla$/);
    assert.match(told[0]!, /^Queued: Untitled-\d+ · vanilla\. The Runs view shows the queue\.$/);
    const [second] = folders();
    assert.ok(!fs.existsSync(path.join(second!, 'run.json')));
    await vscode.commands.executeCommand('rnnLab.resume');
    await until('the end of all', () => names().length === 0 && !lab.runs.busy);
    assert.equal(first?.phase, 'finished');
    const last = lab.runs.current!;
    // It went on from its own limit, for as long again as the setting now says.
    assert.deepEqual([last.folder, latest(last, 'step')], [kept.folder, steps + 30]);
    await lab.runs.open(second!);
    assert.equal(latest(lab.runs.current!, 'step'), 30);
    const document = fs.readFileSync(path.join(second!, 'document.json'), 'utf8');
    assert.ok((JSON.parse(document) as { text: string }).text.endsWith('. second'));
    assert.equal(notifications.length, 2);
  });

  it('waits after a training that is stopped, is put in order, and begins where one says', async () => {
    await train('long', 1_000_000);
    await vscode.commands.executeCommand('rnnLab.pause');
    for (const text of ['a', 'bb', 'ccc']) {
      const before = names().length;
      press('Add to the queue');
      await train(text);
      await until('one more', () => names().length === before + 1);
    }
    const [a, b, c] = folders();
    await run('queueUp', c);
    await run('queueDown', a);
    assert.deepEqual(folders(), [c, a, b]);
    await run('unqueue', b);
    assert.deepEqual([folders(), fs.existsSync(b!)], [[c, a], false]);
    await vscode.commands.executeCommand('rnnLab.stop');
    assert.deepEqual([folders(), lab.runs.busy], [[c, a], false]);
    assert.match(told.at(-1)!, /^Waiting in the queue: 2\. Next is Untitled-\d+ · vanilla\.$/);
    await run('trainQueued', a);
    await until('its end, and that of the other after it', () => {
      return folders().length === 0 && !lab.runs.busy;
    });
    await lab.runs.list.load();
    const done = lab.runs.lines.filter(({ folder }) => [a, c].includes(folder));
    assert.deepEqual(
      done.map(({ folder, phase, step }) => [folder, phase, step]).toSorted(),
      [a, c].map((folder) => [folder, 'finished', steps]).toSorted(),
    );
  });

  it('takes several files, and tells of a text that has changed since it was queued', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-files-'));
    const uris = ['a.txt', 'b.txt', 'c.bin'].map((name) =>
      vscode.Uri.file(path.join(folder, name)),
    );
    for (const uri of uris) fs.writeFileSync(uri.fsPath, alphabet);
    fs.writeFileSync(uris[2]!.fsPath, '\0');
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('training.steps', 20_000, true);
    await vscode.commands.executeCommand('rnnLab.trainFiles', uris[0], uris);
    await vscode.commands.executeCommand('rnnLab.pause');
    const first = lab.runs.trained!;
    assert.equal(first.facts.name, 'a.txt');
    assert.deepEqual(names(), ['b.txt · vanilla']);
    assert.match(notifications[0] ?? '', /c\.bin/);
    const [second] = folders();
    fs.appendFileSync(uris[1]!.fsPath, 'more');
    await vscode.commands.executeCommand('rnnLab.resume');
    await until('the next', () => lab.runs.trained?.folder === second);
    assert.deepEqual(lab.runs.trained!.warnings, [
      'b.txt has changed since it was queued; this run learns the text as it was then.',
    ]);
    await vscode.commands.executeCommand('rnnLab.stop');
    fs.rmSync(folder, { recursive: true });
  });

  it('draws a training that was queued beside the run that it is to be compared with', async () => {
    await lab.runs.open(kept.folder);
    const { facts } = lab.runs.current!;
    const text = fs.readFileSync(path.join(kept.folder, 'document.json'), 'utf8');
    const document = JSON.parse(text) as Parameters<Lab['runs']['enqueue']>[0]['document'];
    const settings = { ...facts.settings, 'model.hidden': 8, 'training.steps': steps };
    await lab.runs.enqueue({ document, settings, cell: facts.cell }, lab.runs.current);
    await lab.runs.startQueued();
    await until('its end', () => !lab.runs.busy && lab.runs.compared.length > 0);
    assert.equal(lab.runs.current?.facts.settings['model.hidden'], 8);
    assert.deepEqual(
      lab.runs.compared.map(({ folder }) => folder),
      [kept.folder],
    );
    lab.runs.clearComparison();
  });

  it('takes several runs that are to go on, one after the other', async () => {
    await train('another');
    const other = lab.runs.current!;
    await until('its end', () => other.phase === 'finished' && !lab.runs.busy);
    const stepsOf = async () => {
      await lab.runs.list.load();
      const lines = lab.runs.lines;
      return [kept, other].map(({ folder }) => lines.find((line) => line.folder === folder)!.step);
    };
    const before = await stepsOf();
    const all = [kept, other].map(({ folder }) => ({ run: folder }));
    await vscode.commands.executeCommand('rnnLab.continue', all[0], all);
    await until('the end of both', () => names().length === 0 && !lab.runs.busy);
    assert.deepEqual(
      await stepsOf(),
      before.map((step) => step + steps),
    );
    assert.deepEqual(notifications, []);
  });
});

describe('the folder of runs', () => {
  useSettings({ ...tiny, 'training.steps': steps });
  const notifications = useNotifications();
  let lab: Lab;
  let run: Run;

  before(async () => {
    lab = await activeLab();
    await openUntitled(`${alphabet}watched`);
    await vscode.commands.executeCommand('rnnLab.train');
    run = lab.runs.current!;
    await until('its end', () => run.phase === 'finished' && !lab.runs.busy);
    // It is watched from the first look on.
    await vscode.commands.executeCommand('rnnLab.runs.focus');
    await until('the list', () => lineOf(run.folder) !== undefined);
  });
  after(closeAll);

  const lineOf = (folder: string) => lab.runs.lines.find((line) => line.folder === folder);

  it('is watched: what another window begins, names and writes is seen without being asked for', async () => {
    const copy = `${run.folder}-copy`;
    fs.cpSync(run.folder, copy, { recursive: true });
    await until('the new one', () => lineOf(copy) !== undefined);
    const file = path.join(copy, 'run.json');
    const info = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(file, JSON.stringify({ ...info, title: 'Theirs', tags: ['there'] }));
    await until('its title', () => lineOf(copy)?.name === 'Theirs');
    assert.deepEqual(lineOf(copy)!.summary.tags, ['there']);
    fs.writeFileSync(path.join(copy, 'note.md'), 'What they think of it');
    await until('their note', () => lineOf(copy)?.summary.note === 'What they think of it');
    // Deleted there, and not vanished.
    const place = path.join(path.dirname(copy), '.deleted', '1');
    fs.mkdirSync(place, { recursive: true });
    fs.renameSync(copy, path.join(place, path.basename(copy)));
    // Seen half moved it is damaged: it counts as deleted once a later look has found it where deleted runs wait.
    const isDamaged = () => lab.runs.list.damaged.some(({ run: folder }) => folder === copy);
    await until('it is gone', () => lineOf(copy) === undefined && !isDamaged());
    assert.deepEqual(lab.runs.list.vanished, []);
    fs.rmSync(place, { recursive: true });
  });

  it('tells of runs whose folders are gone, until they are back, or taken off the list', async () => {
    await lab.runs.open(run.folder);
    const aside = path.join(path.dirname(path.dirname(run.folder)), 'aside');
    const vanished = () => lab.runs.list.vanished.map(({ run: folder }) => folder);
    fs.renameSync(run.folder, aside);
    await until('it has vanished', () => vanished().includes(run.folder));
    assert.equal(lineOf(run.folder), undefined);
    assert.equal(lab.runs.current?.phase, 'vanished');
    assert.match(lab.runs.current.message, /is no longer there: it was moved or removed/);
    fs.renameSync(aside, run.folder);
    await until('it is back', () => lineOf(run.folder) !== undefined);
    assert.deepEqual(vanished(), []);
    await until('it is on show as before', () => lab.runs.current?.phase === 'finished');
    fs.rmSync(run.folder, { recursive: true });
    await until('it has vanished', () => vanished().includes(run.folder));
    await vscode.commands.executeCommand('rnnLab.deleteRun', { run: run.folder });
    assert.deepEqual(vanished(), []);
    assert.deepEqual(notifications, []);
  });
});
