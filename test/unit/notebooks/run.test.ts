import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { engines } from '../../../src/cli/engine';
import type { TrialResult } from '../../../src/core/notebooks/results';
import { toEnglish } from '../../../src/core/sentence';
import { openNotebook } from '../../../src/notebooks/open';
import { runNotebook, type Outcome } from '../../../src/notebooks/run';
import type { NotebookEvent, RunOptions } from '../../../src/notebooks/running';
import { only, rnnLab, sampleText, start, temporaryFolder, trainLines } from '../cli/tools';

/** A line of `--json`, as docs/notebooks.md describes them. */
interface Line {
  readonly event: string;
  readonly values: { readonly cell: string };
  readonly seed: number;
  readonly measures: { readonly validationLoss: number; readonly step: number };
  readonly rows: readonly {
    readonly metrics: {
      readonly validationLoss: { readonly mean: number; readonly deviation: number };
    };
  }[];
  readonly expect: readonly { readonly holds: boolean }[];
}

const quick = ['batch: 4', 'sequence: 8', 'evaluateEvery: 4', 'hidden: 8'];
const quiet = ['observeEvery: 0', 'sampleEvery: 0'];

function notebook(...lines: readonly string[]): string {
  const text = ['# A notebook', '```text tiny', sampleText, '```', '', 'Prose.', ''];
  const experiment = ['```experiment e', 'data: tiny', ...quick, ...quiet, ...lines, '```'];
  return [...text, ...experiment, '', 'More prose.', ''].join('\n');
}

describe('a notebook that is run', () => {
  let folder = '';
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const write = (text: string, name = 'a.rnnlab.md'): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  };

  /** Runs a file's notebook; what its runs came to, by their values and seed. */
  async function run(file: string, options: Partial<RunOptions> = {}) {
    const trained: TrialResult[] = [];
    const given = { startEngine: engines.start, cores: 2, jobs: 2 };
    const signal = new AbortController().signal;
    const onEvent = (event: NotebookEvent): void => {
      if (event.event === 'trial') trained.push(event.result);
      options.onEvent?.(event);
    };
    const outcome = await runNotebook(await openNotebook(file), {
      ...{ ...given, signal, ...options },
      onEvent,
    });
    return { outcome, trained };
  }

  /** The losses of a table, by rows. Figures of training are means over rows, which end by the clock. */
  const figures = ({ results }: Outcome) =>
    [...results.values()].map(({ rows, metrics, done }) => ({
      done,
      rows: rows.map(({ values, cells, stopped }) => ({
        ...{ values, stopped, steps: cells[metrics.indexOf('step')]!.mean },
        loss: cells[metrics.indexOf('validationLoss')],
      })),
    }));

  it('comes to what rnn-lab train comes to, writes its output, and does nothing twice', async () => {
    const expect = ['expect:', '  - validationLoss < uniform', '  - max(validationLoss) < 0.1'];
    const file = write(notebook('cell: [vanilla, gru]', 'steps: 12', 'seeds: 2', ...expect));
    const args = ['notebook', file, '--json', '--out', file];
    const first = await rnnLab(args);
    assert.equal(first.code, 1, first.stderr);
    const lines = first.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const runs = lines.filter(({ event }) => event === 'run');
    assert.equal(runs.length, 4);
    const text = write(sampleText, 'tiny.txt');
    for (const { values, seed, measures } of runs) {
      const flags = ['--batch', '4', '--sequence', '8', '--evaluate-every', '4', '--hidden', '8'];
      const own = ['--cell', values.cell, '--seed', String(seed), '--steps', '12'];
      const out = path.join(folder, `alone-${values.cell}-${String(seed)}`);
      const alone = await rnnLab(['train', text, ...flags, ...own, '--json', '--out', out]);
      const losses = only(trainLines(alone.stdout), 'evaluation').map((row) => row.validationLoss!);
      assert.equal(measures.validationLoss, Math.min(...losses));
      assert.equal(measures.step, 12);
    }
    const [results] = lines.filter(({ event }) => event === 'results');
    const [vanilla] = results!.rows;
    const losses = runs
      .filter((each) => each.values.cell === 'vanilla')
      .map((each) => each.measures.validationLoss);
    const { mean, deviation } = vanilla!.metrics.validationLoss;
    assert.ok(Math.abs(mean - (losses[0]! + losses[1]!) / 2) < 1e-12);
    assert.ok(Math.abs(deviation - Math.abs(losses[0]! - losses[1]!) / Math.SQRT2) < 1e-12);
    assert.deepEqual(
      results!.expect.map(({ holds }) => holds),
      [true, false],
    );
    const written = fs.readFileSync(file, 'utf8');
    assert.match(
      written,
      /```\n\n```output\ncell +validationLoss [^]*✔ validationLoss < uniform[^]*✘ max[^]*```\n\nMore prose\.\n$/,
    );
    const again = await rnnLab(args);
    assert.ok(!again.stdout.includes('"event":"run"'));
    assert.equal(fs.readFileSync(file, 'utf8'), written);
  });

  it('trains only what a changed line asks for', async () => {
    const lines = ['steps: 4', 'seeds: 2'];
    await run(write(notebook('clip: [1, 2]', ...lines)));
    const { trained, outcome } = await run(write(notebook('clip: [2, 3]', ...lines)));
    assert.deepEqual(
      trained.map(({ trial }) => trial.values['clip']),
      [3, 3],
    );
    assert.equal(figures(outcome)[0]?.done, 4);
    assert.equal(fs.readdirSync(path.join(folder, 'a.rnnlab.md.runs')).length, 6);
  });

  it('goes on where it was stopped, and comes to the same to the bit', async () => {
    const text = notebook('clip: [1, 2]', 'steps: 40', 'seeds: 2');
    const whole = await run(write(text, 'whole.rnnlab.md'));
    const file = write(text);
    const stop = new AbortController();
    const cut = await run(file, {
      signal: stop.signal,
      onEvent(event) {
        const isLate = event.event === 'training' && event.what.event === 'evaluation';
        if (isLate && event.what.row.step >= 8) stop.abort();
      },
    });
    assert.ok(!cut.outcome.isWhole && cut.trained.length < 4);
    const { outcome } = await run(file);
    const without = (each: Outcome) => JSON.stringify(figures(each));
    assert.equal(without(outcome), without(whole.outcome));
  });

  it('killed in the middle (kill -9) goes on, and comes to the same to the bit', async () => {
    const text = notebook(
      'clip: [1, 2]',
      'hidden: 32',
      'steps: 150',
      'checkpointEvery: 0.05',
      'seeds: 3',
    )
      .replace('hidden: 8\n', '')
      .replace('evaluateEvery: 4', 'evaluateEvery: 20');
    const whole = await run(write(text, 'whole.rnnlab.md'));
    const file = write(text);
    const runs = `${file}.runs`;
    const infoOf = (name: string): { state?: string; step?: number } => {
      const info = path.join(runs, name, 'run.json');
      return fs.existsSync(info) ? (JSON.parse(fs.readFileSync(info, 'utf8')) as object) : {};
    };
    const states = () =>
      (fs.existsSync(runs) ? fs.readdirSync(runs) : []).map((name) => ({ name, ...infoOf(name) }));
    const { process: child, ended } = start(['notebook', file, '--json', '--jobs', '2']);
    // Some are whole, others have begun and kept something, and others have not begun.
    const isInTheMiddle = () => {
      const now = states();
      const begun = now.filter(({ state, step = 0 }) => state === 'training' && step > 0);
      return now.some(({ state }) => state === 'finished') && begun.length > 0 && now.length < 6;
    };
    while (!isInTheMiddle() && child.exitCode === null)
      await new Promise((next) => setTimeout(next, 10));
    child.kill('SIGKILL');
    const { signal, stderr } = await ended;
    assert.equal(signal, 'SIGKILL', stderr);
    const left = states();
    const finished = left.filter(({ state }) => state === 'finished').map(({ name }) => name);
    const { outcome, trained } = await run(file);
    assert.ok(finished.length > 0 && trained.length === 6 - finished.length);
    assert.ok(trained.every(({ trial }) => !finished.includes(trial.address)));
    assert.equal(JSON.stringify(figures(outcome)), JSON.stringify(figures(whole.outcome)));
  });

  it('is divided among machines, whose folders copied together are the whole', async () => {
    const text = notebook('clip: [1, 2, 3]', 'steps: 4', 'seeds: 2', 'expect: loss < 9');
    const file = write(text);
    const shards = [1, 2].map((number) => write(text, `shard${String(number)}.rnnlab.md`));
    for (const [i, shard] of shards.entries()) {
      const { trained, outcome } = await run(shard, { shard: { number: i + 1, of: 2 } });
      assert.equal(trained.length, 3);
      // What is expected of all runs is not asked of some.
      assert.deepEqual([...outcome.results.values()][0]?.verdicts, []);
      fs.cpSync(`${shard}.runs`, `${file}.runs`, { recursive: true });
    }
    const { trained, outcome } = await run(file);
    assert.deepEqual([trained.length, figures(outcome)[0]?.done], [0, 6]);
    assert.equal([...outcome.results.values()][0]?.verdicts.length, 1);
  });

  it('halves its configurations, and those that go on come to what they come to alone', async () => {
    const lines = ['learningRate: [0.0001, 0.001, 0.01, 0.1]', 'steps: 16', 'seeds: 2'];
    const text = notebook(...lines).replace('evaluateEvery: 4\n', '');
    const halved = await run(
      write(text.replace('steps: 16', 'steps: 16\nhalving: 2'), 'h.rnnlab.md'),
    );
    const plain = await run(write(notebook(...lines)));
    const [rows, all] = [figures(halved.outcome)[0]!.rows, figures(plain.outcome)[0]!.rows];
    const steps = rows.map(({ stopped }) => stopped?.step).toSorted((a = 99, b = 99) => a - b);
    assert.deepEqual(steps, [4, 4, 8, undefined]);
    const last = rows.findIndex(({ stopped }) => stopped === undefined);
    assert.deepEqual(rows[last]!.loss, all[last]!.loss);
    // Once more: nothing is trained, and the same comes out.
    const again = await run(path.join(folder, 'h.rnnlab.md'));
    assert.deepEqual([again.trained.length, figures(again.outcome)], [0, figures(halved.outcome)]);
  });

  it('turns a time into the same steps for all seeds and rates of a model', async () => {
    const text = notebook('learningRate: [0.001, 0.01]', 'budget: 50 ms', 'seeds: 2');
    const { outcome } = await run(write(text.replace('evaluateEvery: 4', 'evaluateEvery: 100000')));
    const { rows, metrics } = [...outcome.results.values()][0]!;
    const steps = rows.map(({ cells }) => cells[metrics.indexOf('step')]!);
    assert.ok(steps[0]!.mean > 1);
    assert.deepEqual(steps[0], steps[1]);
    assert.equal(steps[0]?.deviation, 0);
  });

  it('says why a loss became no number, once, and runs the others', async () => {
    const square = '```rnn square\na[t] = W s[t-1] + U x[t] + b\ns[t] = a[t] * a[t]\n```\n\n';
    const lines = ['cell: [square, vanilla]', 'steps: 20', 'optimizer: sgd', 'clip: 0'];
    const file = write(square + notebook(...lines, 'learningRate: 1'));
    for (const trained of [2, 0]) {
      const again = await run(file);
      assert.equal(again.trained.length, trained);
      const [wild, tame] = [...again.outcome.results.values()][0]!.rows;
      assert.deepEqual([wild?.failed, tame?.failed], [1, 0]);
      assert.match(toEnglish(wild?.failure), /not a finite number at step/);
      assert.ok(Number.isFinite(tame?.cells[0]?.mean));
    }
  });

  it('ends each run where it says, where they differ in nothing else', async () => {
    const { outcome } = await run(write(notebook('steps: [3, 7]')));
    assert.deepEqual(
      figures(outcome)[0]!.rows.map(({ steps }) => steps),
      [3, 7],
    );
    const timed = await run(write(notebook('seconds: [0.01, 0.03]')));
    const [short, long] = figures(timed.outcome)[0]!.rows.map(({ steps }) => steps);
    assert.ok(long! > 2 * short! && long! < 4 * short!, `${String(short)} ${String(long)}`);
  });

  it('has data made, which are those of rnn-lab generate, once', async () => {
    const lines = ['hidden: 4', 'steps: 3', 'batch: 4', 'expect: parameters > 0'];
    const text = (seed: number): string =>
      [
        '```experiment',
        `data: generate parity --length 5 --rows 80 --seed ${seed}`,
        ...lines,
        '```',
        '',
      ].join('\n');
    const file = write(text(2));
    const first = await run(file);
    assert.equal(first.trained.length, 1);
    const made = path.join(`${file}.runs`, 'data', 'parity-rows-80-length-5-seed-2.csv');
    const asked = ['generate', 'parity', '--length', '5', '--rows', '80', '--seed', '2'];
    assert.equal(fs.readFileSync(made, 'utf8'), (await rnnLab(asked)).stdout);
    const { mtimeMs } = fs.statSync(made);
    assert.equal((await run(file)).trained.length, 0);
    assert.equal(fs.statSync(made).mtimeMs, mtimeMs);
    assert.equal((await run(write(text(3)))).trained.length, 1);
  });

  it('is told what is wrong with it, and what it would cost', async () => {
    const wrong = write(notebook('hiden: 8', 'stepps: 3'));
    const { code, stderr } = await rnnLab(['notebook', wrong, '--check']);
    assert.equal(code, 2);
    const line = notebook().split('\n').indexOf('```experiment e') + 9;
    assert.match(stderr, new RegExp(`:${String(line)}:1: .*Did you mean hidden\\?`));
    assert.match(stderr, new RegExp(`:${String(line + 1)}:1: .*Did you mean steps\\?`));
    const missing = await rnnLab(['notebook', write('```experiment\ndata: no.txt\n```\n')]);
    assert.match(missing.stderr, /line 2: There is no file no\.txt beside the notebook/);
    for (const [data, said] of [
      ['ading', 'There is no task ading\\. Did you mean adding\\?'],
      ['adding --width 3', 'generate has no option --width here'],
      ['adding --rows many', '--rows of adding must be a whole number from 1'],
      ['adding --length 1', '--length of adding must be a whole number from 2 to 10000'],
      ['reber --length 3', 'reber has no length to choose'],
    ] as const) {
      const text = `\`\`\`experiment\ndata: generate ${data}\n\`\`\`\n`;
      assert.match((await rnnLab(['notebook', write(text)])).stderr, new RegExp(`line 2: ${said}`));
    }
    const good = write(notebook('cell: [gru, lstm]', 'budget: 30 s', 'seeds: 3'));
    const cost = await rnnLab(['notebook', good, '--check', '--json']);
    const told = JSON.parse(cost.stdout) as Record<string, unknown>;
    assert.deepEqual([told['runs'], told['begun'], told['seconds']], [6, 0, 180]);
    assert.ok(!fs.existsSync(`${good}.runs`));
  });
});
