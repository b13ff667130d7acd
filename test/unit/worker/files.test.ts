import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { sentence, toEnglish } from '../../../src/core/sentence';
import { fileError } from '../../../src/worker/failures';
import { nodeFiles } from '../../../src/worker/node-files';

/** What Windows has not: its tests are not declared there. */
const onUnix = process.platform === 'win32' ? (): void => undefined : it;

describe('files of the worker', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-files-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('writes whole files and leaves nothing else behind', async () => {
    const file = path.join(folder, 'a.txt');
    await nodeFiles.write(file, 'one');
    await nodeFiles.write(file, new TextEncoder().encode('two'));
    assert.equal(fs.readFileSync(file, 'utf8'), 'two');
    assert.deepEqual(fs.readdirSync(folder), ['a.txt']);
  });

  it('keeps the old file, and no temporary one, where it cannot write', async () => {
    const file = path.join(folder, 'a.txt');
    fs.mkdirSync(file);
    await assert.rejects(nodeFiles.write(file, 'x'), {
      name: 'JobError',
      message: /^Cannot write .*a\.txt: /,
    });
    assert.deepEqual(fs.readdirSync(folder), ['a.txt']);
  });

  it('cleans a folder of what a crash has left of writing, and of nothing else', async () => {
    const names = ['run.json', 'run.json.0123456789ab.tmp', 'mine.tmp', 'run.json.lock'];
    for (const name of names) fs.writeFileSync(path.join(folder, name), 'x');
    await nodeFiles.clean(folder);
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['mine.tmp', 'run.json', 'run.json.lock']);
  });

  it('writes what symbolic links lead to, whether it exists yet or not, and leaves the links', async () => {
    const [file, link, linkToLink] = ['a.txt', 'link', 'link-to-link'].map((name) =>
      path.join(folder, name),
    ) as [string, string, string];
    fs.symlinkSync('a.txt', link);
    fs.symlinkSync(link, linkToLink);
    for (const contents of ['new', 'replaced']) {
      await nodeFiles.write(linkToLink, contents);
      assert.equal(fs.readFileSync(file, 'utf8'), contents);
    }
    assert.equal(fs.readlinkSync(link), 'a.txt');
    assert.equal(fs.readlinkSync(linkToLink), link);
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['a.txt', 'link', 'link-to-link']);
    fs.rmSync(file);
    fs.symlinkSync('link-to-link', file);
    await assert.rejects(nodeFiles.write(link, 'x'), /its symbolic links lead in a circle/);
  });

  onUnix('keeps the permissions of a file that it replaces', async () => {
    const file = path.join(folder, 'secret.txt');
    fs.writeFileSync(file, 'old');
    fs.chmodSync(file, 0o600);
    await nodeFiles.write(file, 'new');
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  });

  onUnix('writes to a pipe, however slowly it is read, and leaves it a pipe', async () => {
    const pipe = path.join(folder, 'pipe');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    await assert.rejects(nodeFiles.write(pipe, 'x'), /nothing reads from this pipe\. First start/);
    // More than a pipe holds, so that it has to be waited for.
    const contents = 'a line\n'.repeat(100_000);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    const read = text(reader.stdout);
    await nodeFiles.write(pipe, contents);
    assert.ok((await read) === contents);
    assert.ok(fs.statSync(pipe).isFIFO());
  });

  onUnix('makes folders one in the other, and says where none can be made', async () => {
    await nodeFiles.makeFolder(path.join(folder, 'a/b/c'));
    await nodeFiles.makeFolder(path.join(folder, 'a/b'));
    fs.symlinkSync('a', path.join(folder, 'link'));
    await nodeFiles.makeFolder(path.join(folder, 'link/d'));
    assert.deepEqual(fs.readdirSync(path.join(folder, 'a')).toSorted(), ['b', 'd']);
    fs.writeFileSync(path.join(folder, 'file'), '');
    for (const where of [path.join(folder, 'file'), path.join(folder, 'file/x'), '/proc/x/y'])
      await assert.rejects(nodeFiles.makeFolder(where), /Cannot make the folder/);
  });

  it('appends, making the file', async () => {
    const file = path.join(folder, 'a.jsonl');
    await nodeFiles.append(file, '1\n');
    await nodeFiles.append(file, '2\n');
    assert.equal(fs.readFileSync(file, 'utf8'), '1\n2\n');
  });

  it('reads bytes, and refuses what is too large before reading it', async () => {
    const file = path.join(folder, 'a.txt');
    fs.writeFileSync(file, 'héllo');
    assert.equal(new TextDecoder().decode(await nodeFiles.read(file, 6)), 'héllo');
    await assert.rejects(nodeFiles.read(file, 5), /at most .* MB are read/);
  });

  it('reads a file in pieces, which together are the file as it was when it was opened', async () => {
    const file = path.join(folder, 'a.txt');
    const contents = Buffer.from(Uint8Array.from({ length: 3_000_001 }, (_, i) => (i * i) % 251));
    fs.writeFileSync(file, contents);
    const opened = await nodeFiles.pieces(file, 4_000_000);
    assert.equal(opened.size, contents.length);
    fs.appendFileSync(file, 'more');
    for (let time = 0; time < 2; time++) {
      const parts: Buffer[] = [];
      for await (const piece of opened.pieces()) parts.push(Buffer.from(piece));
      assert.ok(parts.length > 1);
      assert.ok(Buffer.concat(parts).equals(contents));
    }
    await assert.rejects(nodeFiles.pieces(file, 3_000_001), /at most .* MB are read/);
    await assert.rejects(nodeFiles.pieces(path.join(folder, 'no'), 9), /there is no such file/);
  });

  it('says what to do about missing files, folders and devices', async () => {
    await assert.rejects(
      nodeFiles.read(path.join(folder, 'no'), 10),
      /there is no such file or folder\. Check the path\./,
    );
    await assert.rejects(nodeFiles.read(folder, 1 << 20), /it is a folder, not a file/);
    if (process.platform !== 'win32') {
      await assert.rejects(nodeFiles.read('/dev/zero', 10), /it is not a regular file/);
    }
  });

  it('calls a full disk a failure, not wrong input', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
    });
    const error = fileError(full, sentence`Cannot write ${'/run/last.safetensors'}`);
    const { code, message, hint } = error.failure;
    assert.equal(code, 'failure');
    assert.equal(toEnglish(message), 'Cannot write /run/last.safetensors: the disk is full.');
    assert.equal(toEnglish(hint), 'Free some space, or choose another place.');
  });

  it('lets one writer into a folder', async () => {
    const unlock = await nodeFiles.lock(folder);
    assert.equal(await nodeFiles.lockedFor(folder), 'training');
    await assert.rejects(nodeFiles.lock(folder), /is being trained by this process.*delete .*lock/);
    await unlock();
    assert.equal(await nodeFiles.lockedFor(folder), undefined);
    assert.deepEqual(fs.readdirSync(folder), []);
    await (
      await nodeFiles.lock(folder)
    )();
  });

  it('takes over the lock of a process that is gone, but not that of one that lives', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const write = (process: number): void => {
      fs.writeFileSync(path.join(folder, 'lock'), JSON.stringify({ process, host: os.hostname() }));
    };
    write(pid);
    assert.equal(await nodeFiles.lockedFor(folder), undefined);
    await (
      await nodeFiles.lock(folder)
    )();
    write(process.ppid);
    await assert.rejects(nodeFiles.lock(folder), new RegExp(`process ${String(process.ppid)}`));
  });

  it('does not judge processes of other machines', async () => {
    fs.writeFileSync(path.join(folder, 'lock'), JSON.stringify({ process: 1, host: 'elsewhere' }));
    await assert.rejects(nodeFiles.lock(folder), /by process 1 on elsewhere/);
  });

  it('tells a run that is trained from one of which something is written', async () => {
    const unlock = await nodeFiles.lock(folder, 'note');
    assert.equal(await nodeFiles.lockedFor(folder), 'note');
    await assert.rejects(
      nodeFiles.lock(folder),
      /Another process is taking .* Try again in a moment/,
    );
    await unlock();
    // Of an older version, which locks to train and to write alike.
    const held = { process: process.ppid, host: os.hostname() };
    fs.writeFileSync(path.join(folder, 'lock'), JSON.stringify(held));
    assert.equal(await nodeFiles.lockedFor(folder), 'training');
  });

  it('takes over a lock that is damaged', async () => {
    fs.writeFileSync(path.join(folder, 'lock'), '{');
    await (
      await nodeFiles.lock(folder)
    )();
  });
});
