import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { toEnglish } from '../../../src/core/sentence';
import type { Overrides } from '../../../src/core/task/overrides';
import { jobFunctions } from '../../../src/worker/jobs';
import { testPlatform } from './tools';

const table = [
  'date,title,stars,text',
  ...Array.from({ length: 60 }, (_, i) =>
    [`2024-01-${String((i % 28) + 1)}`, `title ${i}`, i % 5, `a text of words ${i}`].join(),
  ),
].join('\n');

/** What is understood of a source, without an engine around it. */
async function understood(
  source: Parameters<NonNullable<typeof jobFunctions.understand>>[0]['source'],
  overrides: Overrides = {},
) {
  const job = { platform: testPlatform() } as unknown as Parameters<
    NonNullable<typeof jobFunctions.understand>
  >[1];
  const request = { kind: 'understand', source, settings: {}, overrides } as const;
  return (await jobFunctions.understand!(request, job)).table;
}

const given = { kind: 'text', name: 'reviews.csv', text: table } as const;

describe('what is understood of a table', () => {
  it('is a line, the columns on both sides, and what each of them is', async () => {
    const { line, shape, ...rest } = (await understood(given, {
      input: ['text'],
      output: ['stars'],
    }))!;
    assert.match(toEnglish(line), /^60 rows · text → stars \(5\) · many to one · /);
    assert.equal(toEnglish(shape), 'many to one');
    assert.deepEqual(rest, {
      ...{ inputs: ['text'], outputs: ['stars'] },
      columns: [
        { name: 'date', type: 'date' },
        { name: 'title', type: 'unused' },
        { name: 'stars', type: 'category' },
        { name: 'text', type: 'text' },
      ],
    });
  });

  it('follows a type that is asked for', async () => {
    const asked: Overrides = { input: ['text'], output: ['stars'], types: { stars: 'number' } };
    const { columns, line } = (await understood(given, asked))!;
    assert.deepEqual(columns[2], { name: 'stars', type: 'number' });
    assert.match(toEnglish(line), /text → stars · many to one/);
  });

  it('is refused where a shape cannot be had, with what it is instead', async () => {
    await assert.rejects(
      understood(given, { input: ['text'], output: ['stars'], shape: 'one to one' }),
      /reviews\.csv is many to one as its columns are understood, not one to one/,
    );
  });

  it('is nothing of a plain text', async () => {
    assert.equal(await understood({ kind: 'text', name: 'a.txt', text: 'To be\nor not' }), null);
  });

  it('does not hold what stands beside the file against what is asked instead', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-understand-'));
    const file = path.join(folder, 'reviews.csv');
    fs.writeFileSync(file, table);
    fs.writeFileSync(`${file}.rnn.json`, '{"types": {"stars": "number"}}');
    const asked = { input: ['text'], output: ['stars'] };
    const { columns } = (await understood({ kind: 'file', path: file }, asked))!;
    assert.deepEqual(columns[2], { name: 'stars', type: 'category' });
    fs.rmSync(folder, { recursive: true });
  });
});
