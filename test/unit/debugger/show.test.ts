import assert from 'node:assert/strict';
import { gradientSoFar, stepGradient } from '../../../src/core/debugger/gradients';
import { summary } from '../../../src/core/debugger/row';
import { rowsOf } from '../../../src/core/debugger/show';
import { loadCell } from '../../../src/core/equations/load-cell';
import { toEnglish } from '../../../src/core/sentence';
import { finish, subjectOf, unchecked } from './tools';

describe('rows of the debugger', () => {
  for (const [cell, precision] of [
    ['vanilla', 'float64'],
    ['lstm', 'float64'],
    ['lstm', 'float32'],
    ['long-lag', 'float64'],
  ] as const) {
    it(`sums up what a step adds to each gradient, as if it were written out: ${cell}, ${precision}`, () => {
      const { machine } = subjectOf(loadCell(cell), { length: 6, embedding: 3, precision });
      finish(machine.move('continue', unchecked));
      for (let i = 0; i < 3; i++) finish(machine.move('out', unchecked));
      const names = { token: () => undefined, target: () => undefined, symbol: String };
      const { parameters } = machine.material.plan.structure;
      // Over two time steps and the border between them, with gradients that have terms and some that have none.
      for (let i = 0; i < 2 * machine.material.plan.instructions.length; i++) {
        finish(machine.move(i % 5 === 4 ? 'back' : 'over', unchecked));
        const { t } = machine.place;
        for (const step of [t, t + 1]) {
          const at = { machine, t: step, layer: 1, names };
          const rows = new Map(rowsOf({ of: 'gradients' }, at).map((row) => [row.name, row.value]));
          for (const { name, symbol, shape } of parameters) {
            const term = rows.get(`∂E/∂${symbol} [t]`);
            const written = summary(stepGradient(machine, step, name), shape);
            if (term) assert.equal(toEnglish(term), toEnglish(written), name);
            const sum = summary(gradientSoFar(machine, name), shape);
            assert.equal(toEnglish(rows.get(`∂E/∂${symbol} Σ`)), toEnglish(sum), name);
          }
        }
      }
    });
  }
});
