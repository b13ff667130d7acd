import assert from 'node:assert/strict';
import { loadCell } from '../../../src/core/equations/load-cell';
import { ask, holds } from '../../../src/core/debugger/ask';
import type { Standpoint } from '../../../src/core/debugger/lookup';
import { InputError } from '../../../src/core/input-error';
import { farthest, finish, subjectOf, unchecked } from './tools';

describe('expressions of the debugger', () => {
  const { machine, ids } = subjectOf(loadCell('vanilla'), { length: 6 });
  const letters = 'abcdef';
  const letterAt = (t: number) => letters[ids[t]!];
  const standpoint = (t: number, ahead?: number): Standpoint => ({
    ...{ machine, t, layer: 1, ahead },
    names: { token: letterAt, target: (at) => letterAt(at + 1), symbol: (id) => letters[id]! },
  });
  // Before the equation of s at step 3.
  for (let i = 0; i < 3; i++) finish(machine.move('out', unchecked));
  const { forward, material } = machine;
  const s = (t: number): Float64Array => forward.work(t, 0).values[0]!;
  const W = material.parameters.get('layer1.W')!.values;
  const number = (text: string, ahead?: number): number => {
    const found = ask(text, standpoint(3, ahead));
    assert.equal(typeof found, 'number');
    return found as number;
  };
  const says = (text: string, at = standpoint(3)): string => {
    let told = '';
    assert.throws(
      () => ask(text, at),
      (error) => {
        told = error instanceof InputError ? error.message : String(error);
        return error instanceof InputError;
      },
    );
    return told;
  };

  it('works out the language over the present step', () => {
    const Ws = Float64Array.from({ length: 5 }, (_, r) =>
      s(2).reduce((sum, value, c) => sum + W[r * 5 + c]! * value, 0),
    );
    assert.ok(farthest(ask('W s[t-1]', standpoint(3)) as Float64Array, Ws) < 1e-15);
    const derivative = ask('1 - s[t-1] * s[t-1]', standpoint(3)) as Float64Array;
    assert.deepEqual(
      derivative,
      s(2).map((value) => 1 - value * value),
    );
    const norm = Math.sqrt(s(2).reduce((sum, value) => sum + value * value, 0));
    assert.ok(Math.abs(number('norm(s[t-1])') - norm) < 1e-15);
    assert.equal(number('max(s[t-1])'), Math.max(...s(2)));
    assert.equal(number('unit(s[t-1], 4)'), s(2)[4]);
    assert.equal(number('t * 2 + 1'), 9);
    assert.equal(ask('token', standpoint(3)), letters[ids[3]!]);
    assert.deepEqual(ask('s[t-4]', standpoint(3)), new Float64Array(5));
  });

  it('knows the loss and the prediction of a step that is done', () => {
    const before = standpoint(2);
    const { values } = forward.work(2, 1);
    assert.equal(ask('p(target)', before), values[1]![ids[3]!]);
    assert.ok(
      Math.abs((ask('loss', before) as number) + Math.log(ask('p(target)', before) as number)) <
        1e-12,
    );
    assert.match(says('loss'), /prediction of this step has not been worked out yet/);
  });

  it('decides conditions, of an equation as if it had been worked out', () => {
    const at = standpoint(3);
    assert.equal(holds('t == 4 && !(t > 5)', at), true);
    assert.equal(holds('t < 4 || norm(s[t-1]) > 100', at), false);
    assert.equal(holds(`token == '${letters[ids[3]!]!}'`, at), true);
    assert.equal(holds(`norm(s[t]) > 0`, standpoint(3, 0)), true);
    assert.match(says('norm(s[t]) > 0'), /s has not been worked out here yet/);
    assert.match(says('s[t-1] > 0'), /Only numbers can be compared/);
    assert.throws(() => holds('s[t-1]', at), /neither true nor false/);
  });

  it('says what is wrong with an expression', () => {
    assert.match(says('nrom(s[t-1])'), /no function nrom.*norm/);
    assert.match(says('q[t]'), /No equation defines q/);
    assert.match(says('s'), /The model has no s.*s\[t\]/);
    assert.match(says('W'.concat(' 3')), /multiplies no vector/);
    assert.match(says('s[t-1] +'), /Expected/);
    assert.match(says('s[t+1]'), /not been worked out yet/);
    assert.match(says('grad(W)'), /continue past the last step/);
    assert.match(says('W * s[t-1]'), /A matrix stands before a vector/);
    assert.match(says(''), /nothing/);
  });

  it('has gradients in the backward pass, as far as it has come', () => {
    const other = subjectOf(loadCell('vanilla'), { length: 6 }).machine;
    finish(other.move('continue', unchecked));
    finish(other.move('out', unchecked));
    const at = { ...standpoint(4), machine: other };
    const found = ask('grad(s[t+1])', at) as Float64Array;
    assert.deepEqual(found, other.backward.work(5, 2).gradients[0]);
    assert.match(says('grad(s[t-1])', at), /has not come to that step/);
    finish(other.move('continue', unchecked));
    const total = ask('grad(W)', at) as { values: Float64Array };
    finish(other.sums.reach(6));
    assert.deepEqual(total.values, other.sums.of('layer1.W'));
    assert.ok(total.values.some((value) => value !== 0));
  });
});
