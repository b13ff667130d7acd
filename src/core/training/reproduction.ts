/** Holds a training that is done again against what the first one has kept. */
import type { NumberArray } from '../formats/safetensors';
import {
  channels,
  columnsOf,
  flatten,
  type Channel,
  type EvaluationRow,
  type MetricsRow,
  type Quantities,
  type RowOf,
} from '../metrics/columns';
import type { AnyCheckpoint } from './checkpoint';
import { mergeRows, type MetricsLine } from './kept-metrics';

/** The first thing that is not as it was. */
export interface Difference {
  readonly step: number;
  /** `number`: of a row of metrics or of a measurement; `missing`: a line that no training comes to. */
  readonly what: 'loss' | 'validation loss' | 'number' | 'missing' | 'tensor';
  /** The number's label or the tensor's name; of a missing line, its event; else empty. */
  readonly name: string;
  readonly recorded: number;
  readonly got: number;
}

/** Lines that agreed so far. */
export interface Agreed {
  readonly rows: number;
  readonly evaluations: number;
  /** Of these measurements, the ones of an earlier version that agree but for their last digits. */
  readonly nearly: number;
}

export interface Comparison {
  /** The last step with anything to compare. */
  readonly lastStep: number;
  /** Takes each step's row in turn. */
  step(row: MetricsRow): Difference | undefined;
  evaluation(row: EvaluationRow): Difference | undefined;
  /** Steps after which a measurement was recorded. */
  readonly measured: ReadonlySet<number>;
  agreed(): Agreed;
  /** The first line up to a step that training has not come to. */
  missing(until: number): Difference | undefined;
  /** Lines after a step. */
  after(step: number): number;
}

/** A row that was merged from others has its mean by another order of additions. */
const meanTolerance = 1e-12;
/** Earlier versions cut the held-out text into rows that began with states not fully run in. */
const earlierTolerance = 1e-4;

/**
 * Compares all that does not depend on the clock, bit by bit: of a row that sums up several steps, means to
 * within what rounding leaves.
 *
 * @param exactAfter measurements up to this step may be of an earlier version: their loss is compared to 1e-4
 */
export function compareMetrics(lines: readonly MetricsLine[], exactAfter: number): Comparison {
  const rows = lines.flatMap((line) => (line.event === 'metrics' ? [line.row] : []));
  const evaluations = new Map(
    lines.flatMap((line) => (line.event === 'evaluation' ? [[line.row.step, line.row]] : [])),
  );
  const measured = new Set(evaluations.keys());
  let next = 0;
  let sum: MetricsRow | undefined;
  const agreed = { rows: 0, evaluations: 0, nearly: 0 };
  return {
    measured,
    lastStep: lines.reduce((last, { row }) => Math.max(last, row.step), 0),
    step(row) {
      const recorded = rows[next];
      // Rows that a crash has lost leave steps of which nothing is known.
      if (recorded === undefined || row.step <= recorded.step - recorded.steps) return undefined;
      sum = sum === undefined ? row : mergeRows(sum, row);
      if (row.step < recorded.step) return undefined;
      const found = differenceOf(channels.metrics, recorded, sum);
      next++;
      sum = undefined;
      if (found === undefined) agreed.rows++;
      return found;
    },
    evaluation(row) {
      const recorded = evaluations.get(row.step);
      if (recorded === undefined) return undefined;
      const isEarlier = row.step <= exactAfter;
      const found = isEarlier
        ? earlierDifference(recorded, row)
        : differenceOf(channels.evaluation, recorded, row, exactAfter === 0);
      if (found !== undefined) return found;
      evaluations.delete(row.step);
      agreed.evaluations++;
      if (recorded.validationLoss !== row.validationLoss) agreed.nearly++;
      return undefined;
    },
    agreed: () => ({ ...agreed }),
    missing(until) {
      const row = rows[next];
      const [evaluation] = evaluations.keys();
      const at = (step: number | undefined, name: MetricsLine['event']): Difference[] =>
        step === undefined || step > until
          ? []
          : [{ step, what: 'missing', name, recorded: step, got: NaN }];
      return [...at(row?.step, 'metrics'), ...at(evaluation, 'evaluation')].sort(
        (a, b) => a.step - b.step,
      )[0];
    },
    after: (step) => lines.filter(({ row }) => row.step > step).length,
  };
}

/**
 * What is NaN was not measured by the version that recorded it.
 *
 * @param flags whether flags are compared: of a measurement they depend on all before it, which have to be exact
 */
function differenceOf<Q extends Quantities>(
  channel: Channel<Q>,
  recordedRow: RowOf<Q>,
  gotRow: RowOf<Q>,
  flags = true,
): Difference | undefined {
  const [before, now] = [flatten(channel, recordedRow), flatten(channel, gotRow)];
  for (const { name, label = name, merge, clock, type } of columnsOf(channel)) {
    const [recorded, got] = [before[name], now[name]];
    if (clock || (type === 'flag' && !flags)) continue;
    if (Number.isNaN(recorded) || Object.is(recorded, got)) continue;
    const isNear = merge === 'mean' && Math.abs(got - recorded) <= meanTolerance * Math.abs(got);
    if (isNear) continue;
    const step = (now as Readonly<Record<string, number>>)['step']!;
    if (name.startsWith('loss')) return { step, what: 'loss', name: '', recorded, got };
    if (name === 'validationLoss')
      return { step, what: 'validation loss', name: '', recorded, got };
    return { step, what: 'number', name: label, recorded, got };
  }
  return undefined;
}

function earlierDifference(before: EvaluationRow, now: EvaluationRow): Difference | undefined {
  const [recorded, got] = [before.validationLoss, now.validationLoss];
  if (Object.is(recorded, got)) return undefined;
  if (Math.abs(got - recorded) <= earlierTolerance * Math.abs(got)) return undefined;
  return { step: now.step, what: 'validation loss', name: '', recorded, got };
}

/** Compares all tensors of two checkpoints of the same step bit by bit: parameters, moments, hidden states. */
export function compareTensors(
  before: AnyCheckpoint,
  after: AnyCheckpoint,
): Difference | undefined {
  const { step } = before.training;
  for (const [name, values] of before.tensors) {
    const again: NumberArray = after.tensors.get(name) ?? new Float64Array(values.length);
    const place = values.findIndex((value, i) => !Object.is(value, again[i]));
    if (place >= 0) {
      return { step, what: 'tensor', name, recorded: values[place]!, got: again[place]! };
    }
  }
  return undefined;
}
