import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRandom } from '../../../src/core/random/random';
import { decodeMetrics } from '../../../src/core/training/run';
import { killAfter } from './kill';
import { rnnLab, sampleText, temporaryFolder } from './tools';

describe('kill -9', () => {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('at any moment leaves a run that loads, goes on, and comes out as if nothing had happened', async () => {
    const text = path.join(folder, 'text.txt');
    fs.writeFileSync(text, sampleText);
    const run = path.join(folder, 'run');
    const model = ['--cell', 'gru', '--hidden', '64', '--batch', '4', '--sequence', '8'];
    const endless = ['--steps', '100000', '--schedule', 'constant', '--checkpoint-every', '0.05'];
    const train = ['train', text, ...model, ...endless, '--threads', '1'];
    const random = createRandom(9);
    // A busy machine is slower to begin: it is given longer until it has something to lose.
    let longest = 1000;
    for (let kills = 0; kills < 5;) {
      const { hasCheckpoint } = await killAfter(train, run, longest * random.uniform());
      if (hasCheckpoint) kills++;
      else longest *= 1.5;
    }
    const left = fs.readdirSync(run).filter((name) => name.endsWith('.tmp'));
    assert.ok(left.length <= 1, left.join(' '));
    // Every step is in a row, once.
    const lines = decodeMetrics(fs.readFileSync(path.join(run, 'metrics.jsonl'), 'utf8'));
    const rows = lines.flatMap((line) => (line.event === 'metrics' ? [line.row] : []));
    assert.equal(
      rows.reduce((sum, { steps }) => sum + steps, 0),
      rows.at(-1)!.step,
    );
    const { code, stdout, stderr } = await rnnLab(['reproduce', run]);
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^Identical after /);
  });
});
