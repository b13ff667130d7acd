import assert from 'node:assert/strict';
import {
  factsOf,
  jacobian,
  productOf,
  radiusByIteration,
  slotsOf,
  stateJacobian,
} from '../../../src/core/debugger/jacobian';
import { rowsOf } from '../../../src/core/debugger/show';
import type { Machine } from '../../../src/core/debugger/machine';
import { loadCell } from '../../../src/core/equations/load-cell';
import { toEnglish } from '../../../src/core/sentence';
import { cellsOfTexts, farthest, finish, subjectOf, unchecked } from './tools';

function matrix(...rows: readonly (readonly number[])[]) {
  return { rows: rows.length, columns: rows[0]!.length, values: Float64Array.from(rows.flat()) };
}

function through(machine: Machine): void {
  finish(machine.move('continue', unchecked));
}

describe('Jacobians of the debugger', () => {
  it('have the norm and the spectral radius of matrices whose eigenvalues are known', () => {
    const [c, s] = [Math.cos(1), Math.sin(1)];
    const turned = factsOf(matrix([0.9 * c, -0.9 * s], [0.9 * s, 0.9 * c]));
    assert.ok(Math.abs(turned.radius - 0.9) < 1e-5 && Math.abs(turned.norm - 0.9) < 1e-5);
    // Not normal: the norm is far above the radius. Singular values of [[a, b], [0, a]].
    const { norm, radius } = factsOf(matrix([0.5, 10], [0, 0.5]));
    assert.ok(Math.abs(norm - (10 + Math.sqrt(101)) / 2) < 1e-4, String(norm));
    assert.ok(Math.abs(radius - 0.5) < 1e-4, String(radius));
    assert.deepEqual(factsOf(matrix([0, 1], [0, 0])).radius, 0);
  });

  for (const cell of cellsOfTexts().filter(({ source }) => !/relu|abs/.test(source))) {
    it(`are those of central differences: ${cell.name}`, () => {
      const { machine } = subjectOf(cell, { length: 6, hidden: 4, scale: 2 });
      through(machine);
      const { forward, material } = machine;
      const t = 4;
      for (const { variable, width } of material.plan.states) {
        if (variable === material.plan.inputs) continue;
        const analytic = jacobian(machine, t, variable).values.slice();
        const whole = stateJacobian(machine, t);
        const slot = slotsOf(material.plan).find((each) => each.variable === variable)!;
        // All states of earlier steps stay what they are while a unit of one is changed.
        const held = subjectOf(cell, { length: 6, hidden: 4, scale: 2 }).machine;
        through(held);
        for (let step = 0; step < t; step++) {
          for (const { variable: other } of material.plan.states) {
            if (other === material.plan.inputs) continue;
            const values = forward.work(step, other).values[other]!.slice();
            values.forEach((value, unit) => held.hold(step, other, unit, value));
          }
        }
        const at = (unit: number, value: number): Float64Array => {
          held.hold(t - 1, variable, unit, value);
          finish(held.restore());
          return held.forward.work(t, variable).values[variable]!.slice();
        };
        for (let unit = 0; unit < width; unit++) {
          const value = forward.work(t - 1, variable).values[variable]![unit]!;
          const [higher, lower] = [at(unit, value + 1e-5), at(unit, value - 1e-5)];
          at(unit, value);
          const numeric = higher.map((each, i) => (each - lower[i]!) / 2e-5);
          const column = numeric.map((_, i) => analytic[i * width + unit]!);
          assert.ok(farthest(column, numeric) < 1e-7, `${String(variable)} ${String(unit)}`);
          const inWhole = numeric.map(
            (_, i) => whole.values[(slot.start + i) * whole.columns + slot.start + unit]!,
          );
          assert.ok(farthest(inWhole, column) < 1e-14);
        }
      }
    });
  }

  it('have by power iteration the radius of the whole matrix', () => {
    const { machine } = subjectOf(loadCell('gru'), { length: 5, hidden: 16, scale: 2 });
    through(machine);
    const exact = factsOf(jacobian(machine, 3, 3)).radius;
    assert.ok(Math.abs(radiusByIteration(machine, 3, 3) / exact - 1) < 0.02);
  });

  it('are shown with their product so far, forwards from the first step and back from the last', () => {
    const { machine } = subjectOf(loadCell('vanilla'), { length: 6 });
    for (let i = 0; i < 3; i++) finish(machine.move('out', unchecked));
    const names = { token: String, target: String, symbol: String };
    const rows = (t: number) =>
      rowsOf({ of: 'jacobian' }, { machine, t, layer: 1, names }).map((row) => ({
        ...row,
        value: toEnglish(row.value),
      }));
    assert.deepEqual(
      rows(2).map(({ name }) => name),
      ['∂s[t]/∂s[t-1]', '∂s[3]/∂s[0]'],
    );
    through(machine);
    finish(machine.move('out', unchecked));
    const [, product] = rows(3);
    assert.equal(product!.name, '∂s[6]/∂s[3]');
    const { norm } = factsOf(productOf(machine, 3, 5));
    assert.equal(Number(/norm (\S+),/.exec(product!.value)![1]), Number(norm.toPrecision(4)));
    // It is what turns ∂E/∂s[6] into ∂E/∂s[3].
    finish(machine.move('continue', unchecked));
    const [last, earlier] = [5, 2].map((t) => machine.backward.work(t, 1).gradients[0]!);
    const { values } = productOf(machine, 3, 5);
    const along = earlier!.map((_, c) =>
      last!.reduce((sum, g, r) => sum + g * values[r * 5 + c]!, 0),
    );
    assert.ok(farthest(along, earlier!) < 1e-14);
  });
});
