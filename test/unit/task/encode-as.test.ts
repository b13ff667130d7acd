import assert from 'node:assert/strict';
import { toEnglish } from '../../../src/core/sentence';
import { encodeAs } from '../../../src/core/task/encode-as';
import type { Encoded } from '../../../src/core/task/encoded';
import type { Overrides } from '../../../src/core/task/overrides';
import { read } from '../tables/tools';
import { csv, rowsAt, taskOf } from './tools';

/** The rows of a file by the line that training and evaluation use, however each deals them. */
async function both(
  content: string,
  overrides: Overrides = {},
): Promise<readonly [Encoded, Encoded]> {
  const learnt = await taskOf(content, overrides);
  const { understanding, input, output } = learnt;
  const task = { understanding, input: input.toJSON(), output: output.toJSON() };
  const table = (await read('/d/other.csv', content))!;
  return [learnt, encodeAs(table, task)];
}

function used({ dataset, examples }: Encoded): number[] {
  const { train, validation, test } = dataset.parts;
  return [...train, ...validation, ...test]
    .map((example) => examples[example]!)
    .sort((a, b) => a - b);
}

const words = (i: number): string => `word${'x'.repeat(i % 7)} and ${String(i)}`;

describe('another file of a task', () => {
  const files: Readonly<Record<string, readonly [string, Overrides]>> = {
    'texts, some with an empty input or no label': [
      csv(
        'text,label',
        Array.from({ length: 60 }, (_, i) => [
          i % 11 === 3 ? '' : words(i),
          i % 13 === 5 ? '' : i % 2 ? 'a' : 'b',
        ]),
      ),
      {},
    ],
    'several inputs of which one is empty now and then': [
      csv(
        'title,body,label',
        Array.from({ length: 60 }, (_, i) => [
          i % 5 === 0 ? '' : words(i),
          i % 10 === 0 ? '' : words(i + 1),
          i % 2 ? 'a' : 'b',
        ]),
      ),
      { input: ['title', 'body'], output: ['label'] },
    ],
    'numbers, some missing and some targets no numbers': [
      csv(
        'x,z,y',
        Array.from({ length: 60 }, (_, i) => [
          i % 6 === 1 ? '' : i / 3,
          i % 9 === 2 ? 'NA' : i,
          i % 7 === 4 ? 'unknown' : i % 12 === 1 ? '' : (i * i) / 7,
        ]),
      ),
      { input: ['x', 'z'], output: ['y'], types: { x: 'number', z: 'number', y: 'number' } },
    ],
    'answers that are too long, and inputs that are cut': [
      csv(
        'source,target',
        Array.from({ length: 60 }, (_, i) => [
          `${words(i)}${'s'.repeat(i % 9 === 0 ? 30 : 0)}`,
          `t${'u'.repeat(i % 8 === 1 ? 40 : i % 8)} ${String(i)}`,
        ]),
      ),
      { longest: 20 },
    ],
    'rows with several labels, and with none': [
      csv(
        'text,labels',
        Array.from({ length: 60 }, (_, i) => [words(i), ['', 'a', 'b|a', 'c|b'][i % 4]!]),
      ),
      { output: ['labels'], types: { labels: 'labels' } },
    ],
  };

  for (const [name, [content, overrides]] of Object.entries(files)) {
    it(`has the rows that training has: ${name}`, async () => {
      const [learnt, again] = await both(content, overrides);
      assert.deepEqual(used(again), used(learnt));
      assert.equal(again.dataset.parts.train.length, 0);
      for (const channel of ['input', 'output'] as const) {
        for (let e = 0; e < learnt.dataset.count; e++) {
          assert.deepEqual(rowsAt(again.dataset[channel], e), rowsAt(learnt.dataset[channel], e));
        }
      }
      // What is said is the same, but for what the file beside the data could still change.
      const told = ({ notes }: Encoded): string[] =>
        notes
          .map(toEnglish)
          .map((note) => note.replace(/ --longest, or "longest" in the file’s .*$/, ''));
      const ofRows = (note: string): boolean => /^(Rows left out|Inputs cut)/.test(note);
      assert.deepEqual(told(again), told(learnt).filter(ofRows));
    });
  }

  it('leaves out some rows of each but the last', async () => {
    const counts = await Promise.all(
      Object.values(files).map(async ([content, overrides]) => {
        const [learnt] = await both(content, overrides);
        return used(learnt).length;
      }),
    );
    assert.deepEqual(
      counts.map((count) => count < 60),
      [true, true, true, true, false],
    );
  });

  it('is refused where no row is left', async () => {
    const content = csv(
      'text,label',
      Array.from({ length: 20 }, (_, i) => [words(i), i % 2 ? 'a' : 'b']),
    );
    const { understanding, input, output } = await taskOf(content);
    const task = { understanding, input: input.toJSON(), output: output.toJSON() };
    const table = (await read('/d/other.csv', 'text,label\n,a\nword,\n'))!;
    assert.throws(
      () => encodeAs(table, task),
      /other.csv has no row with both an input and a target/,
    );
  });
});
