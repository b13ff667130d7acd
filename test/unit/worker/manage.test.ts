import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { toEnglish } from '../../../src/core/sentence';
import { connect, workerPort, type Client, type Job } from '../../../src/protocol/client';
import { failureOf } from '../../../src/worker/failures';

const text = 'a few little words in a row. '.repeat(60);
const source = { kind: 'text', name: 'words', text } as const;
const small = {
  'model.hidden': 8,
  'training.batch': 4,
  'training.sequence': 8,
  'training.threads': 1,
};

describe('runs as a whole', () => {
  let client: Client;
  let folder = '';
  before(() => {
    client = connect(workerPort(new Worker(path.resolve('dist/worker.js'))));
  });
  after(() => client.dispose());
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-manage-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** A finished run of a few steps. */
  async function make(name: string, more: Readonly<Record<string, number>> = {}): Promise<string> {
    const run = path.join(folder, name);
    const settings = { ...small, 'training.steps': 4, ...more };
    await client.start({ kind: 'train', source, settings, run }).result;
    return run;
  }

  /** A run that is trained until it is stopped; resolves after its first checkpoint. */
  async function begin(name: string): Promise<{ run: string; job: Job<'train'> }> {
    const run = path.join(folder, name);
    const settings = { ...small, 'training.seconds': 100_000 };
    const job = await new Promise<Job<'train'>>((resolve, reject) => {
      const started: Job<'train'> = client.start(
        { kind: 'train', source, settings, run },
        ({ event }) => {
          if (event === 'checkpoint') resolve(started);
        },
      );
      started.result.catch(reject);
    });
    return { run, job };
  }

  async function list() {
    const { runs } = await client.start({ kind: 'list', folder }).result;
    return runs;
  }

  async function titles(): Promise<(string | null)[]> {
    return (await list()).map(({ title }) => title);
  }

  it('are listed with their sizes and what was chosen otherwise than by default', async () => {
    await make('one', { 'training.clip': 1.5 });
    const [one] = await list();
    assert.deepEqual(one?.settings, {
      'training.batch': 4,
      'training.sequence': 8,
      'training.clip': 1.5,
      'training.threads': 1,
    });
    // V·H + H·V + H·H matrices, H and V biases; one-hot input.
    const { parameters, vocabulary, hidden, layers, limit, hasCheckpoint, tokens, seconds } = one;
    assert.equal(vocabulary, new Set(text).size);
    assert.equal(parameters, 2 * vocabulary * 8 + 8 * 8 + 8 + vocabulary);
    assert.deepEqual(
      { hidden, layers, hasCheckpoint },
      { hidden: 8, layers: 1, hasCheckpoint: true },
    );
    assert.deepEqual(limit, { kind: 'steps', value: 4 });
    assert.ok(tokens > 0 && tokens < text.length && seconds > 0);
  });

  it('are listed one by one', async () => {
    const one = await make('one');
    await make('two');
    const missing = path.join(folder, 'missing');
    const { runs } = await client.start({ kind: 'list', folder, only: [one, missing] }).result;
    assert.deepEqual(
      runs.map(({ run }) => run),
      [one],
    );
  });

  it('get a title, tags and a note, which stay through more training, and lose them', async () => {
    const run = await make('one');
    const annotate = (title: string, tags?: string[]) =>
      client.start({ kind: 'annotate', run, title, ...(tags && { tags }) }).result;
    assert.deepEqual(await annotate('  My best run '), { title: 'My best run', tags: [] });
    assert.deepEqual(await titles(), ['My best run']);
    assert.deepEqual((await annotate('My best run', [' good ', '', 'small', 'good'])).tags, [
      'good',
      'small',
    ]);
    fs.writeFileSync(path.join(run, 'note.md'), '# Why\n\nTo see.\n');
    assert.equal(fs.existsSync(path.join(run, 'lock')), false);
    await client.start({
      kind: 'train',
      source,
      settings: { 'training.steps': 8 },
      run,
      resume: true,
    }).result;
    assert.deepEqual(await titles(), ['My best run']);
    // A title that is taken away takes no tag along, and a note is the user's own file.
    assert.deepEqual(await annotate(' '), { title: null, tags: ['good', 'small'] });
    const [{ title, tags, note } = assert.fail()] = await list();
    assert.deepEqual(
      { title, tags, note },
      { title: null, tags: ['good', 'small'], note: '# Why\n\nTo see.' },
    );
    assert.deepEqual((await annotate('', [])).tags, []);
    fs.writeFileSync(path.join(run, 'note.md'), 'x'.repeat(70_000));
    assert.deepEqual(
      (await list()).map(({ note }) => note),
      [''],
    );
  });

  it('get a title while they are trained, and keep it to their end', async () => {
    const { run, job } = await begin('one');
    await client.start({ kind: 'annotate', run, title: 'under way' }).result;
    await client.start({ kind: 'annotate', run, tags: ['now'] }).result;
    assert.deepEqual(await titles(), ['under way']);
    job.control({ action: 'stop' });
    await job.result;
    assert.deepEqual(await titles(), ['under way']);
    assert.deepEqual((await list())[0]?.tags, ['now']);
  });

  it('of another process get no title', async () => {
    const run = await make('one');
    const other = holdBy(run);
    await assert.rejects(
      client.start({ kind: 'annotate', run, title: 'mine' }).result,
      /is being trained by process/,
    );
    other.kill();
    assert.deepEqual(await titles(), [null]);
  });

  it('are deleted at once and come back whole, the last deletion first', async () => {
    const runs = [await make('one'), await make('two'), await make('three')];
    const before = runs.map(contents);
    const remove = (which: readonly string[]) =>
      client.start({ kind: 'delete', folder, runs: [...which] }).result;
    const first = await remove(runs.slice(0, 2));
    assert.deepEqual(first.deleted, runs.slice(0, 2));
    assert.deepEqual(
      (await list()).map(({ run }) => run),
      runs.slice(2),
    );
    await remove(runs.slice(2));
    assert.deepEqual(await list(), []);

    const restore = () => client.start({ kind: 'restore', folder }).result;
    assert.deepEqual((await restore()).runs, runs.slice(2));
    assert.deepEqual((await restore()).runs.toSorted(), runs.slice(0, 2).toSorted());
    assert.deepEqual((await restore()).runs, []);
    assert.deepEqual(runs.map(contents), before);
  });

  it('that are damaged can be deleted too', async () => {
    const run = await make('one');
    fs.writeFileSync(path.join(run, 'run.json'), '{');
    const { deleted } = await client.start({ kind: 'delete', folder, runs: [run] }).result;
    assert.deepEqual(deleted, [run]);
    assert.deepEqual((await client.start({ kind: 'list', folder }).result).damaged, []);
  });

  it('are not read where a file of theirs is larger than any that is written', async () => {
    const run = await make('one');
    const file = path.join(run, 'observations.jsonl');
    // A hole: it takes no room on the disk.
    fs.writeFileSync(file, '');
    fs.truncateSync(file, 700 * 2 ** 20);
    const { message, hint } = await client.start({ kind: 'describe', run }).result.then(
      () => assert.fail('it was read'),
      (error: unknown) => failureOf(error),
    );
    assert.match(
      toEnglish(message),
      /observations\.jsonl has 700 MB, more than RNN Lab ever writes\.$/,
    );
    assert.match(toEnglish(hint), /^Delete it or move it away/);
    fs.rmSync(file);
    assert.equal((await client.start({ kind: 'describe', run }).result).summary.step, 4);
  });

  it('that are trained here or by another process are not deleted, the others are', async () => {
    const { run, job } = await begin('live');
    const elsewhere = await make('elsewhere');
    const idle = await make('idle');
    const other = holdBy(elsewhere);
    const { deleted, refused } = await client.start({
      kind: 'delete',
      folder,
      runs: [run, elsewhere, idle, path.join(folder, 'missing')],
    }).result;
    other.kill();
    assert.deepEqual(deleted, [idle]);
    assert.deepEqual(
      refused.map(({ run: name, reason }) => [path.basename(name), reason]),
      [
        ['live', 'locked'],
        ['elsewhere', 'locked'],
        ['missing', 'failed'],
      ],
    );
    job.control({ action: 'stop' });
    assert.equal((await job.result).reason, 'stopped');
  });

  it('that were deleted long enough ago are removed for good', async () => {
    const runs = [await make('old'), await make('new')];
    const remove = (run: string) => client.start({ kind: 'delete', folder, runs: [run] }).result;
    await remove(runs[0]!);
    const { deletion } = await remove(runs[1]!);
    const purge = (before: number) => client.start({ kind: 'purge', folder, before }).result;
    assert.deepEqual(await purge(Number(deletion)), { removed: 1, left: 1 });
    const { runs: back } = await client.start({ kind: 'restore', folder }).result;
    assert.deepEqual(back, [runs[1]]);
    assert.deepEqual(await purge(Date.now() + 1000), { removed: 0, left: 0 });
    assert.equal(fs.existsSync(runs[0]!), false);
  });

  it('that are suspended count as interrupted, and go on', async () => {
    const { run, job } = await begin('one');
    job.control({ action: 'suspend' });
    const { reason, step } = await job.result;
    assert.equal(reason, 'stopped');
    const [left] = await list();
    assert.deepEqual([left?.state, left?.step, left?.hasCheckpoint], ['interrupted', step, true]);
    let steps: number | undefined;
    const again: Job<'train'> = client.start(
      { kind: 'train', source, settings: {}, run, resume: true },
      (event) => {
        if (event.event === 'started') steps = event.step;
        again.control({ action: 'stop' });
      },
    );
    await again.result;
    assert.equal(steps, step);
  });
});

/** Another process that has a run, until it is killed. */
function holdBy(run: string) {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const holder = { process: other.pid, host: os.hostname() };
  fs.writeFileSync(path.join(run, 'lock'), JSON.stringify(holder));
  return {
    kill() {
      other.kill('SIGKILL');
      fs.rmSync(path.join(run, 'lock'));
    },
  };
}

/** Every file of a folder, with its bytes. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'hex')]),
  );
}
