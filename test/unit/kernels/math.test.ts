import assert from 'node:assert/strict';
import { Step } from '../../../src/core/kernels/assembly/layout';
import { compileKernels, instantiateKernels, type Build } from '../../../src/core/kernels/loader';
import { builds } from './machine';

/** Distance of two neighbouring floats around a number that is no float itself. */
function ulpOf(value: number): number {
  const size = Math.abs(value);
  if (size < 2 ** -126) return 2 ** -149;
  return 2 ** (Math.max(-126, Math.floor(Math.log2(size))) - 23);
}

/** Applies one operation of the kernels to any number of floats. */
function kernel(build: Build): (step: Step, values: Float32Array) => Float32Array {
  const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
  const kernels = instantiateKernels(compileKernels(build), memory);
  kernels.writeConstants();
  const from = 65536;
  return (step, values) => {
    const to = from + values.byteLength;
    new Float32Array(memory.buffer, from, values.length).set(values);
    kernels.runStep(step, to, from, from, values.byteLength);
    return Float32Array.from(new Float32Array(memory.buffer, to, values.length));
  };
}

const functions: {
  readonly name: keyof typeof Step;
  readonly truth: (x: number) => number;
  /** Largest error in units in the last place. */
  readonly bound: number;
  /** Value at -∞, -0, 0 and ∞. */
  readonly limits: readonly [number, number, number, number];
}[] = [
  { name: 'exp', truth: Math.exp, bound: 1.1, limits: [0, 1, 1, Infinity] },
  { name: 'tanh', truth: Math.tanh, bound: 1.5, limits: [-1, -0, 0, 1] },
  { name: 'sigmoid', truth: (x) => 1 / (1 + Math.exp(-x)), bound: 1.92, limits: [0, 0.5, 0.5, 1] },
  { name: 'log', truth: Math.log, bound: 1.1, limits: [NaN, -Infinity, -Infinity, Infinity] },
  {
    name: 'softplus',
    truth: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    bound: 1.91,
    limits: [0, Math.fround(Math.LN2), Math.fround(Math.LN2), Infinity],
  },
];

/** Bit patterns 2017 apart, from all floats: 2.1 million, a multiple of 8. */
const sweep = (() => {
  const values = new Float32Array(2_129_360);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] = i * 2017;
  return values;
})();

/** Where the functions bend: a million values in [-20, 20]. */
const middle = Float32Array.from({ length: 1_000_000 }, (_, i) => (i - 500_000) / 25_000);

for (const build of builds) {
  describe(`transcendental functions, ${build} build`, () => {
    const apply = kernel(build);
    for (const { name, truth, bound, limits } of functions) {
      it(`${name} is within ${String(bound)} ulp over the whole float range`, () => {
        let worst = 0;
        let where = 0;
        for (const values of [sweep, middle]) {
          const got = apply(Step[name], values);
          for (let i = 0; i < values.length; i++) {
            const wanted = truth(values[i]!);
            if (Number.isNaN(wanted)) {
              assert(Number.isNaN(got[i]), `${name}(${String(values[i])}) is ${String(got[i])}`);
              continue;
            }
            // What rounds to infinity is infinite.
            const error =
              got[i] === Math.fround(wanted) ? 0 : Math.abs(got[i]! - wanted) / ulpOf(wanted);
            if (error > worst) [worst, where] = [error, values[i]!];
          }
        }
        assert(worst <= bound, `${worst.toFixed(3)} ulp at ${String(where)}`);
      });

      it(`${name} keeps NaN and meets its limits`, () => {
        const got = apply(Step[name], Float32Array.of(NaN, -Infinity, -0, 0, Infinity, 1, 1, 1));
        assert.deepEqual([...got.subarray(0, 5)], [NaN, ...limits]);
      });
    }
  });
}
