import assert from 'node:assert/strict';
import { gradientSoFar, stepGradient } from '../../../src/core/debugger/gradients';
import { summary } from '../../../src/core/debugger/row';
import { rowsOf } from '../../../src/core/debugger/show';
import { loadCell } from '../../../src/core/equations/load-cell';
import { toEnglish } from '../../../src/core/sentence';
import { finish, subjectOf, unchecked } from './tools';

describe('rows of the debugger', () => {
  for (const cell of ['vanilla', 'lstm', 'long-lag']) {
    it(`sums up what a step adds to each gradient, as if it were written out: ${cell}`, () => {
      const { machine } = subjectOf(loadCell(cell), { length: 6, embedding: 3 });
      finish(machine.move('continue', unchecked));
      for (let i = 0; i < 3; i++) finish(machine.move('out', unchecked));
      const { t } = machine.place;
      const at = {
        machine,
        t: t + 1,
        layer: 1,
        names: { token: () => undefined, target: () => undefined, symbol: String },
      };
      const rows = new Map(rowsOf({ of: 'gradients' }, at).map((row) => [row.name, row.value]));
      const { parameters } = machine.material.plan.structure;
      for (const { name, symbol, shape } of parameters) {
        const term = summary(stepGradient(machine, t + 1, name), shape);
        assert.equal(toEnglish(rows.get(`∂E/∂${symbol} [t]`)), toEnglish(term), name);
        const sum = summary(gradientSoFar(machine, name), shape);
        assert.equal(toEnglish(rows.get(`∂E/∂${symbol} Σ`)), toEnglish(sum), name);
      }
    });
  }
});
