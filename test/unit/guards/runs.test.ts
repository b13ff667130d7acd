import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../cli/tools';
import { makeRun, measureRun, recipes, writeTexts, type Measured } from './runs';

/**
 * Runs that an earlier build has made, and what it found in them. Made once: a build that reads them otherwise
 * breaks its users' runs. `RNN_LAB_RECORD=1 npm run unit -- guards/runs` makes them with the build at hand.
 */
const fixtures = path.resolve('test/fixtures/runs');

if (process.env['RNN_LAB_RECORD'] === '1') {
  before(async function () {
    this.timeout(600_000);
    fs.rmSync(fixtures, { recursive: true, force: true });
    fs.mkdirSync(fixtures);
    writeTexts(fixtures);
    const found: Record<string, Measured> = {};
    for (const name of Object.keys(recipes)) {
      await makeRun(fixtures, name);
      found[name] = await measureRun(fixtures, name);
      fs.rmSync(path.join(fixtures, `${name}-continued`), { recursive: true });
    }
    fs.rmSync(path.join(fixtures, 'model.safetensors'));
    fs.writeFileSync(path.join(fixtures, 'found.json'), `${JSON.stringify(found, null, 2)}\n`);
  });
}

describe('run folders of an earlier build', () => {
  let folder = '';
  let recorded: Record<string, Measured> = {};
  before(() => {
    folder = temporaryFolder();
    fs.cpSync(fixtures, folder, { recursive: true });
    recorded = JSON.parse(
      fs.readFileSync(path.join(fixtures, 'found.json'), 'utf8'),
    ) as typeof recorded;
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  for (const name of Object.keys(recipes)) {
    it(`are evaluated, sampled and continued as they were: ${name}`, async () => {
      const { evaluation, ...found } = await measureRun(folder, name);
      const { evaluation: expected, ...rest } = recorded[name]!;
      assert.deepEqual(found, rest);
      // The kernels may be other ones than those of the recording: float32, added in another order.
      assert.ok(
        Math.abs(evaluation.loss - expected.loss) < 1e-5,
        `${evaluation.loss} and ${expected.loss}`,
      );
      assert.deepEqual({ ...evaluation, loss: 0 }, { ...expected, loss: 0 });
    });
  }
});
