/** Learning to answer examples, each by itself. */
import { buildExampleModel, type ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import { parameterCount } from '../engine/parameters';
import { structureOfExamples, type Structure } from '../engine/structure';
import type { Cell } from '../equations/syntax';
import { chooseParts, createExampleLagProbe } from '../inspection/example-lags';
import { sentence } from '../sentence';
import type { Settings } from '../settings/settings';
import { channelsOf, stepsOf } from '../task/channels';
import type { TaskDescription } from '../task/description';
import type { Dataset, PartName } from '../task/dataset';
import { createExampleBatches } from '../task/example-batches';
import { evaluateExamples } from '../task/evaluate-examples';
import { exampleShape } from '../task/run-examples';
import { guessOf } from '../task/guess';
import { createRowWriter } from '../task/write-rows';
import { balancedWeights } from './class-weights';
import type { ExampleCheckpoint } from './checkpoint';
import type { WarningEvent } from './events';
import { wordsOfCodec } from './starting-vectors';
import type { Evaluation, Feed, PlannedTask, Task } from './task';

/** Examples, and what it takes to read further ones. */
export interface ExampleData {
  readonly dataset: Dataset;
  readonly task: TaskDescription;
  /** SHA-256 of the file. */
  readonly hash: string;
  /** The deviation that the answer's numbers were divided by, one a column. */
  readonly deviations?: readonly number[] | undefined;
}

export interface ExampleTaskOptions {
  readonly settings: Settings;
  /** A whole model, which defines `y`. */
  readonly cell: Cell;
  readonly data: ExampleData;
  /** Whose model it is. */
  readonly resume: ExampleCheckpoint | undefined;
}

/**
 * @throws InputError if there is nothing to train on
 * @throws EquationError if the model's shapes do not fit the data
 */
export function planExampleTask(options: ExampleTaskOptions): PlannedTask<ExampleModel> {
  const { settings, cell, data, resume } = options;
  const { dataset } = data;
  const { hidden, dropout } = settings.model;
  const model =
    resume?.model ?? buildExampleModel({ cell, hidden, dropout, ...channelsOf(dataset) });
  const { batch } = settings.training;
  const rows = Math.max(1, Math.min(batch, dataset.parts.train.length));
  const weights =
    settings.training.classWeights === 'balanced' ? balancedWeights(dataset) : undefined;
  const shape = exampleShape(dataset, dataset.parts.train, rows);
  const train = { ...shape, weighted: weights !== undefined };
  const evaluate = exampleShape(dataset, dataset.parts.validation, rows);
  const isHeldOut = dataset.parts.validation.length > 0;
  return {
    model,
    embedding: { parameter: 'E', words: wordsOfCodec(data.task.input) },
    hash: data.hash,
    shapes: [
      { mode: 'train', ...train },
      ...(isHeldOut ? [{ mode: 'evaluate' as const, ...evaluate }] : []),
    ],
    open(network) {
      const program = network.program('train', train);
      const { classWeights } = program.program;
      if (classWeights && weights) network.backend.floats().set(weights, classWeights.offset);
      const structure = structureOfExamples(network.model.spec);
      return {
        program,
        feed: feedOf(dataset, network, program, rows, settings.training.seed),
        evaluation: isHeldOut ? evaluationOf(settings, data, network, evaluate) : undefined,
        facts: factsOf(dataset, structure, rows),
        examples: countsOf(dataset),
        warnings: isHeldOut ? [] : [noValidation],
        createLagProbe() {
          const parameters = parameterCount(network.model.parameters);
          const parts = chooseParts(dataset, dataset.parts.train, parameters);
          const together = Math.min(parts.length, rows);
          const { observeWindow } = settings.inspection;
          return createExampleLagProbe(network, structure, dataset, parts, observeWindow, together);
        },
      };
    },
  };
}

const noValidation: WarningEvent = {
  event: 'warning',
  code: 'no-validation',
  message: sentence`No examples are held out, so there is no validation loss.`,
};

function feedOf(
  dataset: Dataset,
  { backend }: Network<ExampleModel>,
  program: Task['program'],
  batch: number,
  seed: number,
): Feed {
  const batches = createExampleBatches(dataset, dataset.parts.train, batch, seed);
  const writer = createRowWriter(dataset, program, () => backend.floats());
  let tokens = 0;
  return {
    chunks: batches.chunks,
    next() {
      const begins = batches.begins();
      const examples = batches.next();
      tokens = writer.write(examples, examples.length);
      return begins;
    },
    tokens: () => tokens,
    epoch: batches.epoch,
    cursor: () => ({ ...batches.cursor(), shift: 0 }),
    restore: batches.restore,
  };
}

/** At most so many steps are measured, from the first examples on: the parts are in a random order. */
function limited(dataset: Dataset, examples: Uint32Array, most: number): Uint32Array {
  if (most === 0) return examples;
  let steps = 0;
  const end = examples.findIndex((example) => {
    steps += tokensOf(dataset, example);
    return steps > most;
  });
  return end < 0 ? examples : examples.subarray(0, Math.max(1, end));
}

function tokensOf(dataset: Dataset, example: number): number {
  const { t, u } = stepsOf(dataset, example);
  return Math.max(1, t + u);
}

function totalOf(dataset: Dataset, examples: Uint32Array): number {
  return examples.reduce((sum, example) => sum + tokensOf(dataset, example), 0);
}

function evaluationOf(
  { training }: Settings,
  { dataset, deviations }: ExampleData,
  network: Network<ExampleModel>,
  shape: ReturnType<typeof exampleShape>,
): Evaluation {
  const { train, validation } = dataset.parts;
  const examples = limited(dataset, validation, training.evaluationTokens);
  return {
    plan: {
      every: training.evaluateEvery,
      tokens: totalOf(dataset, examples),
      stepTokens: (totalOf(dataset, train) / train.length) * shape.batch,
    },
    *measure() {
      const { loss, targets, scores } = yield* evaluateExamples(network, dataset, examples, shape, {
        deviations,
      });
      const perplexity = dataset.output.values.kind === 'symbols' ? Math.exp(loss) : NaN;
      return {
        validationLoss: loss,
        bitsPerCharacter: NaN,
        spelling: 0,
        perplexity,
        tokens: targets,
        ...scores,
      };
    },
  };
}

function countsOf({ parts }: Dataset): Readonly<Record<PartName, number>> {
  const { train, validation, test } = parts;
  return { train: train.length, validation: validation.length, test: test.length };
}

function factsOf(dataset: Dataset, structure: Structure, batch: number): Task['facts'] {
  const { train, validation } = dataset.parts;
  return {
    vocabulary: channelsOf(dataset).input.width,
    tokens: totalOf(dataset, train),
    validationTokens: totalOf(dataset, validation),
    batch,
    sequence: 0,
    baselines: guessOf(dataset),
    network: structure,
  };
}
