/** Models of examples that nobody has thought of: differentiated right, and the same on the kernels. */
import assert from 'node:assert/strict';
import { derivative } from '../../../src/core/inspection/differences';
import { nodeOf } from '../../../src/core/graph/graph';
import type { Domain, Response } from '../../../src/core/graph/operation';
import { attend, maxOverSteps, meanOverSteps, stack, stepSum } from '../../../src/core/graph/steps';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { builds } from '../kernels/machine';
import { often } from '../often';
import { examplesOf, fill, randomiseParameters, stage, type Drawing, type Sketch } from './sketch';
import { random } from './tools';

type Sequence = 't' | 'u';

/** A drawing made at random: states of both directions and several lags, pools, ends, stacks, attention. */
function randomDrawing(seed: number): Drawing {
  const responses: readonly Response[] = ['softmax', 'sigmoid', 'none'];
  const response = responses[seed % 3]!;
  return { response, draw: (s) => draw(s, random(seed)) };
}

function draw(s: Sketch, next: () => number): number {
  const choose = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  const width = (): number => 1 + Math.floor(next() * 9);
  let count = 0;
  const name = (): string => `p${String(count++)}`;
  const known: Record<Domain, number[]> = { example: [], t: [], u: [] };
  const domainOf = (id: number): Domain => nodeOf(s.graph, id).domain;
  const add = (id: number): void => {
    known[domainOf(id)].push(id);
  };
  add(next() < 0.5 ? s.onehot('t', 4) : s.numbers('t', width()));
  add(next() < 0.5 ? s.onehot('u', 4) : s.numbers('u', width()));
  add(next() < 0.5 ? s.onehot('example', 4) : s.numbers('example', width()));

  /** What may be read at a row of a domain, of a given width. */
  const operand = (domain: Domain, rows: number): number => {
    const candidates = [...known[domain], ...known.example];
    return s.affine(name(), rows, choose(candidates));
  };
  const smooth = ['tanh', 'sigmoid', 'softplus'] as const;
  const steps: readonly (() => void)[] = [
    // A state.
    () => {
      const domain = choose<Sequence>(['t', 'u']);
      const rows = width();
      const lag = choose([1, 1, -1, -1, 2, -2, 3, -3]);
      const starts = [{}, { initial: 0.4 }, { start: s.bias(name(), rows) }];
      const computed = s.apply('tanh', s.affine(name(), rows, choose(known.example)));
      const start = choose([...starts, { start: computed }]);
      const input = operand(domain, rows);
      add(
        next() < 0.3
          ? s.gru(name(), s.add(input, s.copy(input, domain)), rows, lag, start)
          : s.loop(
              domain,
              rows,
              lag,
              (h) => s.apply(choose(smooth), s.add(s.matrix(name(), h, rows), input)),
              start,
            ),
      );
    },
    // A row by itself.
    () => {
      const domain = choose<Domain>(['example', 't', 'u']);
      const rows = width();
      const pair = [operand(domain, rows), s.apply(choose(smooth), operand(domain, rows))] as const;
      add(s.apply(choose(['multiply', 'add', 'subtract'] as const), ...pair));
    },
    // Another step of a row.
    () => {
      const domain = choose<Sequence>(['t', 'u']);
      const source = operand(domain, width());
      const own = s.copy(source, domain);
      const delay = s.delay(domain, nodeOf(s.graph, own).width, choose([1, 2, -1, -2]));
      s.close(delay, own);
      add(s.apply('tanh', delay));
    },
    // From a sequence to its example.
    () => {
      const source = choose([...known.t, ...known.u]);
      const sequence = s.apply('tanh', s.affine(name(), width(), source));
      const pool = choose([
        () => stepSum(s.graph, sequence, choose([1, -1, 2, -3, 'all'])),
        () => meanOverSteps(s.graph, sequence),
        () => maxOverSteps(s.graph, sequence),
      ]);
      add(pool());
    },
    // Attention.
    () => {
      const rows = width();
      const memory = choose<Sequence>(['t', 'u']);
      const domain = choose<Domain>(['example', 't', 'u']);
      const [keys, values] = [operandOf(memory, rows), operandOf(memory, width())];
      const query = s.copy(operand(domain, rows), domain);
      const vector = next() < 0.5 ? s.bias(name(), rows) : undefined;
      add(attend(s.graph, { query, keys, values, vector }).output);
    },
    // A stack.
    () => {
      const domain = choose<Domain>(['example', 't', 'u']);
      const parts = [operand(domain, width()), choose(known.example), choose(known[domain])];
      add(s.apply('tanh', s.copy(stack(s.graph, parts), domain)));
    },
  ];
  /** Of the sequence itself, whatever else it reads. */
  function operandOf(domain: Sequence, rows: number): number {
    return s.apply('tanh', s.affine(name(), rows, choose(known[domain])));
  }
  const wanted = 3 + Math.floor(next() * 7);
  for (let i = 0; i < wanted; i++) choose(steps)();
  const domain = choose<Domain>(['example', 't', 'u']);
  return s.affine(name(), 3, known[domain].at(-1)!, known.example.at(-1)!);
}

const extent = { batch: 4, sequence: 5, answer: 4 };

describe('random models of examples', () => {
  for (let part = 0; part < 6; part++) {
    it(`have the gradient of central differences, and so on the kernels (${String(part + 1)})`, () => {
      check(often(50), part);
    });
  }
});

/** Checks so many models; every fifth on the kernels as well. */
function check(cases: number, part: number): void {
  let live = 0;
  for (let seed = part * cases + 1; seed <= (part + 1) * cases; seed++) {
    const drawing = randomDrawing(seed);
    const bench = stage(drawing, extent);
    const { model, backend, loaded } = bench;
    const { parameterFloats, gradients } = model.layout;
    randomiseParameters(bench, seed, 0.4);
    fill(bench, examplesOf(4, extent, seed));
    loaded.run(0);
    fill(bench, examplesOf(3, extent, seed + 1));
    loaded.run(0);
    const gradient = Float64Array.from(
      backend.floats().subarray(gradients, gradients + parameterFloats),
    );
    const next = random(seed);
    const direction = Float64Array.from({ length: parameterFloats }, () => 2 * next() - 1);
    // Padding is no parameter: it stays zero.
    const isValue = valuesOf(bench);
    const origin = backend.floats().slice(0, parameterFloats);
    const loss = (h: number): number => {
      for (let i = 0; i < parameterFloats; i++) {
        if (isValue[i]) backend.floats()[i] = origin[i]! + h * direction[i]!;
      }
      const { lossSum, count } = loaded.run(0);
      return lossSum / count;
    };
    const numeric = derivative((h) => loss(h / 4) - loss(-h / 4)) * 4;
    loss(0);
    const analytic = gradient.reduce(
      (sum, value, i) => sum + (isValue[i] ? value * direction[i]! : 0),
      0,
    );
    const size = Math.abs(analytic) + Math.abs(numeric);
    if (size > 1e-6) live++;
    const error = Math.abs(analytic - numeric) / Math.max(size, 1e-3);
    assert(error < 1e-7, `seed ${String(seed)}: ${String(analytic)}, not ${String(numeric)}`);
    if (seed % 5 !== 0) continue;
    for (const build of builds) {
      const other = stage(drawing, extent, ({ layout }) => createWasmBackend({ layout, build }));
      randomiseParameters(other, seed, 0.4);
      fill(other, examplesOf(3, extent, seed + 1));
      other.loaded.run(0);
      const got = other.backend.floats().subarray(gradients, gradients + parameterFloats);
      const largest = Math.max(...gradient.map(Math.abs));
      gradient.forEach((value, i) => {
        const off = Math.abs(value - got[i]!);
        assert(off < 2e-5 * Math.max(largest, 0.1), `seed ${String(seed)}, ${build}`);
      });
      other.backend.close();
    }
  }
  assert(live > 0.9 * cases);
}

/** Which floats of the parameter block are values. */
function valuesOf({ model }: ReturnType<typeof stage>): boolean[] {
  const isValue = new Array<boolean>(model.layout.parameterFloats).fill(false);
  for (const { offset, rows, columns, columnStride } of model.parameters) {
    for (let c = 0; c < columns; c++) {
      isValue.fill(true, offset + c * columnStride, offset + c * columnStride + rows);
    }
  }
  return isValue;
}
