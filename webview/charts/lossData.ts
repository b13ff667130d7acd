import type uPlot from 'uplot';
import type { EvaluationColumn, MetricsColumn, Table } from '../../src/protocol/history';

/** The places of the loss chart's series, in the order uPlot wants them. */
export const series = { step: 0, training: 1, least: 2, greatest: 3, validation: 4 } as const;

/** Aligned columns: steps, mean, least, greatest training loss, validation loss; null: no value there. */
export type LossData = [
  number[],
  (number | null)[],
  (number | null)[],
  (number | null)[],
  (number | null)[],
];

/** Training rows that are drawn as one point. */
interface Point {
  readonly step: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
}

/**
 * Puts training rows and evaluations on one axis of steps; what is not finite is left out. Where there
 * are more rows than points, neighbours are drawn as one: their mean, and how far they spread. The last
 * row is always a point of its own, so that the curve ends at the number that is shown everywhere else.
 */
export function lossData(
  metrics: Table<MetricsColumn>,
  evaluations: Table<EvaluationColumn>,
  maxPoints: number,
): LossData {
  const points = trainingPoints(metrics, maxPoints);
  const data: LossData = [[], [], [], [], []];
  let point = 0;
  let evaluation = 0;
  while (point < points.length || evaluation < evaluations.length) {
    const training = points[point];
    const trainingStep = training?.step ?? Infinity;
    const evaluationStep =
      evaluation < evaluations.length ? evaluations.at('step', evaluation) : Infinity;
    const drawn = trainingStep <= evaluationStep ? training : undefined;
    const measured = evaluationStep <= trainingStep;
    data[series.step].push(Math.min(trainingStep, evaluationStep));
    data[series.training].push(finite(drawn?.mean));
    data[series.least].push(finite(drawn?.least));
    data[series.greatest].push(finite(drawn?.greatest));
    data[series.validation].push(
      measured ? finite(evaluations.at('validationLoss', evaluation)) : null,
    );
    if (drawn) point++;
    if (measured) evaluation++;
  }
  return data;
}

function trainingPoints(metrics: Table<MetricsColumn>, maxPoints: number): Point[] {
  const last = metrics.length - 1;
  if (last < 0) return [];
  // A power of two: the points that are drawn already seldom change while the run grows.
  const group = 2 ** Math.max(0, Math.ceil(Math.log2(last / maxPoints)));
  const points: Point[] = [];
  for (let start = 0; start < last; start += group) {
    points.push(merge(metrics, start, Math.min(start + group, last)));
  }
  points.push(merge(metrics, last, last + 1));
  return points;
}

/** Rows from `start` to before `end` as one. */
function merge(metrics: Table<MetricsColumn>, start: number, end: number): Point {
  let sum = 0;
  let steps = 0;
  let least = Infinity;
  let greatest = -Infinity;
  for (let row = start; row < end; row++) {
    const weight = metrics.at('steps', row);
    sum += weight * metrics.at('lossMean', row);
    steps += weight;
    least = Math.min(least, metrics.at('lossMin', row));
    greatest = Math.max(greatest, metrics.at('lossMax', row));
  }
  return { step: metrics.at('step', end - 1), mean: sum / steps, least, greatest };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The last value of a series and its step; undefined where it has none. */
export function lastPoint(
  data: uPlot.AlignedData,
  index: number,
): { readonly step: number; readonly loss: number } | undefined {
  const values = data[index];
  for (let i = (values?.length ?? 0) - 1; i >= 0; i--) {
    const loss = values?.[i];
    const step = data[0][i];
    if (loss != null && step !== undefined) return { step, loss };
  }
  return undefined;
}

/**
 * Limits of the loss axis: all values and ln C with some air, never below zero.
 *
 * @param least the least and greatest value on show; null before the first
 */
export function lossRange(
  least: number | null,
  greatest: number | null,
  uniform: number,
): [number, number] {
  const high = Math.max(greatest ?? uniform, uniform);
  const low = Math.min(least ?? 0, uniform);
  const air = Math.max(0.05, (high - low) * 0.06);
  return [Math.max(0, low - air), high + air];
}

/** Limits of the step axis: from 0 to the last step, and to 20 at least. */
export function stepRange(last: number | undefined): [number, number] {
  return [0, Math.max(20, last ?? 0)];
}
