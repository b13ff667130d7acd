import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gitStateOf } from '../../../src/worker/git';
import { rnnLab, temporaryFolder } from '../cli/tools';

const lines = 'the quick brown fox\njumps over the lazy dog\n';

describe('what Git knows of a text', () => {
  let folder = '';
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=n', '-c', 'user.email=e@x', ...args], {
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
    }).trim();
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  };
  const commit = () => {
    git('add', '-A');
    git('commit', '-qm', 'c');
    return git('rev-parse', 'HEAD');
  };

  it('is the commit, and whether the text is as it is there', async () => {
    git('init', '-q');
    const file = write('deep/a text.txt', lines);
    assert.equal(await gitStateOf({ path: file }), undefined, 'before the first commit');
    const first = commit();
    assert.deepEqual(await gitStateOf({ path: file }), { commit: first, text: 'same' });
    fs.writeFileSync(file, `\uFEFF${lines.replaceAll('\n', '\r\n')}`);
    assert.equal((await gitStateOf({ path: file }))?.text, 'same', 'line ends are no change');
    fs.appendFileSync(file, 'more');
    assert.deepEqual(await gitStateOf({ path: file }), { commit: first, text: 'changed' });
    const second = commit();
    assert.deepEqual(await gitStateOf({ path: file }), { commit: second, text: 'same' });
    const other = write('new.txt', lines);
    assert.deepEqual(await gitStateOf({ path: other }), { commit: second, text: 'untracked' });
    const deep = path.dirname(file);
    assert.deepEqual(await gitStateOf({ path: deep }), { commit: second, text: 'unknown' });
    // A branch whose name Git packs away, and a second worktree, in which .git is a file.
    git('pack-refs', '--all');
    git('worktree', 'add', '-q', path.join(folder, 'tree'), first);
    const elsewhere = path.join(folder, 'tree/deep/a text.txt');
    assert.deepEqual(await gitStateOf({ path: elsewhere }), { commit: first, text: 'same' });
  });

  it('is of what was learnt, be it a part of the file or not saved yet', async () => {
    git('init', '-q');
    const file = write('a.txt', lines);
    commit();
    const textOf = async (text: string) => (await gitStateOf({ path: file, text }))?.text;
    assert.equal(await textOf('jumps over\r\n'.trim()), 'same');
    assert.equal(await textOf(lines.replaceAll('\n', '\r\n')), 'same');
    assert.equal(await textOf(`${lines}not saved`), 'changed');
  });

  it('executes nothing that a repository says', async () => {
    git('init', '-q');
    write('.gitattributes', '* filter=evil diff=evil\n');
    const file = write('a.txt', lines);
    commit();
    const trap = write('.git/trap', `#!/bin/sh\ntouch ${path.join(folder, 'sprung')}\ncat\n`);
    fs.chmodSync(trap, 0o755);
    const settings = ['core.fsmonitor', 'filter.evil.smudge', 'filter.evil.clean', 'core.pager'];
    for (const key of [...settings, 'diff.evil.textconv', 'core.hooksPath'])
      git('config', key, trap);
    fs.appendFileSync(file, 'more');
    assert.equal((await gitStateOf({ path: file }))?.text, 'changed');
    const sprung = path.join(folder, 'sprung');
    assert.ok(!fs.existsSync(sprung));
    // It is a trap: what else asks for the state of a file steps into it.
    git('status');
    assert.ok(fs.existsSync(sprung));
  });

  it('is nothing outside a repository, in a damaged one, without Git, and of no file', async () => {
    const file = write('a.txt', lines);
    assert.equal(await gitStateOf({ path: file }), undefined);
    fs.mkdirSync(path.join(folder, '.git'));
    assert.equal(await gitStateOf({ path: file }), undefined);
    assert.equal(await gitStateOf({ path: path.join(folder, 'none.txt') }), undefined);
    fs.rmdirSync(path.join(folder, '.git'));
    git('init', '-q');
    commit();
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    try {
      assert.equal(await gitStateOf({ path: file }), undefined);
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  it('is kept by runs, also of a block of a notebook, and listed', async () => {
    git('init', '-q');
    const text = write('a.txt', lines.repeat(20));
    const settings = 'hidden: 4\nbatch: 2\nsequence: 8\nsteps: 2';
    const block = ['```text fox', lines.repeat(20) + '```', '```experiment e'];
    const notebook = write('n.rnnlab.md', [...block, `data: fox\n${settings}`, '```\n'].join('\n'));
    const first = commit();
    const train = async (out: string) => {
      const size = ['--hidden', '4', '--batch', '2', '--sequence', '8', '--steps', '2'];
      const { code, stderr } = await rnnLab(['train', text, ...size, '--out', out]);
      assert.equal(code, 0, stderr);
      const info = JSON.parse(fs.readFileSync(path.join(out, 'run.json'), 'utf8')) as object;
      return 'git' in info ? info.git : undefined;
    };
    const runs = path.join(folder, 'runs');
    assert.deepEqual(await train(path.join(runs, 'one')), { commit: first, text: 'same' });
    fs.appendFileSync(text, 'more');
    assert.deepEqual(await train(path.join(runs, 'two')), { commit: first, text: 'changed' });
    const listed = await rnnLab(['runs', runs]);
    const short = first.slice(0, 10);
    const rows = listed.stdout.split('\n');
    assert.match(rows[0]!, /^run +name +state +steps +loss +commit$/);
    assert.match(rows[1]!, new RegExp(`^two +a.txt · vanilla +finished +2 +[\\d.]+ +${short}\\*$`));
    assert.match(rows[2]!, new RegExp(`^one .* ${short}$`));
    await rnnLab(['notebook', notebook]);
    const [line = ''] = (await rnnLab(['runs', notebook, '--json'])).stdout.split('\n');
    const run = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual(
      [run['experiment'], run['title'], run['git']],
      ['e', 'e', { commit: first, text: 'same' }],
    );
    const wrong = await rnnLab(['runs', path.join(folder, 'nowhere')]);
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
  });
});
