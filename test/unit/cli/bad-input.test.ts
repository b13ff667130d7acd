import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { only, quick, rnnLab, sampleText, temporaryFolder, trainLines, type Ended } from './tools';

/** One line that says what is wrong and what to do, and no stack trace. */
function assertRefused(
  { code, stdout, stderr }: Ended,
  expectedCode: number,
  message: RegExp,
): void {
  assert.equal(code, expectedCode, stderr);
  assert.equal(stdout, '');
  const lines = stderr.trimEnd().split('\n');
  assert.match(lines.at(-1) ?? '', /^rnn-lab: /);
  assert.match(lines.at(-1) ?? '', message);
  assert.doesNotMatch(stderr, /^\s+at /m);
}

describe('rnn-lab with bad input', () => {
  let folder = '';
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string): string => path.join(folder, name);
  const write = (name: string, contents: string | Uint8Array): string => {
    fs.writeFileSync(at(name), contents);
    return at(name);
  };
  const train = (file: string, ...more: string[]): Promise<Ended> =>
    rnnLab([
      'train',
      file,
      ...quick,
      '--steps',
      '3',
      '--out',
      at(`run of ${path.basename(file)}`),
      ...more,
    ]);

  const texts: readonly (readonly [
    what: string,
    contents: string | Uint8Array,
    message: RegExp,
  ])[] = [
    ['an empty file', '', /is empty\. Give a file with text/],
    [
      'a text of one symbol',
      'aaaaaaaa',
      /only one symbol, "a": there is nothing to learn\. Give a text/,
    ],
    [
      'a binary file',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13),
      /is not text: byte 4 is zero\. Give a text file/,
    ],
    [
      'invalid UTF-8',
      Uint8Array.of(0x61, 0x0a, 0x62, 0xe4, 0x62),
      /is not valid UTF-8: byte 3 \(0xE4, on line 2\) is wrong\..*save it as UTF-8/,
    ],
  ];
  for (const [what, contents, message] of texts) {
    it(`refuses ${what} and makes no folder`, async () => {
      const file = write(`${what}.txt`, contents);
      assertRefused(await train(file), 2, message);
      assert.ok(!fs.existsSync(at(`run of ${what}.txt`)));
    });
  }

  it('refuses files that are missing, folders, and folders it may not write', async () => {
    assertRefused(await train(at('no.txt')), 2, /Cannot read .*no\.txt: there is no such file/);
    fs.mkdirSync(at('folder'));
    assertRefused(
      await train(at('folder')),
      2,
      /folder is a folder without anything to train on\. Give a file/,
    );
    const text = write('fine.txt', sampleText);
    const taken = write('taken', 'a file');
    const out = await rnnLab(['train', text, ...quick, '--steps', '3', '--out', taken]);
    assertRefused(out, 2, /taken is a file\. Choose a folder/);
  });

  it('trains on a text that is shorter than a sequence, and says what it changed', async () => {
    const file = write('short.txt', 'abcabcab');
    const { code, stderr } = await rnnLab([
      'train',
      file,
      ...['--hidden', '4', '--batch', '32', '--sequence', '64'],
      '--steps',
      '3',
      '--out',
      at('short'),
    ]);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /too few for batch 32 and sequence 64: batch \d+ and sequence \d+ are used/,
    );
  });

  it('turns Windows line ends into LF, and says so', async () => {
    const file = write('crlf.txt', sampleText.replaceAll('\n', '\r\n'));
    const { code, stdout } = await train(file, '--json');
    assert.equal(code, 0);
    const lines = trainLines(stdout);
    assert.match(
      only(lines, 'warning')[0]?.message ?? '',
      /80 Windows line ends \(CRLF\) became LF/,
    );
    assert.equal(lines[0]?.event, 'start');
    assert.equal(only(lines, 'start')[0]?.vocabulary, new Set(sampleText).size);
  });

  it('tells the line and the column of an error in equations', async () => {
    const text = write('fine.txt', sampleText);
    const cell = write('bad.rnn', '# mine\nh[t] = tanh(U x[t] +\n');
    assertRefused(await train(text, '--cell', cell), 2, /bad\.rnn:\d+:\d+: /);
    const shapes = write(
      'shapes.rnn',
      'z[t] = tanh(U x[t])\nsize z = 3\nh[t] = tanh(W h[t-1] + z[t])\n',
    );
    assertRefused(await train(text, '--cell', shapes), 2, /shapes\.rnn:\d+:\d+: .*3/);
    assertRefused(await train(text, '--cell', at('none.rnn')), 2, /Cannot read .*none\.rnn/);
    assertRefused(
      await train(text, '--cell', 'lstn'),
      2,
      /There is no cell lstn\. Did you mean lstm\?/,
    );
  });

  it('stops at a loss that is not finite, names step and parameter, and keeps the last checkpoint', async () => {
    const text = write('fine.txt', sampleText);
    const cell = write('explosive.rnn', 'h[t] = relu(U x[t] + W h[t-1])\n');
    const args = [
      '--cell',
      cell,
      '--learning-rate',
      '1000',
      '--clip',
      '0',
      '--warmup',
      '0',
      '--optimizer',
      'sgd',
      '--json',
    ];
    const { code, stdout, stderr } = await rnnLab([
      ...['train', text, ...quick, '--steps', '500', '--out', at('diverged')],
      ...args,
    ]);
    assert.equal(code, 1);
    const failed = trainLines(stdout).at(-1);
    assert(failed?.event === 'failed');
    assert.equal(failed.code, 'failure');
    assert.ok(failed.step! > 1);
    assert.match(failed.parameter ?? '', /^(layer1|output)\./);
    assert.match(stderr, /is not a finite number at step \d+.*Lower the learning rate/);
    const info = JSON.parse(fs.readFileSync(path.join(at('diverged'), 'run.json'), 'utf8')) as {
      state: string;
    };
    assert.equal(info.state, 'failed');
  });

  it('does not blame the learning rate before there was any learning', async () => {
    const text = write('fine.txt', sampleText);
    const cell = write('log.rnn', 'h[t] = log(relu(U x[t] + W h[t-1]))\n');
    const { code, stderr } = await train(text, '--cell', cell);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /is not a finite number at step 1\..*so the learning rate is not the cause/,
    );
    assert.doesNotMatch(stderr, /Lower the learning rate/);
  });

  it('asks for equations where a cell has none', async () => {
    const text = write('any.txt', sampleText);
    const cell = write('empty.rnn', '');
    assertRefused(
      await train(text, '--cell', cell),
      2,
      /empty\.rnn is empty\. Write the equations of a cell into it/,
    );
  });

  it('names what was changed in a text: lone carriage returns, halves of pairs in UTF-16', async () => {
    const old = write('old-mac.txt', sampleText.replaceAll('\n', '\r'));
    assert.match((await train(old)).stderr, /80 lone carriage returns \(CR\) became LF/);
    const broken = Buffer.from(`\uFEFF${sampleText}\uD83D`, 'utf16le');
    const { stderr } = await train(write('utf16.txt', broken));
    assert.match(stderr, /1 broken character became U\+FFFD/);
  });

  it('keeps runs of texts with very long names', async () => {
    for (const name of ['x'.repeat(250), '春'.repeat(80), `${'😀'.repeat(30)}${'語'.repeat(40)}`]) {
      const text = write(`${name}.txt`, sampleText);
      const args = ['train', text, ...quick, '--steps', '1'];
      const { code, stdout, stderr } = await rnnLab(args, folder);
      assert.equal(code, 0, stderr);
      assert.ok(fs.existsSync(path.join(folder, stdout.trimEnd(), 'run.json')));
    }
  });

  it('says where no folder can be made, rather than searching for ever', async () => {
    const text = write('fine.txt', sampleText);
    const inFile = path.join(text, 'a/b');
    const place = process.platform === 'linux' ? ['/proc/x', inFile] : [inFile];
    for (const out of place) {
      const { code, stderr } = await rnnLab([
        'train',
        text,
        ...quick,
        '--steps',
        '1',
        '--out',
        out,
      ]);
      assert.equal(code, 2);
      assert.match(stderr, /^rnn-lab: Cannot make the folder .*/m);
    }
  });

  it('writes no prime before there is a model that goes on with it', async () => {
    assertRefused(await rnnLab(['sample', at('nowhere'), '--prime', 'X']), 2, /There is no run/);
  });

  it('refuses runs that are none', async () => {
    fs.mkdirSync(at('empty folder'));
    for (const command of [['sample'], ['train', '--resume'], ['inspect', '--text', 'x']]) {
      assertRefused(await rnnLab([...command, at('nowhere')]), 2, /There is no run .*nowhere/);
      assertRefused(
        await rnnLab([...command, at('empty folder')]),
        2,
        /is not the folder of a run: it has no run\.json/,
      );
    }
  });

  it('leaves a run as it was where going on with it is refused', async () => {
    const text = write('kept.txt', sampleText);
    const run = at('kept');
    assert.equal((await rnnLab(['train', text, ...quick, '--steps', '3', '--out', run])).code, 0);
    const files = (): string[] =>
      fs
        .readdirSync(run)
        .sort()
        .map((name) => `${name} ${fs.readFileSync(path.join(run, name), 'base64')}`);
    const before = files();
    for (const [flag, value] of [
      ['--epsilon', '0'],
      ['--epsilon', '1e-60'],
      ['--learning-rate', '1e-60'],
      ['--learning-rate', '-1'],
      ['--clip', '1e300'],
      ['--seed', '2'],
      ['--hidden', '9'],
      ['--batch', '5'],
      ['--optimizer', 'sgd'],
      ['--validation', '0.5'],
      ['--tokenizer', 'word'],
      ['--cell', 'lstm'],
      ['--seconds', '-1'],
    ] as const) {
      const { code, stderr } = await rnnLab([
        'train',
        '--resume',
        run,
        '--steps',
        '9',
        flag,
        value,
      ]);
      assert.equal(code, 2, `${flag} ${value}: ${stderr}`);
      assert.deepEqual(files(), before, flag);
    }
  });

  it('opens a run of an earlier version with an epsilon of 0, which its optimiser does not use', async () => {
    const text = write('earlier.txt', sampleText);
    const run = at('earlier');
    const args = ['--steps', '3', '--optimizer', 'sgd', '--out', run];
    assert.equal((await rnnLab(['train', text, ...quick, ...args])).code, 0);
    for (const name of ['run.json', 'checkpoint-last.safetensors']) {
      const file = path.join(run, name);
      // As long as before: a checkpoint's header says its length.
      const contents = fs.readFileSync(file, 'latin1');
      assert.match(contents, /epsilon\\?": ?1e-8/);
      const former = contents.replace(/(epsilon\\?": ?)1e-8/g, '$10   ');
      fs.writeFileSync(file, former, 'latin1');
    }
    for (const command of [
      ['evaluate', run, text],
      ['reproduce', run],
      ['train', '--resume', run, '--steps', '6'],
    ]) {
      const { code, stderr } = await rnnLab(command);
      assert.equal(code, 0, stderr);
    }
  });

  it('refuses damaged checkpoints and run files, and says what else there is', async () => {
    const text = write('fine.txt', sampleText);
    const run = at('damaged');
    await rnnLab(['train', text, ...quick, '--steps', '4', '--evaluate-every', '2', '--out', run]);
    const last = path.join(run, 'checkpoint-last.safetensors');
    const whole = fs.readFileSync(last);
    fs.writeFileSync(last, whole.subarray(0, whole.length - 100));
    assertRefused(
      await rnnLab(['train', '--resume', run, '--steps', '8']),
      2,
      /checkpoint-last\.safetensors is damaged.*Delete that file to continue from the best checkpoint/,
    );
    fs.writeFileSync(last, 'nonsense');
    assertRefused(
      await rnnLab(['sample', run, '--checkpoint', 'last']),
      2,
      /is damaged or is not a safetensors file/,
    );
    assert.equal((await rnnLab(['sample', run, '--length', '5'])).code, 0);
    fs.writeFileSync(path.join(run, 'run.json'), '{"version": 99}');
    assertRefused(await rnnLab(['sample', run]), 2, /run\.json is damaged/);
  });
});
