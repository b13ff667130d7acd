import assert from 'node:assert/strict';
import type { Backend, LoadedProgram } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { random } from './tools';

/** A model on a float64 backend with a training program that has its data. */
export interface Checked {
  readonly model: GraphModel;
  readonly backend: Backend;
  readonly loaded: LoadedProgram;
}

/** Largest |a-b| / (|a|+|b|) between backpropagation through time and central differences. */
export function largestError(
  { model, backend, loaded }: Checked,
  samples: number,
  bound = 1e-7,
): number {
  const { parameters, gradients, parameterFloats } = model.layout;
  const mean = (): number => {
    loaded.resetState();
    const { lossSum, count } = loaded.run(77);
    return lossSum / count;
  };
  mean();
  const analytic = backend.floats().slice(gradients, gradients + parameterFloats);
  const next = random(5);
  let largest = 0;
  for (const { name, offset, columnStride, rows, columns } of model.parameters) {
    let live = 0;
    for (let s = 0; s < samples; s++) {
      const index =
        offset + Math.floor(next() * columns) * columnStride + Math.floor(next() * rows);
      const floats = backend.floats();
      const original = floats[parameters + index]!;
      // The best of a few step sizes: one size cannot suit entries of very different curvature.
      let error = Infinity;
      for (const h of [1e-2, 1e-3, 3e-2, 1e-4]) {
        if (error < bound) break;
        // Sixth-order central difference: at large steps little is lost to rounding.
        const at = (k: number): number => {
          floats[parameters + index] = original + k * h;
          return mean();
        };
        const pair = (k: number): number => at(k) - at(-k);
        const numeric = (45 * pair(1) - 9 * pair(2) + pair(3)) / (60 * h);
        floats[parameters + index] = original;
        const a = analytic[index]!;
        if (Math.abs(a) + Math.abs(numeric) < 1e-9) error = Math.min(error, 0);
        else {
          live++;
          error = Math.min(error, Math.abs(a - numeric) / (Math.abs(a) + Math.abs(numeric)));
        }
      }
      largest = Math.max(largest, error);
    }
    assert.ok(live > 0, `no live entry of ${name} was checked`);
  }
  return largest;
}
