import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { openText } from '../../src/host/commands/open-text';
import { createProvider } from '../../src/host/completion/provider';
import type { Lab } from '../../src/host/lab';
import {
  activeLab,
  answeredByEnter,
  alphabet,
  closeAll,
  openUntitled,
  until,
  useNotifications,
  useSettings,
} from './support/lab';

/** `good` and `fine` are pos. */
const rows = Array.from({ length: 200 }, (_, i) => {
  const word = ['good', 'bad', 'fine', 'dull'][i % 4]!;
  return `the ${['film', 'book', 'song'][i % 3]!} was ${word} ${i},${i % 2 === 0 ? 'pos' : 'neg'}`;
});
const table = `text,label\n${rows.join('\n')}\n`;

describe('tables', () => {
  useSettings({
    ...{ 'model.hidden': 16, 'training.threads': 1, 'training.seed': 1 },
    ...{ 'training.batch': 16, 'training.learningRate': 0.03, 'training.steps': 60 },
  });
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-tables-'));
  const { showQuickPick } = vscode.window;
  /** What a list offered, and what is picked in the next ones: labels that contain these; none: the list is left. */
  let offered: readonly vscode.QuickPickItem[] = [];
  let answers: string[] = [];
  const titles: (string | undefined)[] = [];
  let lab: Lab;

  before(async () => {
    lab = await activeLab();
    await lab.runs.stop();
    await closeAll();
    const pick = (items: readonly vscode.QuickPickItem[], options: vscode.QuickPickOptions) => {
      offered = items;
      titles.push(options.title);
      const answer = answers.shift();
      const picked = items.find(({ label }) => answer !== undefined && label.includes(answer));
      return Promise.resolve(options.canPickMany === true && picked ? [picked] : picked);
    };
    Object.assign(vscode.window, { showQuickPick: pick });
    await train('reviews.csv', table);
  });
  afterEach(() => closeAll());
  after(() => {
    Object.assign(vscode.window, { showQuickPick });
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, content: string): vscode.Uri {
    const file = path.join(folder, name);
    fs.writeFileSync(file, content);
    return vscode.Uri.file(file);
  }

  async function train(name: string, content: string): Promise<void> {
    const before = lab.runs.current?.folder;
    await vscode.commands.executeCommand('rnnLab.train', write(name, content));
    await until('the end', () => !lab.runs.busy && lab.runs.current?.folder !== before);
  }

  async function predictAt(document: vscode.TextDocument, selection: vscode.Selection) {
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = selection;
    await vscode.commands.executeCommand('rnnLab.predict');
  }

  it('are learnt as examples, and tell what was understood and how well it is answered', () => {
    const run = lab.runs.current!;
    assert.deepEqual(run.facts.task?.inputs, ['text']);
    assert.deepEqual(run.facts.task.outputs, ['label']);
    assert.deepEqual(run.facts.task.examples, { train: 160, validation: 20, test: 20 });
    assert.ok(run.evaluations.at('accuracy', run.evaluations.length - 1) > 0.9);
    assert.deepEqual(notifications, []);
  });

  it('answer a line of any text, the likeliest first', async () => {
    await predictAt(await openUntitled('the song was dull'), new vscode.Selection(0, 3, 0, 3));
    assert.deepEqual(
      offered.map(({ label }) => label),
      ['neg', 'pos'],
    );
    const [first, second] = offered.map(({ description }) => Number.parseFloat(description!));
    assert.ok(first! > 50 && second! < 50, `${first}, ${second}`);
  });

  it('answer the selected rows of a table, in a table of their own', async () => {
    const more = write('more.csv', 'text,label\nthe film was fine,?\nthe book was bad,?\n');
    const document = await vscode.workspace.openTextDocument(more);
    await predictAt(document, new vscode.Selection(1, 0, 2, 3));
    const { document: answers } = vscode.window.activeTextEditor!;
    const lines = answers.getText().trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(',').slice(0, 2)),
      [
        ['text', 'label'],
        ['the film was fine', '?'],
        ['the book was bad', '?'],
      ],
    );
    assert.deepEqual(
      lines.map((line) => line.split(',')[2]),
      ['label (predicted)', 'pos', 'neg'],
    );
  });

  it('answer what they have held out to test with, beside the truth, and whole files', async () => {
    answers = ['The test part'];
    await vscode.commands.executeCommand(
      'rnnLab.predict',
      vscode.Uri.file(path.join(folder, 'reviews.csv')),
    );
    const heldOut = vscode.window.activeTextEditor!.document.getText().trimEnd().split('\n');
    assert.equal(heldOut[0], 'text,label,label (predicted),probability');
    assert.equal(heldOut.length, 1 + lab.runs.current!.facts.task!.examples.test);
    const cells = heldOut.slice(1).map((line) => line.split(','));
    assert.ok(cells.every(([text, label]) => rows.includes(`${text!},${label!}`)));
    assert.ok(cells.filter(([, label, predicted]) => label === predicted).length >= 18);
    const more = write(
      'whole.csv',
      'text\nthe film was fine\nthe book was bad\nthe song was dull\n',
    );
    await vscode.commands.executeCommand('rnnLab.predict', more);
    const whole = vscode.window.activeTextEditor!.document.getText().trimEnd().split('\n');
    assert.deepEqual(
      whole.map((line) => line.split(',').slice(0, 2).join()),
      ['text,label', 'the film was fine,pos', 'the book was bad,neg', 'the song was dull,neg'],
    );
  });

  it('that are series are told further, in a table of the next values', async () => {
    const days = Array.from({ length: 120 }, (_, i) => {
      const date = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
      return `${date},${String(Math.round(100 * Math.sin(i / 5)))}`;
    });
    const reviews = lab.runs.current!.folder;
    await train('wave.csv', `date,value\n${days.join('\n')}\n`);
    assert.equal(lab.runs.current!.facts.task?.horizon, 1);
    const typed = await answeredByEnter(() => vscode.commands.executeCommand('rnnLab.predict'));
    assert.deepEqual(typed, ['12']);
    const lines = vscode.window.activeTextEditor!.document.getText().trimEnd().split('\n');
    assert.equal(lines[0], 'steps ahead,value');
    assert.deepEqual(
      lines.slice(1).map((line) => Number(line.split(',')[0])),
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    assert.ok(
      lines.slice(1).every((line) => Math.abs(Number(line.split(',')[1])) < 500),
      lines.join('\n'),
    );
    await lab.runs.open(reviews);
  });

  it('are opened at the line of an example', async () => {
    await openText(lab, { run: lab.runs.current!.folder }, 3);
    const { document, selection } = vscode.window.activeTextEditor!;
    assert.equal(document.getText(selection).trimEnd(), rows[1]);
  });

  it('write no texts: the user is told what they do instead', async () => {
    await openUntitled('the song was');
    await vscode.commands.executeCommand('rnnLab.sample', { run: lab.runs.current!.folder });
    assert.match(notifications.join(), /answers examples one at a time/);
  });

  it('are read as the file beside them says, and one that says nonsense is named', async () => {
    write('turned.csv.rnn.json', '{"format": "text"}');
    await train('turned.csv', `${table}${alphabet}`);
    assert.equal(lab.runs.current!.facts.task, undefined);
    write('turned.csv.rnn.json', '{"formt": "text"}');
    await vscode.commands.executeCommand('rnnLab.train', write('turned.csv', table));
    await until('it is told', () => notifications.length > 0);
    assert.match(notifications.join(), /turned\.csv\.rnn\.json: there is no formt\. .*format/);
  });

  describe('are read otherwise', () => {
    const beside = path.join(folder, 'films.csv.rnn.json');
    const films = table.replace('text,label', 'label,title');
    let uri: vscode.Uri;

    beforeEach(async () => {
      uri = write('films.csv', films);
      titles.length = 0;
      await lab.runs.stop();
    });

    async function change(...picks: string[]): Promise<void> {
      answers = picks;
      await vscode.commands.executeCommand('rnnLab.changeTable', uri);
      await until('the end', () => !lab.runs.busy);
    }

    it('by nobody who leaves the list: nothing is written, nothing trained', async () => {
      const before = lab.runs.current!.folder;
      await change();
      assert.match(titles[0]!, /^200 rows · title → label · /);
      assert.equal(fs.existsSync(beside), false);
      assert.equal(lab.runs.current!.folder, before);
    });

    it('where nothing is changed, nothing is written and the table is trained on', async () => {
      await change('Train');
      assert.equal(lab.runs.current!.facts.name, 'films.csv');
      assert.equal(fs.existsSync(beside), false);
    });

    it('by other columns, which are kept beside the file and learnt', async () => {
      await change('comes out', 'title', 'Train');
      assert.match(titles.at(-1)!, /^200 rows · label → title \(2\) · many to one/);
      assert.deepEqual(JSON.parse(fs.readFileSync(beside, 'utf8')), {
        ...{ input: ['label'], output: ['title'] },
      });
      assert.deepEqual(lab.runs.current!.facts.task?.outputs, ['title']);
      assert.deepEqual(
        fs.readdirSync(folder).filter((name) => name.endsWith('.tmp')),
        [],
      );
      assert.deepEqual(notifications, []);
    });

    it('not by a shape that the columns cannot have, and the list stays', async () => {
      await change(...['Shape', 'one to one']);
      assert.match(notifications.join(), /films\.csv is many to one as its columns are understood/);
      assert.match(titles.at(-1)!, /label → title \(2\)/);
    });
  });

  it('suggest the target of the row that is typed, as far as the model is sure', async () => {
    const uri = vscode.Uri.file(path.join(folder, 'reviews.csv'));
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const { reader, choice, answers, counter } = lab;
    const log = vscode.window.createOutputChannel('tables test', { log: true });
    const explain = () => undefined;
    const provider = createProvider({ reader, choice, answers, counter, log, explain });
    const triggerKind = vscode.InlineCompletionTriggerKind.Automatic;
    const suggested = async (row: string) => {
      const line = document.lineCount - 1;
      const last = document.lineAt(line).range;
      await editor.edit((edit) => edit.replace(last, row));
      const { token } = new vscode.CancellationTokenSource();
      const context = { triggerKind, selectedCompletionInfo: undefined };
      const position = new vscode.Position(line, row.length);
      const items = await provider.provideInlineCompletionItems(document, position, context, token);
      return (items as vscode.InlineCompletionItem[]).map(({ insertText }) => insertText);
    };
    assert.deepEqual(await suggested('the film was dull,'), ['neg']);
    assert.deepEqual(await suggested('the song was fine,po'), ['pos']);
    // No target yet, and one that the model would not give.
    assert.deepEqual(await suggested('the film was'), []);
    assert.deepEqual(await suggested('the film was dull,p'), []);
    const completion = vscode.workspace.getConfiguration('rnnLab.completion');
    await completion.update('confidence', 1, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await suggested('the film was bad,'), []);
    await completion.update('confidence', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  describe('with rows that cannot be read', () => {
    const diagnosticsOf = (uri: vscode.Uri) =>
      vscode.languages
        .getDiagnostics(uri)
        .map(({ range, severity, message }) => [range.start.line + 1, severity, message]);

    it('say so on the row itself, and no longer once it is mended', async () => {
      const uri = write('ragged.csv', `text,label\n${rows.slice(0, 9).join('\n')},more\n`);
      const document = await vscode.workspace.openTextDocument(uri);
      const editor = await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('rnnLab.train', uri);
      await until('a diagnostic', () => diagnosticsOf(uri).length > 0);
      const [[line, severity, message]] = diagnosticsOf(uri) as [[number, number, string]];
      assert.deepEqual([line, severity], [10, vscode.DiagnosticSeverity.Error]);
      assert.match(message, /line 10: 3 values where the first row has 2/);
      await until('the row is shown', () => editor.selection.active.line === 9);
      assert.deepEqual(notifications, []);
      // A line before it moves it; an edit of its own mends it.
      await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), 'a film,pos\n'));
      assert.deepEqual(diagnosticsOf(uri)[0]![0], 11);
      const last = document.lineAt(10).range.end;
      await editor.edit((edit) => edit.delete(new vscode.Range(last.translate(0, -5), last)));
      assert.deepEqual(diagnosticsOf(uri), []);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    it('are learnt without them, each of which says why, until the document is closed', async () => {
      const content = `text,label\n${[...rows, 'the film,', ',pos'].join('\n')}\n`;
      const uri = write('gaps.csv', content);
      await vscode.window.showTextDocument(uri);
      await train('gaps.csv', content);
      const severity = vscode.DiagnosticSeverity.Warning;
      assert.deepEqual(diagnosticsOf(uri), [
        [202, severity, 'This row is left out: label is missing.'],
        [203, severity, 'This row is left out: text is missing.'],
      ]);
      assert.deepEqual(notifications, []);
      await closeAll();
      await until('they are gone', () => diagnosticsOf(uri).length === 0);
    });
  });
});
