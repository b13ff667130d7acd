import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { exportFormatNames } from '../../../src/core/exports/formats';
import { quick, rnnLab, sampleText, start, temporaryFolder } from './tools';

/** What Windows has not. */
const onUnix = process.platform === 'win32' ? (): void => undefined : it;

describe('rnn-lab export and import', () => {
  let folder = '';
  let run = '';
  before(async () => {
    folder = temporaryFolder();
    run = path.join(folder, 'run');
    const file = path.join(folder, 'english.txt');
    fs.writeFileSync(file, sampleText);
    const cell = ['--cell', 'lstm', '--layers', '2', '--steps', '40'];
    const { code, stderr } = await rnnLab(['train', file, ...quick, ...cell, '--out', run]);
    assert.equal(code, 0, stderr);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const sampling = ['--prime', 'Line 7', '--length', '200', '--temperature', '0.9', '--seed', '11'];

  async function exported(format: string): Promise<string> {
    const file = path.join(folder, `model.${format}`);
    const { code, stderr } = await rnnLab(['export', run, '--format', format, '--out', file]);
    assert.equal(code, 0, stderr);
    return file;
  }

  it('lists all formats in the help', async () => {
    const { stdout } = await rnnLab(['export', '--help']);
    for (const name of exportFormatNames) assert.match(stdout, new RegExp(`^  ${name} +\\S`, 'm'));
  });

  it('writes a program whose output is that of rnn-lab sample', async () => {
    const script = await exported('js');
    const { stdout, stderr } = spawnSync(process.execPath, [script, ...sampling], {
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    assert.equal(stdout.trimEnd(), (await rnnLab(['sample', run, ...sampling])).stdout.trimEnd());
  });

  it('writes a folder for PyTorch with the run and its text, which goes on here too', async () => {
    const out = path.join(folder, 'elsewhere');
    const asked = ['export', run, '--format', 'pytorch', '--out', out];
    const written = await rnnLab(asked);
    assert.equal(written.code, 0, written.stderr);
    assert.match(written.stderr, /bytes, the model after step 40/);
    const text = path.join(out, 'text.txt');
    assert.equal(fs.readFileSync(text, 'utf8'), sampleText);
    const own = path.join(out, 'run');
    for (const name of ['checkpoint-last.safetensors', 'checkpoint-best.safetensors']) {
      const [there, here] = [own, run].map((place) => fs.readFileSync(path.join(place, name)));
      assert.ok(there!.equals(here!), name);
    }
    const { stderr } = await rnnLab(['train', text, '--resume', own, '--steps', '41']);
    assert.match(stderr, /Finished after 41 steps/);
    assert.doesNotMatch(stderr, /not the one this run was started with/);
    const again = await rnnLab(asked);
    assert.notEqual(again.code, 0);
    assert.match(again.stderr, /elsewhere is there already/);
  });

  it('writes the metrics up to the last step', async () => {
    const file = path.join(folder, 'metrics.csv');
    const written = await rnnLab(['export', run, '--format', 'csv', '--out', file]);
    assert.match(written.stderr, /bytes, the metrics up to step 40/);
    const rows = parse<Record<string, string>>(fs.readFileSync(file), { columns: true });
    assert.equal(rows.at(-1)!['step'], '40');
  });

  onUnix(
    'writes to what is open already, as /dev/stdout is, and leaves the links to it',
    async () => {
      const link = path.join(folder, 'stdout');
      // Where /dev/stdout leads; in this folder nothing could be replaced, should that be tried.
      fs.symlinkSync('/dev/fd/1', link);
      const direct = await start(['export', run, '--format', 'csv', '--out', link]).ended;
      assert.equal(direct.code, 0, direct.stderr);
      assert.equal(direct.stdout, fs.readFileSync(await exported('csv'), 'utf8'));
      assert.equal(fs.readlinkSync(link), '/dev/fd/1');
    },
  );

  for (const format of ['safetensors', 'json']) {
    it(`makes a run of what it has exported as ${format}`, async () => {
      const file = await exported(format);
      const { code, stdout, stderr } = await rnnLab(['import', file], folder);
      assert.equal(code, 0);
      assert.match(stderr, /^Imported lstm, [\d,]+ parameters, vocabulary of \d+$/m);
      assert.match(stdout, /^runs.model-\d{8}-\d{6}(-\d+)?\n$/);
      const made = path.join(folder, stdout.trimEnd());
      const sample = async (of: string): Promise<string> =>
        (await rnnLab(['sample', of, ...sampling])).stdout;
      assert.equal(await sample(made), await sample(run));
      const other = path.join(folder, 'other.txt');
      fs.writeFileSync(other, sampleText.toUpperCase());
      const resumed = ['train', other, '--resume', made, '--steps', '3', '--batch', '2', '--json'];
      const further = await rnnLab(resumed);
      assert.equal(further.code, 0, further.stderr);
      assert.match(further.stdout, /"step":3/);
    });
  }

  it('makes a run of a state_dict of PyTorch, whose vocabulary is given', async () => {
    const file = path.resolve('test/fixtures/foreign/rnn-before-1.6.pt');
    const text = path.join(folder, 'trained on.txt');
    fs.writeFileSync(text, 'a dab 🙂 cab\n');
    const out = path.join(folder, 'theirs');
    const without = await rnnLab(['import', file, '--out', out]);
    assert.equal(without.code, 2);
    assert.match(without.stderr, /does not say which tokens its 7 are\. Give.* --vocabulary-file/);
    const asked = [
      'import',
      file,
      '--vocabulary-file',
      text,
      '--nonlinearity',
      'relu',
      '--out',
      out,
    ];
    const { code, stderr } = await rnnLab(asked);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Imported vanilla-relu, 107 parameters, vocabulary of 7$/m);
    const sampled = await rnnLab(['sample', out, '--length', '40', '--seed', '3']);
    assert.match(sampled.stdout, /^[\n abcd🙂]{40}\n?$/u);
  });

  it('says in one line what is wrong with a file, and leaves nothing behind', async () => {
    const file = path.join(folder, 'broken.safetensors');
    fs.writeFileSync(file, fs.readFileSync(await exported('safetensors')).subarray(0, -9));
    const out = path.join(folder, 'never');
    const { code, stdout, stderr } = await rnnLab(['import', file, '--out', out]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^rnn-lab: .*a part of it is missing\. Get the file again.*\n$/);
    assert.ok(!fs.existsSync(out));
  });
});
