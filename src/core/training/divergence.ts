import { sentence, type Sentence } from '../sentence';
import type { GraphModel } from '../engine/model';
import type { Network } from '../engine/network';

/** Where in a model numbers went wrong. */
export interface Culprit {
  /** e.g. `layer1.W` */
  readonly parameter: string;
  /** What is wrong with it, the end of a sentence: `its gradient is not finite`. */
  readonly what: Sentence;
}

/**
 * The first parameter whose gradient is not a finite number, else the first that holds such a number
 * itself, else the one with the largest gradient.
 */
export function findCulprit({ model, backend }: Network<GraphModel>): Culprit {
  const floats = backend.floats();
  const { parameters, gradients } = model.layout;
  const largest = (block: number, p: (typeof model.parameters)[number]): number => {
    let most = 0;
    for (let c = 0; c < p.columns; c++) {
      const start = block + p.offset + c * p.columnStride;
      for (let r = 0; r < p.rows; r++) {
        const size = Math.abs(floats[start + r]!);
        // NaN is not below anything: it wins over every number.
        if (!(size <= most)) most = size;
        if (Number.isNaN(most)) return most;
      }
    }
    return most;
  };
  const found = (block: number): string | undefined =>
    model.parameters.find((p) => !Number.isFinite(largest(block, p)))?.name;
  const gradient = found(gradients);
  if (gradient !== undefined)
    return { parameter: gradient, what: sentence`its gradient is not a finite number` };
  const value = found(parameters);
  if (value !== undefined)
    return { parameter: value, what: sentence`it holds a value that is not a finite number` };
  const sizes = model.parameters.map((p) => ({ name: p.name, size: largest(gradients, p) }));
  const top = sizes.reduce((a, b) => (b.size > a.size ? b : a));
  return {
    parameter: top.name,
    what: sentence`its gradient is the largest, up to ${top.size.toExponential(1)}`,
  };
}
