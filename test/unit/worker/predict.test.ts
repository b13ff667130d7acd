/** What a model of examples answers to files, to what it has held out, and to images. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { rnnLab, temporaryFolder } from '../cli/tools';

interface Told {
  readonly event: string;
  readonly answer: string;
  readonly input: string;
  readonly row?: readonly string[];
  readonly columns?: readonly string[];
}

describe('answers to data', () => {
  let folder = '';
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => path.join(folder, name);

  async function told(...args: string[]): Promise<Told[]> {
    const { code, stdout, stderr } = await rnnLab(['predict', ...args, '--json'], folder);
    assert.equal(code, 0, stderr);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Told);
  }

  it('have the whole rows of a table, of its test part with the truth', async () => {
    const rows = Array.from(
      { length: 100 },
      (_, i) => `${i % 2 ? 'good' : 'bad'} ${i},x${i},${i % 2 ? 'pos' : 'neg'}`,
    );
    fs.writeFileSync(at('a.csv'), `text,note,label\n${rows.join('\n')}\n`);
    const quick = [
      '--hidden',
      '8',
      '--steps',
      '150',
      '--learning-rate',
      '0.03',
      '--out',
      at('run'),
    ];
    const flags = ['--input', 'text', '--output', 'label'];
    const trained = await rnnLab(['train', at('a.csv'), ...flags, ...quick]);
    assert.equal(trained.code, 0, trained.stderr);
    const held = await told(at('run'), '--test');
    const done = held.pop()!;
    assert.deepEqual(done.columns, ['text', 'note', 'label']);
    assert.equal(held.length, 10);
    for (const { row, input } of held) {
      assert.ok(rows.includes(row!.join()));
      assert.equal(row![0], input);
    }
    // What evaluate counts on the same part is what is told of its rows.
    const evaluated = await rnnLab(['evaluate', at('run'), '--json']);
    const { metrics } = JSON.parse(evaluated.stdout) as { metrics: { accuracy: number } };
    const right = held.filter(({ row, answer }) => row![2] === answer).length;
    assert.ok(Math.abs(metrics.accuracy - right / 10) < 1e-9);
    fs.appendFileSync(at('a.csv'), 'more,x,pos\n');
    const changed = await rnnLab(['predict', at('run'), '--test']);
    assert.equal(changed.code, 2);
    assert.match(
      changed.stderr,
      /a\.csv is no longer what this run was trained on\. Give the file/,
    );
  });

  it('are of an image by its path what they are of the same image in its folder', async () => {
    const made = await rnnLab(['generate', 'scenes', '--rows', '60', '--out', at('scenes')]);
    assert.equal(made.code, 0, made.stderr);
    const run = at('captions');
    const train = ['train', at('scenes'), '--hidden', '16', '--steps', '40', '--out', run];
    assert.equal((await rnnLab(train)).code, 0);
    const all = await told(run, '--file', at('scenes/metadata.csv'));
    assert.deepEqual(all.at(-1)!.columns, ['caption']);
    const names = ['00.png', '07.png'];
    const images = names.map((name) => path.join(folder, 'scenes', name));
    const single = await told(run, ...images);
    assert.deepEqual(
      single.slice(0, 2).map(({ answer }) => answer),
      [all[0]!.answer, all[7]!.answer],
    );
    const [byFile] = await told(run, '--file', images[1]!);
    assert.equal(byFile!.answer, all[7]!.answer);
    const wrong = await rnnLab(['predict', run, at('scenes/metadata.csv')]);
    assert.match(wrong.stderr, /metadata\.csv cannot be read as an image\. Give the path of a PNG/);
  });
});
