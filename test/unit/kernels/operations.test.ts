/** Elementwise operations one by one, and updates, over random shapes: what chains and fixed sizes leave out. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Update } from '../../../src/core/engine/backend';
import type { ElementStep } from '../../../src/core/engine/program';
import { elementOperations } from '../../../src/core/graph/elements';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { anUpdate, assertAsNaive, builds } from './machine';
import { ProgramBuilder, randomNumbers } from './programs';
import { updated } from './updates';
import { often } from '../often';

const size = {
  batch: fc.integer({ min: 1, max: 20 }),
  sequence: fc.integer({ min: 1, max: 9 }),
  width: fc.oneof(fc.integer({ min: 1, max: 45 }), fc.integer({ min: 250, max: 530 })),
  gap: fc.integer({ min: 0, max: 2 }),
  seed: fc.integer(),
};

/** Operations of two operands. */
const binary = new Set<string>([
  ...['add', 'subtract', 'multiply', 'divide'],
  ...['tanhGradient', 'sigmoidGradient', 'reluGradient', 'absGradient'],
]);
/** Operations whose first operand, or divisor, has to be above zero. */
const needsPositive: Readonly<Record<string, 'a' | 'b'>> = { log: 'a', sqrt: 'a', divide: 'b' };

/** The steps of one operation on inputs 0 and 1; step 1 is 0.25 + |the operand that must be positive|. */
function stepsOf(operation: ElementStep['operation']): ElementStep[] {
  const input = (index: number) => ({ kind: 'input', index }) as const;
  const side = needsPositive[operation];
  const positive: ElementStep[] =
    side === undefined
      ? []
      : [
          { operation: 'abs', a: input(side === 'a' ? 0 : 1) },
          {
            operation: 'add',
            a: { kind: 'step', index: 0 },
            b: { kind: 'constant', value: 0.25 },
          },
        ];
  const a = side === 'a' ? ({ kind: 'step', index: 1 } as const) : input(0);
  const b = side === 'b' ? ({ kind: 'step', index: 1 } as const) : input(1);
  return [...positive, binary.has(operation) ? { operation, a, b } : { operation, a }];
}

describe('operations, on every build of the kernels', () => {
  for (const operation of elementOperations) {
    it(`${operation} is its definition, at any width and stride`, () => {
      fc.assert(
        fc.property(fc.record(size), ({ batch, sequence, width, gap, seed }) => {
          const b = new ProgramBuilder(batch, sequence);
          const inputs = [b.view(width, { gap }), b.view(width, { order: 'batch', gap })];
          const steps = stepsOf(operation);
          b.phase('sweep', {
            op: 'elementwise',
            width,
            inputs,
            steps,
            stores: [{ step: steps.length - 1, out: b.view(width, { gap }) }],
          });
          assertAsNaive(b, 1e-6, { seed, scale: 4 });
        }),
        { numRuns: often(20) },
      );
    });
  }
});

for (const build of builds) {
  describe(`updates, ${build} build`, () => {
    const optimizer = fc.constantFrom('sgd', 'momentum', 'adagrad', 'rmsprop', 'adam' as const);
    const updates: fc.Arbitrary<Update> = fc
      .record({
        optimizer,
        learningRate: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
        clip: fc.constantFrom(0, 0.3, 1e6),
        clipValue: fc.constantFrom(0, 0.2),
        momentum: fc.double({ min: 0, max: 0.99, noNaN: true }),
        alpha: fc.double({ min: 0, max: 0.999, noNaN: true }),
        beta1: fc.double({ min: 0, max: 0.99, noNaN: true }),
        beta2: fc.double({ min: 0, max: 0.999, noNaN: true }),
        weightDecay: fc.constantFrom(0, 0.1),
        step: fc.integer({ min: 1, max: 2000 }),
      })
      .map((changes) => anUpdate({ ...changes, epsilon: 1e-4 }));

    it('updates are their formulas, whatever the shapes and settings', () => {
      const shape = fc.record({
        inputs: fc.integer({ min: 1, max: 60 }),
        columns: fc.integer({ min: 1, max: 90 }),
        vector: fc.integer({ min: 1, max: 40 }),
        seed: fc.integer(),
      });
      fc.assert(
        fc.property(shape, updates, ({ inputs, columns, vector, seed }, update) => {
          const b = new ProgramBuilder(2, 2);
          const storage = b.storage(inputs, columns);
          const parameter = b.vector(vector);
          const common = { column: 0, accumulate: false };
          b.phase(
            'reduction',
            { op: 'outer', storage, ...common, left: b.view(inputs), right: b.view(columns) },
            { op: 'sum', parameter, accumulate: false, input: b.view(vector) },
          );
          const { program, layout } = b.build();
          const backend = createWasmBackend({ layout, build });
          const loaded = backend.load(program);
          b.fill(backend.floats(), program.base, randomNumbers(seed));
          backend.parametersChanged();
          const before = new Float64Array(backend.floats());
          const { gradientNorm } = loaded.train(0, update);
          const after = new Float64Array(backend.floats());
          backend.close();
          const n = layout.parameterFloats;
          // Entries are cut as they lie in memory: what is read afterwards has been through that.
          const gradient = after.subarray(n, 2 * n);
          const norm = Math.hypot(...gradient);
          assert.ok(Math.abs(gradientNorm - norm) <= 1e-6 * norm, `norm ${String(gradientNorm)}`);
          const factor = update.clip > 0 && norm > update.clip ? update.clip / norm : 1;
          for (let i = 0; i < n; i++) {
            const [p, m, v] = [before[i]!, before[2 * n + i]!, before[3 * n + i]!];
            const wanted = updated(update, { p, g: gradient[i]! * factor, m, v });
            const decay =
              i < layout.matrixFloats ? update.learningRate * update.weightDecay * p : 0;
            const pairs = [
              [after[i]!, wanted.p - decay],
              [after[2 * n + i]!, wanted.m],
              [after[3 * n + i]!, wanted.v],
            ] as const;
            for (const [got, value] of pairs) {
              assert.ok(
                Math.abs(got - value) <= 2e-5 * (1 + Math.abs(value)),
                `${update.optimizer}, float ${String(i)}: ${String(got)}, not ${String(value)}`,
              );
            }
          }
        }),
        { numRuns: often(60) },
      );
    });
  });
}
