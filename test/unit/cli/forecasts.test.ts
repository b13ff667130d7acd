/** Forecasts of a series from the command line. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { jsonLines, rnnLab, temporaryFolder } from './tools';

const quick = ['--cell', 'gru', '--hidden', '16', '--kernels', 'strict'];

describe('rnn-lab with a series', () => {
  let folder = '';

  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('tells what comes next in a series, and how far off that is by how far ahead', async () => {
    const wave = (count: number): string => {
      const rows = Array.from({ length: count }, (_, i) => {
        const date = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
        return `${date},${(10 + 3 * Math.sin(i / 4)).toFixed(4)}`;
      });
      return `date,value\n${rows.join('\n')}\n`;
    };
    const series = path.join(folder, 'wave.csv');
    fs.writeFileSync(series, wave(300));
    const out = path.join(folder, 'wave');
    const trained = await rnnLab([
      ...['train', series, ...quick, '--series', 'difference=false', '--steps', '600'],
      ...['--learning-rate', '0.02', '--out', out],
    ]);
    assert.equal(trained.code, 0, trained.stderr);
    const next = async (...args: readonly string[]): Promise<number[]> => {
      const { code, stdout, stderr } = await rnnLab(['predict', out, '--json', ...args]);
      assert.equal(code, 0, stderr);
      const lines = jsonLines(stdout).slice(0, -1) as { readonly numbers: number[][] }[];
      return lines.map(({ numbers }) => numbers[0]![0]!);
    };
    const told = await next('--horizon', '6');
    told.forEach((value, i) => {
      assert.ok(Math.abs(value - (10 + 3 * Math.sin((300 + i) / 4))) < 0.5, told.join(' '));
    });
    assert.deepEqual(await next('--horizon', '2'), told.slice(0, 2));
    const shorter = path.join(folder, 'shorter.csv');
    fs.writeFileSync(shorter, wave(290));
    const [first] = await next('--horizon', '1', '--file', shorter);
    assert.ok(Math.abs(first! - (10 + 3 * Math.sin(290 / 4))) < 0.5, String(first));
    const { stdout } = await rnnLab(['evaluate', out, '--json', '--horizon', '5']);
    const { forecasts } = jsonLines(stdout).at(-1) as {
      readonly forecasts: {
        readonly origins: number;
        readonly ways: readonly { readonly name: string; readonly mae: readonly number[] }[];
      };
    };
    assert.equal(forecasts.origins, 30);
    const [model, lastValue] = forecasts.ways;
    assert.deepEqual([model!.name, lastValue!.name], ['model', 'last value']);
    assert.ok(
      model!.mae.length === 5 && model!.mae.every((error, i) => error < lastValue!.mae[i]!),
    );
    const shown = await rnnLab(['evaluate', out, '--horizon', '5']);
    assert.match(shown.stdout, /by steps ahead, from 30 origins, each forecast read in turn/);
    const asked = await rnnLab(['predict', out, '3']);
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /Ask for its next values: rnn-lab predict RUN --horizon 12/);
  });
});
