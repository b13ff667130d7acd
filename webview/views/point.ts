import type { Format } from '../../src/protocol/format';
import type { Table } from '../../src/protocol/history';
import type { PanelStrings } from '../../src/protocol/strings';
import { series, type LossData } from '../charts/lossData';
import type { Run } from '../state';

/** All that is known about a point of the chart; losses in nats per token. */
export interface Point {
  readonly step: number;
  /** As drawn: mean, least and greatest over the steps that the point stands for. */
  readonly training: number;
  readonly least: number;
  readonly greatest: number;
  /** Of the last evaluation until then; undefined before the first. */
  readonly validation: number | undefined;
  readonly seconds: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
}

/** What lies at an entry of the chart's data; undefined before the first training row. */
export function pointAt(run: Run, data: LossData, index: number): Point | undefined {
  const { metrics, evaluations } = run;
  const step = data[series.step][index];
  if (metrics.length === 0 || step === undefined) return undefined;
  const row = Math.min(metrics.length - 1, rowsBefore(metrics, step));
  const evaluation = rowsBefore(evaluations, step + 1) - 1;
  return {
    step,
    training: data[series.training][index] ?? metrics.at('lossMean', row),
    least: data[series.least][index] ?? metrics.at('lossMin', row),
    greatest: data[series.greatest][index] ?? metrics.at('lossMax', row),
    validation: evaluation < 0 ? undefined : evaluations.at('validationLoss', evaluation),
    seconds: metrics.at('seconds', row),
    learningRate: metrics.at('learningRate', row),
    gradientNorm: metrics.at('gradientNormMean', row),
  };
}

/** How many rows have a step below this one. */
function rowsBefore<Column extends string>(table: Table<Column | 'step'>, step: number): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.at('step', middle) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A point in words, a line each. */
export function describePoint(
  point: Point,
  strings: PanelStrings,
  format: Format,
): { readonly name: string; readonly value: string }[] {
  const lines = [
    { name: strings.step, value: format.count(point.step) },
    { name: strings.pointTraining, value: format.loss(point.training) },
  ];
  if (point.least !== point.greatest) {
    const value = `${format.loss(point.least)} – ${format.loss(point.greatest)}`;
    lines.push({ name: strings.pointSpread, value });
  }
  if (point.validation !== undefined) {
    lines.push({ name: strings.pointValidation, value: format.loss(point.validation) });
  }
  lines.push(
    { name: strings.pointElapsed, value: format.duration(point.seconds) },
    { name: strings.pointLearningRate, value: format.value(point.learningRate) },
    { name: strings.pointGradientNorm, value: format.value(point.gradientNorm) },
  );
  return lines;
}
