/** A look inside models of examples, held against what the same models answer. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { encode } from 'fast-png';
import { jsonLines, rnnLab, temporaryFolder } from './tools';

interface Predicted {
  readonly answer: string;
  readonly probability: number;
  readonly steps: readonly { readonly symbol: string; readonly probability: number }[];
}

interface Looked {
  readonly answer: string;
  readonly source: readonly string[];
  readonly parts: readonly string[];
  readonly answers: readonly string[];
  readonly domain: string;
  readonly of: string;
  readonly loss: readonly number[];
  readonly inputs: readonly { readonly variable: string; readonly norms: readonly number[][] }[];
  readonly states: readonly { readonly variable: string; readonly norms: readonly number[][] }[];
  readonly variables: readonly { readonly name: string; readonly values: readonly number[][] }[];
  readonly gradient: { readonly values: readonly (readonly number[])[] } | null;
}

const folder = temporaryFolder();
const quick = ['--hidden', '8', '--batch', '16', '--threads', '1', '--seed', '3', '--steps', '40'];

async function train(file: string, lines: readonly string[], ...flags: string[]): Promise<string> {
  const data = path.join(folder, file);
  fs.writeFileSync(data, `${lines.join('\n')}\n`);
  const run = path.join(folder, `run-${file}`);
  const { code, stderr } = await rnnLab(['train', data, ...quick, ...flags, '--out', run]);
  assert.equal(code, 0, stderr);
  return run;
}

async function look(run: string, input: string, ...flags: string[]): Promise<Looked> {
  const { code, stdout, stderr } = await rnnLab(['inspect', run, input, '--json', ...flags]);
  assert.equal(code, 0, stderr);
  const [line] = jsonLines(stdout);
  return line as Looked;
}

async function predict(run: string, input: string): Promise<Predicted> {
  const { stdout } = await rnnLab(['predict', run, input, '--json']);
  return jsonLines(stdout)[0] as Predicted;
}

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-5, `${a} ${b}`);
const words = Array.from({ length: 80 }, (_, i) =>
  Array.from({ length: 3 + (i % 4) }, (_, k) => 'abcde'[(i * 7 + k * k * 3) % 5]!),
);

describe('a look inside a model of examples', () => {
  it('differentiates the loss of the class that is true, or of the answer', async () => {
    const lines = words.map((word) => `${word.join('')},${word.includes('a') ? 'yes' : 'no'}`);
    const run = await train('classes.csv', ['text,label', ...lines], '--bidirectional');
    const { answer, probability } = await predict(run, 'cab');
    const own = await look(run, 'cab');
    assert.deepEqual([own.source, own.parts, own.of], [['c', 'a', 'b'], [answer], 'answer']);
    near(own.loss[0]!, -Math.log(probability));
    const other = answer === 'yes' ? 'no' : 'yes';
    const wrong = await look(run, 'cab', '--target', other);
    assert.deepEqual([wrong.parts, wrong.answers, wrong.of], [[other], [answer], 'truth']);
    near(wrong.loss[0]!, -Math.log(1 - probability));
    // Of two classes ∂E/∂logits is p(other) (1, -1) for one and p(answer) (-1, 1) for the other.
    const ratio = (1 - probability) / probability;
    for (const [i, { norms }] of own.states.entries()) {
      norms[0]!.forEach((norm, t) => near(norm, ratio * wrong.states[i]!.norms[0]![t]!));
    }
    assert.deepEqual(
      own.states.map(({ variable }) => variable),
      ['f', 'b'],
    );
  });

  it('of tags one by one, each with the true one', async () => {
    const lines = words.map((word) => word.map((c) => `${c} ${c === 'a' ? 'V' : 'C'}\n`).join(''));
    const run = await train('tags.conll', lines);
    const { steps } = await predict(run, 'a b c');
    const { answers, parts, loss, domain, inputs } = await look(run, 'a b c', '--target', 'V C C');
    assert.deepEqual([domain, parts], ['t', ['V', 'C', 'C']]);
    assert.deepEqual(
      answers,
      steps.map(({ symbol }) => symbol),
    );
    steps.forEach(({ symbol, probability }, t) => {
      near(loss[t]!, -Math.log(symbol === parts[t] ? probability : 1 - probability));
    });
    // A tag depends on nothing that comes after its token.
    const [{ norms }] = inputs as [Looked['inputs'][number]];
    norms.forEach((row, o) => row.forEach((norm, t) => assert.equal(norm > 0, t <= o)));
  });

  it('from the symbols written back into the source, END among them', async () => {
    const lines = words.map((word) => `${word.join('')},${word.reverse().join('')}`);
    const run = await train('reversed.csv', ['source,target', ...lines]);
    const looked = await look(run, 'abc', '--variables', 'weights a');
    const { answer, probability } = await predict(run, 'abc');
    assert.equal(looked.answer, answer);
    assert.deepEqual(looked.parts, [...looked.answers, 'END']);
    near(Math.exp(-looked.loss.reduce((a, b) => a + b, 0)), probability);
    const [weights] = looked.variables;
    assert.equal(weights!.values.length, looked.parts.length);
    for (const row of weights!.values) {
      near(
        row.reduce((a, b) => a + b, 0),
        1,
      );
    }
    const [source, before] = looked.inputs.map(({ norms }) => norms);
    assert.ok(source!.every((row) => row.length === 3 && row.every((norm) => norm > 0)));
    before!.forEach((row, o) => row.forEach((norm, u) => assert.equal(norm > 0, u <= o)));
    const { code, stdout } = await rnnLab(['inspect', run, 'abc']);
    assert.equal(code, 0);
    assert.match(stdout, /‖∂E\/∂\w+(\[t\])?‖/);
  });

  it('down to the pixels of an image: changed by hand, each changes the loss as its gradient says', async () => {
    const images = path.join(folder, 'images');
    const side = 4;
    const write = (file: string, pixels: readonly number[]): string => {
      const data = Uint8Array.from(pixels);
      const png = encode({ width: side, height: side, data, channels: 1, depth: 8 });
      fs.writeFileSync(file, png);
      return file;
    };
    const pixelsOf = (i: number, isLeft: boolean): number[] =>
      Array.from({ length: side * side }, (_, at) => {
        const isBright = at % side < 2 === isLeft;
        return (isBright ? 150 : 60) + ((at * 37 + i * 11) % 40);
      });
    for (const [k, name] of ['left', 'right'].entries()) {
      fs.mkdirSync(path.join(images, name), { recursive: true });
      for (let i = 0; i < 30; i++) {
        write(path.join(images, name, `${String(i)}.png`), pixelsOf(i, k === 0));
      }
    }
    const run = path.join(folder, 'run-images');
    const trained = await rnnLab(['train', images, ...quick, '--out', run]);
    assert.equal(trained.code, 0, trained.stderr);
    const asked = path.join(folder, 'asked.png');
    const pixels = pixelsOf(3, true);
    const lossAt = async (at: number, by: number): Promise<number> => {
      write(
        asked,
        pixels.map((pixel, i) => (i === at ? pixel + by : pixel)),
      );
      return (await look(run, asked, '--target', 'left')).loss[0]!;
    };
    write(asked, pixels);
    const { gradient, inputs } = await look(run, asked, '--target', 'left');
    const [row] = gradient!.values as readonly [readonly number[]];
    assert.equal(row.length, side * side);
    near(Math.hypot(...row), inputs[0]!.norms[0]![0]!);
    const steepest = row.map((_, at) => at).sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!));
    const [first, second] = steepest as [number, number];
    const slope = async (at: number) => (await lossAt(at, 6)) - (await lossAt(at, -6));
    // All pixels have the same scale, which so need not be known.
    const ratio = (await slope(second)) / (await slope(first));
    assert.ok(Math.abs(ratio / (row[second]! / row[first]!) - 1) < 0.05, String(ratio));
  });

  it('says what is missing', async () => {
    const run = path.join(folder, 'run-classes.csv');
    for (const [args, message] of [
      [['inspect', run], /Give a text \(--text\), or of examples an input/],
      [['inspect', run, 'a', '--variables', 'nothing'], /The model has no variable nothing/],
      [['inspect', run, 'a\tb'], /An input has 1 values \(text\), not 2/],
    ] as const) {
      const { code, stderr } = await rnnLab([...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});
