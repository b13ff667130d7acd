import type { Floats } from '../engine/backend';
import type { GraphModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { Program } from '../engine/program';
import type { RowShape } from '../engine/compile';
import type { Scores } from '../metrics/columns';
import { longestOf, stepsOf } from './channels';
import type { Dataset } from './dataset';
import { byLength } from './example-batches';
import { createTally, programAnswers, type TallyOptions } from './tally';
import { createRowWriter } from './write-rows';

/** How well a model answers some examples, each of which it answers by itself. */
export interface ExampleEvaluation {
  /** Mean over the targets: cross-entropy in nats, or half the squared error of standardised numbers. */
  readonly loss: number;
  /** Targets: answers, or steps of answers. */
  readonly targets: number;
  readonly examples: number;
  readonly scores: Scores;
  /** See `Tally`. */
  readonly confusion?: Float64Array<ArrayBuffer>;
}

/** The loss of a row, of all its targets together. */
function lossOf(
  { losses, lossDomain, batch }: Program,
  floats: Floats,
  { t, u }: { readonly t: number; readonly u: number },
  row: number,
): number {
  const steps = { example: 1, t, u }[lossDomain];
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += floats[losses + step * batch + row]!;
  return sum;
}

/** The rows of a program for some examples of a data set. */
export function exampleShape(
  dataset: Dataset,
  examples: Iterable<number>,
  batch: number,
): RowShape {
  const { t, u } = longestOf(dataset, examples);
  return { rows: 'examples', batch, sequence: t, answer: u };
}

/**
 * Measures examples, the longest first: what comes out does not depend on the batch.
 *
 * @param shape of the program, with room for the examples
 * @yields share done, 0 to 1, after each batch
 */
export function* evaluateExamples(
  network: Network<GraphModel>,
  dataset: Dataset,
  examples: Uint32Array,
  shape: RowShape,
  options: Pick<TallyOptions, 'deviations'> & {
    /** Told the loss of each example, of all its targets together, and its row while that can be read. */
    readonly each?: (example: number, loss: number, row: number) => void;
  } = {},
): Generator<number, ExampleEvaluation, undefined> {
  const loaded = network.program('evaluate', shape);
  const floats = () => network.backend.floats();
  const writer = createRowWriter(dataset, loaded, floats);
  const tally = createTally(dataset, {
    answers: programAnswers(loaded.program, floats),
    deviations: options.deviations,
  });
  const order = byLength(dataset, examples);
  let [lossSum, targets] = [0, 0];
  for (let start = 0; start < order.length; start += shape.batch) {
    const batch = order.subarray(start, start + shape.batch);
    writer.write(batch, batch.length);
    const result = loaded.run(0);
    lossSum += result.lossSum;
    targets += result.count;
    batch.forEach((example, row) => {
      tally.add(example, row);
      options.each?.(
        example,
        lossOf(loaded.program, floats(), stepsOf(dataset, example), row),
        row,
      );
    });
    yield Math.min(1, (start + batch.length) / order.length);
  }
  const { confusion } = tally;
  return {
    loss: lossSum / targets,
    targets,
    examples: examples.length,
    scores: tally.scores(),
    ...(confusion && { confusion }),
  };
}
