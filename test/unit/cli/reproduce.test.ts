import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import { checkpointFileName } from '../../../src/core/training/run';
import { jsonLines, quick, rnnLab, sampleText, temporaryFolder } from './tools';

interface Done {
  readonly identical: boolean;
  readonly steps: number;
  readonly rows: number;
  readonly evaluations: number;
  readonly nearly: number;
  readonly tensors: boolean | null;
  readonly difference: { readonly step: number; readonly what: string } | null;
}

describe('rnn-lab reproduce', () => {
  let folder = '';
  let text = '';
  beforeEach(() => {
    folder = temporaryFolder();
    text = path.join(folder, 'text.txt');
    fs.writeFileSync(text, sampleText);
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function train(name: string, ...flags: string[]): Promise<string> {
    const run = path.join(folder, name);
    const { code, stderr } = await rnnLab(['train', text, ...quick, ...flags, '--out', run]);
    assert.equal(code, 0, stderr);
    return run;
  }

  async function reproduced(...args: string[]): Promise<{ code: number | null; done: Done }> {
    const { code, stdout, stderr } = await rnnLab(['reproduce', ...args, '--json']);
    const [done] = jsonLines(stdout);
    assert.ok(done !== undefined, stderr);
    return { code, done: done as Done };
  }

  it('gives the same bits by steps, with dropout, held-out measurements and other threads', async () => {
    const run = await train('run', '--steps', '60', '--dropout', '0.2', '--evaluate-every', '20');
    for (const threads of ['1', '2', '3']) {
      const { code, done } = await reproduced(run, '--threads', threads);
      assert.equal(done.difference, null);
      assert.equal(code, 0);
      assert.deepEqual([done.tensors, done.evaluations], [true, 3]);
      assert.ok(done.steps >= 60 && done.rows > 0);
    }
  });

  it('gives the same bits where the clock was the limit, and after going on', async () => {
    const run = await train('run', '--seconds', '0.2');
    const first = await reproduced(run);
    assert.equal(first.done.difference, null);
    assert.equal(first.done.tensors, true);
    await goOn(run, '--seconds', '+0.2');
    const second = await reproduced(run);
    assert.equal(second.done.difference, null);
    assert.equal(second.done.tensors, true);
    assert.ok(second.done.steps > first.done.steps);
  });

  /** Resumes a run. A limit with a plus is added to what it has trained, which a busy machine makes more than asked. */
  async function goOn(run: string, ...flags: readonly string[]): Promise<void> {
    const file = path.join(run, checkpointFileName('last'));
    const { seconds, cursor } = decodeCheckpoint(fs.readFileSync(file), file).training;
    const args = flags.map((flag, i) => {
      if (!flag.startsWith('+')) return flag;
      const trained = flags[i - 1] === '--epochs' ? cursor.epoch + 1 : seconds;
      return String(trained + Number(flag.slice(1)));
    });
    const { code, stderr } = await rnnLab(['train', '--resume', run, ...args]);
    assert.equal(code, 0, stderr);
  }

  const goingOn: Readonly<Record<string, readonly (readonly string[])[]>> = {
    'a time limit with --schedule halve': [
      ['--seconds', '0.15', '--schedule', 'halve', '--learning-rate', '0.5'],
      ['--seconds', '+0.15'],
      ['--seconds', '+0.15'],
    ],
    'a time limit with patience': [
      ['--seconds', '0.15', '--patience', '4', '--evaluate-every', '5'],
      ['--seconds', '+0.15'],
    ],
    'more steps of a cosine': [
      ['--steps', '15', '--schedule', 'cosine'],
      ['--steps', '40'],
    ],
    'steps, then a time, then steps with other settings': [
      ['--steps', '15', '--schedule', 'cosine', '--evaluate-every', '4'],
      ['--seconds', '+0.15', '--learning-rate', '0.01', '--evaluate-every', '7'],
      ['--epochs', '+2', '--clip', '1', '--schedule', 'halve'],
    ],
  };
  for (const [what, [first, ...others]] of Object.entries(goingOn)) {
    it(`gives the same bits after going on: ${what}`, async () => {
      const run = await train('run', ...first!);
      for (const flags of others) await goOn(run, ...flags);
      const { code, done } = await reproduced(run, '--threads', '1');
      assert.equal(done.difference, null);
      assert.deepEqual([code, done.tensors], [0, true]);
      // A time that is over before a step was made ends with a measurement at the step of the one before.
      const evaluated = new Set(recorded(run, 'evaluation').map(({ step }) => step));
      assert.equal(done.evaluations, evaluated.size);
      const [last] = recorded(run, 'metrics').slice(-1);
      assert.equal(done.steps, last!.step);
    });
  }

  function recorded(run: string, event: string): { readonly step: number }[] {
    return fs
      .readFileSync(path.join(run, 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; row: { step: number } })
      .filter((line) => line.event === event)
      .map(({ row }) => row);
  }

  it('makes a measurement wherever one was recorded, and finds the one that differs', async () => {
    const run = await train('run', '--steps', '20', '--evaluate-every', '10');
    const file = path.join(run, 'metrics.jsonl');
    const text = fs
      .readFileSync(file, 'utf8')
      .replace(/(?<="evaluation","row":\{"step":)10(?=,)/, '9');
    fs.writeFileSync(file, text);
    const { code, done } = await reproduced(run);
    assert.equal(code, 1);
    assert.deepEqual([done.difference?.step, done.difference?.what], [9, 'number']);
  });

  it('does not claim to train again what began on another text', async () => {
    const run = await train('run', '--steps', '10');
    const other = path.join(folder, 'other.txt');
    fs.writeFileSync(other, sampleText.slice(0, -7));
    const { code, stderr } = await rnnLab(['train', other, '--resume', run, '--steps', '20']);
    assert.equal(code, 0, stderr);
    const onOther = await rnnLab(['reproduce', run]);
    assert.equal(onOther.code, 2);
    assert.match(
      onOther.stderr,
      /Up to step 10 the run was trained on another text \(SHA-256 \w{64}\)/,
    );
  });

  it('does not claim to train again what began with weights from elsewhere', async () => {
    const run = await train('run', '--steps', '5');
    const [file, other] = [path.join(folder, 'model.json'), path.join(folder, 'other')];
    for (const args of [
      ['export', run, '--format', 'json', '--out', file],
      ['import', file, '--out', other],
      ['train', text, '--resume', other, '--steps', '5'],
    ]) {
      const { code, stderr } = await rnnLab(args);
      assert.equal(code, 0, stderr);
    }
    const { code, stderr } = await rnnLab(['reproduce', other]);
    assert.equal(code, 2);
    assert.match(stderr, /started from the weights of an imported model/);
  });

  it('keeps what trained a run, and takes its kernels again', async () => {
    const run = await train('run', '--steps', '10', '--kernels', 'strict');
    const file = path.join(run, 'run.json');
    const info = JSON.parse(fs.readFileSync(file, 'utf8')) as {
      software: { rnnLab: string; node: string; kernels: string };
      settings: { training: { kernels: string } };
    };
    assert.match(info.software.rnnLab, /^\d+\.\d+\.\d+/);
    assert.deepEqual(
      [info.software.node, info.software.kernels],
      [process.versions.node, 'strict'],
    );
    // As on a machine that has strict kernels only.
    info.settings.training.kernels = 'auto';
    fs.writeFileSync(file, JSON.stringify(info));
    const checkpoint = path.join(run, checkpointFileName('last'));
    const bytes = fs.readFileSync(checkpoint, 'latin1');
    const asked = String.raw`\"kernels\":\"strict\",\"evaluateEvery\"`;
    assert.ok(bytes.includes(asked));
    // JSON may have spaces: the header keeps its length.
    const auto = String.raw`\"kernels\":\"auto\",  \"evaluateEvery\"`;
    fs.writeFileSync(checkpoint, bytes.replace(asked, auto), 'latin1');
    assert.equal((await reproduced(run)).done.difference, null);
  });

  it('tells of settings in run.json that are not those of the checkpoint, with both values', async () => {
    const run = await train('run', '--steps', '5', '--clip', '5', '--learning-rate', '0.5');
    const file = path.join(run, 'run.json');
    const kept = fs.readFileSync(file, 'utf8');
    for (const [key, value, before] of [
      ['training.seed', 7, 1],
      ['model.hidden', 9, 8],
      ['training.batch', 3, 4],
      ['model.dropout', 0.5, 0],
      ['training.learningRate', 0.25, 0.5],
      ['training.clip', 1, 5],
      ['training.schedule', 'constant', 'cosine'],
      ['training.steps', 4, 5],
    ] as const) {
      const [group, name] = key.split('.') as [string, string];
      const info = JSON.parse(kept) as { settings: Record<string, Record<string, unknown>> };
      info.settings[group]![name] = value;
      fs.writeFileSync(file, JSON.stringify(info));
      const { code, stderr } = await rnnLab(['reproduce', run]);
      assert.equal(code, 2, key);
      const told = `run.json and the last checkpoint disagree on ${key}: ${value} in run.json, ${before} in the checkpoint.`;
      assert.ok(stderr.includes(told), stderr);
      if (key !== 'model.hidden') continue;
      // Training cannot go on with it either.
      const resumed = await rnnLab(['train', '--resume', run, '--steps', '9']);
      assert.equal(resumed.code, 2);
      assert.ok(resumed.stderr.includes(told), resumed.stderr);
    }
  });

  it('tells of equations in run.json that are not those of the checkpoint, but not of comments', async () => {
    const run = await train('run', '--steps', '5');
    const file = path.join(run, 'run.json');
    const kept = fs.readFileSync(file, 'utf8');
    const write = (change: (source: string) => string): void => {
      const info = JSON.parse(kept) as { cell: { source: string } };
      info.cell.source = change(info.cell.source);
      fs.writeFileSync(file, JSON.stringify(info));
    };
    const equation = 's[t] = tanh(U x[t] + W s[t-1] + b)';
    for (const [change, told] of [
      [
        (source: string) => source.replace('tanh', 'relu'),
        `${equation.replace('tanh', 'relu')} in run.json, ${equation} in the checkpoint.`,
      ],
      [(source: string) => `${source}\ninit b = 1\n`, 'the checkpoint has no init b = 1.'],
    ] as const) {
      write(change);
      for (const args of [
        ['reproduce', run],
        ['train', '--resume', run, '--steps', '9'],
      ]) {
        const { code, stderr } = await rnnLab(args);
        assert.equal(code, 2);
        const all = `run.json and the last checkpoint disagree on the equations: ${told}`;
        assert.ok(stderr.includes(all), stderr);
      }
    }
    write((source) => `# A comment\n${source.replace(' + b', '  +  b')}\n`);
    assert.equal((await reproduced(run)).done.difference, null);
  });

  it('finds a measurement that was not the best it says', async () => {
    const run = await train('run', '--steps', '20', '--evaluate-every', '10');
    const file = path.join(run, 'metrics.jsonl');
    const kept = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, kept.replace('"best":true', '"best":false'));
    const { code, stdout } = await rnnLab(['reproduce', run]);
    assert.equal(code, 1);
    assert.match(stdout, /^Different at step 10: the best so far was 0, and now it is 1\.$/m);
  });

  it('agrees with a run that went on with another setting for no step', async () => {
    const run = await train('run', '--steps', '10');
    await goOn(run, '--learning-rate', '0.25');
    const { code, done } = await reproduced(run);
    assert.equal(done.difference, null);
    assert.deepEqual([code, done.steps, done.tensors], [0, 10, true]);
  });

  const madeUp: Readonly<Record<string, readonly string[]>> = {
    'a run without held-out text': ['--steps', '20', '--validation', '0'],
    'a run with held-out text': ['--steps', '20', '--evaluate-every', '10'],
    'a run by the clock': ['--seconds', '0.15'],
  };
  for (const [what, flags] of Object.entries(madeUp)) {
    it(`finds a made-up measurement in ${what}`, async () => {
      const run = await train('run', ...flags);
      const last = recorded(run, 'metrics').at(-1)!.step;
      const row = {
        ...{ step: last + 100, epoch: 1, seconds: 9, validationLoss: 0.5, bitsPerCharacter: 0.7 },
        ...{ perplexity: 1.6, tokens: 100, best: true },
      };
      const line = JSON.stringify({ event: 'evaluation', row });
      fs.appendFileSync(path.join(run, 'metrics.jsonl'), `${line}\n`);
      const { code, done } = await reproduced(run);
      assert.equal(code, 1);
      assert.deepEqual([done.difference?.step, done.difference?.what], [last + 100, 'missing']);
      const { stdout } = await rnnLab(['reproduce', run]);
      assert.match(
        stdout,
        /^Different at step [\d,]+: metrics\.jsonl has a line "evaluation" that/,
      );
    });
  }

  it('finds any number that was changed, not only losses', async () => {
    const run = await train('run', '--steps', '20', '--evaluate-every', '10');
    const file = path.join(run, 'metrics.jsonl');
    const kept = fs.readFileSync(file, 'utf8');
    for (const [name, label] of [
      ['learningRate', 'learning rate'],
      ['bitsPerCharacter', 'bits per character'],
    ] as const) {
      fs.writeFileSync(file, kept.replace(new RegExp(`"${name}":[0-9.e-]+`), `"${name}":0.123`));
      const { code, stdout } = await rnnLab(['reproduce', run]);
      assert.equal(code, 1, name);
      assert.match(
        stdout,
        new RegExp(`^Different at step \\d+: the ${label} was 0\\.123, and now it is`),
      );
    }
  });

  it('compares the measurements of an earlier version to 0.01 %, and never calls them identical', async () => {
    const run = path.join(folder, 'earlier');
    fs.cpSync('test/fixtures/runs/char', run, { recursive: true });
    const verse = path.resolve('test/fixtures/runs/verse.txt');
    const { code, done } = await reproduced(run, verse);
    assert.equal(done.difference, null);
    assert.deepEqual([code, done.tensors, done.identical], [0, true, false]);
    assert.ok(done.nearly > 0);
    const { stdout } = await rnnLab(['reproduce', run, verse]);
    assert.match(stdout, /Not bit by bit: \d+ measurements? by an earlier version of RNN Lab/);
  });

  it('says in words what it found, and leaves the run as it was', async () => {
    const run = await train('run', '--steps', '20');
    const files = (): string[] =>
      fs
        .readdirSync(run)
        .map((name) => `${name} ${fs.readFileSync(path.join(run, name), 'base64')}`);
    const before = files();
    const { code, stdout } = await rnnLab(['reproduce', run]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^Identical after \d+ steps: \d+ rows? of losses, \d+ measurements?, every tensor of the last checkpoint\.\n$/,
    );
    assert.deepEqual(files(), before);
  });

  it('finds the first loss that differs, and exits with 1', async () => {
    const run = await train('run', '--steps', '40');
    const file = path.join(run, 'metrics.jsonl');
    const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    const at = lines.findIndex((line) => line.includes('"metrics"'));
    const line = JSON.parse(lines[at]!) as {
      row: { step: number; loss: { min: number } };
    };
    // The next float64.
    const bits = new BigUint64Array([0n]);
    const value = new Float64Array(bits.buffer);
    value[0] = line.row.loss.min;
    bits[0]! += 1n;
    line.row.loss.min = value[0];
    lines[at] = JSON.stringify(line);
    fs.writeFileSync(file, `${lines.join('\n')}\n`);
    const { code, done } = await reproduced(run);
    assert.equal(code, 1);
    assert.deepEqual([done.difference?.step, done.difference?.what], [line.row.step, 'loss']);
    const { stdout } = await rnnLab(['reproduce', run]);
    assert.match(stdout, /^Different at step \d+: the loss was \d.*, and now it is \d/);
  });

  it('says what to do about a text that is gone, or is another', async () => {
    const run = await train('run', '--steps', '10');
    const moved = path.join(folder, 'moved.txt');
    fs.renameSync(text, moved);
    const gone = await rnnLab(['reproduce', run]);
    assert.equal(gone.code, 2);
    assert.match(
      gone.stderr,
      /Cannot read .*text\.txt.*Give the text: rnn-lab reproduce RUN FILE\./,
    );
    assert.equal((await reproduced(run, moved)).done.difference, null);
    fs.appendFileSync(moved, 'one more line');
    const changed = await rnnLab(['reproduce', run, moved]);
    assert.equal(changed.code, 2);
    assert.match(
      changed.stderr,
      /moved\.txt is not the one that the run was trained on: its SHA-256 is/,
    );
  });

  it('needs a run with something recorded', async () => {
    const { code, stderr } = await rnnLab(['reproduce', path.join(folder, 'none')]);
    assert.equal(code, 2);
    assert.match(stderr, /There is no run/);
  });
});
