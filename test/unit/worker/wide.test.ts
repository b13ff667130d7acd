import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bestBuild } from '../../../src/core/kernels/loader';
import { mayBeWide, useWideKernels } from '../../../src/worker/wide';

describe('the wide kernels', () => {
  let folder: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-wide-'));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const probes = {
    'finds them no better': "process.stdout.write('not here')",
    throws: "throw new Error('no such flag')",
    'crashes, having written that they are good':
      "process.stdout.write('wide', () => process.abort())",
    'is not there': undefined,
  };
  for (const [does, script] of Object.entries(probes)) {
    it(`are left alone where the probe ${does}`, async () => {
      const probe = path.join(folder, `${does.replaceAll(/\W/g, '-')}.cjs`);
      if (script !== undefined) fs.writeFileSync(probe, script);
      const before = bestBuild();
      assert.equal(await useWideKernels(probe), false);
      assert.equal(bestBuild(), before);
    });
  }

  it('are taken where the probe says so, and where V8 knows how', async () => {
    const probe = path.join(folder, 'good.cjs');
    fs.writeFileSync(probe, "console.log('wide')");
    assert.equal(await useWideKernels(probe), mayBeWide());
    if (mayBeWide()) assert.equal(bestBuild(), 'wide');
  });

  if (mayBeWide()) {
    it('are tried by a probe that comes to a verdict, and writes nothing else', () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/worker.js']);
      assert.equal(status, 0, String(stderr));
      assert.match(String(stdout), /^(wide|not here)$/);
      assert.equal(String(stderr), '');
    });
  }
});
