import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sentence, toEnglish } from '../../../src/core/sentence';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import type { FromEngine } from '../../../src/protocol/engine';
import { fileError } from '../../../src/worker/failures';
import { createHandler } from '../../../src/worker/handler';
import { jobFunctions } from '../../../src/worker/jobs';
import { nodeFiles } from '../../../src/worker/node-files';
import type { Files } from '../../../src/worker/platform';
import { sampleText } from '../training/tools';
import { testPlatform } from './tools';

describe('a full disk', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-full-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const settings = {
    'model.hidden': 8,
    'training.batch': 2,
    'training.sequence': 8,
    'training.threads': 1,
    'training.seconds': 100_000,
    'training.checkpointEvery': 0.001,
  };

  /** Trains until the disk, which is full after so many checkpoints, ends it. */
  function trainOn(run: string, checkpoints: number, code: string): Promise<FromEngine> {
    let written = 0;
    const refuse = (): void => {
      if (written < checkpoints) return;
      throw fileError(Object.assign(new Error(code), { code }), sentence`Cannot write ${run}`);
    };
    const files: Files = {
      ...nodeFiles,
      write: async (file, contents) => {
        refuse();
        await nodeFiles.write(file, contents);
        if (file.endsWith('checkpoint-last.safetensors')) written++;
      },
      append: async (file, text) => {
        refuse();
        await nodeFiles.append(file, text);
      },
    };
    return new Promise((resolve) => {
      const receive = createHandler(
        testPlatform(files),
        jobFunctions,
      )((message) => {
        if (message.type !== 'event') resolve(message);
      });
      const source = { kind: 'text', name: 'text', text: sampleText(200) } as const;
      receive({ type: 'start', job: 1, request: { kind: 'train', source, settings, run } });
    });
  }

  for (const code of ['ENOSPC', 'EDQUOT']) {
    it(`ends a training with what to do, and leaves the checkpoint before it intact: ${code}`, async () => {
      const run = path.join(folder, 'run');
      const end = await trainOn(run, 3, code);
      assert(end.type === 'failed');
      assert.equal(end.failure.code, 'failure');
      assert.match(toEnglish(end.failure.message), /the disk (is full|quota is used up)\.$/);
      const hint = toEnglish(end.failure.hint);
      const step = Number(
        /continue the run: the checkpoint after step (\d+) is intact\.$/.exec(hint)?.[1],
      );
      const file = path.join(run, 'checkpoint-last.safetensors');
      assert.equal(decodeCheckpoint(fs.readFileSync(file), 'last').training.step, step);
    });
  }

  it('before the first checkpoint is told as it is', async () => {
    const end = await trainOn(path.join(folder, 'run'), 0, 'ENOSPC');
    assert(end.type === 'failed');
    assert.match(toEnglish(end.failure.hint), /^Free some space, or choose another place\.$/);
  });
});
