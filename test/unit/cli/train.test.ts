import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {
  jsonLines,
  only,
  quick,
  rnnLab,
  sampleText,
  start,
  temporaryFolder,
  trainLines,
} from './tools';

/** Only there is a file that is always full. */
const onLinux = process.platform === 'linux' ? it : (): void => undefined;

describe('rnn-lab train', () => {
  let folder = '';
  let text = '';
  before(() => {
    folder = temporaryFolder();
    text = path.join(folder, 'text.txt');
    fs.writeFileSync(text, sampleText);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string): string => path.join(folder, name);

  it('writes JSON Lines alone on standard output, in their order', async () => {
    const args = ['train', text, ...quick, '--steps', '30', '--evaluate-every', '10', '--json'];
    const { code, stdout, stderr } = await rnnLab([...args, '--out', at('json')]);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    const lines = trainLines(stdout);
    const first = lines[0];
    assert(first?.event === 'start');
    assert.equal(first.name, 'text.txt');
    assert.equal(first.vocabulary, new Set(sampleText).size);
    // U and W and b, then V and c of the output layer.
    const [h, c] = [8, first.vocabulary];
    assert.equal(first.parameters, h * c + h * h + h + c * h + c);
    assert.equal(first.tokens + first.validationTokens, sampleText.length);
    assert.equal(first.settings['model.hidden'], 8);
    assert.equal(first.threads, 1);
    assert.equal(first.resumed, false);
    assert.ok(Math.abs(first.baselines.uniform - Math.log(c)) < 1e-12);
    const steps = only(lines, 'step');
    assert.equal(steps[0]?.step, 1);
    assert.equal(steps.at(-1)?.step, 30);
    assert.equal(
      steps.reduce((sum, row) => sum + row.steps, 0),
      30,
    );
    assert.ok(Math.abs(steps[0].loss! - Math.log(c)) < 0.05);
    const evaluations = only(lines, 'evaluation');
    assert.deepEqual(
      evaluations.map(({ step }) => step),
      [10, 20, 30],
    );
    const [look] = only(lines, 'observation');
    assert.equal(look?.step, 1);
    assert.deepEqual(Object.keys(look.parameters), [
      'layer1.U',
      'layer1.W',
      'layer1.b',
      'output.V',
      'output.c',
    ]);
    // The global norm is that of all parameters together.
    const norms = Object.values(look.parameters).map(({ gradientNorm }) => gradientNorm!);
    assert.ok(Math.abs(Math.hypot(...norms) / steps[0].gradientNorm! - 1) < 1e-5);
    assert.equal(look.gradientByLag['layer1.s']?.length, 64);
    const [firstText] = only(lines, 'sampled');
    assert.equal(firstText?.step, 1);
    assert.equal(firstText.text.length, 200);
    const done = lines.at(-1);
    assert(done?.event === 'done');
    assert.equal(done.reason, 'finished');
    assert.equal(done.step, 30);
    assert.equal(done.run, at('json'));
    assert.equal(done.validationLoss, evaluations.at(-1)?.validationLoss);
    assert.equal(only(lines, 'done').length, 1);
  });

  it('documents every event and every field of its JSON Lines', async () => {
    const flags = ['--steps', '30', '--evaluate-every', '10', '--batch', '900', '--json'];
    const { stdout } = await rnnLab(['train', text, ...quick, ...flags, '--out', at('documented')]);
    const page = fs.readFileSync('docs/command-line.md', 'utf8');
    const lines = jsonLines(stdout) as { event: string }[];
    const kinds = [...new Set(lines.map(({ event }) => event))].toSorted();
    const expected = ['checkpoint', 'done', 'evaluation', 'kept', 'observation', 'sampled'];
    assert.deepEqual(kinds, [...expected, 'start', 'step', 'warning']);
    for (const { event, ...fields } of lines) {
      const row = new RegExp(`^\\| \`${event}\` .*$`, 'm').exec(page)?.[0] ?? '';
      for (const name of Object.keys(fields)) {
        assert.ok(row.includes(`\`${name}\``), `${event} has a field ${name}: ${row}`);
      }
    }
  });

  it('keeps the run in a folder that tells all about it', async () => {
    const args = ['train', text, ...quick, '--steps', '20', '--evaluate-every', '5'];
    const { code, stdout, stderr } = await rnnLab([...args, '--out', at('kept')]);
    assert.equal(code, 0, stderr);
    assert.equal(path.resolve(stdout.trimEnd()), at('kept'));
    const earlier = /^checkpoint-step-\d+\.safetensors$/;
    const names = fs.readdirSync(at('kept'));
    assert.ok(names.some((name) => earlier.test(name)));
    assert.deepEqual(names.filter((name) => !earlier.test(name)).sort(), [
      'checkpoint-best.safetensors',
      'checkpoint-last.safetensors',
      'metrics.jsonl',
      'model.rnn',
      'observations.jsonl',
      'run.json',
      'samples.jsonl',
    ]);
    const info = JSON.parse(fs.readFileSync(path.join(at('kept'), 'run.json'), 'utf8')) as {
      state: string;
      step: number;
      source: string;
    };
    assert.equal(info.state, 'finished');
    assert.equal(info.step, 20);
    assert.equal(info.source, text);
    assert.match(fs.readFileSync(path.join(at('kept'), 'model.rnn'), 'utf8'), /tanh\(U x\[t\]/);
    const rows = fs
      .readFileSync(path.join(at('kept'), 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    const evaluations = rows.filter((row) => row.includes('"evaluation"'));
    assert.equal(evaluations.length, 4);
    const again = await rnnLab([...args, '--out', at('kept')]);
    assert.equal(again.code, 2);
    assert.match(
      again.stderr,
      /already holds a run\. Continue it \(--resume\), or choose another folder\./,
    );
  });

  it('makes a folder under runs where none is given', async () => {
    const { code, stdout } = await rnnLab(['train', 'text.txt', ...quick, '--steps', '2'], folder);
    assert.equal(code, 0);
    assert.match(stdout.trim().replaceAll('\\', '/'), /^runs\/text-\d{8}-\d{6}$/);
    assert.ok(fs.existsSync(path.join(folder, stdout.trim(), 'run.json')));
  });

  it('learns a cell from a file as it does a built-in one', async () => {
    fs.writeFileSync(at('mine.rnn'), '# my own\nh[t] = tanh(U x[t] + W h[t-1] + A h[t-2] + b)\n');
    const args = ['train', text, ...quick, '--steps', '5', '--json', '--cell', at('mine.rnn')];
    const { code, stdout, stderr } = await rnnLab([...args, '--out', at('own-cell')]);
    assert.equal(code, 0, stderr);
    const first = trainLines(stdout)[0];
    assert(first?.event === 'start');
    assert.equal(first.cell, 'mine.rnn');
    assert.match(first.equations, /# my own/);
  });

  it('gives the same losses with the same seed, and others with another', async () => {
    const losses = async (seed: string, out: string): Promise<(number | null)[]> => {
      const args = ['train', text, ...quick, '--steps', '12', '--evaluate-every', '3', '--json'];
      const { stdout } = await rnnLab([...args, '--seed', seed, '--out', at(out)]);
      return only(trainLines(stdout), 'evaluation').map(({ validationLoss }) => validationLoss);
    };
    const first = await losses('5', 'seed-a');
    assert.equal(first.length, 4);
    assert.deepEqual(await losses('5', 'seed-b'), first);
    assert.notDeepEqual(await losses('6', 'seed-c'), first);
  });

  it('saves a checkpoint at Ctrl-C, exits with 130, and goes on from there', async () => {
    const args = ['train', text, ...quick, '--seconds', '1000', '--json', '--out', at('stopped')];
    let isSent = false;
    const { code, stdout } = await start(args, {
      onLine: (line, child) => {
        if (isSent || !line.includes('"event":"step"')) return;
        isSent = true;
        child.kill('SIGINT');
      },
    }).ended;
    assert.equal(code, 130);
    const lines = trainLines(stdout);
    const done = lines.at(-1);
    assert(done?.event === 'done');
    assert.equal(done.reason, 'stopped');
    assert.equal(
      only(lines, 'checkpoint')
        .filter(({ which }) => which === 'last')
        .at(-1)?.step,
      done.step,
    );
    assert.ok(!fs.existsSync(path.join(at('stopped'), 'lock')));
    const more = ['--steps', String(done.step + 7), '--json'];
    const resumed = await rnnLab(['train', '--resume', at('stopped'), ...more]);
    assert.equal(resumed.code, 0, resumed.stderr);
    const again = trainLines(resumed.stdout);
    assert(again[0]?.event === 'start');
    assert.equal(again[0].step, done.step);
    assert.equal(again[0].resumed, true);
    assert(again.at(-1)?.event === 'done');
    assert.equal(only(again, 'done')[0]?.step, done.step + 7);
  });

  it('saves a checkpoint when the reader of its lines has had enough', async () => {
    const args = ['train', text, ...quick, '--seconds', '1000', '--json', '--out', at('unread')];
    const { code } = await start(args, {
      onLine: (_, child) => {
        child.stdout?.destroy();
      },
    }).ended;
    assert.equal(code, 0);
    assert.ok(!fs.existsSync(path.join(at('unread'), 'lock')));
    const info = fs.readFileSync(path.join(at('unread'), 'run.json'), 'utf8');
    assert.match(info, /"state": "stopped"/);
  });

  it('trains to its end whatever becomes of standard error', async () => {
    const args = (name: string) => ['train', text, ...quick, '--steps', '400', '--out', at(name)];
    const running = start(args('deaf'));
    running.process.stderr!.once('data', () => running.process.stderr!.destroy());
    assert.equal((await running.ended).code, 0);
    assert.equal(stateOf('deaf').state, 'finished');
    assert.equal(stateOf('deaf').step, 400);
  });

  onLinux('trains to its end where nothing can be written to standard error', async () => {
    const flags = ['--steps', '20', '--out', at('full')];
    const full = fs.openSync('/dev/full', 'w');
    const { code, stdout } = await start(['train', text, ...quick, ...flags], { stderr: full })
      .ended;
    fs.closeSync(full);
    assert.equal(code, 0);
    assert.equal(stdout, `${at('full')}\n`);
    assert.equal(stateOf('full').state, 'finished');
  });

  onLinux('saves a checkpoint where standard output takes nothing, and exits with 1', async () => {
    const flags = ['--seconds', '1000', '--json', '--out', at('no room')];
    const full = fs.openSync('/dev/full', 'w');
    const running = start(['train', text, ...quick, ...flags], { stdout: full });
    const { code, stderr } = await running.ended;
    fs.closeSync(full);
    assert.equal(code, 1);
    assert.match(stderr, /^rnn-lab: Cannot write to standard output: ENOSPC/m);
    assert.equal(stateOf('no room').state, 'stopped');
    assert.equal((await rnnLab(['sample', at('no room'), '--length', '5'])).code, 0);
  });

  it('saves a checkpoint at a Ctrl-C that ends the reader of its lines too', async () => {
    const flags = ['--seconds', '1000', '--json', '--out', at('both')];
    let isStopped = false;
    const { code } = await start(['train', text, ...quick, ...flags], {
      onLine: (line, child) => {
        // A second Ctrl-C would end it at once.
        if (isStopped || !line.includes('"step"')) return;
        isStopped = true;
        child.kill('SIGINT');
        child.stdout?.destroy();
      },
    }).ended;
    assert.equal(code, 130);
    assert.equal(stateOf('both').state, 'stopped');
  });

  function stateOf(name: string): { readonly state: string; readonly step: number } {
    const file = fs.readFileSync(path.join(at(name), 'run.json'), 'utf8');
    return JSON.parse(file) as { state: string; step: number };
  }

  it('goes on as if it had never stopped', async () => {
    const args = [
      'train',
      text,
      ...quick,
      '--schedule',
      'constant',
      '--evaluate-every',
      '4',
      '--json',
    ];
    const whole = await rnnLab([...args, '--steps', '16', '--out', at('whole')]);
    await rnnLab([...args, '--steps', '8', '--out', at('half')]);
    const half = await rnnLab(['train', '--resume', at('half'), '--steps', '16', '--json']);
    const last = (stdout: string): (number | null)[] =>
      only(trainLines(stdout), 'evaluation')
        .filter(({ step }) => step > 8)
        .map(({ validationLoss }) => validationLoss);
    assert.equal(last(whole.stdout).length, 2);
    assert.deepEqual(last(half.stdout), last(whole.stdout));
    const parameters = (run: string): string =>
      fs
        .readFileSync(path.join(run, 'checkpoint-last.safetensors'))
        .subarray(-4096)
        .toString('hex');
    assert.equal(parameters(at('half')), parameters(at('whole')));
  });

  it('goes on after it was killed, although the lock is still there', async () => {
    const args = ['train', text, ...quick, '--seconds', '1000', '--json', '--out', at('killed')];
    const running = start(args, {
      onLine: (line, child) => {
        if (line.includes('"event":"checkpoint"')) child.kill('SIGKILL');
      },
    });
    assert.equal((await running.ended).signal, 'SIGKILL');
    assert.ok(fs.existsSync(path.join(at('killed'), 'lock')));
    const resumed = await start(
      ['train', '--resume', at('killed'), '--steps', '1000000000', '--seconds', '0', '--json'],
      {
        onLine: (line, child) => {
          if (line.includes('"event":"step"')) child.kill('SIGINT');
        },
      },
    ).ended;
    assert.equal(resumed.code, 130, resumed.stderr);
  });

  it('refuses a run that another process trains', async () => {
    const args = ['train', text, ...quick, '--seconds', '1000', '--json', '--out', at('busy')];
    const first = start(args, {
      onLine: (line, child) => {
        if (line.includes('"step"')) child.emit('training');
      },
    });
    await once(first.process, 'training');
    const second = await rnnLab(['train', '--resume', at('busy')]);
    first.process.kill('SIGINT');
    await first.ended;
    assert.equal(second.code, 2);
    assert.match(second.stderr, /is being trained by process \d+\. Stop that training first/);
  });

  it('resumes neither with another model nor with another cell', async () => {
    await rnnLab(['train', text, ...quick, '--steps', '2', '--out', at('fixed')]);
    const hidden = await rnnLab([
      'train',
      '--resume',
      at('fixed'),
      '--hidden',
      '9',
      '--steps',
      '4',
    ]);
    assert.equal(hidden.code, 2);
    assert.match(hidden.stderr, /--hidden\) is 8 in this run and cannot become 9/);
    const cell = await rnnLab(['train', '--resume', at('fixed'), '--cell', 'gru', '--steps', '4']);
    assert.equal(cell.code, 2);
    assert.match(cell.stderr, /The run's cell is vanilla and cannot change/);
  });
});
