import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runsFolderIn } from '../../../src/host/runs/storage';

describe('the folder of a workspace’s runs', () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-storage-'));
    for (const name of ['-60ab7fc1', '-60ab7fc1-1', '5e3add35-2', '1764340000000-1'])
      fs.mkdirSync(path.join(folder, name));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const extension = 'rnn-lab.rnn-lab';
  const storage = (workspace: string) => path.join(folder, workspace, extension);

  it('is that of the first window, whichever window asks', () => {
    const runs = path.join(storage('-60ab7fc1'), 'runs');
    assert.equal(runsFolderIn(storage('-60ab7fc1')), runs);
    assert.equal(runsFolderIn(storage('-60ab7fc1-1')), runs);
  });

  it('is as VS Code says where there is no such window', () => {
    for (const workspace of ['5e3add35-2', '1764340000000-1', '-1'])
      assert.equal(runsFolderIn(storage(workspace)), path.join(storage(workspace), 'runs'));
  });
});
