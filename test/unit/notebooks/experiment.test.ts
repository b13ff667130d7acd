import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isCondition, parseCondition, verdictOn } from '../../../src/core/notebooks/expect';
import { readNotebook } from '../../../src/core/notebooks/notebook';
import { planOf, type Fingerprints, type Plan } from '../../../src/core/notebooks/plan';
import { toEnglish } from '../../../src/core/sentence';

const fingerprints: Fingerprints = {
  data: (value) => `data ${value}`,
  cell: (value) => `cell ${value}`,
  file: (value) => `file ${value}`,
  hash: (text) => createHash('sha256').update(text).digest('hex'),
};

async function planned(...lines: string[]): Promise<Plan> {
  const { steps, problems } = await readNotebook(notebook(...lines));
  assert.deepEqual(problems, []);
  const [step] = steps;
  assert.ok(step?.kind === 'experiment');
  return planOf(step, fingerprints);
}

function notebook(...lines: string[]): string {
  return ['# Heading', '', '```experiment e', ...lines, '```', ''].join('\n');
}

const addresses = ({ trials }: Plan): string[] => trials.map(({ address }) => address);

describe('an experiment', () => {
  it('makes a grid of its lists, once a seed', async () => {
    const { trials, configurations, varied } = await planned(
      ...['data: a.txt', 'hidden: [8, 16]', 'learning-rate: [1e-3, auto]', 'steps: 5', 'seeds: 3'],
    );
    assert.equal(configurations, 4);
    assert.deepEqual(
      varied.map(({ name }) => name),
      ['hidden', 'learningRate'],
    );
    assert.deepEqual(
      trials.slice(3, 6).map(({ settings }) => settings),
      [
        { 'model.hidden': 16, 'training.learningRate': 0, 'training.steps': 5, 'training.seed': 1 },
        {
          'model.hidden': 8,
          'training.learningRate': 0.001,
          'training.steps': 5,
          'training.seed': 2,
        },
        { 'model.hidden': 8, 'training.learningRate': 0, 'training.steps': 5, 'training.seed': 2 },
      ],
    );
  });

  it('gives a run the same address however it is said, and another one for whatever changes it', async () => {
    const [one] = addresses(await planned('data: a.txt', 'hidden: 8', 'steps: 5'));
    const same = await planned(
      ...['steps: 5', 'seeds: 2', 'training.hidden: 8'.replace('training', 'model')],
      ...['optimizer: adam', 'weightDecay: [0, 0.1]', 'data: a.txt', 'cell: vanilla'],
    );
    assert.equal(addresses(same)[0], one);
    assert.equal(new Set(addresses(same)).size, 4);
    for (const other of ['data: b.txt', 'cell: gru', 'hidden: 9', 'steps: 6', 'seed: 2']) {
      const [key] = other.split(':');
      const lines = ['data: a.txt', 'hidden: 8', 'steps: 5'].filter(
        (line) => !line.startsWith(key!),
      );
      assert.notEqual(addresses(await planned(...lines, other))[0], one, other);
    }
  });

  it('draws the same at random each time, and more without another of the first', async () => {
    const lines = [
      'data: a.txt',
      'learningRate: {log: [1e-4, 1e-2]}',
      'hidden: {int: [8, 64]}',
      'steps: 5',
    ];
    const few = await planned(...lines, 'random: 5');
    const many = await planned(...lines, 'dropout: {uniform: [0, 0.5]}', 'random: 200');
    const pick = ({ trials }: Plan) =>
      trials.map(({ values }) => [values['learningRate'], values['hidden']]);
    assert.deepEqual(pick(many).slice(0, 5), pick(few));
    const rates = many.trials.map(({ values }) => Math.log10(Number(values['learningRate'])));
    assert.ok(rates.every((rate) => rate >= -4 && rate <= -2));
    // Uniform in its logarithm: mean −3, standard deviation 2/√12 of 200 draws.
    assert.ok(Math.abs(rates.reduce((a, b) => a + b, 0) / 200 + 3) < 4 * (2 / Math.sqrt(12 * 200)));
  });

  it('divides a time for all among its runs, of halving by what they cost', async () => {
    const whole = await planned('data: a.txt', 'hidden: [1, 2, 4]', 'seeds: 2', 'total: 10 min');
    assert.equal(whole.trials[0]?.settings['training.seconds'], 100);
    const halved = await planned(
      'data: a.txt',
      'hidden: [1, 2, 3, 4]',
      'total: 80 s',
      'halving: 2',
    );
    // 4 to a quarter, 2 to a half, 1 to its end: two whole runs.
    assert.equal(halved.trials[0]?.settings['training.seconds'], 40);
  });

  const wrong: [string[], number, RegExp][] = [
    [['data: a.txt', 'hiden: 8'], 5, /no setting hiden\. Did you mean hidden\?/],
    [['data: a.txt', '', 'hidden: [8, 0]'], 6, /model\.hidden .* from 1 to 8192; 0 was given/],
    [['hidden: 8'], 4, /does not say what is learnt from/],
    [['data: a.txt', 'hidden: {log: [8, 64]}'], 5, /random: 20/],
    [['data: a.txt', 'random: 3', 'hidden: {log: [64, 8]}'], 6, /to a larger one/],
    [['data: a.txt', 'steps: 5', 'budget: 60 s'], 6, /Only one limit/],
    [['data: a.txt', 'total: soon'], 5, /is a time, such as/],
    [['data: a.txt', 'threads: 2'], 5, /does not set threads/],
    [['data: a.txt', 'halving: 3', 'epochs: 2'], 5, /epochs does not go with/],
    [
      ['data: a.txt', 'expect: validationLos < 1'],
      5,
      /no metric validationLos\. Did you mean validationLoss\?/,
    ],
    [['data: a.txt', 'expect:', '  - "mean(loss) <"'], 6, /ends too early/],
    [['data: a.txt', 'expect: mode(loss) < 1'], 5, /no function mode\. Known are mean, median/],
    [
      [
        'data: a.txt',
        'cell: [gru, lstm]',
        'seeds: 4',
        'expect: loss[cell=gru] < loss[cell=lstm] by a paired test',
      ],
      7,
      /at least seeds: 5/,
    ],
    [['data: [a.txt', 'hidden: 3'], 5, /no YAML/],
    [['- a'], 4, /lines of a name and a value/],
    [['data: a.txt', 'hidden: 8', 'model.hidden: 9'], 6, /hidden is there twice/],
  ];
  for (const [lines, line, message] of wrong) {
    it(`names the line and what to do for ${JSON.stringify(lines.at(-1))}`, async () => {
      const { problems } = await readNotebook(notebook(...lines));
      const told = problems.map((each) => `${String(each.line)}: ${toEnglish(each.message)}`);
      assert.ok(
        problems.some((each) => each.line === line && message.test(toEnglish(each.message))),
        told.join('\n'),
      );
    });
  }

  it('has equations, texts and samples checked too, in a file with CRLF', async () => {
    const text = ['```rnn mine', 's[t] = tanh(U x[t] + W s[t-1]', '```', '```text', 'a', '```']
      .concat('```sample', 'run: nothing', 'tempereture: 1', '```')
      .join('\r\n');
    const { problems } = await readNotebook(text);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 4, 8, 9],
    );
    assert.match(toEnglish(problems[3]!.message), /Did you mean temperature/);
  });
});

describe('what is expected', () => {
  const settings = new Map([
    ['cell', 'cell'],
    ['learningRate', 'learningRate'],
    ['learning-rate', 'learningRate'],
  ]);
  const run = (cell: string, rate: number, seed: number, validationLoss: number) => ({
    ...{ values: { cell, learningRate: rate }, seed, measures: { validationLoss } },
    configuration: (cell === 'gru' ? 0 : 1) + (rate === 0.001 ? 0 : 2),
  });
  const runs = [1, 2, 3, 4, 5].flatMap((seed) => [
    run('gru', 0.001, seed, 1 + seed / 10),
    run('lstm', 0.001, seed, 1.05 + seed / 10),
    run('gru', 0.01, seed, 2),
  ]);
  const verdict = (text: string) => {
    const condition = parseCondition(text, settings);
    assert.ok(isCondition(condition), text);
    return verdictOn(condition, runs);
  };

  it('is taken over the runs that it picks', () => {
    const near = (text: string, value: number) =>
      assert.ok(Math.abs(verdict(text).left.value - value) < 1e-12, text);
    near('validationLoss[cell=gru, learning-rate=1e-3] < 2', 1.3);
    near('median(validationLoss[cell=gru]) < 2', 1.75);
    near('max(validationLoss) - min(validationLoss) < 1', 0.9);
    near('best(validationLoss) <= 1.3', 1.3);
    near('std(validationLoss[learningRate=0.001, cell=lstm]) < 1', Math.sqrt(0.025));
    near('-2 * (1 - validationLoss[learningRate=0.01]) >= 200 %', 2);
    assert.equal(verdict('best(validationLoss) > 1.31').holds, false);
    assert.equal(verdict('validationLoss[cell=vanilla] < 9').holds, false);
  });

  it('by a paired test holds by the seeds, where all other settings agree', () => {
    const told = verdict('validationLoss[cell=gru] < validationLoss[cell=lstm] by a paired test');
    assert.deepEqual([told.pairs, told.p, told.holds], [5, 1 / 32, true]);
    const other = verdict('validationLoss[cell=lstm] < validationLoss[cell=gru] by a paired test');
    assert.deepEqual([other.p, other.holds], [1, false]);
    const strict = verdict(
      'validationLoss[cell=gru] < validationLoss[cell=lstm] by paired test at 0.01',
    );
    assert.ok(!strict.holds && toEnglish(strict.problem).includes('Give more seeds'));
  });
});
