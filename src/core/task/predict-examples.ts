import { upTo } from '../numerics';
import type { RowShape } from '../engine/compile';
import type { ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import { labelsAt, logitsAt, symbolsAt, type LikelySymbol } from './answers';
import { rowsOf, type ChannelData, type Dataset } from './dataset';
import { createExampleRunner } from './run-examples';

/** Symbols of an answer that is a sequence, at most, where no other number is asked for. */
export const longestAnswer = 256;

/** What a model answers to an example: one answer, or one a step. */
export type Answer =
  /** The likeliest symbols of each step, the likeliest first. */
  | { readonly kind: 'symbols'; readonly steps: readonly (readonly LikelySymbol[])[] }
  /** The probability of each label, of each step. */
  | { readonly kind: 'labels'; readonly steps: readonly Float64Array[] }
  /** Standardised as the codec says, of each step. */
  | { readonly kind: 'numbers'; readonly steps: readonly Float64Array[] };

/**
 * Inputs whose answers are not known.
 *
 * @param output of the task: its kind and width
 */
export function questions(
  input: ChannelData,
  { alignment, output }: Pick<Dataset, 'alignment' | 'output'>,
  count: number,
): Dataset {
  const all = upTo(count);
  const none = new Uint32Array(0);
  const rows = alignment === 'synced' ? input.starts![count]! : count;
  const starts = alignment === 'synced' ? input.starts! : undefined;
  const { values } = output;
  const unknown: ChannelData['values'] =
    values.kind === 'symbols'
      ? { ...values, ids: new Int32Array(rows).fill(-1) }
      : {
          ...values,
          values: new Float32Array(rows * values.width),
          known: new Uint8Array(rows),
        };
  return {
    count,
    input,
    output: { values: unknown, ...(starts && { starts }) },
    alignment,
    parts: { train: none, validation: none, test: all },
  };
}

/**
 * Answers examples whose answer is one, or one for each step of the input.
 *
 * @param most symbols to tell of each step
 * @yields the number of an example and its answer, in the order in which they are answered
 */
export function* predictExamples(
  network: Network<ExampleModel>,
  dataset: Dataset,
  examples: Uint32Array,
  shape: RowShape,
  most: number,
): Generator<readonly [number, Answer], void, undefined> {
  const { program, floats, run } = createExampleRunner(network, dataset, shape);
  const view = program.probes.get('logits')!;
  const { values } = dataset.output;
  for (const { batch } of run(examples)) {
    for (const [row, example] of batch.entries()) {
      const length = dataset.alignment === 'one' ? 1 : rowsOf(dataset.output, example);
      const at = (step: number) => ({ floats: floats(), view, step, row });
      const steps = Array.from({ length }, (_, step) => step);
      yield [
        example,
        values.kind === 'symbols'
          ? { kind: 'symbols', steps: steps.map((t) => symbolsAt(at(t), most)) }
          : values.labels
            ? { kind: 'labels', steps: steps.map((t) => labelsAt(at(t))) }
            : { kind: 'numbers', steps: steps.map((t) => logitsAt(at(t))) },
      ];
    }
  }
}
