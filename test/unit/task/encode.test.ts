import assert from 'node:assert/strict';
import { toEnglish } from '../../../src/core/sentence';
import { readCodec } from '../../../src/core/task/codecs';
import type { ChannelData } from '../../../src/core/task/dataset';
import { csv, rowsAt, taskOf, type Task } from './tools';

const rows = (count: number, make: (i: number) => (string | number)[]): (string | number)[][] =>
  Array.from({ length: count }, (_, i) => make(i));

/** What an example's output is called. */
function told({ output, dataset }: Task, example: number): string {
  return output.decode(rowsAt(dataset.output, example));
}

function numbersOf({ values }: ChannelData): Float32Array {
  assert.ok(values.kind === 'numbers');
  return values.values;
}

describe('encoding a table', () => {
  it('gives each text symbols of its own and each label its name, which are said again', async () => {
    const data = rows(50, (i) => [`ab${'c'.repeat(i % 5)}${String(i)}`, i % 2 ? 'yes' : 'no']);
    const task = await taskOf(csv('text,label', data));
    const { dataset, input, output, examples } = task;
    assert.equal(dataset.count, 50);
    for (let e = 0; e < 50; e++) {
      assert.equal(input.decode(rowsAt(dataset.input, e)), data[examples[e]!]![0]);
      assert.equal(told(task, e), data[examples[e]!]![1]);
    }
    assert.deepEqual([output.name(0), output.name(1)], ['no', 'yes']);
    // As a checkpoint keeps them.
    const again = readCodec(JSON.parse(JSON.stringify(input)));
    const cells = [['abc17'], ['c']];
    assert.deepEqual(again.encode(cells), input.encode(cells));
    assert.deepEqual([...again.encode([['ba']]).channel.starts!], [0, 2]);
  });

  it('has a vocabulary of the training part alone, and answers of all', async () => {
    const data = rows(100, (i) => [
      `x${String.fromCodePoint(0x4e00 + i)}`,
      `y${String.fromCodePoint(0x5e00 + i)}`,
    ]);
    const { dataset, input, output } = await taskOf(csv('source,target', data));
    assert.equal(input.form.width, 1 + dataset.parts.train.length);
    assert.equal(output.form.width, 101);
    // What the test part alone has is left out, as it would be in use.
    for (const example of dataset.parts.test)
      assert.equal(rowsAt(dataset.input, example).length, 1);
    for (const example of dataset.parts.train)
      assert.equal(rowsAt(dataset.input, example).length, 2);
  });

  it('reads words without the spaces between them; what is rare stands for what is unknown', async () => {
    const data = rows(400, (i) => [
      `the good film: number ${String(i)} of many films${i === 7 ? ' oddity' : ''}`,
      i % 2,
    ]);
    const { dataset, input } = await taskOf(csv('text,label', data), { split: 'random' });
    const [example] = dataset.parts.train;
    const names = rowsAt(dataset.input, example!).map((id) => input.name(id));
    assert.deepEqual(names.slice(0, 5), ['the', 'good', 'film', ':', 'number']);
    const [unknown] = rowsAt(input.encode([['oddity']]).channel, 0);
    assert.equal(input.describe(unknown!), 'UNKNOWN');
    // Words with spaces come back as they were where they are an answer.
    const translated = await taskOf(
      csv(
        'source,target',
        data.map(([text], i) => [i, text!]),
      ),
      { tokenizer: 'word', types: { target: 'text' } },
    );
    const { output } = translated;
    assert.equal(told(translated, 3), data[translated.examples[3]!]![0]);
    assert.equal(output.data.kind, 'text');
  });

  it('reads and writes pieces of words and bytes, which are the text again', async () => {
    const data = rows(120, (i) => [
      `übermorgen früh ${String(i)} 🌸`,
      `the day after tomorrow ${String(i)}`,
    ]);
    for (const tokenizer of ['bpe', 'byte'] as const) {
      const task = await taskOf(csv('source,target', data), { tokenizer, vocabulary: 300 });
      const { dataset, input, examples } = task;
      assert.equal(input.form.width <= 300, true);
      for (let e = 0; e < 120; e++) {
        assert.equal(input.decode(rowsAt(dataset.input, e)), data[examples[e]!]![0]);
        assert.equal(told(task, e), data[examples[e]!]![1]);
      }
      const length = rowsAt(dataset.input, 0).length;
      assert.ok(tokenizer === 'byte' ? length > 20 : length < 10, String(length));
    }
    await assert.rejects(
      taskOf(csv('source,target', data), { tokenizer: 'bpe', vocabulary: 100 }),
      /256 bytes in it: 100 tokens are too few\. Give --vocabulary 257/,
    );
  });

  it('standardises by the training part: mean 0 and deviation 1 there, and in its own units again', async () => {
    const data = rows(200, (i) => [i * i, 5 - i / 3, ['a', 'b', 'c'][i % 3]!, i / 7 + 0.01]);
    const { dataset, input, output, examples } = await taskOf(csv('p,q,kind,target', data));
    assert.equal(input.form.width, 5);
    const values = numbersOf(dataset.input);
    for (const column of [0, 1]) {
      const train = [...dataset.parts.train].map((e) => values[e * 5 + column]!);
      const mean = train.reduce((sum, value) => sum + value, 0) / train.length;
      const square = train.reduce((sum, value) => sum + value * value, 0) / train.length;
      assert.ok(
        Math.abs(mean) < 1e-5 && Math.abs(square - 1) < 1e-5,
        `${String(mean)} ${String(square)}`,
      );
    }
    for (let e = 0; e < 200; e++) {
      const [p, q, kind, target] = data[examples[e]!]!;
      const row = rowsAt(dataset.input, e);
      assert.deepEqual(
        row.slice(2),
        ['a', 'b', 'c'].map((name) => Number(name === kind)),
      );
      const restored = input.restore(row);
      assert.ok(
        Math.abs(restored[0]! - Number(p)) < 0.01 && Math.abs(restored[1]! - Number(q)) < 1e-4,
      );
      assert.ok(Math.abs(output.restore(rowsAt(dataset.output, e))[0]! - Number(target)) < 1e-4);
    }
    // The answer's error in its own units is the deviation times its own.
    const sorted = [...dataset.parts.train].map((e) => Number(data[examples[e]!]![3]));
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    const deviation = Math.sqrt(
      sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length,
    );
    assert.ok(Math.abs(output.deviations[0]! - deviation) < 1e-9);
  });

  it('marks numbers that are missing, and leaves out rows without a target', async () => {
    const data = rows(60, (i) => [i % 6 === 1 ? 'NA' : i, i % 10 === 5 ? '' : i % 2 ? 'a' : 'b']);
    const { dataset, input, notes, examples } = await taskOf(csv('x,label', data));
    assert.equal(dataset.count, 54);
    assert.equal(input.form.width, 2);
    for (let e = 0; e < dataset.count; e++) {
      const [value, isMissing] = rowsAt(dataset.input, e);
      assert.equal(isMissing, Number(data[examples[e]!]![0] === 'NA'));
      if (isMissing) assert.equal(value, 0);
    }
    assert.deepEqual(notes.map(toEnglish), [
      'Rows left out because a value is missing: 6, the first is on line 7 (label).',
    ]);
  });

  it('knows rows that have several labels, or none', async () => {
    const lines = rows(40, (i) => [`text ${String(i)}`, i % 2 ? 'a' : i % 4 ? '"b, c"' : '']);
    const { dataset, output, examples } = await taskOf(csv('text,tags', lines), {
      types: { tags: 'labels' },
    });
    assert.deepEqual(
      [0, 1, 2].map((id) => output.name(id)),
      ['a', 'b', 'c'],
    );
    assert.ok(dataset.output.values.kind === 'numbers' && dataset.output.values.labels);
    for (let e = 0; e < dataset.count; e++) {
      const i = examples[e]!;
      assert.deepEqual(
        rowsAt(dataset.output, e),
        i % 2 ? [1, 0, 0] : i % 4 ? [0, 1, 1] : [0, 0, 0],
      );
    }
  });

  it('cuts inputs that are too long and leaves out answers that are, and tells how many', async () => {
    const data = rows(50, (i) => ['x'.repeat(i + 1), i % 2 ? 'a' : 'b']);
    const cut = await taskOf(csv('text,label', data), { longest: 30 });
    const lengths = Array.from({ length: 50 }, (_, e) => rowsAt(cut.dataset.input, e).length);
    assert.deepEqual(
      lengths,
      data.map(([text]) => Math.min(30, String(text).length)),
    );
    assert.deepEqual(cut.notes.map(toEnglish), [
      'Inputs cut to 30 steps: 20 of 50, the longest has 50. --longest, or "longest" in the file’s .rnn.json, sets another limit.',
    ]);
    const answers = rows(50, (i) => [`q${String(i)}`, `${'y'.repeat(i + 1)}z`]);
    const left = await taskOf(csv('question,answer', answers), { longest: 31 });
    const used = [
      ...left.dataset.parts.train,
      ...left.dataset.parts.validation,
      ...left.dataset.parts.test,
    ];
    assert.deepEqual(
      used.map((e) => left.examples[e]!).sort((a, b) => a - b),
      rows(30, (i) => [i]).flat(),
    );
    assert.match(
      toEnglish(left.notes[0]),
      /^Rows left out because the answer is longer than 31 steps: 20 of 50, the longest has 51/,
    );
  });

  it('takes lengths from 0 to 100,000', async () => {
    const data = rows(20, (i) => [
      i === 3 ? '' : i === 4 ? 'x'.repeat(100_000) : `t${String(i)}`,
      i % 2 ? 'a' : 'b',
    ]);
    const { dataset, notes, examples } = await taskOf(csv('text,label', data), {
      longest: 1_000_000,
    });
    assert.equal(dataset.count, 19);
    const long = examples.indexOf(4);
    assert.equal(
      rowsAt(dataset.input, long).length,
      dataset.parts.train.includes(long) ? 100_000 : 0,
    );
    assert.equal(notes.length, 1);
  });

  it('tells tags token by token, with classes for words that a vocabulary has not', async () => {
    const letters = (i: number): string =>
      Array.from(i.toString(26), (digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
    const words = (i: number): string[] => [
      'The',
      `w${letters(i)}ing`,
      `N${letters(i)}`,
      'of',
      String(i),
    ];
    const data = Array.from({ length: 1500 }, (_, i) => ({
      tokens: words(i),
      tags: ['D', 'V', 'N', 'P', 'C'],
    }));
    const { dataset, input, output, understanding } = await taskOf(
      data.map((row) => JSON.stringify(row)).join('\n'),
      { vocabulary: 100 },
      { name: 'tags.jsonl' },
    );
    assert.equal(understanding.alignment, 'synced');
    assert.deepEqual([...dataset.input.starts!], [...dataset.output.starts!]);
    assert.equal(output.decode(rowsAt(dataset.output, 0)), 'D V N P C');
    const classes = input.encode([[['singing', 'The', 'Zzz', '77', '?']]]).channel;
    const names = rowsAt(classes, 0).map((id) => input.name(id));
    assert.deepEqual(names, ['<UNKNOWN …ing>', 'The', '<UNKNOWN A…z>', '<UNKNOWN 9>', '<UNKNOWN>']);
  });

  it('says what to do about a label that is none in a further example', async () => {
    const { output } = await taskOf(
      csv(
        'text,label',
        rows(20, (i) => [`t${String(i)}`, i % 2 ? 'good' : 'bad']),
      ),
    );
    assert.throws(
      () => output.encode([['good'], ['goof']]),
      /^InputError: Example 2: "goof" is nothing that label can be\. Did you mean good\?$/,
    );
  });
});

describe('encoding a series', () => {
  const values = Array.from({ length: 200 }, (_, i) =>
    Number((20 * Math.sin(i / 3) + (i % 7)).toFixed(3)),
  );
  const days = values.map((_, i) => new Date(86_400_000 * i).toISOString().slice(0, 10));
  const file = csv(
    'date,value',
    values.map((value, i) => [days[i]!, value]),
  );

  for (const [difference, horizon] of [
    [false, 1],
    [true, 1],
    [true, 5],
    [false, 3],
  ] as const) {
    it(`tells the value ${String(horizon)} ahead${difference ? ' by its change' : ''}, each part from what came before it`, async () => {
      const { dataset, input, output, series } = await taskOf(file, {
        series: { difference, horizon, window: 16 },
      });
      const { starts, values: targets } = dataset.output;
      assert.ok(targets.kind === 'numbers' && targets.known !== undefined && series !== undefined);
      const toldBy = {
        train: new Set<number>(),
        validation: new Set<number>(),
        test: new Set<number>(),
      };
      for (const part of ['train', 'validation', 'test'] as const) {
        for (const example of dataset.parts[part]) {
          for (let row = starts![example]!; row < starts![example + 1]!; row++) {
            const target: number = series.targets[row]!;
            assert.equal(targets.known[row], Number(target >= 0));
            if (target < 0) continue;
            toldBy[part].add(target);
            const answer = output.restore([targets.values[row]!])[0]! + (series.base?.[row] ?? 0);
            assert.ok(Math.abs(answer - values[target]!) < 1e-4);
            // What goes in is so many steps before.
            const given = input.restore([numbersOf(dataset.input)[row]!])[0]!;
            assert.ok(Math.abs(given - values[target - horizon]!) < 1e-4);
          }
        }
      }
      const range = (from: number, to: number): number[] =>
        Array.from({ length: to - from }, (_, i) => from + i);
      assert.deepEqual(
        [...toldBy.train].sort((a, b) => a - b),
        range(horizon, 160),
      );
      assert.deepEqual([...toldBy.validation], range(160, 180));
      assert.deepEqual([...toldBy.test], range(180, 200));
    });
  }

  it('sorts rows by their dates', async () => {
    const shuffled = values
      .map((value, i) => [days[i]!, value] as const)
      .map((_, i, all) => all[(i * 77) % 200]!);
    const { series, dataset } = await taskOf(
      csv(
        'date,value',
        shuffled.map((row) => [...row]),
      ),
      { series: {}, date: 'date' },
    );
    const last = [...dataset.parts.test].flatMap((e) => [
      ...series!.targets.subarray(dataset.output.starts![e], dataset.output.starts![e + 1]),
    ]);
    assert.deepEqual(
      last.filter((row) => row >= 0).map((row) => shuffled[row]![0]),
      days.slice(180),
    );
  });

  it('says that there are too few rows', async () => {
    await assert.rejects(
      taskOf(csv('value', [[1], [2.5], [3], [4]]), { series: { horizon: 3 } }),
      /InputError: data\.csv has 4 rows, too few to forecast 3 steps ahead\. Give a longer series/,
    );
  });
});
