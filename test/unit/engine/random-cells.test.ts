/** Cells that nobody has thought of: whatever is generated must be differentiated right, by both backends. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Backend, LoadedProgram } from '../../../src/core/engine/backend';
import { compileProgram } from '../../../src/core/engine/compile';
import { buildModel, type Model } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import type { Cell } from '../../../src/core/equations/syntax';
import { printCell } from '../../../src/core/equations/print';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { smoothCells } from '../equations/arbitrary-cells';
import { builds } from '../kernels/machine';
import { random, randomise } from './tools';
import { often } from '../often';

interface Setting {
  readonly cell: Cell;
  readonly hidden: number;
  readonly layers: number;
  readonly embedded: boolean;
  readonly batch: number;
  readonly sequence: number;
  readonly seed: number;
}

/** The generator's expressions join what they read entry by entry, so that all widths must be one. */
const settings: fc.Arbitrary<Setting> = fc.record({
  cell: smoothCells,
  hidden: fc.integer({ min: 1, max: 11 }),
  layers: fc.integer({ min: 1, max: 2 }),
  embedded: fc.boolean(),
  batch: fc.integer({ min: 1, max: 3 }),
  sequence: fc.integer({ min: 1, max: 13 }),
  seed: fc.nat(),
});

interface Loaded {
  readonly model: Model;
  readonly backend: Backend;
  readonly loaded: LoadedProgram;
}

function load(setting: Setting, createBackend: (model: Model) => Backend): Loaded {
  const { cell, hidden, layers, embedded, batch, sequence, seed } = setting;
  const vocabulary = embedded ? 5 : hidden;
  const embedding = embedded ? hidden : 0;
  const model = buildModel({ cell, hidden, layers, vocabulary, embedding, dropout: 0 });
  const backend = createBackend(model);
  const base = model.layout.free;
  const loaded = backend.load(compileProgram(model, { batch, sequence, mode: 'train', base }));
  const bench = { model, backend, loaded };
  randomise(bench, seed);
  return bench;
}

/** Mean loss over a chunk from the initial state. */
function lossOf({ loaded }: Loaded): number {
  loaded.resetState();
  const { lossSum, count } = loaded.run(0);
  return lossSum / count;
}

function gradientOf({ model, backend }: Loaded): Float64Array {
  const { gradients, parameterFloats } = model.layout;
  return Float64Array.from(backend.floats().subarray(gradients, gradients + parameterFloats));
}

/** Values of the parameter block that are no padding. */
function places({ parameters }: Model): number[] {
  return parameters.flatMap(({ rows, columns, offset, columnStride }) =>
    Array.from({ length: rows * columns }, (_, i) => {
      return offset + Math.floor(i / rows) * columnStride + (i % rows);
    }),
  );
}

/** Derivative of the loss along a direction, by a sixth-order central difference; of some steps the one closest to `wanted`. */
function slope(bench: Loaded, direction: Float64Array, wanted: number): number {
  const floats = bench.backend.floats();
  const { parameters, parameterFloats } = bench.model.layout;
  const start = floats.slice(parameters, parameters + parameterFloats);
  const at = (step: number): number => {
    for (let i = 0; i < parameterFloats; i++) {
      floats[parameters + i] = start[i]! + step * direction[i]!;
    }
    return lossOf(bench);
  };
  const pair = (step: number): number => at(step) - at(-step);
  const found = [1e-2, 3e-3, 1e-3, 3e-4].map(
    (h) => (45 * pair(h) - 9 * pair(2 * h) + pair(3 * h)) / (60 * h),
  );
  at(0);
  const distance = (value: number): number => Math.abs(value - wanted);
  return found.reduce((best, value) => (distance(value) < distance(best) ? value : best));
}

/** Of each cell, in which the loss is differentiated. */
const directions = 2;

describe('random cells', () => {
  it('are differentiated as central differences say', () => {
    let checked = 0;
    fc.assert(
      fc.property(settings, (setting) => {
        const bench = load(setting, ({ layout }) => createReferenceBackend(layout));
        const loss = lossOf(bench);
        const gradient = gradientOf(bench);
        const norm = Math.hypot(...gradient);
        // States that multiply themselves may grow beyond what differences can follow.
        fc.pre(Number.isFinite(loss) && norm < 100);
        checked++;
        const next = random(setting.seed + 1);
        for (let turn = 0; turn < directions; turn++) {
          const direction = new Float64Array(gradient.length);
          for (const place of places(bench.model)) direction[place] = 2 * next() - 1;
          const size = Math.hypot(...direction);
          direction.forEach((value, i) => (direction[i] = value / size));
          const wanted = gradient.reduce((sum, value, i) => sum + value * direction[i]!, 0);
          const error = Math.abs(slope(bench, direction, wanted) - wanted);
          assert.ok(
            error <= 1e-7 * (norm + 1e-3),
            `${printCell(setting.cell)}: ${String(wanted)} is off by ${String(error)}`,
          );
        }
      }),
      { numRuns: often(120), seed: 1990 },
    );
    assert.ok(checked >= often(90), String(checked));
  });

  for (const build of builds) {
    it(`have the same loss and gradient on the ${build} kernels, but for rounding`, () => {
      fc.assert(
        fc.property(settings, (setting) => {
          const exact = load(setting, ({ layout }) => createReferenceBackend(layout));
          const fast = load(setting, ({ layout }) => createWasmBackend({ layout, build }));
          const [loss, got] = [lossOf(exact), lossOf(fast)];
          const [wanted, found] = [gradientOf(exact), gradientOf(fast)];
          fast.backend.close();
          const norm = Math.hypot(...wanted);
          fc.pre(Number.isFinite(loss) && norm < 100);
          const difference = Math.hypot(...wanted.map((value, i) => value - found[i]!));
          const cell = printCell(setting.cell);
          assert.ok(Math.abs(got - loss) <= 1e-4 * (1 + loss), `${cell}: ${String([loss, got])}`);
          assert.ok(difference <= 1e-3 * (norm + 0.01), `${cell}: off by ${String(difference)}`);
          // Padding belongs to no parameter, and must stay out of the norm.
          const inside = new Set(places(exact.model));
          assert.ok(found.every((value, i) => value === 0 || inside.has(i)));
        }),
        { numRuns: often(120), seed: 1990 },
      );
    });
  }
});
