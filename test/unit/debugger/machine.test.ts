import assert from 'node:assert/strict';
import { derivative } from '../../../src/core/inspection/differences';
import { loadCell } from '../../../src/core/equations/load-cell';
import type { TextMachine as Machine } from '../../../src/core/debugger/machine';
import { cellsOfTexts, farthest, finish, reference, subjectOf, unchecked } from './tools';

const shapes = [
  { layers: 1, embedding: 0 },
  { layers: 2, embedding: 4 },
] as const;

/** To the end of the backward pass. */
function runAll(machine: Machine): void {
  assert.deepEqual(finish(machine.move('continue', unchecked)), { kind: 'turn' });
  assert.deepEqual(finish(machine.move('continue', unchecked)), { kind: 'end' });
}

function sumsOf(machine: Machine): Map<string, Float64Array> {
  finish(machine.sums.reach(machine.forward.length));
  return new Map(
    [...machine.material.parameters.keys()].map((n) => [n, machine.sums.of(n).slice()]),
  );
}

describe('debugger machine', () => {
  for (const cell of cellsOfTexts()) {
    for (const shape of shapes) {
      it(`has the numbers of the reference backend: ${cell.name}, ${String(shape.layers)} layers`, () => {
        for (const lossOf of ['last', 'mean'] as const) {
          const subject = subjectOf(cell, { ...shape, lossOf });
          const { machine } = subject;
          runAll(machine);
          const expected = reference(subject, lossOf);
          const { forward, backward, material } = machine;
          const { instructions } = material.plan;
          let compared = 0;
          for (let t = 0; t < forward.length; t++) {
            const { values } = forward.work(t, instructions.length - 1);
            const { gradients } = backward.work(t, instructions.length);
            for (const { name, index } of instructions) {
              const value = expected.row(name, t);
              if (value)
                assert.ok(farthest(values[index]!, value) < 1e-12, `${name} at ${String(t)}`);
              const gradient = expected.row(`d ${name}`, t);
              if (!gradient || !value) continue;
              compared++;
              const own = gradients[index] ?? new Float64Array(gradient.length);
              assert.ok(farthest(own, gradient) < 1e-12, `∂E/∂${name} at ${String(t)}`);
            }
          }
          assert.ok(compared >= forward.length);
          const losses = Array.from({ length: forward.length }, (_, t) => forward.loss(t));
          const total = lossOf === 'mean' ? losses.reduce((a, b) => a + b) : losses.at(-1)!;
          assert.ok(Math.abs(total - expected.lossSum) < 1e-12);
          const gradients = expected.gradients();
          for (const [name, own] of sumsOf(machine)) {
            assert.ok(farthest(own, gradients.get(name)!) < 1e-12, `∂E/∂${name}`);
          }
        }
      });
    }

    it(`has the gradients of central differences: ${cell.name}`, () => {
      const { machine } = subjectOf(cell, { lossOf: 'mean', length: 7 });
      runAll(machine);
      const sums = sumsOf(machine);
      const { forward, material } = machine;
      const loss = (): number => {
        finish(forward.chain.reach(forward.length));
        let sum = 0;
        for (let t = 0; t < forward.length; t++) sum += forward.loss(t) / forward.length;
        return sum;
      };
      for (const [name, { values }] of material.parameters) {
        for (const entry of [0, Math.floor(values.length / 2), values.length - 1]) {
          const value = values[entry]!;
          const numeric = derivative((h) => {
            machine.setParameter(name, entry, value + h);
            const higher = loss();
            machine.setParameter(name, entry, value - h);
            const difference = higher - loss();
            machine.setParameter(name, entry, value);
            return difference;
          });
          const analytic = sums.get(name)![entry]!;
          const error = Math.abs(numeric - analytic) / Math.max(1e-3, Math.abs(analytic));
          // Where relu has its kink a difference may cross it.
          if (!/relu|abs/.test(cell.source)) assert.ok(error < 1e-7, `${name} ${String(error)}`);
        }
      }
    });
  }

  it('goes back exactly, however few states it keeps', () => {
    const cell = loadCell('lstm');
    const seen: string[] = [];
    const note = (machine: Machine): string => {
      const { pass, t, instruction, parts } = machine.place;
      const { forward, backward, material } = machine;
      const all = material.plan.instructions.length;
      const values = instruction && forward.work(t, instruction.index).values[instruction.index]!;
      const back = pass === 'backward' ? backward.work(t, machine.gradientsDone(t)) : undefined;
      finish(machine.sums.reach(pass === 'backward' ? forward.length - 1 - t : 0));
      const sum = machine.sums.of('layer1.Ri').join();
      return [pass, t, instruction?.name, parts, values?.join(), back?.terms.length, sum, all].join(
        ' ',
      );
    };
    const { machine } = subjectOf(cell, { length: 23, hidden: 3, budget: 2048 });
    for (;;) {
      seen.push(note(machine));
      if (finish(machine.move('into', unchecked)).kind === 'end') break;
    }
    seen.push(note(machine));
    // Back along the equations: what has been gone through in parts is passed at one go.
    const whole = seen.filter((each) => each.slice(0, 40).includes(' 0 '));
    const byKey = new Map(seen.map((each) => [each.split(' ').slice(0, 4).join(' '), each]));
    let steps = 0;
    for (;;) {
      const key = note(machine).split(' ').slice(0, 4).join(' ');
      assert.equal(note(machine), byKey.get(key));
      if (finish(machine.move('back', unchecked)).kind === 'start') break;
      steps++;
    }
    assert.equal(steps, 2 * 23 * machine.material.plan.instructions.length);
    assert.ok(whole.length >= steps);
  });

  it('stops where something is found, before and after an equation, both ways', () => {
    const { machine } = subjectOf(loadCell('vanilla'), { length: 6 });
    const at = (t: number) => ({
      before: ({ t: now, instruction }: Machine['place']) =>
        now === t && instruction?.symbol === 's' ? 'here' : undefined,
      after: () => undefined,
    });
    const found = { kind: 'found', found: 'here' };
    assert.deepEqual(finish(machine.move('continue', at(3))), found);
    assert.equal(machine.place.t, 3);
    assert.equal(machine.isKnown(3, 0), false);
    assert.deepEqual(finish(machine.move('continue', at(3))), { kind: 'turn' });
    assert.deepEqual(finish(machine.move('reverse', at(2))), found);
    assert.deepEqual([machine.place.pass, machine.place.t], ['forward', 2]);
    const after = { before: () => undefined, after: () => 'after' };
    assert.deepEqual(finish(machine.move('over', after)), { kind: 'found', found: 'after' });
    assert.equal(machine.isKnown(2, 0), true);
    assert.deepEqual(finish(machine.move('out', unchecked)), { kind: 'step' });
    assert.deepEqual([machine.place.t, machine.place.instruction?.index], [3, 0]);
  });

  it('holds a unit: the pass goes on from there, and nothing flows back through it', () => {
    const { machine } = subjectOf(loadCell('vanilla'), { length: 6 });
    runAll(machine);
    const before = machine.forward.work(5, 1).values[0]!.slice();
    const untouched = machine.forward.work(2, 1).values[0]!.slice();
    machine.hold(3, 0, 1, 0.75);
    finish(machine.restore());
    const { forward, backward } = machine;
    assert.equal(forward.work(3, 0).values[0]![1], 0.75);
    assert.deepEqual(forward.work(2, 1).values[0], untouched);
    assert.notDeepEqual(forward.work(5, 1).values[0], before);
    // The gradient with respect to the step before has no term of the unit: it is that of all others.
    const { values: W } = machine.material.parameters.get('layer1.W')!;
    const s = forward.work(3, 0).values[0]!;
    const g = backward.work(3, 2).gradients[0]!;
    const expected = Float64Array.from({ length: 5 }, (_, c) =>
      [0, 2, 3, 4].reduce((sum, r) => sum + W[r * 5 + c]! * g[r]! * (1 - s[r]! * s[r]!), 0),
    );
    assert.ok(farthest(backward.work(2, 2).gradients[0]!, expected) < 1e-14);
  });

  it('rounds to float32 after each operation, and so meets what float64 hides', () => {
    const { machine } = subjectOf(loadCell('vanilla'), { precision: 'float32', length: 5 });
    runAll(machine);
    const { values, trees } = machine.forward.work(4, 1);
    for (const value of values[0]!) assert.equal(value, Math.fround(value));
    const sum = trees[0]!.parts[0]!.value as Float64Array;
    assert.deepEqual(
      values[0],
      sum.map((each) => Math.fround(Math.tanh(each))),
    );
    for (const gradient of sumsOf(machine).values()) {
      assert.ok(gradient.every((each) => each === Math.fround(each)));
    }
  });
});
