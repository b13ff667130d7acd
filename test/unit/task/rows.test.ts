/** What is said of single rows of a table, at their places. */
import assert from 'node:assert/strict';
import { InputError } from '../../../src/core/input-error';
import { toEnglish } from '../../../src/core/sentence';
import { encodeAs } from '../../../src/core/task/encode-as';
import { read } from '../tables/tools';
import { taskOf } from './tools';

async function refused(reading: Promise<unknown>): Promise<InputError> {
  try {
    await reading;
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error;
  }
  throw new Error('It was read.');
}

const good = Array.from({ length: 30 }, (_, i) => `w${String(i)},${'xy'[i % 2]!}`);

describe('a row of a table', () => {
  const names: readonly (readonly [name: string, file: string, content: string, line: number])[] = [
    ['has too many values', 'a.csv', 'text,label\na,x\nb,y,z\n', 3],
    ['has a quotation mark too few', 'a.csv', 'text,label\n"a\nb",x\n"c,y\n', 4],
    ['is no JSON', 'a.jsonl', '{"text":"a","label":"x"}\n{"text":"b","label":"y"}\n{"text":\n', 3],
    ['is no object', 'a.jsonl', '{"text":"a","label":"x"}\n{"text":"b","label":"y"}\n[1]\n', 3],
    [
      'has another number of columns',
      'a.conll',
      `${'a X\nb Y\n\n'.repeat(50_000)}c X Z\n`,
      150_001,
    ],
  ];
  for (const [name, file, content, line] of names) {
    it(`is named where it ${name}`, async () => {
      const format = file.endsWith('.conll') ? 'conll' : undefined;
      const { place } = await refused(read(`/d/${file}`, content, {}, format));
      assert.deepEqual(place, { file, line });
    });
  }

  it('is named where a value is no number, and the header where it lacks a column', async () => {
    const sizes = Array.from({ length: 30 }, (_, i) => `${String(i)},${'xy'[i % 2]!}`);
    const wrong = `size,label\n${[...sizes, 'big,x'].join('\n')}\n`;
    const { rows } = await taskOf(wrong, { types: { size: 'number' } });
    assert.deepEqual(
      rows.map(({ line, message }) => [line, toEnglish(message)]),
      [[32, 'size is no number here, and is read as missing.']],
    );
    const other = await refused(taskOf(`text,label\n${good.join('\n')}\n`, { output: ['labels'] }));
    assert.deepEqual(other.place, { file: 'data.csv', line: 1 });
  });

  it('is told of where it is left out or cut, each with its line', async () => {
    const long = 'a b c d e f g h i j';
    const rows = [...good, ',x', 'w,', `${long},x`];
    const table = `text,label\n${rows.join('\n')}\n`;
    const { rows: told, notes } = await taskOf(table, { longest: 8, tokenizer: 'char' });
    assert.deepEqual(
      told.map(({ line, message }) => [line, toEnglish(message)]),
      [
        [32, 'This row is left out: text is missing.'],
        [33, 'This row is left out: label is missing.'],
        [34, 'The input of this row is cut to 8 steps.'],
      ],
    );
    assert.match(notes.map(toEnglish).join('\n'), /missing: 2, the first is on line 32/);
  });

  it('of another file is named where it has a label that was not learnt', async () => {
    const { understanding, input, output } = await taskOf(`text,label\n${good.join('\n')}\n`);
    const table = (await read('/d/other.csv', 'text,label\na,x\nb,z\n'))!;
    const task = { understanding, input: input.toJSON(), output: output.toJSON() };
    assert.throws(
      () => encodeAs(table, task),
      (error) =>
        error instanceof InputError &&
        error.place?.line === 3 &&
        error.message.startsWith('other.csv, line 3: "z" is nothing that label can be.'),
    );
  });

  it('is told of where its answer is too long', async () => {
    const pairs = Array.from({ length: 30 }, (_, i) => `w${String(i)},v${String(i)}`);
    const table = `source,target\n${[...pairs, 'w,0123456789'].join('\n')}\n`;
    const { rows } = await taskOf(table, {
      ...{ longest: 8, shape: 'many to many, delayed' },
      types: { source: 'text', target: 'text' },
    });
    assert.deepEqual(
      rows.map(({ line, message }) => [line, toEnglish(message)]),
      [[32, 'This row is left out: its answer is longer than 8 steps.']],
    );
  });
});
