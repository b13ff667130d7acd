import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import { readSafetensors, valuesOf } from '../../../src/core/formats/safetensors';
import { jsonLines, quick, rnnLab, sampleText, start, temporaryFolder } from './tools';

/** A text of Chinese, emoji and Latin letters. */
const poem = '春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。🌸 spring\n'.repeat(40);

/** A token's line of `rnn-lab inspect --json`. */
interface InspectLine {
  readonly token: string;
  readonly probability: number;
  readonly hidden: number[];
  readonly top: { readonly token: string; readonly probability: number }[];
  readonly variables: Record<string, number[]>;
}

describe('rnn-lab with a trained model', () => {
  let folder = '';
  let run = '';
  let chinese = '';
  before(async () => {
    folder = temporaryFolder();
    const train = async (name: string, text: string): Promise<string> => {
      const file = path.join(folder, `${name}.txt`);
      fs.writeFileSync(file, text);
      const out = path.join(folder, name);
      const { code, stderr } = await rnnLab([
        'train',
        file,
        ...quick,
        '--steps',
        '40',
        '--out',
        out,
      ]);
      assert.equal(code, 0, stderr);
      return out;
    };
    run = await train('english', sampleText);
    chinese = await train('chinese', poem);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  describe('sample', () => {
    it('writes the prime and as many characters as it is asked for', async () => {
      const { code, stdout, stderr } = await rnnLab([
        'sample',
        run,
        '--prime',
        'Line 7',
        '--length',
        '50',
        '--seed',
        '3',
      ]);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      assert.ok(stdout.startsWith('Line 7'));
      assert.equal(Array.from(stdout.slice('Line 7'.length).replace(/\n$/, '')).length, 50);
    });

    it('gives the same text for the same seed, another for another, and tells a seed it chose', async () => {
      const sample = async (...more: string[]): Promise<string> =>
        (await rnnLab(['sample', run, '--length', '60', ...more])).stdout;
      assert.equal(await sample('--seed', '3'), await sample('--seed', '3'));
      assert.notEqual(await sample('--seed', '3'), await sample('--seed', '4'));
      assert.equal(
        await sample('--seed', '3', '--temperature', '0'),
        await sample('--seed', '4', '--temperature', '0'),
      );
      assert.equal(
        await sample('--seed', '3', '--top-k', '1'),
        await sample('--seed', '4', '--top-k', '1'),
      );
      const free = await rnnLab(['sample', run, '--length', '60']);
      const seed = /Seed (\d+)/.exec(free.stderr)?.[1] ?? '';
      assert.equal(await sample('--seed', seed), free.stdout);
    });

    it('reads primes that are not ASCII, and says what of them is new to the model', async () => {
      const args = ['--prime', '春眠🌸', '--length', '30', '--seed', '2'];
      const known = await rnnLab(['sample', chinese, ...args]);
      assert.equal(known.stderr, '');
      assert.ok(known.stdout.startsWith('春眠🌸'));
      assert.doesNotMatch(known.stdout, /\uFFFD/);
      for (const character of known.stdout) assert.ok(poem.includes(character), character);
      const unknown = await rnnLab(['sample', run, ...args]);
      assert.equal(unknown.code, 0);
      assert.match(unknown.stderr, /the model has never seen "春", "眠", "🌸" of the prime/);
    });

    it('ends in good order when its reader has had enough', async () => {
      const args = ['sample', run, '--length', '10000000', '--seed', '1'];
      const ended = await start(args, {
        onLine: (_, child) => {
          child.stdout?.destroy();
        },
      }).ended;
      assert.equal(ended.code, 0);
      assert.equal(ended.stderr, '');
    });
  });

  describe('evaluate', () => {
    it('measures loss, bits and perplexity, which agree with one another', async () => {
      const file = path.join(folder, 'english.txt');
      const { code, stdout } = await rnnLab(['evaluate', run, file, '--json']);
      assert.equal(code, 0);
      const [line] = jsonLines(stdout) as [Record<string, number | string>];
      const loss = Number(line['loss']);
      assert.equal(line['event'], 'done');
      assert.equal(line['tokens'], sampleText.length - 1);
      assert.ok(loss > 0 && loss < Math.log(new Set(sampleText).size));
      assert.ok(Math.abs(Number(line['perplexity']) - Math.exp(loss)) < 1e-9);
      // One token is one character here.
      assert.ok(Math.abs(Number(line['bitsPerCharacter']) - loss / Math.LN2) < 1e-9);
      const { stdout: shown } = await rnnLab(['evaluate', run, file]);
      assert.match(shown, new RegExp(`^loss +${loss.toFixed(4)} nats/token$`, 'm'));
    });

    it('measures the model as it was after an earlier step, and says which there are', async () => {
      const file = path.join(folder, 'english.txt');
      const [step] = fs
        .readdirSync(run)
        .flatMap((name) => /^checkpoint-step-(\d+)\.safetensors$/.exec(name)?.[1] ?? [])
        .map(Number);
      assert.ok(step !== undefined && step < 40);
      const lossOf = async (checkpoint: string): Promise<number> => {
        const args = ['evaluate', run, file, '--checkpoint', checkpoint, '--json'];
        const [line] = jsonLines((await rnnLab(args)).stdout) as [{ loss: number }];
        return line.loss;
      };
      assert.ok((await lossOf(String(step))) > (await lossOf('last')));
      const asked = ['evaluate', run, file, '--checkpoint', '123456'];
      const missing = await rnnLab(asked);
      assert.equal(missing.code, 2);
      assert.match(
        missing.stderr,
        /no checkpoint of step 123456\. The nearest that it keeps is of step \d+\./,
      );
      const wrong = await rnnLab(['evaluate', run, file, '--checkpoint', 'first']);
      assert.equal(wrong.code, 2);
      assert.match(
        wrong.stderr,
        /--checkpoint must be best, last or the step of an earlier one; first was given/,
      );
    });

    it('counts what the model has never seen', async () => {
      const file = path.join(folder, 'chinese.txt');
      const { code, stdout } = await rnnLab(['evaluate', run, file, '--json']);
      assert.equal(code, 0);
      const [line] = jsonLines(stdout) as [Record<string, number>];
      const known = new Set(sampleText);
      assert.equal(line['unknownTokens'], Array.from(poem).filter((c) => !known.has(c)).length);
    });
  });

  describe('inspect', () => {
    it('shows each token with its probability, state and gradient', async () => {
      const text = 'the quick brown';
      const { code, stdout } = await rnnLab(['inspect', run, '--text', text, '--json']);
      assert.equal(code, 0);
      const lines = jsonLines(stdout) as {
        event: string;
        token?: string;
        probability?: number;
        loss?: number;
        hidden?: number[];
        lag?: number;
        gradient?: number;
      }[];
      const tokens = lines.filter(({ event }) => event === 'token');
      assert.equal(tokens.length, text.length);
      assert.equal(tokens[0]?.probability, undefined);
      for (const { probability, loss, hidden } of tokens.slice(1)) {
        assert.ok(Math.abs(Math.exp(-loss!) - probability!) < 1e-9);
        assert.equal(hidden!.length, 8);
        assert.ok(hidden!.every((value) => Math.abs(value) <= 1));
      }
      assert.deepEqual(
        tokens.map(({ lag }) => lag),
        [...Array.from({ length: text.length - 1 }, (_, i) => text.length - 2 - i), undefined],
      );
      const done = lines.at(-1);
      const mean = tokens.slice(1).reduce((sum, { loss }) => sum + loss!, 0) / (text.length - 1);
      assert.ok(Math.abs(done!.loss! - mean) < 1e-9);
      assert.match((await rnnLab(['inspect', run, '--text', text])).stdout, /^q +0\.\d{4} /m);
    });

    it('shows the likeliest next tokens and the variables that are asked for', async () => {
      const args = ['inspect', run, '--text', 'the quick'];
      const asked = ['--top', '4', '--variables', 's'];
      const json = await rnnLab([...args, ...asked, '--json']);
      const tokens = (jsonLines(json.stdout) as InspectLine[]).slice(0, -1);
      assert.equal(tokens.length, 9);
      tokens.forEach(({ top, hidden, variables }, i) => {
        assert.equal(top.length, 4);
        const odds = top.map(({ probability }) => probability);
        assert.deepEqual(
          odds,
          odds.toSorted((a, b) => b - a),
        );
        const next = tokens[i + 1];
        const guess = top.find(({ token }) => token === next?.token);
        if (guess) assert.ok(Math.abs(guess.probability - next!.probability) < 1e-9);
        assert.ok(odds[0]! >= (next?.probability ?? 0));
        assert.deepEqual(variables, { 'layer1.s': hidden });
      });
      const { stdout } = await rnnLab([...args, ...asked]);
      const [table, values] = stdout.split('\n\n');
      const first = tokens[0]!.top.map(
        ({ token, probability }) => `${token} ${(100 * probability).toFixed(0)}%`,
      );
      assert.ok(table!.split('\n')[1]!.endsWith(first.join('  ')));
      const rows = values!.trimEnd().split('\n');
      assert.match(rows[0]!, /^layer1\.s: 8 units, ▁ -\d\.\d\d to █ \d\.\d\d$/);
      assert.match(rows[1]!, /^token +minimum +mean +maximum +units 1 to 8$/);
      assert.equal(rows.length, 2 + 9);
      const [token, least, , greatest, heights] = rows[2]!.split(/ +/);
      assert.equal(token, 't');
      assert.equal(least, Math.min(...tokens[0]!.hidden).toFixed(3));
      assert.equal(greatest, Math.max(...tokens[0]!.hidden).toFixed(3));
      assert.match(heights!, /^[▁▂▃▄▅▆▇█]{8}$/);
      // The taller, the greater.
      const order = (of: (i: number) => number) =>
        [0, 1, 2, 3, 4, 5, 6, 7].sort((a, b) => of(a) - of(b));
      const byValue = order((i) => tokens[0]!.hidden[i]!).map((i) => heights!.charCodeAt(i));
      assert.deepEqual(
        byValue,
        byValue.toSorted((a, b) => a - b),
      );
      const none = await rnnLab([...args, '--top', '0']);
      assert.ok(!none.stdout.includes('%') && !none.stdout.includes('next'));
      const all = await rnnLab([...args, '--variables', 'all', '--json']);
      const [line] = jsonLines(all.stdout) as InspectLine[];
      assert.deepEqual(Object.keys(line!.variables), ['layer1.s']);
    });

    it('says what it cannot show', async () => {
      const args = ['inspect', run, '--text', 'the'];
      const refused: [string[], RegExp][] = [
        [['--variables', 'h'], /no variable h\. It has layer1\.s\./],
        [['--variables', 'layer1.S'], /Did you mean layer1\.s\?/],
        [['--variables', 's,'], /names with commas between them/],
        [['--top', '1.5'], /--top must be a whole number from 0 to 1000000; 1\.5 was given/],
      ];
      for (const [more, message] of refused) {
        const { code, stderr, stdout } = await rnnLab([...args, ...more]);
        assert.equal(code, 2);
        assert.equal(stdout, '');
        assert.match(stderr, message);
      }
    });
  });

  describe('export', () => {
    it('writes the same parameters as safetensors and as JSON', async () => {
      const tensors = path.join(folder, 'model.safetensors');
      const json = path.join(folder, 'model.json');
      for (const [format, out] of [
        ['safetensors', tensors],
        ['json', json],
      ] as const) {
        const { code, stderr } = await rnnLab([
          'export',
          run,
          '--format',
          format,
          '--out',
          out,
          '--checkpoint',
          'last',
        ]);
        assert.equal(code, 0, stderr);
        assert.match(stderr, /the model after step 40/);
      }
      const checkpoint = decodeCheckpoint(
        fs.readFileSync(path.join(run, 'checkpoint-last.safetensors')),
        'last',
      );
      const exported = readSafetensors(fs.readFileSync(tensors), 'model');
      const names = checkpoint.model.parameters.map(({ name }) => name);
      assert.deepEqual([...exported.tensors.keys()], names);
      const { parameters } = JSON.parse(fs.readFileSync(json, 'utf8')) as {
        parameters: { name: string; values: number[] | number[][] }[];
      };
      for (const name of names) {
        const values = [...checkpoint.tensors.get(name)!];
        assert.deepEqual([...valuesOf(exported.tensors.get(name)!)!], values);
        const written = parameters.find((parameter) => parameter.name === name)!.values.flat();
        assert.deepEqual(written.map(Math.fround), values);
      }
    });

    it('says which formats there are, and where it cannot write', async () => {
      const onnx = await rnnLab([
        'export',
        run,
        '--format',
        'word',
        '--out',
        path.join(folder, 'x'),
      ]);
      assert.equal(onnx.code, 2);
      assert.match(onnx.stderr, /no format word to export to\. Use one of safetensors, json/);
      const nowhere = await rnnLab([
        'export',
        run,
        '--format',
        'json',
        '--out',
        path.join(folder, 'no', 'x'),
      ]);
      assert.equal(nowhere.code, 2);
      assert.match(nowhere.stderr, /Cannot write .*: there is no such file or folder/);
    });
  });

  describe('gradcheck', () => {
    it('passes for built-in cells and fails where the tolerance is too strict', async () => {
      const { code, stdout } = await rnnLab([
        'gradcheck',
        '--cell',
        'gru',
        '--hidden',
        '4',
        '--json',
      ]);
      assert.equal(code, 0);
      const lines = jsonLines(stdout) as {
        event: string;
        name?: string;
        live?: number;
        passed?: boolean;
      }[];
      const done = lines.at(-1);
      assert.equal(done?.event, 'done');
      assert.equal(done.passed, true);
      assert.ok(lines.slice(0, -1).every(({ event, live }) => event === 'parameter' && live! > 0));
      const strict = await rnnLab(['gradcheck', '--hidden', '3', '--tolerance', '1e-30']);
      assert.equal(strict.code, 1);
      assert.match(strict.stderr, /Not passed: .* is not below 1e-30/);
    });

    it('tells the place of an error in equations', async () => {
      const cell = path.join(folder, 'bad.rnn');
      fs.writeFileSync(cell, 'h[t] = tanh(U x[t] + W q[t-1])\n');
      const { code, stderr } = await rnnLab(['gradcheck', '--cell', cell]);
      assert.equal(code, 2);
      assert.match(stderr, /^rnn-lab: bad\.rnn:1:24: /);
    });
  });
});
