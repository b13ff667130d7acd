import type { RowShape } from '../engine/compile';
import type { GraphModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { Scores } from '../metrics/columns';
import { stepsOf } from './channels';
import { createAnswerRecord, type AnswerList } from './answer-record';
import type { Dataset } from './dataset';
import { createExampleRunner, type ExampleRunner } from './run-examples';
import { createTally, programAnswers, type TallyOptions } from './tally';

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
  /** Answer by answer, where that was asked for; of answers with a length of their own never. */
  readonly answers?: AnswerList;
}

/** The loss of a row, of all its targets together. */
function lossOf(
  { program: { losses, lossDomain, batch }, floats }: ExampleRunner,
  { t, u }: { readonly t: number; readonly u: number },
  row: number,
): number {
  const steps = { example: 1, t, u }[lossDomain];
  const arena = floats();
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += arena[losses + step * batch + row]!;
  return sum;
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
    /** Told the loss of each example, of all its targets together. */
    readonly each?: (example: number, loss: number) => void;
    /** Whether to tell of each answer. */
    readonly answers?: boolean;
  } = {},
): Generator<number, ExampleEvaluation, undefined> {
  const runner = createExampleRunner(network, dataset, shape);
  const tally = createTally(dataset, {
    answers: programAnswers(runner.program, runner.floats),
    deviations: options.deviations,
  });
  const record =
    options.answers === true && dataset.alignment !== 'delayed'
      ? createAnswerRecord(dataset, runner.program, runner.floats)
      : undefined;
  let [lossSum, targets] = [0, 0];
  for (const ran of runner.run(examples)) {
    lossSum += ran.lossSum;
    targets += ran.targets;
    ran.batch.forEach((example, row) => {
      tally.add(example, row);
      record?.add(example, row);
      options.each?.(example, lossOf(runner, stepsOf(dataset, example), row));
    });
    yield ran.done;
  }
  const { confusion } = tally;
  return {
    loss: lossSum / targets,
    targets,
    examples: examples.length,
    scores: tally.scores(),
    ...(confusion && { confusion }),
    ...(record && { answers: record }),
  };
}
