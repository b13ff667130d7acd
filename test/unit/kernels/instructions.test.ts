import fc from 'fast-check';
import type { ElementOperand, ElementStep, Phase, View } from '../../../src/core/engine/program';
import { elementOperations } from '../../../src/core/graph/elements';
import { assertAsNaive } from './machine';
import { ProgramBuilder, type Placing } from './programs';

const placing: fc.Arbitrary<Placing> = fc.record({
  order: fc.constantFrom('time', 'batch', 'scratch' as const),
  gap: fc.integer({ min: 0, max: 2 }),
});
const inputPlacing: fc.Arbitrary<Placing> = fc.record({
  order: fc.constantFrom('time', 'batch', 'shared', 'one' as const),
  gap: fc.integer({ min: 0, max: 2 }),
});
/** Rows that all differ: a sum of equal rows would heap up one rounding error. */
const rowPlacing: fc.Arbitrary<Placing> = fc.record({
  order: fc.constantFrom('time', 'batch' as const),
  gap: fc.integer({ min: 0, max: 2 }),
});
const kind: fc.Arbitrary<Phase['kind']> = fc.constantFrom('sweep', 'forward loop', 'backward loop');
const size = {
  batch: fc.integer({ min: 1, max: 20 }),
  sequence: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer(),
};
const width = fc.integer({ min: 1, max: 45 });
/** Few rows at many steps, or more rows than are taken at once at a few. */
const manyRows = (min: number, max: number) => {
  const many = { batch: fc.integer({ min, max }), sequence: fc.integer({ min: 1, max: 2 }) };
  return fc.oneof(fc.record({ batch: size.batch, sequence: size.sequence }), fc.record(many));
};
/** More than one strip of 256. */
const wide = fc.integer({ min: 250, max: 530 });

/** Sweeps visit a scratch row T times: what is left there is the last step's, as in the naive order. */
function sequential(kindOf: Phase['kind'], ...places: Placing[]): Phase['kind'] {
  return places.some(({ order }) => order === 'scratch' || order === 'one') && kindOf === 'sweep'
    ? 'forward loop'
    : kindOf;
}

describe('instructions, on every build of the kernels', () => {
  it('gather', () => {
    fc.assert(
      fc.property(
        fc.record({ ...size, kind, width, rows: width, left: width, out: placing }),
        ({ batch, sequence, seed, kind, width, rows, left, out }) => {
          const b = new ProgramBuilder(batch, sequence);
          const storage = b.storage(rows, left, width);
          const column = (left + 7) & ~7;
          b.phase(kind, { op: 'gather', storage, column, out: b.view(width, out) });
          assertAsNaive(b, 0, { seed, vocabulary: rows });
        },
      ),
    );
  });

  it('onehot', () => {
    fc.assert(
      fc.property(
        fc.record({ ...size, kind, width, out: placing }),
        ({ batch, sequence, seed, kind, width, out }) => {
          const b = new ProgramBuilder(batch, sequence);
          b.phase(kind, { op: 'onehot', out: b.view(width, out) });
          assertAsNaive(b, 0, { seed, vocabulary: width });
        },
      ),
    );
  });

  it('product, plain and transposed, of any shape', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: size.seed,
          rows: manyRows(90, 110),
          kind,
          inputs: fc.oneof(width, fc.integer({ min: 250, max: 530 })),
          widths: fc.array(fc.oneof(width, fc.integer({ min: 250, max: 270 })), {
            minLength: 1,
            maxLength: 3,
          }),
          which: fc.nat(),
          transposed: fc.boolean(),
          accumulate: fc.boolean(),
          input: inputPlacing,
          out: placing,
        }),
        ({
          rows: { batch, sequence },
          seed,
          kind,
          inputs,
          widths,
          which,
          transposed,
          accumulate,
          input,
          out,
        }) => {
          const b = new ProgramBuilder(batch, sequence);
          const storage = b.storage(inputs, ...widths);
          const chosen = which % widths.length;
          const column = widths.slice(0, chosen).reduce((sum, w) => sum + ((w + 7) & ~7), 0);
          const [from, to] = transposed ? [widths[chosen]!, inputs] : [inputs, widths[chosen]!];
          b.phase(sequential(kind, input, out), {
            op: 'product',
            storage,
            column,
            transposed,
            accumulate,
            input: b.view(from, input),
            out: b.view(to, out),
          });
          assertAsNaive(b, 1e-4, { seed });
        },
      ),
    );
  });

  it('elementwise chains', () => {
    const operand = (inputs: number, steps: number): fc.Arbitrary<ElementOperand> =>
      fc.oneof(
        fc.record({ kind: fc.constant('input' as const), index: fc.nat(inputs - 1) }),
        fc.record({
          kind: fc.constant('constant' as const),
          value: fc.constantFrom(0, 1, -0.5, 2, 0.1),
        }),
        ...(steps > 0
          ? [fc.record({ kind: fc.constant('step' as const), index: fc.nat(steps - 1) })]
          : []),
      );
    const one = new Set(['copy', 'negate', 'tanh', 'sigmoid', 'relu', 'exp', 'softplus', 'abs']);
    // Those that blow rounding errors up, or are not defined everywhere, have tests of their own.
    const tame = elementOperations.filter(
      (operation) =>
        !['divide', 'log', 'sqrt', 'reluGradient', 'absGradient', 'exp'].includes(operation),
    );
    const chain = fc.integer({ min: 1, max: 3 }).chain((inputs) =>
      fc.integer({ min: 1, max: 9 }).chain((length) =>
        fc.record({
          placings: fc.array(inputPlacing, { minLength: inputs, maxLength: inputs }),
          steps: fc.tuple(
            ...Array.from({ length }, (_, index) =>
              fc
                .record({
                  operation: fc.constantFrom(...tame),
                  a: operand(inputs, index),
                  b: operand(inputs, index),
                })
                .map(({ operation, a, b }): ElementStep =>
                  one.has(operation) ? { operation, a } : { operation, a, b },
                ),
            ),
          ),
          stores: fc.array(
            fc.record({ step: fc.nat(length - 1), placing, over: fc.option(fc.nat(inputs - 1)) }),
            {
              minLength: 1,
              maxLength: 3,
            },
          ),
        }),
      ),
    );
    fc.assert(
      fc.property(
        fc.record({
          ...size,
          kind,
          width: fc.oneof(width, wide),
          chain,
        }),
        ({ batch, sequence, seed, kind, width, chain }) => {
          const b = new ProgramBuilder(batch, sequence);
          const inputs = chain.placings.map((place) => b.view(width, place));
          const taken = new Set<View>();
          const stores = chain.stores.map(({ step, placing, over }) => {
            // Some stores replace an input that has a row for each position.
            const replaced = over === null ? undefined : inputs[over];
            const own =
              replaced &&
              ['time', 'batch'].includes(chain.placings[over!]!.order!) &&
              !taken.has(replaced);
            const out = own ? replaced : b.view(width, placing);
            taken.add(out);
            return { step, out };
          });
          const all = [...chain.placings, ...chain.stores.map((store) => store.placing)];
          b.phase(sequential(kind, ...all), {
            op: 'elementwise',
            width,
            inputs,
            steps: chain.steps,
            stores,
          });
          assertAsNaive(b, 1e-4, { seed });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('softmax, layernorm and their gradients', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...size,
          kind,
          // Of a few values, nearly equal by chance, layernorm's division magnifies every rounding.
          width: fc.oneof(fc.integer({ min: 6, max: 45 }), wide),
          places: fc.array(placing, { minLength: 4, maxLength: 4 }),
        }),
        ({ batch, sequence, seed, kind, width, places }) => {
          const b = new ProgramBuilder(batch, sequence);
          const [x, y, g, out] = places.map((place) => b.view(width, place)) as [
            View,
            View,
            View,
            View,
          ];
          const [p, q] = [b.view(width), b.view(width)];
          b.phase(
            sequential(kind, ...places),
            { op: 'softmax', input: x, out: p },
            { op: 'softmaxGradient', output: p, gradient: g, out: q },
            { op: 'layernorm', input: x, out: y },
            { op: 'layernormGradient', input: x, output: y, gradient: g, out },
          );
          assertAsNaive(b, 3e-4, { seed, scale: 3 });
        },
      ),
    );
  });

  it('dropout masks are those of dropoutHash', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...size,
          kind,
          width,
          out: placing,
          rate: fc.double({ min: 0, max: 0.99, noNaN: true }),
          stream: fc.nat(9),
        }),
        ({ batch, sequence, seed, kind, width, out, rate, stream }) => {
          const b = new ProgramBuilder(batch, sequence);
          b.phase(sequential(kind, out), {
            op: 'dropoutMask',
            rate,
            stream,
            out: b.view(width, out),
          });
          assertAsNaive(b, 1e-6, { seed });
        },
      ),
    );
  });

  it('cross-entropy with and without gradient, in place or not', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...size,
          sequence: fc.integer({ min: 1, max: 4 }),
          width: fc.oneof(width, wide, fc.integer({ min: 8190, max: 8200 })),
          logits: placing,
          gradient: fc.constantFrom('none', 'own', 'in place'),
        }),
        ({ batch, sequence, seed, width, logits, gradient }) => {
          const b = new ProgramBuilder(batch, sequence);
          const view = b.view(width, { ...logits, order: 'time' });
          const own = gradient === 'own' ? b.view(width) : undefined;
          b.phase('sweep', {
            op: 'crossEntropy',
            logits: view,
            gradient: gradient === 'in place' ? view : own,
          });
          assertAsNaive(b, 2e-6, { seed, vocabulary: width, scale: 8 });
        },
      ),
    );
  });

  it('outer, scatter and sum', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: size.seed,
          rows: manyRows(60, 80),
          inputs: width,
          widths: fc.tuple(width, fc.oneof(width, fc.integer({ min: 250, max: 270 }))),
          accumulate: fc.boolean(),
          places: fc.tuple(rowPlacing, rowPlacing),
        }),
        ({ rows: { batch, sequence }, seed, inputs, widths, accumulate, places }) => {
          const b = new ProgramBuilder(batch, sequence);
          const [dense, sparse] = [b.storage(inputs, ...widths), b.storage(inputs, ...widths)];
          const column = (widths[0] + 7) & ~7;
          const parameter = b.vector(widths[1]);
          const left = b.view(inputs, places[0]);
          const right = b.view(widths[1], places[1]);
          b.phase(
            'reduction',
            { op: 'outer', storage: dense, column, accumulate, left, right },
            { op: 'scatter', storage: sparse, column, accumulate, right },
            { op: 'sum', parameter, accumulate, input: right },
          );
          // Sums of up to a thousand float32 products; a row too many or too few would be off by far more.
          assertAsNaive(b, 5e-4, { seed, vocabulary: inputs });
        },
      ),
    );
  });

  it('states are carried from the end to before the beginning', () => {
    fc.assert(
      fc.property(
        fc.record({ ...size, width, lag: fc.integer({ min: 1, max: 4 }), place: placing }),
        ({ batch, sequence, seed, width, lag, place }) => {
          const b = new ProgramBuilder(batch, sequence);
          const state = b.view(width, {
            ...place,
            order: place.order === 'scratch' ? 'time' : place.order!,
            lag,
          });
          b.carry(state, lag);
          assertAsNaive(b, 0, { seed });
        },
      ),
    );
  });
});
