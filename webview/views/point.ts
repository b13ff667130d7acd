import type { Format } from '../../src/protocol/format';
import type { Table } from '../../src/protocol/history';
import type { PanelStrings } from '../../src/protocol/strings';
import type { Run } from '../state';

/** All that is known about one step of a run; losses in nats per token. */
export interface Point {
  readonly step: number;
  readonly training: number;
  readonly least: number;
  readonly greatest: number;
  /** The last evaluation until then; undefined before the first. */
  readonly validation: { readonly step: number; readonly loss: number } | undefined;
  readonly seconds: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
}

/** The row that holds a step, or the last one before the run's end; undefined without rows. */
export function pointAt({ metrics, evaluations }: Run, step: number): Point | undefined {
  if (metrics.length === 0) return undefined;
  const row = Math.min(metrics.length - 1, rowsBefore(metrics, step));
  const evaluation = rowsBefore(evaluations, step + 1) - 1;
  return {
    step,
    training: metrics.at('lossMean', row),
    least: metrics.at('lossMin', row),
    greatest: metrics.at('lossMax', row),
    validation:
      evaluation < 0
        ? undefined
        : {
            step: evaluations.at('step', evaluation),
            loss: evaluations.at('validationLoss', evaluation),
          },
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
  if (point.validation) {
    lines.push({ name: strings.pointValidation, value: format.loss(point.validation.loss) });
  }
  lines.push(
    { name: strings.pointElapsed, value: format.duration(point.seconds) },
    { name: strings.pointLearningRate, value: format.value(point.learningRate) },
    { name: strings.pointGradientNorm, value: format.value(point.gradientNorm) },
  );
  return lines;
}
