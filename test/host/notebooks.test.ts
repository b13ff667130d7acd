import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { costText } from '../../src/host/notebooks/checking';
import type { ExperimentFigure } from '../../src/core/notebooks/figure';
import type { Lab } from '../../src/host/lab';
import { grouped } from '../../src/host/views/groups';
import { activeLab, closeAll, until, useNotifications } from './support/lab';
import { figureIn, isDone, source, textOf, useNotebooks } from './support/notebooks';

describe('lab notebooks', () => {
  const { folder, open, run } = useNotebooks();
  const notifications = useNotifications();
  let lab: Lab;

  before(async () => {
    lab = await activeLab();
    await lab.runs.stop();
    await closeAll();
  });
  afterEach(() => closeNotebooks());

  async function closeNotebooks() {
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }

  /** As a person does. */
  const save = async () => {
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('it is saved', () =>
      vscode.workspace.notebookDocuments.every((each) => !each.isDirty),
    );
  };
  const runAll = () => vscode.commands.executeCommand('notebook.execute');
  /** Each run's folder with what was written into it last. */
  const runsIn = (runs: string) =>
    fs
      .readdirSync(runs)
      .filter((name) => fs.existsSync(path.join(runs, name, 'run.json')))
      .map((name) => [name, fs.statSync(path.join(runs, name, 'metrics.jsonl')).mtimeMs] as const);

  it('are opened as cells, and saved byte for byte but for what was changed', async () => {
    const { file, notebook } = await open(source);
    assert.deepEqual(
      notebook.getCells().map(({ document }) => document.languageId),
      ['markdown', 'rnn-cell', 'plaintext', 'rnn-experiment', 'markdown', 'rnn-sample', 'markdown'],
    );
    const [first] = notebook.getCells();
    const edit = new vscode.WorkspaceEdit();
    edit.replace(first!.document.uri, new vscode.Range(0, 0, 0, 12), '# Another question');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until('the edit has reached the notebook', () => notebook.isDirty);
    await save();
    assert.equal(
      fs.readFileSync(file, 'utf8'),
      source.replace('# A question', '# Another question'),
    );
  });

  it('run all their cells in order, keep runs and outputs, and do nothing twice', async () => {
    const { file, notebook, runs } = await open(source);
    const code = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
    await runAll();
    await until('all cells have run', () => code.every(isDone));
    assert.deepEqual(
      code.map(({ executionSummary }) => executionSummary?.success),
      [true, true, true, true],
      code.map((cell) => textOf(cell)).join('\n'),
    );
    assert.deepEqual(
      code.map(({ executionSummary }) => executionSummary?.executionOrder),
      [1, 2, 3, 4],
    );
    const [equations, , experiment, sample] = code;
    const said = textOf(equations!)!;
    assert.match(said, /W\s+\[256, 256\]\s+65,536/);
    assert.match(said, /U\s+\[256, C\]\s+256 C/);
    // 256² of W and 256 of b; U is 256 for each token.
    assert.match(said, /^65,792 \+ 256 C parameters/m);
    assert.match(said, /∂h\[t\]\/∂h\[t-1\] = diag\(1 - h\[t\]²\) W/);
    const figure = figureIn(experiment!)!;
    assert.deepEqual([figure.done, figure.runs, figure.settings], [4, 4, ['hidden']]);
    assert.deepEqual(
      figure.rows.map(({ values }) => values),
      [[4], [8]],
    );
    assert.equal(figure.points.length, 4);
    for (const { validation } of figure.curves) {
      assert.deepEqual(validation.step.slice(-2), [20, 40]);
      validation.mean.forEach((mean, i) => {
        assert.ok(validation.least[i]! <= mean && mean <= validation.greatest[i]!);
      });
    }
    assert.match(textOf(sample!)!, /^the .{12}$/s);

    // What came out is in the file, as the command line writes it, once it is saved.
    assert.ok(notebook.isDirty);
    await save();
    const saved = fs.readFileSync(file, 'utf8');
    assert.match(saved, /```output\r\nhidden\s+validationLoss/);
    const without = saved.replaceAll(/\r\n```output\r\n[^`]*```\r\n/g, '');
    assert.equal(without, source);

    // In the Runs view they are known by what asked for them.
    await lab.runs.list.load();
    const own = () => lab.runs.lines.filter((line) => line.folder.startsWith(runs));
    assert.deepEqual(
      own()
        .map(({ name, summary }) => [name, summary.experiment])
        .sort(),
      [4, 8].flatMap((hidden) =>
        [1, 2].map((seed) => [`sizes: hidden ${hidden}, seed ${seed}`, 'sizes']),
      ),
    );
    assert.deepEqual(
      grouped(own(), ['notebook', 'experiment']).groups.map(({ name, groups }) => [
        name,
        groups.map((group) => [group.name, group.lines.length]),
      ]),
      [[path.basename(file), [['sizes', 4]]]],
    );
    // What is deleted of them comes back beside the notebook.
    const [gone] = own();
    await vscode.commands.executeCommand('rnnLab.deleteRun', { run: gone!.folder });
    assert.deepEqual([fs.existsSync(gone!.folder), own().length], [false, 3]);
    await vscode.commands.executeCommand('rnnLab.undoDelete');
    assert.deepEqual([fs.existsSync(gone!.folder), own().length], [true, 4]);

    const before = runsIn(runs);
    assert.equal(before.length, 4);
    await runAll();
    await until(
      'all have run again',
      () => sample!.executionSummary?.executionOrder === 8 && isDone(sample!),
    );
    assert.deepEqual(runsIn(runs), before);
    assert.ok(!notebook.isDirty);
  });

  it('show what is kept when they are opened again, without a change', async () => {
    const first = await open(source);
    const index = 3;
    await run(index);
    await until('the experiment has run', () => isDone(first.notebook.cellAt(index)));
    const figure = figureIn(first.notebook.cellAt(index));
    await save();
    // A notebook that is opened anew, as another machine would have it: VS Code keeps closed ones for a while.
    const saved = fs.readFileSync(first.file, 'utf8');
    fs.cpSync(first.runs, path.join(folder, 'copy.rnnlab.md.runs'), { recursive: true });
    const { notebook: again } = await open(saved, 'copy.rnnlab.md');
    await until('its figure is there', () => figureIn(again.cellAt(index)) !== undefined);
    const runFolders = (each: ExperimentFigure) => each.rows.map((row) => path.basename(row.run!));
    const shown = figureIn(again.cellAt(index))!;
    assert.deepEqual(runFolders(shown), runFolders(figure!));
    const bare = <T extends object>(all: readonly T[]) => all.map((each) => ({ ...each, run: '' }));
    assert.deepEqual(
      { ...shown, rows: bare(shown.rows), points: bare(shown.points) },
      { ...figure, rows: bare(figure!.rows), points: bare(figure!.points) },
    );
    assert.ok(!again.isDirty);
  });

  it('are interrupted with checkpoints, and go on where they were', async () => {
    const long = source.replace('steps: 40', 'steps: 400000').replace('seeds: 2', 'seeds: 1');
    const { file, notebook, runs } = await open(long);
    const cells = notebook.getCells();
    await runAll();
    // Both of its runs have evaluated something.
    await until('it trains', () =>
      (figureIn(cells[3]!)?.curves ?? []).some(({ validation }) => validation.step.length > 0),
    );
    await vscode.commands.executeCommand('notebook.cancelExecution');
    await until('it has ended', () => isDone(cells[3]!));
    assert.equal(cells[3]!.executionSummary?.success, false);
    // What waited is not run.
    assert.equal(cells[5]!.executionSummary?.executionOrder, undefined);
    const kept = runsIn(runs).map(([name]) => name);
    assert.ok(kept.length > 0);
    for (const name of kept) {
      const last = fs
        .readdirSync(path.join(runs, name))
        .some((each) => each.startsWith('checkpoint'));
      assert.ok(last, name);
    }
    assert.equal(fs.readFileSync(file, 'utf8'), long);
    assert.deepEqual(notifications, []);
  });

  it('say at its line what is wrong with a cell, and run none of it', async () => {
    const { notebook, runs } = await open(source.replace('hidden: [4, 8]', 'hiden: [4, 8]'));
    await run(3);
    await until('it has ended', () => isDone(notebook.cellAt(3)));
    const told = textOf(notebook.cellAt(3), 'application/vnd.code.notebook.error')!;
    assert.match(told, /Line 3: An experiment has no setting hiden\. Did you mean hidden\?/);
    assert.ok(!fs.existsSync(runs));
    // A cell that has nothing to do with it runs.
    await run(1);
    await until('the equations have run', () => isDone(notebook.cellAt(1)));
    assert.equal(notebook.cellAt(1).executionSummary?.success, true);
  });

  it('say while they are written what is wrong, what names mean and what may stand where', async () => {
    const wrong = source
      .replace('hidden: [4, 8]', 'hiden: [4, 8]\r\ncell: gru')
      .replace('~~~rnn mine', '~~~rnn');
    const { notebook } = await open(wrong);
    const [equations, experiment] = [notebook.cellAt(1), notebook.cellAt(3)];
    const told = ({ document }: vscode.NotebookCell) =>
      vscode.languages.getDiagnostics(document.uri).map(({ range: { start, end }, message }) => {
        return `${start.line}:${start.character}-${end.character} ${message}`;
      });
    await until('it is told', () => told(experiment).length > 0 && told(equations).length > 0);
    assert.deepEqual(
      told(experiment).filter((each) => each.includes('hiden')),
      ['2:0-5 An experiment has no setting hiden. Did you mean hidden?'],
    );
    assert.deepEqual(told(equations), ['0:0-6 The block has no name. Write one behind rnn.']);

    const { uri } = experiment.document;
    const hoverAt = async (line: number, character: number) => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        uri,
        new vscode.Position(line, character),
      );
      const contents = hovers.flatMap((hover) => hover.contents as vscode.MarkdownString[]);
      return contents.map(({ value }) => value).join('\n');
    };
    assert.match(await hoverAt(4, 2), /with how many seeds each configuration is trained/i);
    assert.match(await hoverAt(6, 2), /whole number from 1 to/);
    assert.match(await hoverAt(3, 7), /h\[t\]/);

    const labelsAt = async (line: number, character: number) => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        new vscode.Position(line, character),
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    const keys = await labelsAt(2, 2);
    assert.ok(keys.includes('hidden') && keys.includes('budget') && !keys.includes('seeds'));
    const cells = await labelsAt(3, 6);
    assert.ok(cells.includes('lstm'), cells.join());
    assert.ok((await labelsAt(0, 6)).includes('fox'));
  });

  it('are made anew over the text in front, and of a run', async () => {
    const text = path.join(folder, 'news.txt');
    fs.writeFileSync(text, 'the quick brown fox jumps over the lazy dog. '.repeat(60));
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(text));
    await vscode.window.showTextDocument(document);
    const { showSaveDialog } = vscode.window;
    const answer = (name: string) =>
      Object.assign(vscode.window, {
        showSaveDialog: () => Promise.resolve(vscode.Uri.file(path.join(folder, name))),
      });
    const front = () => vscode.window.activeNotebookEditor?.notebook;
    try {
      answer('anew.md');
      await lab.run('newNotebook');
      await until('it is open', () => front()?.uri.path.endsWith('/anew.rnnlab.md') === true);
      assert.match(
        front()!.cellAt(1).document.getText(),
        /^data: news\.txt\ncell: \[vanilla, gru\]/,
      );

      const settings = {
        'training.steps': 7,
        'model.hidden': 5,
        'training.seed': 3,
        'training.batch': 2,
      };
      await lab.runs.train({
        document: { uri: document.uri.toString(), name: 'news.txt', text: document.getText() },
        settings,
        cell: undefined,
      });
      await until('the run has ended', () => !lab.runs.busy && lab.runs.current !== undefined);
      answer('again.rnnlab.md');
      await lab.run('makeNotebook', { run: lab.runs.current!.folder });
      await until('it is open', () => front()?.uri.path.endsWith('/again.rnnlab.md') === true);
      const { checking } = await lab.notebooks.session();
      await until('it is read', () => checking.of(front()!) !== undefined);
      assert.deepEqual(checking.of(front()!)!.problems, []);
      const experiment = front()!.cellAt(1);
      assert.match(experiment.document.getText(), /hidden: 5\n[^]*steps: 7\nseed: 3$/);
      // The run that it asks for is the one that it was made of.
      const { current } = lab.runs;
      await run(1);
      await until('it has run', () => isDone(experiment));
      const { points } = figureIn(experiment)!;
      const loss = Math.min(...current!.evaluations.view('validationLoss'));
      assert.ok(Math.abs(points[0]!.values[0]! - loss) < 1e-6, `${points[0]!.values[0]} ${loss}`);
    } finally {
      Object.assign(vscode.window, { showSaveDialog });
    }
  });

  it('say before they are run how many runs there are and how long they take', async () => {
    const { notebook } = await open(source.replace('steps: 40', 'budget: 90 s'));
    const { checking } = await lab.notebooks.session();
    await until('the cost is known', () => (checking.of(notebook)?.costs.size ?? 0) > 0);
    const [cost] = checking.of(notebook)!.costs.values();
    assert.equal(costText(cost!), '4 runs · about 6 minutes');
    assert.equal(
      costText({ runs: 36, begun: 12, seconds: NaN }),
      '36 runs, 12 of them there · how long?',
    );
  });
});
