import assert from 'node:assert/strict';
import { toEnglish } from '../../../src/core/sentence';
import type { parts } from '../../../src/core/task/dataset';
import { csv, taskOf, type Task } from './tools';

/** Rows of the table in each part. */
function rowsOf({ dataset, examples }: Task): Record<(typeof parts)[number], number[]> {
  const of = (part: (typeof parts)[number]): number[] =>
    Array.from(dataset.parts[part], (example) => examples[example]!);
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

/** On how many sides each value is. */
function sidesOf(task: Task, valueOf: (row: number) => string): Map<string, Set<string>> {
  const sides = new Map<string, Set<string>>();
  for (const [part, rows] of Object.entries(rowsOf(task))) {
    for (const row of rows)
      sides.set(valueOf(row), (sides.get(valueOf(row)) ?? new Set()).add(part));
  }
  return sides;
}

const sizesOf = (task: Task): number[] => Object.values(rowsOf(task)).map(({ length }) => length);

describe('a split', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => [
    `text ${String(i)} is here`,
    i % 10 === 0 ? 'rare' : 'often',
  ]);

  it('has the shares that were asked for, of each category, and every row once', async () => {
    const task = await taskOf(csv('text,label', rows), { validation: 0.15, test: 0.05 });
    assert.deepEqual(sizesOf(task), [800, 150, 50]);
    const all = Object.values(rowsOf(task))
      .flat()
      .sort((a, b) => a - b);
    assert.deepEqual(
      all,
      rows.map((_, i) => i),
    );
    const rare = Object.values(rowsOf(task)).map(
      (part) => part.filter((row) => row % 10 === 0).length,
    );
    assert.ok(
      Math.abs(rare[0]! - 80) <= 2 && Math.abs(rare[1]! - 15) <= 2 && Math.abs(rare[2]! - 5) <= 2,
      String(rare),
    );
  });

  it('is the same for a seed and another for another, in no order of the file', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => taskOf(csv('text,label', rows), {}, { seed })),
    );
    assert.deepEqual(rowsOf(first!), rowsOf(again!));
    assert.notDeepEqual(rowsOf(first!).test, rowsOf(other!).test);
    const mean = rowsOf(first!).test.reduce((sum, row) => sum + row, 0) / 100;
    assert.ok(Math.abs(mean - 499.5) < 120, String(mean));
  });

  it('never has the same text on both sides, whatever its label', async () => {
    const copies = rows.map(([, label], i) => [`text ${String(i % 300)} is here`, label!]);
    const task = await taskOf(csv('text,label', copies));
    for (const [text, sides] of sidesOf(task, (row) => copies[row]![0]!))
      assert.equal(sides.size, 1, text);
    assert.ok(
      sizesOf(task).every((size, i) => Math.abs(size - [800, 100, 100][i]!) < 20),
      String(sizesOf(task)),
    );
  });

  it('never has members of a group on both sides', async () => {
    const grouped = rows.map((row, i) => [...row, `g${String(Math.floor(i / 7))}`]);
    const task = await taskOf(csv('text,label,group', grouped));
    for (const sides of sidesOf(task, (row) => grouped[row]![2]!).values())
      assert.equal(sides.size, 1);
    const named = await taskOf(csv('text,label,speaker', grouped), { group: 'speaker' });
    for (const sides of sidesOf(named, (row) => grouped[row]![2]!).values())
      assert.equal(sides.size, 1);
  });

  it('never has the same answer on both sides where answers are written: a date in twenty formats', async () => {
    const dates = Array.from({ length: 2000 }, (_, i) => {
      const date = new Date(Date.UTC(2000, 0, 1 + Math.floor(i / 20))).toISOString().slice(0, 10);
      return [`${String(i % 20)}: ${date.split('-').reverse().join('/')}`, date];
    });
    const task = await taskOf(csv('input,output', dates), { types: { output: 'text' } });
    assert.equal(task.understanding.alignment, 'delayed');
    for (const sides of sidesOf(task, (row) => dates[row]![1]!).values())
      assert.equal(sides.size, 1);
    assert.deepEqual(sizesOf(task), [1600, 200, 200]);
    assert.deepEqual(task.notes.map(toEnglish), [
      'Rows with the same target (100 targets in 2000 rows) are in the same part. If a target should be asked for that was learnt from other inputs, name a column with --group.',
    ]);
  });

  it('asks for answers that were learnt from other inputs where a group says what belongs together', async () => {
    const sums = Array.from({ length: 2000 }, (_, i) => {
      const [a, b] = [i % 50, Math.floor(i / 50)];
      return [`${String(a)} plus ${String(b)}`, String(a + b), String(i)];
    });
    const types = { output: 'text' } as const;
    const task = await taskOf(csv('input,output,group', sums), { types });
    assert.equal(task.understanding.alignment, 'delayed');
    const sides = [...sidesOf(task, (row) => sums[row]![1]!).values()];
    // None would be on two sides if rows with the same target went together.
    assert.ok(sides.filter(({ size }) => size > 1).length > 60);
    assert.deepEqual(task.notes, []);
  });

  it('is chronological where there are dates, in whatever order the file has them', async () => {
    const dated = rows.map((row, i) => [
      ...row,
      new Date(86_400_000 * ((i * 379) % 1000)).toISOString().slice(0, 10),
    ]);
    const task = await taskOf(csv('text,label,date', dated));
    const { train, validation, test } = rowsOf(task);
    const dates = (part: number[]): string[] => part.map((row) => dated[row]![2]!).sort();
    assert.ok(dates(train).at(-1)! < dates(validation)[0]!);
    assert.ok(dates(validation).at(-1)! < dates(test)[0]!);
    assert.deepEqual(sizesOf(task), [800, 100, 100]);
  });

  it('is the one that a column gives; a validation part that it lacks is taken from training', async () => {
    const given = rows.map((row, i) => [...row, i < 900 ? 'train' : 'test']);
    given[950]![0] = given[3]![0]!;
    const task = await taskOf(csv('text,label,split', given));
    assert.deepEqual(
      rowsOf(task).test,
      given.flatMap(([, , part], i) => (part === 'test' ? [i] : [])),
    );
    assert.deepEqual(sizesOf(task), [810, 90, 100]);
    assert.deepEqual(task.notes.map(toEnglish), [
      'Inputs of the test part that are in the training part too, as the file has it: 1.',
    ]);
  });

  it('learns from a label that occurs once, and tells', async () => {
    const lone = [...rows, ['a text of its own', 'lone']];
    for (const seed of [1, 2, 3]) {
      const task = await taskOf(csv('text,label', lone), {}, { seed });
      assert.ok(rowsOf(task).train.includes(1000));
      assert.deepEqual(task.notes.map(toEnglish), [
        'Values of label that occur once: 1 of 3. They are learnt from and never tested.',
      ]);
    }
  });

  it('tells that labels of which each occurs once cannot be tested; 10,000 classes are no trouble', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => [
      `text ${String(i)}`,
      `class ${String(i)}`,
    ]);
    const single = await taskOf(csv('text,label', many), { types: { label: 'category' } });
    assert.deepEqual(sizesOf(single), [10_000, 0, 0]);
    assert.match(
      toEnglish(single.notes[0]),
      /^Values of label that occur once: 10000 of 10000\. They cannot be tested: .*"types": \{"label": "text"\} in the file’s \.rnn\.json\.$/,
    );
    const three = [0, 1, 2].flatMap((copy) =>
      many.map(([text, label]) => [`${text!} ${String(copy)}`, label!]),
    );
    const task = await taskOf(csv('text,label', three));
    assert.equal(task.understanding.classes, 10_000);
    assert.deepEqual(sizesOf(task), [24_000, 3000, 3000]);
  });

  it('in folds tests each row once', async () => {
    const tested = new Map<number, number>();
    for (let index = 0; index < 5; index++) {
      const task = await taskOf(csv('text,label', rows), {}, { fold: { index, of: 5 } });
      const { train, validation, test } = rowsOf(task);
      for (const row of test) tested.set(row, (tested.get(row) ?? 0) + 1);
      assert.equal(test.length, 200);
      assert.equal(test.filter((row) => row % 10 === 0).length, 20);
      assert.ok(Math.abs(validation.length - 80) <= 8);
      assert.equal(train.length + validation.length, 800);
    }
    assert.equal(tested.size, 1000);
    assert.ok([...tested.values()].every((times) => times === 1));
  });
});
