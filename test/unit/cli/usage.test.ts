import assert from 'node:assert/strict';
import fs from 'node:fs';
import { settingEntries } from '../../../src/core/settings/settings';
import { jsonLines, rnnLab, start } from './tools';

describe('rnn-lab usage', () => {
  it('has a help with every command, and each has examples', async () => {
    const { code, stdout, stderr } = await rnnLab(['--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    const commands = [
      'train',
      'sample',
      'evaluate',
      'inspect',
      'reproduce',
      'generate',
      'gradcheck',
      'export',
      'import',
      'bench',
    ];
    for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    for (const command of commands) {
      const help = await rnnLab([command, '--help']);
      assert.equal(help.code, 0);
      assert.match(help.stdout, /^Examples:$/m);
      assert.doesNotMatch(help.stdout, /undefined|\[object/);
    }
  });

  it('has a flag for every setting of the table', async () => {
    const train = (await rnnLab(['train', '--help'])).stdout;
    const sample = (await rnnLab(['sample', '--help'])).stdout;
    for (const { group, flag } of settingEntries) {
      assert.match(group === 'sampling' ? sample : train, new RegExp(`^  --${flag} `, 'm'), flag);
    }
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal((await rnnLab(['--version'])).stdout, `${version}\n`);
  });

  it('ends its process with the exit code, and writes to its two streams', async () => {
    for (const args of [['--version'], ['train', 'x.txt', '--hiden', '8', '--json']]) {
      assert.deepEqual(await start(args).ended, { ...(await rnnLab(args)), signal: null });
    }
  });

  const wrong: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    [
      'an unknown flag',
      ['train', 'x.txt', '--hiden', '8'],
      /unknown option '--hiden' \(Did you mean --hidden\?\)/,
    ],
    ['an unknown command', ['trian', 'x.txt'], /unknown command 'trian' \(Did you mean train\?\)/],
    ['no text', ['train'], /Which text\? Give a file/],
    ['too many texts', ['train', 'a.txt', 'b.txt'], /too many arguments/],
    [
      'a setting out of range',
      ['train', 'x.txt', '--hidden', '0'],
      /--hidden\) must be a whole number from 1 to 8192; 0 was given/,
    ],
    [
      'a setting that is no number',
      ['train', 'x.txt', '--clip', 'much'],
      /--clip\) must be a number .*"much" was given/,
    ],
    [
      'an unknown choice',
      ['train', 'x.txt', '--optimizer', 'adm'],
      /must be one of sgd, momentum, adagrad, rmsprop, adam, lazyAdam/,
    ],
    [
      'two limits',
      ['train', 'x.txt', '--steps', '5', '--epochs', '1'],
      /Only one limit can end a training/,
    ],
    ['no limit', ['train', 'x.txt', '--seconds', '0'], /Training needs an end/],
    [
      'both --out and --resume',
      ['train', '--resume', 'a', '--out', 'b'],
      /--out and --resume exclude each other/,
    ],
    [
      'a temperature below zero',
      ['sample', 'run', '--temperature', '-1'],
      /--temperature\) must be a number from 0 to 100/,
    ],
    [
      'an export without --out',
      ['export', 'run', '--format', 'json'],
      /required option '--out <path>' not specified/,
    ],
    [
      'a tolerance that is no number',
      ['gradcheck', '--tolerance', 'x'],
      /--tolerance must be a number above 0/,
    ],
    ['a folder of no name', ['train', 'x.txt', '--out', ''], /--out is an empty path/],
    ['a run of no name', ['train', '--resume', ''], /--resume is an empty path/],
    ['a text of no name', ['train', ''], /FILE is an empty path/],
    ['a model of no name', ['sample', ''], /RUN is an empty path/],
    ['a file of no name', ['export', 'x', '--format', 'csv', '--out', ''], /--out is an empty/],
    ['a copy of no name', ['import', 'x', '--out', ''], /--out is an empty path/],
    [
      'a limit of nothing',
      ['evaluate', 'x', 'y', '--keystrokes', '--limit', ''],
      /--limit must be a whole number from 0 to 1000000000; nothing was given/,
    ],
    ['entries of nothing', ['gradcheck', '--entries', ' '], /--entries must be a whole number/],
    ['no tokens of nothing', ['inspect', 'x', '--text', 'y', '--top', ''], /--top must be a whole/],
    ['a tolerance that nothing fails', ['gradcheck', '--tolerance', '2'], /above 0 and at most 1/],
    [
      'a name that no row of the benchmark has',
      ['bench', '--only', 'nosuch'],
      /No row of the benchmark has nosuch in its name/,
    ],
    [
      'no repetitions',
      ['bench', '--repetitions', '0'],
      /--repetitions must be a whole number from 1 to 1000/,
    ],
  ];
  for (const [what, args, message] of wrong) {
    it(`exits with 2 and one line on standard error for ${what}`, async () => {
      const { code, stdout, stderr } = await rnnLab(args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.match(stderr, /^rnn-lab: [^\n]*\n$/);
    });
  }

  it('ends JSON Lines with a line that says what failed, whatever is wrong and with every command', async () => {
    for (const [args, setting] of [
      [['train', 'x.txt', '--hiden', '8', '--json']],
      [['train', 'no.txt', '--json']],
      [['train', '--json', 'x.txt', '--hidden', '0'], 'model.hidden'],
      [['train', '--json', 'x.txt', '--out', '']],
      [['evaluate', 'no-run', 'no.txt', '--json']],
      [['evaluate', '--json']],
      [['inspect', 'no-run', '--text', 'x', '--json']],
      [['reproduce', 'no-run', '--json']],
      [['gradcheck', '--cell', 'nosuch', '--json']],
      [['bench', '--only', 'nosuch', '--json']],
    ] as const) {
      const { code, stdout, stderr } = await rnnLab(args);
      assert.equal(code, 2, stderr);
      const [line, ...more] = jsonLines(stdout) as Readonly<Record<string, string>>[];
      assert.deepEqual(more, []);
      assert.equal(line!['event'], 'failed');
      assert.equal(line!['code'], 'input');
      assert.equal(line!['setting'], setting);
      const told = [line!['message'], line!['hint']].join(' ').trim();
      assert.equal(`rnn-lab: ${told}\n`, stderr);
    }
  });

  it('takes what stands behind -- for no flag', async () => {
    const { stdout, stderr } = await rnnLab(['train', '--', '--json']);
    assert.equal(stdout, '');
    assert.match(stderr, /Cannot read .*--json/);
  });
});
