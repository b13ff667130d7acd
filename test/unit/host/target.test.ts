import assert from 'node:assert/strict';
import { targetRuns } from '../../../src/host/runs/target';

describe('what a menu calls a command on', () => {
  const [a, b] = [{ run: '/runs/a' }, { run: '/runs/b' }];
  const cases: readonly (readonly [what: string, args: [unknown, unknown?], runs: string[]])[] = [
    ['one line', [a], ['/runs/a']],
    ['a line of which no others are selected', [a, []], ['/runs/a']],
    ['several lines', [b, [a, b]], ['/runs/a', '/runs/b']],
    ['nothing, from the palette', [undefined], []],
    ['an address, from the explorer', [{ scheme: 'file', path: '/a' }, [{ scheme: 'file' }]], []],
    ['something else that has a run', [{ run: 5 }], []],
  ];
  for (const [what, [target, targets], runs] of cases) {
    it(`is ${what}`, () => {
      assert.deepEqual(targetRuns(target, targets), runs);
    });
  }
});
