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

/** Puts training rows and evaluations on one axis of steps; what is not finite is left out. */
export function lossData(
  metrics: Table<MetricsColumn>,
  evaluations: Table<EvaluationColumn>,
): LossData {
  const data: LossData = [[], [], [], [], []];
  let row = 0;
  let evaluation = 0;
  while (row < metrics.length || evaluation < evaluations.length) {
    const rowStep = row < metrics.length ? metrics.at('step', row) : Infinity;
    const evaluationStep =
      evaluation < evaluations.length ? evaluations.at('step', evaluation) : Infinity;
    const hasRow = rowStep <= evaluationStep;
    const hasEvaluation = evaluationStep <= rowStep;
    data[series.step].push(Math.min(rowStep, evaluationStep));
    data[series.training].push(hasRow ? finite(metrics.at('lossMean', row)) : null);
    data[series.least].push(hasRow ? finite(metrics.at('lossMin', row)) : null);
    data[series.greatest].push(hasRow ? finite(metrics.at('lossMax', row)) : null);
    data[series.validation].push(
      hasEvaluation ? finite(evaluations.at('validationLoss', evaluation)) : null,
    );
    if (hasRow) row++;
    if (hasEvaluation) evaluation++;
  }
  return data;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
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
