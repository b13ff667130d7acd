import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { builtinCells } from '../../../src/core/cells';
import { loadCell } from '../../../src/core/equations/load-cell';
import { derivative } from '../../../src/core/equations/derivative';
import { parseCell } from '../../../src/core/equations/parse';
import { printCell } from '../../../src/core/equations/print';
import { inferShapes } from '../../../src/core/equations/shapes';
import { functionNames } from '../../../src/core/equations/syntax';

const page = readFileSync(path.join(process.cwd(), 'docs/equations.md'), 'utf8');
const sizes = { input: 65, hidden: 128, vocabulary: 65 };

const taskSizes = { input: 7, answer: 9, hidden: 128, output: 8 };

/** The models of every shape, as files: the page shows them all. */
const folder = path.resolve('test/fixtures/models');
const models = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));

interface Example {
  readonly source: string;
  /** The error that the page shows for it. */
  readonly error: string | undefined;
}

const examples: readonly Example[] = [
  ...page.matchAll(/```rnn\n(.*?)```\n(?:\n```text\n(.*?)\n```\n)?/gs),
].map(([, source = '', error]) => ({ source, error }));

describe('docs/equations.md', () => {
  const right = examples.filter(({ error }) => error === undefined);
  const wrong = examples.filter(({ error }) => error !== undefined);

  it('has examples and errors', () => {
    assert.ok(right.length >= 8);
    assert.ok(wrong.length >= 4);
  });

  for (const { source } of right) {
    it(`shows a cell that works: ${source.split('\n')[0] ?? ''}`, () => {
      const cell = parseCell(source, 'cell.rnn');
      if (models.some((model) => model.trim() === source.trim())) {
        assert.equal(inferShapes(cell, taskSizes).variables.get('y'), taskSizes.output);
        return;
      }
      const { variables } = inferShapes(cell, sizes);
      assert.equal(variables.get(cell.output), sizes.hidden);
      const jacobian = derivative(cell, cell.output, cell.output, 1).text;
      assert.ok(jacobian.startsWith(`∂${cell.output}[t]/∂${cell.output}[t-1] = `));
    });
  }

  for (const { source, error } of wrong) {
    it(`shows an error as it is: ${error?.slice(0, 50) ?? ''}`, () => {
      assert.throws(() => inferShapes(parseCell(source, 'cell.rnn'), sizes), { message: error });
    });
  }

  it('shows the built-in cells as they are', () => {
    const shown = right.map(({ source }) => printCell(parseCell(source, 'shown')));
    for (const name of builtinCells.keys()) {
      if (name !== 'vanilla-nobias') assert.ok(shown.includes(printCell(loadCell(name))), name);
    }
  });

  it('shows derivatives as they are', () => {
    const block = /```derivative\n(.*?)```/s.exec(page)?.[1] ?? '';
    const lines = block.trim().split('\n');
    assert.equal(lines.length, 4);
    for (const line of lines) {
      const match = /^(\w+): (∂(\w+)\[t\]\/∂(?:vec\((\w+)\)|(\w+)\[t(?:-(\d+))?\]) = .*)$/u.exec(
        line,
      );
      const [, cell = '', text, of = '', matrix, variable, lag = '0'] = match ?? [];
      assert.equal(
        derivative(loadCell(cell), of, matrix ?? variable ?? '', Number(lag)).text,
        text,
      );
    }
  });

  it('shows the models of every shape as they are', () => {
    for (const model of models)
      assert.ok(
        right.some(({ source }) => source === model),
        model,
      );
  });

  it('names every function', () => {
    for (const name of [...functionNames, 'dropout(a)', 'mean(h)', 'max(h)'])
      assert.ok(page.includes(`\`${name}\``), name);
  });
});
