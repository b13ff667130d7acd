/** Models of examples as scripts, beside the engine: the same answers to the same cells. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Floats } from '../../../src/core/engine/backend';
import { buildExampleModel } from '../../../src/core/engine/model';
import { createNetwork } from '../../../src/core/engine/network';
import { readParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { writeScript } from '../../../src/core/exports/script/script';
import { parseSettings } from '../../../src/core/settings/settings';
import { channelsOf } from '../../../src/core/task/channels';
import { isPixels, type Cell } from '../../../src/core/task/codecs';
import { encode } from '../../../src/core/task/encode';
import { composeModel } from '../../../src/core/task/model-text';
import { cellAt } from '../../../src/core/task/table-cells';
import { understand } from '../../../src/core/task/understand';
import { notBegun, type ExampleCheckpoint } from '../../../src/core/training/checkpoint';
import { answerExamples, type Answered } from '../../../src/worker/answers';
import { randomiseParameters } from '../engine/sketch';
import { architecture, cases, type Case } from './example-cases';

interface Script {
  predict(...cells: readonly unknown[]): {
    readonly answer?: string;
    readonly probability?: number;
    readonly classes?: readonly { readonly answer: string; readonly probability: number }[];
    readonly labels?: readonly { readonly answer: string; readonly probability: number }[];
    readonly steps?: readonly { readonly symbol: string; readonly probability: number }[];
    readonly numbers?: readonly number[] | readonly (readonly number[])[];
  };
}

/** A task with a model of random weights. */
async function made({ table: given, overrides = {}, model, scale = 0.7 }: Case) {
  const table = typeof given === 'function' ? await given() : given;
  const understanding = understand(table, overrides);
  const encoded = encode(table, understanding, { seed: 1 });
  const { dataset, input, output } = encoded;
  const { values } = dataset.output;
  const shape = {
    ...{ source: dataset.input.starts !== undefined, inputs: dataset.input.values.kind },
    alignment: dataset.alignment,
    outputs: values.kind === 'symbols' ? 'symbols' : values.labels ? 'labels' : 'numbers',
  } as const;
  const written =
    typeof model === 'string'
      ? parseCell(model, 'own')
      : composeModel(shape, { ...architecture, ...model });
  const sizes = { hidden: 5, dropout: 0.3, ...channelsOf(dataset) };
  const built = buildExampleModel({ cell: written, ...sizes });
  const backend = createReferenceBackend(built.layout);
  randomiseParameters({ model: built, backend }, 3, scale);
  // As a checkpoint keeps them.
  const floats: Floats = backend.floats();
  for (let i = 0; i < floats.length; i++) floats[i] = Math.fround(floats[i]!);
  const tensors = new Map(
    built.parameters.map((parameter) => [
      parameter.name,
      Float32Array.from(readParameter(floats, built.layout.parameters, parameter)),
    ]),
  );
  const settings = parseSettings({});
  const checkpoint: ExampleCheckpoint = {
    ...{ model: built, settings, training: notBegun(settings), tensors },
    task: { understanding, input: input.toJSON(), output: output.toJSON() },
  };
  return { table, understanding, encoded, checkpoint, network: createNetwork(built, backend) };
}

type Made = Awaited<ReturnType<typeof made>>;

/** What the engine says to some examples. */
function answered({ encoded, network }: Made, examples: Uint32Array): Answered[] {
  const options = { top: 100, beam: 1, lengthPenalty: 0, longest: 256 };
  const { dataset, output } = encoded;
  return [...answerExamples({ network, output }, dataset, examples, options)].filter(
    (found) => found !== undefined,
  );
}

/** An example’s cells as a program would give them. */
function cellsOf({ table, understanding, encoded }: Made, example: number): unknown[] {
  const { series, dataset, examples } = encoded;
  const { starts } = dataset.input;
  const plain = (cell: Cell): unknown => (isPixels(cell) ? cell.pixels : cell);
  if (series === undefined) {
    return understanding.inputs.map((column) => plain(cellAt(table, column, examples[example]!)));
  }
  const steps = series.steps.subarray(starts![example], starts![example + 1]);
  return understanding.inputs.map((column) =>
    Array.from(steps, (step) => cellAt(table, column, step)),
  );
}

async function load(checkpoint: ExampleCheckpoint): Promise<Script> {
  const source = Buffer.from(writeScript(checkpoint, 'javascript')).toString('base64');
  return (await import(`data:text/javascript;base64,${source}`)) as Script;
}

function near(actual: number | undefined, expected: number, what: string): void {
  const difference = Math.abs(actual! - expected);
  assert.ok(
    difference <= 1e-9 * (1 + Math.abs(expected)),
    `${what}: ${String(actual)}, not ${String(expected)}`,
  );
}

describe('a script of a model of examples', () => {
  for (const [name, one] of Object.entries(cases)) {
    it(`answers as the engine does: ${name}`, async () => {
      const task = await made(one);
      const { predict } = await load(task.checkpoint);
      const { dataset, output, series } = task.encoded;
      const examples = Uint32Array.from({ length: Math.min(8, dataset.count) }, (_, i) => i);
      for (const { example, answer, probability, others, steps, numbers } of answered(
        task,
        examples,
      )) {
        const said = predict(...cellsOf(task, example));
        if (said.numbers !== undefined) {
          const width = output.data.kind === 'row' ? output.data.fields.length : 0;
          const first = dataset.output.starts?.[example] ?? example;
          numbers.flat().forEach((value, i) => {
            near(
              said.numbers!.flat()[i],
              value + (series?.base?.[first * width + i] ?? 0),
              'number',
            );
          });
          continue;
        }
        assert.equal(said.answer, answer);
        if (said.probability !== undefined) near(said.probability, probability, 'probability');
        const listed = said.classes ?? said.labels;
        assert.deepEqual(
          listed?.map((each) => each.answer) ?? [],
          said.steps ? [] : others.map((each) => each.answer),
        );
        listed?.forEach((each, i) => near(each.probability, others[i]!.probability, each.answer));
        assert.equal(said.steps?.length ?? 0, steps.length);
        said.steps?.forEach((step, i) =>
          near(step.probability, steps[i]!.probability, step.symbol),
        );
      }
    });
  }

  it('says what cannot be read, and what nothing comes of', async () => {
    const text = await load((await made(cases['sums, dot attention']!)).checkpoint);
    assert.throws(() => text.predict(''), /The input is empty/);
    const numbers = await load((await made(cases['numbers of numbers']!)).checkpoint);
    assert.throws(() => numbers.predict('many', 'a'), /"many" is no number, as logits is/);
    const picture = await load((await made(cases['a class of a picture']!)).checkpoint);
    assert.throws(() => picture.predict([1, 2, 3]), /12 numbers from 0 to 255/);
    const { checkpoint } = await made(cases['a label of words']!);
    checkpoint.tensors.get('c')!.fill(NaN);
    const broken = await load(checkpoint);
    assert.throws(() => broken.predict('a film'), /not a finite number/);
  });

  describe('on its own', () => {
    let folder = '';
    before(() => {
      folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-answers-')));
      fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    });
    after(() => {
      fs.rmSync(folder, { recursive: true });
    });

    const node = (...args: string[]) =>
      spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });

    it('answers what it is started with', async () => {
      const task = await made(cases['sums, dot attention']!);
      fs.writeFileSync(path.join(folder, 'sum.js'), writeScript(task.checkpoint, 'javascript'));
      const [cell] = cellsOf(task, 0) as [string];
      const { answer } = answered(task, Uint32Array.of(0))[0]!;
      const { stdout, stderr, status } = node('sum.js', cell);
      assert.deepEqual([status, stderr], [0, '']);
      assert.equal((JSON.parse(stdout) as { answer: string }).answer, answer);
      const wrong = node('sum.js');
      assert.deepEqual([wrong.status, wrong.stderr], [2, 'Usage: node FILE SOURCE\n']);
    });

    it('compiles in TypeScript at its strictest, for every shape', async () => {
      const files: string[] = [];
      for (const one of Object.values(cases)) {
        const file = `case${String(files.length)}.ts`;
        files.push(file);
        const { checkpoint } = await made(one);
        fs.writeFileSync(path.join(folder, file), writeScript(checkpoint, 'typescript'));
      }
      const compiler = path.resolve('node_modules/typescript/bin/tsc');
      const flags = [
        ...['--ignoreConfig', '--strict', '--noUnusedLocals', '--noUnusedParameters'],
        ...['--noImplicitReturns', '--exactOptionalPropertyTypes', '--skipLibCheck', '--noEmit'],
      ];
      assert.equal(node(compiler, ...flags, ...files).stdout, '');
    });
  });
});
