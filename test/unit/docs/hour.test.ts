import assert from 'node:assert/strict';
import fs from 'node:fs';
import { rnnLab } from '../cli/tools';
import { lagOf, promised, promisedSteps } from './hour';

describe('the hour of the README', () => {
  it('promises in both languages what `npm run verify -- --only=hour` measures', () => {
    const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((file) =>
      fs.readFileSync(file, 'utf8').replace(/\s+/g, ' '),
    );
    for (const { least, most } of promised) {
      assert.ok(english!.includes(`between ${least} and ${most} steps back`), `${least}, ${most}`);
      assert.ok(chinese!.includes(`${least} 到 ${most} 步`), `${least}, ${most}`);
    }
    assert.ok(english!.includes(`after ${promisedSteps.toLocaleString('en')} steps of training`));
  });

  // A small model that has learnt little reaches about as far: its gradients vanish, too.
  for (const { cell, variable } of promised) {
    it(`comes out in small: gradients of ${cell} vanish within the window, for each seed`, async () => {
      const small = ['--hidden', '48', '--batch', '8', '--steps', '150', '--threads', '1'];
      for (const seed of [1, 2, 3]) {
        const lag = await lagOf({ cell, variable }, seed, small, rnnLab);
        assert.ok(lag >= 3 && lag <= 40, `seed ${seed}: ${lag}`);
      }
    });
  }
});
