/** Models of examples in the debugger, against the engine's reference backend and central differences. */
import assert from 'node:assert/strict';
import { createExampleMachine } from '../../../src/core/debugger/example';
import { createExamplePlan } from '../../../src/core/debugger/example-plan';
import { factsOf, jacobian, backThrough } from '../../../src/core/debugger/jacobian';
import type { Machine } from '../../../src/core/debugger/machine';
import { createArithmetic } from '../../../src/core/debugger/values';
import { buildExampleModel } from '../../../src/core/engine/model';
import { createNetwork } from '../../../src/core/engine/network';
import { readParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { derivative } from '../../../src/core/inspection/differences';
import { inspectExample } from '../../../src/core/inspection/inspect-example';
import { channelsOf } from '../../../src/core/task/channels';
import type { Dataset } from '../../../src/core/task/dataset';
import { numbersIn } from '../../../src/worker/debugged-example';
import { randomiseParameters } from '../engine/sketch';
import { channel, dataset } from '../task/made';
import { farthest, finish, unchecked } from './tools';

const symbols = (rows: readonly number[], of: number) => channel([rows], of, true);
const one = (id: number, of: number) => channel([[id]], of, false);
const waves = (steps: number, width: number, shift = 0): number[][] =>
  Array.from({ length: steps }, (_, t) =>
    Array.from({ length: width }, (__, i) => Math.sin(3 * t + i + shift)),
  );
const numbers = (rows: readonly (readonly number[])[], isSequence = true) =>
  channel([rows], undefined, isSequence);

interface Case {
  readonly data: Dataset;
  readonly model: string;
}

const translated = dataset(symbols([3, 0, 4, 1, 2], 5), symbols([1, 0, 2], 3), 'delayed', 1, 0);
const tagged = dataset(symbols([3, 0, 4, 1], 5), symbols([1, 0, 2, 1], 3), 'synced', 1, 0);
const named = dataset(symbols([3, 0, 4, 1, 0], 5), one(2, 3), 'one', 1, 0);

const cases: Readonly<Record<string, Case>> = {
  'encoder and decoder with attention': {
    data: translated,
    model: `e[t] = E x[t]
s[t] = lstm(e[t], s[t-1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T]
a[u] = attend(A d[u], s)
k[u] = tanh(K [a[u]; d[u]])
y[u] = softmax(V dropout(k[u]) + c)
size e = 3`,
  },
  'two encoders, additive attention, a start that is learnt': {
    data: translated,
    model: `f[t] = gru(x[t], f[t-1])
b[t] = min_gru(x[t], b[t+1])
m[t] = [f[t]; b[t]]
k[t] = Q m[t]
d[u] = gru(x[u], d[u-1])
init d = tanh(P [f[T]; b[1]] + p)
a[u] = attend(A d[u], k, m, v)
y[u] = softmax(V [a[u]; d[u]] + c)`,
  },
  'a tagger of two layers in both directions': {
    data: tagged,
    model: `f1[t] = gru(x[t], f1[t-1])
b1[t] = gru(x[t], b1[t+1])
f2[t] = lstm([f1[t]; b1[t]], f2[t-1])
b2[t] = lstm([f1[t]; b1[t]], b2[t+1])
y[t] = softmax(V [f2[t]; b2[t]] + c)`,
  },
  'a tagger that reads what it has answered': {
    data: tagged,
    model: `h[t] = tanh(U x[t] + X x[t-2] + W h[t-1] + Q h[t-3] + R y[t-1] + r)
y[t] = softmax(V h[t] + c)
init h = 0.25`,
  },
  'a classifier by the mean': {
    data: named,
    model: 'h[t] = gru(x[t], h[t-1])\ny = softmax(V mean(h) + c)',
  },
  'a classifier by the maximum, in both directions': {
    data: named,
    model:
      'f[t] = lstm(x[t], f[t-1])\nb[t] = lstm(x[t], b[t+1])\ny = softmax(V [max(f); max(b)] + c)',
  },
  'a classifier by attention, of equations of its own': {
    data: named,
    model: `h[t] = layernorm(U x[t] + W h[t-1] + g)
z[t] = K h[t+1] * sigmoid(h[t-1])
a = attend(q, z, h)
m = relu(A a + [B h[T]; C h[1]]) + n
o = O (a - x0)
y = softmax(V m + R o)
size z = 4`,
  },
  'any of several labels': {
    data: {
      ...dataset(symbols([3, 0, 4, 1], 5), numbers([[1, 0, 1]], false), 'one', 1, 0),
      output: {
        values: { kind: 'numbers', width: 3, values: Float32Array.of(1, 0, 1), labels: true },
      },
    },
    model: 'h[t] = gru(x[t], h[t-1])\ny = sigmoid(V h[T] + c)',
  },
  'a series': {
    data: dataset(numbers(waves(6, 2)), numbers(waves(6, 2, 0.4)), 'synced', 1, 0),
    model: 'h[t] = lstm(x[t], h[t-1])\ny[t] = V h[t] + c',
  },
  'numbers after a sequence of numbers': {
    data: dataset(numbers(waves(5, 3)), numbers(waves(4, 2, 1)), 'delayed', 1, 0),
    model: `s[t] = gru(x[t], s[t-1])
d[u] = gru(x[u], d[u-1])
init d = s[T]
y[u] = V d[u] + c`,
  },
  'a text of a vector': {
    data: dataset(numbers(waves(1, 4), false), symbols([2, 0, 1], 3), 'delayed', 1, 0),
    model: `s[u] = vanilla(x[u], s[u-1])
init s = tanh(P x + p)
y[u] = softmax(V s[u] + c)`,
  },
  'a plain network': {
    data: dataset(numbers(waves(1, 4), false), numbers(waves(1, 2), false), 'one', 1, 0),
    model: 'h1 = tanh(A x + a)\nh2 = sigmoid(B h1 + b)\ny = V h2 + c',
  },
};

function subject({ data, model: source }: Case, lossOf: 'last' | 'mean' = 'last') {
  const spec = { ...channelsOf(data), cell: parseCell(source, 'model'), hidden: 4, dropout: 0.3 };
  const model = buildExampleModel(spec);
  const backend = createReferenceBackend(model.layout);
  randomiseParameters({ model, backend }, 5);
  const network = createNetwork(model, backend);
  const parameters = new Map(
    model.parameters.map((each) => [
      each.name,
      {
        ...{ rows: each.rows, columns: each.columns },
        values: readParameter(backend.floats(), model.layout.parameters, each),
      },
    ]),
  );
  const material = {
    ...{ plan: createExamplePlan(spec), parameters, numbers: createArithmetic('float64') },
  };
  const example = {
    ...numbersIn(data),
    ...{ tokens: {}, targetNames: [], symbol: String, text: '', places: {}, unknown: [] },
  };
  return { network, machine: createExampleMachine(material, example, lossOf), example };
}

function runAll(machine: Machine): void {
  assert.deepEqual(finish(machine.move('continue', unchecked)), { kind: 'turn' });
  assert.deepEqual(finish(machine.move('continue', unchecked)), { kind: 'end' });
}

/** A variable at a step, and ∂E/∂ it. */
function valueIn(machine: Machine, name: string, step: number) {
  const { index, width } = machine.material.plan.instructions.find((each) => each.name === name)!;
  const t = machine.course.find(index, step);
  const gradient = machine.backward.work(t, 0).gradients[index] ?? new Float64Array(width);
  return { t, index, value: machine.forward.work(t, index).values[index]!, gradient };
}

function lossOfAll(machine: Machine, lossOf: 'last' | 'mean'): number {
  finish(machine.forward.reach(machine.course.length));
  const losses = Array.from({ length: machine.course.length }, (_, t) =>
    machine.forward.loss(t),
  ).filter((loss) => loss !== undefined);
  if (lossOf === 'last') return losses.at(-1)!;
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}

describe('examples in the debugger', () => {
  for (const [name, each] of Object.entries(cases)) {
    it(`have the numbers that an inspection shows: ${name}`, () => {
      const { network, machine } = subject(each);
      runAll(machine);
      const seen = finish(inspectExample(network, each.data, 0, { of: 'loss' }));
      for (const { name: variable, width, values } of seen.variables) {
        if (variable.startsWith('weights ')) continue;
        for (let step = 0; step * width < values.length; step++) {
          const own = valueIn(machine, variable, step).value;
          const error = farthest(own, values.subarray(step * width, (step + 1) * width));
          assert.ok(error < 1e-12, `${variable}[${String(step)}] ${String(error)}`);
        }
      }
      const last = seen.loss.length - 1;
      assert.ok(Math.abs(lossOfAll(machine, 'last') - seen.loss[last]!) < 1e-12);
      for (const { variable, domain, norms } of seen.states) {
        const steps = seen.steps[domain];
        for (let step = 0; step < steps; step++) {
          const { gradient } = valueIn(machine, variable, step);
          const error = Math.abs(Math.hypot(...gradient) - norms[last * steps + step]!);
          assert.ok(error < 1e-12, `∂E/∂${variable}[${String(step)}] ${String(error)}`);
        }
      }
    });

    for (const lossOf of ['last', 'mean'] as const) {
      it(`have the gradients of central differences: ${name}, ${lossOf}`, () => {
        const { machine } = subject(each, lossOf);
        runAll(machine);
        finish(machine.sums.reach(machine.course.length));
        const { parameters } = machine.material;
        const sums = new Map([...parameters.keys()].map((p) => [p, machine.sums.of(p).slice()]));
        for (const [parameter, { values }] of parameters) {
          for (const entry of new Set([0, values.length >> 1, values.length - 1])) {
            const value = values[entry]!;
            const at = (change: number): number => {
              machine.setParameter(parameter, entry, value + change);
              return lossOfAll(machine, lossOf);
            };
            const numeric = derivative((h) => at(h) - at(-h));
            machine.setParameter(parameter, entry, value);
            const analytic = sums.get(parameter)![entry]!;
            const error = Math.abs(numeric - analytic) / Math.max(1e-3, Math.abs(analytic));
            assert.ok(error < 1e-7, `${parameter}[${String(entry)}] ${String(error)}`);
          }
        }
      });
    }

    it(`go back exactly, through their parts: ${name}`, () => {
      const { machine } = subject(each);
      const note = (): string => {
        const { pass, t, instruction, parts } = machine.place;
        const values = instruction && machine.forward.work(t, instruction.index).values;
        const back =
          pass === 'backward' && instruction
            ? machine.backward.work(t, machine.gradientsDone(t))
            : undefined;
        const gradients = instruction && back?.gradients[instruction.index];
        return [
          ...[pass, t, instruction?.name, parts, values?.[instruction!.index]?.join()],
          ...[gradients?.join(), back?.terms.length, [...(back?.parts.values() ?? [])].join()],
        ].join('|');
      };
      const seen = new Map<string, string>();
      const key = () => note().split('|').slice(0, 4).join('|');
      seen.set(key(), note());
      while (finish(machine.move('into', unchecked)).kind !== 'end') seen.set(key(), note());
      let steps = 0;
      while (finish(machine.move('back', unchecked)).kind !== 'start') {
        assert.equal(note(), seen.get(key()));
        steps++;
      }
      assert.equal(steps, 2 * machine.course.begin(machine.course.length));
    });
  }

  it('hold a unit: what comes after it follows, in other parts too', () => {
    const { machine } = subject(cases['encoder and decoder with attention']!, 'mean');
    runAll(machine);
    const { t, index, gradient } = valueIn(machine, 's', 2);
    const slope = gradient[1]!;
    const value = machine.forward.work(t, index).values[index]![1]!;
    const at = (change: number): number => {
      machine.hold(t, index, 1, value + change);
      return lossOfAll(machine, 'mean');
    };
    const numeric = derivative((h) => at(h) - at(-h));
    assert.ok(Math.abs(numeric / slope - 1) < 1e-7);
  });

  it('have Jacobians of both directions', () => {
    const { machine } = subject(cases['a tagger of two layers in both directions']!);
    runAll(machine);
    for (const [name, step, before] of [
      ['f2', 2, 1],
      ['b2', 1, 2],
    ] as const) {
      const { t, index } = valueIn(machine, name, step);
      const matrix = jacobian(machine, t, index);
      const earlier = valueIn(machine, name, before);
      const values = earlier.value.slice();
      for (let column = 0; column < 4; column++) {
        const at = (change: number): Float64Array => {
          machine.hold(earlier.t, index, column, values[column]! + change);
          finish(machine.restore());
          return machine.forward.work(t, index).values[index]!.slice();
        };
        for (let row = 0; row < 4; row++) {
          const numeric = derivative((h) => at(h)[row]! - at(-h)[row]!);
          const error = Math.abs(numeric - matrix.values[row * 4 + column]!);
          assert.ok(error < 1e-7, `${name} ${String(error)}`);
        }
        at(0);
      }
      assert.ok(factsOf(matrix).norm > 0);
      assert.equal(backThrough(machine, t, index, new Float64Array(4)).length, 4);
    }
  });
});
