/** Examples run through a model, batch after batch. */
import type { Floats } from '../engine/backend';
import type { RowShape } from '../engine/compile';
import type { GraphModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { Program } from '../engine/program';
import { longestOf } from './channels';
import type { Dataset } from './dataset';
import { byLength } from './example-batches';
import { createRowWriter } from './write-rows';

/** The rows of a program for some examples of a data set. */
export function exampleShape(
  dataset: Dataset,
  examples: Iterable<number>,
  batch: number,
): RowShape {
  const { t, u } = longestOf(dataset, examples);
  return { rows: 'examples', batch, sequence: t, answer: u };
}

/** A batch that has run. */
export interface RanBatch {
  /** Row i of the program is the i-th of these. */
  readonly batch: Uint32Array;
  /** Of all targets of the batch. */
  readonly lossSum: number;
  readonly targets: number;
  /** Share of all examples that is done, 0 to 1. */
  readonly done: number;
}

/** A program that evaluates, and what runs examples through it. */
export interface ExampleRunner {
  readonly program: Program;
  /** The arena, as it is now. */
  floats(): Floats;
  /** The longest examples first: what comes out does not depend on the batch. */
  run(examples: Uint32Array): Generator<RanBatch, void, undefined>;
}

/** @param shape of the program, with room for the examples */
export function createExampleRunner(
  network: Network<GraphModel>,
  dataset: Dataset,
  shape: RowShape,
): ExampleRunner {
  const loaded = network.program('evaluate', shape);
  const floats = (): Floats => network.backend.floats();
  const writer = createRowWriter(dataset, loaded, floats);
  return {
    program: loaded.program,
    floats,
    *run(examples) {
      const order = byLength(dataset, examples);
      for (let start = 0; start < order.length; start += shape.batch) {
        const batch = order.subarray(start, start + shape.batch);
        writer.write(batch, batch.length);
        const { lossSum, count: targets } = loaded.run(0);
        yield { batch, lossSum, targets, done: (start + batch.length) / order.length };
      }
    },
  };
}
