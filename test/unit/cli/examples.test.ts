/** Tables from the command line: trained on, gone on with, trained again, measured, asked, exported, imported. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { decodeAnyCheckpoint } from '../../../src/core/training/checkpoint';
import type { Job } from '../../../src/worker/handler';
import { jobFunctions } from '../../../src/worker/jobs';
import { testPlatform } from '../worker/tools';
import { jsonLines, rnnLab, temporaryFolder } from './tools';

interface Evaluated {
  readonly event: 'done';
  readonly metrics: Readonly<Record<string, number>>;
  readonly examples: number;
  readonly confusion?: {
    readonly classes: readonly string[];
    readonly counts: readonly (readonly number[])[];
  };
  readonly worst: readonly {
    readonly line: number;
    readonly target: string;
    readonly answer: string;
    readonly probability: number;
  }[];
  readonly calibration: {
    readonly error: number;
    readonly counts: readonly number[];
    readonly shares: readonly (number | null)[];
  };
}

interface Predicted {
  readonly event: 'prediction';
  readonly answer: string;
  readonly probability: number;
  readonly others: readonly { readonly answer: string; readonly probability: number }[];
  readonly steps: readonly { readonly symbol: string; readonly probability: number }[];
  readonly attention: readonly {
    readonly variable: string;
    readonly weights: readonly (readonly number[])[];
  }[];
}

/** Words that end in a vowel, or not; every 40th is labelled wrongly. */
function words(count: number): string[][] {
  const letters = 'abcdefghij';
  let seed = 1;
  const next = (n: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % n;
  };
  return Array.from({ length: count }, (_, i) => {
    const word = Array.from({ length: 3 + next(6) }, () => letters[next(10)]!).join('');
    const isVowel = 'aei'.includes(word.at(-1)!);
    return [word + String(i), (i % 40 === 39) !== isVowel ? 'vowel' : 'other'].map((cell) =>
      cell.replace(/\d+$/, ''),
    );
  });
}

describe('rnn-lab with a table', () => {
  let folder = '';
  let file = '';
  let run = '';
  const quick = ['--cell', 'gru', '--hidden', '16', '--kernels', 'strict'];

  before(async () => {
    folder = temporaryFolder();
    file = path.join(folder, 'words.csv');
    const rows = words(800).map((row) => row.join(','));
    fs.writeFileSync(file, `text,label\n${rows.join('\n')}\n`);
    run = path.join(folder, 'run');
    const flags = [...quick, '--pool', 'last', '--steps', '400', '--out', run];
    const { code, stderr } = await rnnLab(['train', file, ...flags]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /words\.csv: 800 rows · text → label \(2\) · many to one · 80\/10\/10/);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function evaluated(...args: readonly string[]): Promise<Evaluated> {
    const { code, stdout, stderr } = await rnnLab(['evaluate', ...args, '--json']);
    assert.equal(code, 0, stderr);
    return jsonLines(stdout).at(-1) as Evaluated;
  }

  async function predicted(...args: readonly string[]): Promise<readonly Predicted[]> {
    const { code, stdout, stderr } = await rnnLab(['predict', ...args, '--json']);
    assert.equal(code, 0, stderr);
    // The last line tells of the end.
    return jsonLines(stdout).slice(0, -1) as readonly Predicted[];
  }

  it('measures the test part: scores that follow from the confusion matrix', async () => {
    const { metrics, examples, confusion } = await evaluated(run);
    assert.equal(examples, 80);
    const { classes, counts } = confusion!;
    assert.deepEqual([...classes].sort(), ['other', 'vowel']);
    const [[a, b], [c, d]] = counts as [[number, number], [number, number]];
    assert.equal(a + b + c + d, 80);
    assert.equal(metrics['accuracy'], (a + d) / 80);
    assert.equal(metrics['balancedAccuracy'], (a / (a + b) + d / (c + d)) / 2);
    assert.ok(metrics['accuracy'] > 0.9, String(metrics['accuracy']));
  });

  it('finds rows that are labelled wrongly among the worst, with their lines', async () => {
    const { worst } = await evaluated(run, '--part', 'train', '--worst', '10');
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    const wrong = worst.filter(({ line }) => (line - 2) % 40 === 39);
    assert.ok(wrong.length >= 8, JSON.stringify(worst));
    for (const { line, target } of worst) assert.equal(lines[line - 1]!.split(',')[1], target);
  });

  it('is calibrated as what it predicts of the same rows, one by one, says', async () => {
    const rows = words(200).slice(100);
    const other = path.join(folder, 'calibrated.csv');
    fs.writeFileSync(other, `text,label\n${rows.map((row) => row.join(',')).join('\n')}\n`);
    const { calibration, worst } = await evaluated(run, other, '--worst', '100');
    const answers = await predicted(run, ...rows.map(([word]) => word!));
    const bins = Array.from({ length: 10 }, () => ({ count: 0, right: 0, sure: 0 }));
    answers.forEach(({ answer, probability }, i) => {
      const bin = bins[Math.min(9, Math.floor(probability * 10))]!;
      bin.count++;
      bin.right += Number(answer === rows[i]![1]);
      bin.sure += probability;
      const told = worst.find(({ line }) => line === i + 2)!;
      assert.ok(Math.abs(told.probability - probability) < 1e-5);
    });
    assert.deepEqual(
      calibration.counts,
      bins.map(({ count }) => count),
    );
    assert.deepEqual(
      calibration.shares,
      bins.map(({ count, right }) => (count === 0 ? null : right / count)),
    );
    const apart = bins.reduce((sum, { right, sure }) => sum + Math.abs(right - sure), 0);
    assert.ok(Math.abs(calibration.error - apart / 100) < 1e-5);
  });

  it('measures another file with the same columns in another order', async () => {
    const other = path.join(folder, 'other.csv');
    fs.writeFileSync(other, 'label,text\nvowel,cda\nother,aab\nvowel,hhe\n');
    const { metrics, examples } = await evaluated(run, other);
    assert.deepEqual([metrics['accuracy'], examples], [1, 3]);
  });

  it('answers inputs in their order, alone as together', async () => {
    const inputs = ['bca', 'a', 'fghab', 'jjjjjjje'];
    const together = await predicted(run, ...inputs);
    assert.deepEqual(
      together.map(({ answer }) => answer),
      ['vowel', 'vowel', 'other', 'vowel'],
    );
    for (const [i, input] of inputs.entries()) {
      const [alone] = await predicted(run, input);
      assert.equal(alone!.probability, together[i]!.probability);
      const sum = alone!.others.reduce((total, { probability }) => total + probability, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6);
    }
  });

  it('leaves out inputs in which there is nothing to read', async () => {
    const { code, stdout, stderr } = await rnnLab(['predict', run, '', 'bca']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^vowel\t.*\tbca\n$/);
    assert.match(stderr, /Inputs that are empty, which were left out: 1\./);
    const nothing = await rnnLab(['predict', run, '']);
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /nothing to read/);
  });

  it('goes on where it stopped, and comes to the same bits when it is done again', async () => {
    const resumed = path.join(folder, 'resumed');
    fs.cpSync(run, resumed, { recursive: true });
    assert.equal((await rnnLab(['train', '--resume', resumed, '--steps', '450'])).code, 0);
    const { code, stdout, stderr } = await rnnLab(['reproduce', resumed]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Identical after 450 steps/);
  });

  it('is the file of equations that a run keeps: trained with that, it comes to the same bits', async () => {
    const flags = ['--hidden', '16', '--kernels', 'strict', '--steps', '30'];
    const bySettings = path.join(folder, 'by settings');
    const architecture = [
      ...['--cell', 'lstm', '--layers', '2', '--bidirectional', '--pool', 'attention'],
      ...['--embedding', '5', '--dropout', '0.2'],
    ];
    const first = await rnnLab(['train', file, ...flags, ...architecture, '--out', bySettings]);
    assert.equal(first.code, 0, first.stderr);
    const equations = path.join(folder, 'model.rnn');
    fs.copyFileSync(path.join(bySettings, 'model.rnn'), equations);
    const byFile = path.join(folder, 'by file');
    const again = await rnnLab([
      ...['train', file, ...flags, '--dropout', '0.2', '--cell', equations, '--out', byFile],
    ]);
    assert.equal(again.code, 0, again.stderr);
    const tensors = (of: string) =>
      decodeAnyCheckpoint(fs.readFileSync(path.join(of, 'checkpoint-last.safetensors')), of)
        .tensors;
    assert.deepEqual(tensors(byFile), tensors(bySettings));
  });

  it('is exported and imported to the bit', async () => {
    const [before] = await predicted(run, 'bca');
    for (const format of ['json', 'safetensors']) {
      const model = path.join(folder, `model.${format}`);
      const to = path.join(folder, `imported ${format}`);
      assert.equal((await rnnLab(['export', run, '--format', format, '--out', model])).code, 0);
      assert.equal((await rnnLab(['import', model, '--out', to])).code, 0);
      assert.deepEqual(await predicted(to, 'bca'), [before]);
    }
  });

  it('is exported as a script that gives the same answers', async () => {
    const script = path.join(folder, 'model.mjs');
    const exported = await rnnLab(['export', run, '--format', 'js', '--out', script]);
    assert.equal(exported.code, 0, exported.stderr);
    const { predict } = (await import(script)) as {
      predict(text: string): { readonly answer: string; readonly probability: number };
    };
    for (const word of ['bca', 'fghab', 'jjjjjjje']) {
      const [engine] = await predicted(run, word);
      const { answer, probability } = predict(word);
      assert.equal(answer, engine!.answer);
      assert.ok(Math.abs(probability - engine!.probability) < 1e-5, String(probability));
    }
  });

  it('says what a model of examples is asked for instead of texts', async () => {
    const sampled = await rnnLab(['sample', run]);
    assert.equal(sampled.code, 2);
    assert.match(sampled.stderr, /model of examples, .* rnn-lab predict/);
  });

  it('trains on it as plain text where that is asked for', async () => {
    const out = path.join(folder, 'plain');
    const flags = [...quick, '--format', 'text', '--steps', '2', '--out', out];
    const { code, stderr } = await rnnLab(['train', file, ...flags]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /training tokens/);
    assert.equal((await rnnLab(['sample', out, '--length', '5'])).code, 0);
  });

  it('a beam finds an answer at least as likely as the greedy one; attention adds up to 1', async () => {
    const pairs = words(600).map(([word]) => `${word!},${Array.from(word!).reverse().join('')}`);
    const reversed = path.join(folder, 'reversed.csv');
    fs.writeFileSync(reversed, `source,target\n${pairs.join('\n')}\n`);
    const out = path.join(folder, 'reversing');
    const flags = [...quick, '--steps', '60', '--out', out];
    const trained = await rnnLab(['train', reversed, ...flags]);
    assert.equal(trained.code, 0, trained.stderr);
    assert.match(trained.stderr, /source → target · many to many \(delayed\)/);
    const [greedy] = await predicted(out, 'abcab', '--longest', '12');
    const [best] = await predicted(
      ...[out, 'abcab', '--longest', '12', '--beam', '8', '--length-penalty', '0'],
    );
    assert.ok(best!.probability >= greedy!.probability);
    assert.equal(best!.others.length, 7);
    const product = greedy!.steps.reduce((total, { probability }) => total * probability, 1);
    assert.ok(product >= greedy!.probability * (1 - 1e-9));
    for (const weights of greedy!.attention[0]!.weights) {
      assert.equal(weights.length, 5);
      assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-5);
    }
  });

  describe('is looked at token by token', () => {
    async function examined(of: string, cells: readonly string[]) {
      const request = { kind: 'examine', model: { kind: 'run', run: of }, cells } as const;
      const job = { platform: testPlatform() } as unknown as Job<'examine'>;
      const { picture, ...rest } = await jobFunctions.examine!(
        { ...request, cells: [...cells] },
        job,
      );
      const { columns, rows, values } = picture!;
      const at = (row: number, column: number) => values[row * columns.length + column]!;
      return { ...rest, of: picture!.of, columns, rows, at };
    }
    const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-5, `${a} ${b}`);

    it('as each beginning is answered where it is asked for by itself', async () => {
      const word = 'fghab';
      const { of, columns, rows, at } = await examined(run, [word]);
      assert.deepEqual([of, columns], ['prefixes', Array.from(word)]);
      const prefixes = columns.map((_, i) => word.slice(0, i + 1));
      const answers = await predicted(run, ...prefixes);
      answers.forEach(({ others }, column) => {
        assert.equal(rows.length, others.length);
        for (const { answer, probability } of others) {
          near(at(rows.indexOf(answer), column), probability);
        }
      });
    });

    it('by the weights of attention', async () => {
      const out = path.join(folder, 'reversing');
      const [{ answer, attention, steps }] = (await predicted(
        ...[out, 'abcab', '--longest', '256'],
      )) as [Predicted];
      const looked = await examined(out, ['abcab']);
      assert.deepEqual([looked.of, looked.answer], ['attention', answer]);
      assert.deepEqual(
        looked.rows,
        steps.map(({ symbol }) => symbol),
      );
      looked.rows.forEach((_, row) =>
        looked.columns.forEach((_, column) => {
          near(looked.at(row, column), attention[0]!.weights[row]![column]!);
        }),
      );
    });

    it('tag by tag', async () => {
      const tags = path.join(folder, 'tags.conll');
      const sentences = words(200).map(([word]) =>
        Array.from(word!, (c) => `${c} ${'aei'.includes(c) ? 'V' : 'C'}\n`).join(''),
      );
      fs.writeFileSync(tags, `${sentences.join('\n')}\n`);
      const out = path.join(folder, 'tagging');
      const trained = await rnnLab(['train', tags, ...quick, '--steps', '100', '--out', out]);
      assert.equal(trained.code, 0, trained.stderr);
      const [{ steps }] = (await predicted(out, 'a b c e')) as [Predicted];
      const { of, columns, rows, at } = await examined(out, ['a b c e']);
      assert.deepEqual([of, columns], ['steps', ['a', 'b', 'c', 'e']]);
      steps.forEach(({ symbol, probability }, column) => {
        near(at(rows.indexOf(symbol), column), probability);
        near(
          rows.reduce((sum, _, row) => sum + at(row, column), 0),
          1,
        );
      });
    });
  });

  it('refuses what does not fit', async () => {
    const refused = async (args: readonly string[], message: RegExp): Promise<void> => {
      const { code, stderr } = await rnnLab(args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    };
    const series = path.join(folder, 'series.csv');
    const days = Array.from({ length: 120 }, (_, i) => {
      const date = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
      return `${date},${String(Math.round(100 * Math.sin(i / 5)))}`;
    });
    fs.writeFileSync(series, `date,value\n${days.join('\n')}\n`);
    await refused(
      ['train', series, '--bidirectional', '--steps', '1', '--out', path.join(folder, 'no')],
      /cannot be read in both directions/,
    );
    const tagger = path.join(folder, 'tagger.rnn');
    fs.writeFileSync(
      tagger,
      'f[t] = gru(x[t], f[t-1])\nb[t] = gru(x[t], b[t+1])\ny[t] = softmax(V [f[t]; b[t]] + c)\n',
    );
    await refused(
      ['train', file, '--cell', tagger, '--steps', '1', '--out', path.join(folder, 'no')],
      /The model tagger.* is many to many \(synced\), and the data is many to one/,
    );
    await refused(['evaluate', run, series], /series\.csv has no column text/);
    await refused(['predict', run, '--horizon', '3'], /forecasts no numbers of a series/);
    await refused(['predict', run, 'a\tb'], /An input has 1 values \(text\), not 2/);
  });

  it('balances classes by their weights, and comes out the same again', async () => {
    const weighted = path.join(folder, 'weighted');
    const flags = ['--class-weights', 'balanced', '--steps', '40', '--evaluate-every', '20'];
    const trained = await rnnLab(['train', file, ...quick, ...flags, '--out', weighted]);
    assert.equal(trained.code, 0, trained.stderr);
    const resumed = await rnnLab(['train', '--resume', weighted, '--steps', '60']);
    assert.equal(resumed.code, 0, resumed.stderr);
    const again = await rnnLab(['reproduce', weighted]);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^Identical after 60 steps/);
    const numbers = path.join(folder, 'weights.csv');
    const rows = Array.from({ length: 40 }, (_, i) => `${String(i)}.5,${String(i * 3)}.25`);
    fs.writeFileSync(numbers, `input,output\n${rows.join('\n')}\n`);
    const refused = await rnnLab([
      ...['train', numbers, ...flags, '--out', path.join(folder, 'refused')],
    ]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /There are no classes to balance/);
  });
});
