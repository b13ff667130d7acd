/** How well answers fit, counted example by example. */
import type { Floats } from '../engine/backend';
import type { Program, View } from '../engine/program';
import type { Scores } from '../metrics/columns';
import { argmax } from '../numerics';
import { boundaryOf, channelsOf, stepsOf } from './channels';
import { firstRow, rowsOf, type Dataset, type Ids } from './dataset';

/** The answers of a batch, whoever gave them. */
export interface Answers {
  /** The symbol that is answered in a row at a step. */
  symbol(row: number, t: number): number;
  /** Of several: above 0 for a label that is answered, or a standardised number. */
  value(row: number, t: number, i: number): number;
}

/** Counts answers. */
export interface Tally {
  /** Takes the example in a row of the batch. */
  add(example: number, row: number): void;
  scores(): Scores;
  /** `[C, C]`, true class by answered class, of answers of one of few classes. */
  readonly confusion?: Float64Array<ArrayBuffer>;
}

/** More classes have no matrix. */
const mostClasses = 2000;

export interface TallyOptions {
  readonly answers: Answers;
  /** The deviation that numbers were divided by, one a column; 1 if not given. */
  readonly deviations?: readonly number[] | undefined;
}

/**
 * What a program has answered.
 * @param floats the arena, as it is now
 */
export function programAnswers({ probes }: Program, floats: () => Floats): Answers {
  const view = probes.get('logits')!;
  return {
    symbol: (row, t) => argmax(floats(), placeOf(view, t, row), view.width),
    value: (row, t, i) => floats()[placeOf(view, t, row) + i]!,
  };
}

export function createTally(dataset: Dataset, options: TallyOptions): Tally {
  const { output } = dataset;
  if (output.values.kind === 'symbols') return tallyOfSymbols(dataset, output.values.ids, options);
  return output.values.labels
    ? tallyOfLabels(dataset, output.values.values, options)
    : tallyOfNumbers(dataset, output.values, options);
}

/** Where a row's values begin. */
function placeOf(view: View, t: number, row: number): number {
  return view.offset + t * view.timeStride + row * view.rowStride;
}

function tallyOfSymbols(dataset: Dataset, ids: Ids, { answers }: TallyOptions): Tally {
  const { output, alignment } = dataset;
  const { output: width } = channelsOf(dataset);
  const boundary = boundaryOf(dataset);
  const hasMatrix = width <= mostClasses && alignment !== 'delayed';
  const confusion = hasMatrix ? new Float64Array(width * width) : undefined;
  let [examples, exact, tokens, right] = [0, 0, 0, 0];
  return {
    ...(confusion && { confusion }),
    add(example, row) {
      const start = firstRow(output, example);
      const known = alignment === 'one' ? 1 : rowsOf(output, example);
      const steps = alignment === 'delayed' ? stepsOf(dataset, example).u : known;
      let isExact = true;
      for (let t = 0; t < steps; t++) {
        const target = t < known ? ids[start + t]! : boundary;
        if (target < 0) continue;
        const answer = answers.symbol(row, t);
        tokens++;
        if (answer === target) right++;
        else isExact = false;
        if (confusion !== undefined) confusion[target * width + answer]!++;
      }
      examples++;
      if (isExact) exact++;
    },
    scores() {
      const classes = confusion === undefined ? {} : scoresOfClasses(confusion, width);
      if (alignment === 'one') return { accuracy: right / tokens, ...classes };
      return { tokenAccuracy: right / tokens, exactMatch: exact / examples, ...classes };
    },
  };
}

/** Macro averages over the classes that occur. */
function scoresOfClasses(confusion: Float64Array, classes: number): Scores {
  let [recalls, f1s, occurring] = [0, 0, 0];
  for (let c = 0; c < classes; c++) {
    let [occurs, answered] = [0, 0];
    for (let other = 0; other < classes; other++) {
      occurs += confusion[c * classes + other]!;
      answered += confusion[other * classes + c]!;
    }
    if (occurs === 0) continue;
    const right = confusion[c * classes + c]!;
    occurring++;
    recalls += right / occurs;
    f1s += (2 * right) / (occurs + answered);
  }
  return { balancedAccuracy: recalls / occurring, f1: f1s / occurring };
}

function tallyOfLabels(dataset: Dataset, values: Float32Array, { answers }: TallyOptions): Tally {
  const { output } = dataset;
  const { output: width } = channelsOf(dataset);
  let [examples, exact, labels, right, found, wanted, answered] = [0, 0, 0, 0, 0, 0, 0];
  return {
    add(example, row) {
      const start = firstRow(output, example);
      let isExact = true;
      for (let t = 0; t < rowsOf(output, example); t++) {
        for (let i = 0; i < width; i++) {
          const target = values[(start + t) * width + i]! > 0.5;
          const answer = answers.value(row, t, i) > 0;
          labels++;
          if (answer === target) right++;
          else isExact = false;
          if (target) wanted++;
          if (answer) answered++;
          if (target && answer) found++;
        }
      }
      examples++;
      if (isExact) exact++;
    },
    scores: () => ({
      accuracy: right / labels,
      f1: wanted + answered === 0 ? 1 : (2 * found) / (wanted + answered),
      exactMatch: exact / examples,
    }),
  };
}

function tallyOfNumbers(
  dataset: Dataset,
  { values, known }: { readonly values: Float32Array; readonly known?: Uint8Array },
  { answers, deviations }: TallyOptions,
): Tally {
  const { output } = dataset;
  const { output: width } = channelsOf(dataset);
  let [count, absolute, squared] = [0, 0, 0];
  // Of each column, in the data's unit: sum and sum of squares, for the variance.
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  return {
    add(example, row) {
      const start = firstRow(output, example);
      for (let t = 0; t < rowsOf(output, example); t++) {
        if (known?.[start + t] === 0) continue;
        count++;
        for (let i = 0; i < width; i++) {
          const scale = deviations?.[i] ?? 1;
          const target = values[(start + t) * width + i]! * scale;
          const error = answers.value(row, t, i) * scale - target;
          absolute += Math.abs(error);
          squared += error * error;
          sums[i]! += target;
          squares[i]! += target * target;
        }
      }
    },
    scores() {
      const spread = squares.reduce(
        (sum, square, i) => sum + square - (sums[i]! * sums[i]!) / count,
        0,
      );
      const entries = count * width;
      return {
        mae: absolute / entries,
        rmse: Math.sqrt(squared / entries),
        r2: 1 - squared / spread,
      };
    },
  };
}
