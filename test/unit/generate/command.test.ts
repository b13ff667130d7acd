import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { decode } from 'fast-png';
import Papa from 'papaparse';
import {
  generatedTask,
  generatedTaskNames,
  type GeneratedTaskName,
} from '../../../src/core/generate';
import { rnnLab, temporaryFolder } from '../cli/tools';
import { readPage } from '../docs/page';
import { make, near } from './tools';

describe('rnn-lab generate', () => {
  const folder = temporaryFolder();
  after(() => fs.rmSync(folder, { recursive: true }));

  it('writes to a file what it writes to standard output', async () => {
    const args = ['generate', 'adding', '--rows', '30', '--length', '5', '--seed', '9'];
    const { code, stdout, stderr } = await rnnLab(args);
    assert.equal(code, 0);
    assert.match(stderr, /^Floor: a mean squared error of 0.167, knowing nothing/);
    const file = path.join(folder, 'adding.jsonl');
    assert.match((await rnnLab([...args, '--out', file])).stderr, /^Wrote .*: 30 rows\n/);
    assert.equal(fs.readFileSync(file, 'utf8'), stdout);
    const first = JSON.parse(stdout.split('\n')[0]!) as Record<string, unknown>;
    assert.deepEqual(Object.keys(first), ['input_value', 'input_marker', 'target']);
  });

  it('writes pictures with a list of them, whole or not at all', async () => {
    const out = path.join(folder, 'scenes');
    const args = ['generate', 'scenes', '--rows', '12', '--out', out];
    assert.equal((await rnnLab(args)).code, 0);
    const list = Papa.parse<{ file_name: string; caption: string }>(
      fs.readFileSync(path.join(out, 'metadata.csv'), 'utf8').trimEnd(),
      { header: true },
    ).data;
    const made = make('scenes', 12);
    list.forEach(({ file_name: name, caption }, i) => {
      const { width, height, channels, data } = decode(fs.readFileSync(path.join(out, name)));
      const { picture, cells } = made[i]!;
      assert.deepEqual([width, height, channels, caption], [24, 24, 3, cells[0]]);
      assert.deepEqual(Uint8Array.from(data), picture!.pixels);
    });
    assert.equal(list.length, 12);
    assert.match((await rnnLab(args)).stderr, /exists already\. Choose another folder/);
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.startsWith('scenes')),
      ['scenes'],
    );
  });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['ading'], /There is no task ading\. Did you mean adding\? Use one of adding, copy/],
    [['scenes'], /scenes makes pictures, which are files\. Say where: --out FOLDER/],
    [['reber', '--length', '3'], /reber has no length to choose\. Leave out --length/],
    [['copy', '--length', '999999'], /from 1 to 10000; 999999 was given/],
    [['copy', '--rows', '0'], /--rows must be a whole number from 1/],
    [['addition', '--length', '1', '--rows', '99'], /After 55 rows that differ, hardly any other/],
    [['copy', '--out', ''], /--out is an empty path/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr } = await rnnLab(['generate', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});

describe('docs/generate.md', () => {
  it('has each task with its default length and the floors that data have', () => {
    const [rows] = readPage('docs/generate.md').tables;
    const named = rows!.slice(1).map(([name = '', , , floors = '']) => [name, floors] as const);
    assert.deepEqual(
      named.map(([name]) => name.replaceAll('`', '')),
      generatedTaskNames,
    );
    for (const [name, floors] of named) {
      const task = generatedTask(name.replaceAll('`', '') as GeneratedTaskName);
      const numbers = (floors.match(/\d*\.\d+|\b0\b/g) ?? []).map(Number);
      const wanted = task.floors(task.length?.standard ?? 0).map(({ value }) => value);
      assert.equal(numbers.length, wanted.length, name);
      numbers.forEach((number, i) => near(number, wanted[i]!, 5e-4 * Math.max(number, 1e-1)));
    }
  });
});
