import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { overrideFields } from '../../../src/core/task/overrides';
import { rnnLab, temporaryFolder } from './tools';

interface Understanding {
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly longest: number;
  readonly split: { readonly kind: string; readonly group?: { readonly name: string } };
}

describe('flags that say how a table is read', () => {
  let folder = '';
  let file = '';
  let count = 0;
  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder, 'rows.csv');
    const rows = Array.from({ length: 60 }, (_, i) =>
      [
        `word${'x'.repeat(i % 5)} ${String(i)}`,
        i % 3,
        `author${String(i % 12)}`,
        i % 2 ? 'a' : 'b',
      ].join(),
    );
    fs.writeFileSync(file, `text,stars,author,label\n${rows.join('\n')}\n`);
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const rnnJson = (): string => `${file}.rnn.json`;

  async function train(...flags: string[]) {
    const run = path.join(folder, `run${String(count++)}`);
    const quick = ['--hidden', '4', '--steps', '2', '--out', run];
    const ended = await rnnLab(['train', file, ...quick, ...flags]);
    const understanding = (): Understanding => {
      assert.equal(ended.code, 0, ended.stderr);
      const info = fs.readFileSync(path.join(run, 'run.json'), 'utf8');
      return (JSON.parse(info) as { task: { description: { understanding: Understanding } } }).task
        .description.understanding;
    };
    return { ...ended, run, understanding };
  }

  it('are there for all that FILE.rnn.json may say', async () => {
    const { stdout } = await rnnLab(['train', '--help']);
    for (const { name } of overrideFields) {
      if (name === '$schema') continue;
      assert.match(stdout, new RegExp(`--${name} <`), name);
    }
  });

  it('mean what the same says in FILE.rnn.json', async () => {
    const flags = [
      ...['--input', 'text', '--output', 'label', '--types', 'text=text,label=category'],
      ...['--longest', '7', '--group', 'author', '--split', 'random', '--tokenizers', 'text=byte'],
    ];
    const byFlags = (await train(...flags)).understanding();
    const said = {
      ...{ input: 'text', output: 'label', types: { text: 'text', label: 'category' } },
      ...{ longest: 7, group: 'author', split: 'random', tokenizers: { text: 'byte' } },
    };
    fs.writeFileSync(rnnJson(), JSON.stringify(said));
    const byFile = (await train()).understanding();
    assert.deepEqual(byFlags, byFile);
    assert.equal(byFlags.longest, 7);
    assert.equal(byFlags.split.kind, 'random');
    assert.equal(byFlags.split.group?.name, 'author');
  });

  it('count before the file, name by name', async () => {
    fs.writeFileSync(
      rnnJson(),
      JSON.stringify({ output: 'label', input: 'text', longest: 9, types: { text: 'text' } }),
    );
    const { inputs, longest } = (await train('--longest', '5')).understanding();
    assert.deepEqual([inputs.map(({ name }) => name), longest], [['text'], 5]);
  });

  it('are kept for the next time where that is asked for, and only then', async () => {
    const flags = ['--output', 'label', '--input', 'text', '--longest', '6'];
    const first = await train(...flags);
    assert.ok(!fs.existsSync(rnnJson()));
    fs.writeFileSync(rnnJson(), JSON.stringify({ longest: 9, group: 'author' }));
    const asked = await train(...flags, '--remember');
    assert.match(
      asked.stderr,
      /What the flags say of rows\.csv is in rows\.csv\.rnn\.json from now on\./,
    );
    const wanted = { longest: 6, group: 'author', input: ['text'], output: ['label'] };
    assert.deepEqual(JSON.parse(fs.readFileSync(rnnJson(), 'utf8')), wanted);
    const next = await train();
    assert.deepEqual(next.understanding(), asked.understanding());
    assert.notDeepEqual(next.understanding(), first.understanding());
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.includes('tmp')),
      [],
    );
  });

  const wrong: readonly (readonly [flags: readonly string[], said: RegExp])[] = [
    [['--longest', 'many'], /flags: longest cannot be "many"/],
    [
      ['--types', 'text'],
      /--types cannot be "text"\. Write name=value, and a comma between several\./,
    ],
    [['--types', 'text=txt'], /flags: types\.text cannot be "txt"/],
    [['--series', 'horizn=1'], /there is no series\.horizn\. Did you mean horizon\?/],
    [['--group', 'writer'], /writer/],
    [['--split', 'randomly'], /data\.split \(--split\) must be/],
    [
      ['--remember'],
      /There is nothing to remember: nothing was said of the file\. Say it with flags/,
    ],
    [
      ['--format', 'text', '--group', 'author'],
      /The file is read as plain text, and --group is for tables/,
    ],
    [
      ['--format', 'text', '--split', 'random'],
      /A text is split by its tail or by streams, not random/,
    ],
  ];
  for (const [flags, said] of wrong) {
    it(`say what is wrong: ${flags.join(' ')}`, async () => {
      const { code, stderr, run } = await train(...flags);
      assert.equal(code, 2, stderr);
      assert.match(stderr, said);
      assert.ok(!fs.existsSync(run) && !fs.existsSync(rnnJson()));
    });
  }

  it('are for a new run', async () => {
    const { run } = await train('--output', 'label', '--input', 'text');
    const { code, stderr } = await rnnLab(['train', '--resume', run, '--group', 'author']);
    assert.equal(code, 2);
    assert.match(stderr, /--group is for a new run: one that goes on reads its table as it began/);
  });
});
