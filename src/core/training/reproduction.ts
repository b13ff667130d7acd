/** Holds a training that is done again against what the first one has kept. */
import type { NumberArray } from '../formats/safetensors';
import type { Checkpoint } from './checkpoint';
import type { Spread } from '../metrics/columns';
import type { MetricsLine } from './kept-metrics';

/** The first thing that is not as it was. */
export interface Difference {
  readonly step: number;
  readonly what: 'loss' | 'validation loss' | 'tensor';
  /** The tensor's name; else empty. */
  readonly name: string;
  readonly recorded: number;
  readonly got: number;
}

export interface Comparison {
  /** The last step with anything to compare. */
  readonly lastStep: number;
  /** Takes each step's loss in turn. */
  step(step: number, loss: number): Difference | undefined;
  evaluation(step: number, validationLoss: number): Difference | undefined;
  /** Steps after which a measurement was recorded. */
  readonly measured: ReadonlySet<number>;
  /** Rows and measurements that agreed so far. */
  agreed(): { readonly rows: number; readonly evaluations: number };
}

/** A row that was merged from others has its mean by another order of additions. */
const meanTolerance = 1e-12;

/**
 * Compares bit by bit: the loss of a row of one step; least and greatest of one that sums up several, and their
 * mean to within what rounding leaves; the loss of every measurement.
 */
export function compareMetrics(lines: readonly MetricsLine[]): Comparison {
  const rows = lines.flatMap((line) => (line.event === 'metrics' ? [line.row] : []));
  const evaluations = new Map(
    lines.flatMap((line) =>
      line.event === 'evaluation' ? [[line.row.step, line.row.validationLoss]] : [],
    ),
  );
  let next = 0;
  let losses: number[] = [];
  const agreed = { rows: 0, evaluations: 0 };
  return {
    measured: new Set(evaluations.keys()),
    lastStep: lines.reduce((last, { row }) => Math.max(last, row.step), 0),
    step(step, loss) {
      const row = rows[next];
      // Rows that a crash has lost leave steps of which nothing is known.
      if (row === undefined || step <= row.step - row.steps) return undefined;
      losses.push(loss);
      if (step < row.step) return undefined;
      const found = differenceOf(row.loss, losses);
      next++;
      losses = [];
      if (found === undefined) agreed.rows++;
      return found && { step, what: 'loss', name: '', ...found };
    },
    evaluation(step, got) {
      const recorded = evaluations.get(step);
      if (recorded === undefined) return undefined;
      if (!Object.is(recorded, got)) {
        return { step, what: 'validation loss', name: '', recorded, got };
      }
      agreed.evaluations++;
      return undefined;
    },
    agreed: () => ({ ...agreed }),
  };
}

function differenceOf(
  recorded: Spread,
  losses: readonly number[],
): Pick<Difference, 'recorded' | 'got'> | undefined {
  const least = losses.reduce((a, b) => Math.min(a, b));
  const greatest = losses.reduce((a, b) => Math.max(a, b));
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  if (least !== recorded.min) return { recorded: recorded.min, got: least };
  if (greatest !== recorded.max) return { recorded: recorded.max, got: greatest };
  const isNear = Math.abs(mean - recorded.mean) <= meanTolerance * Math.abs(mean);
  return isNear ? undefined : { recorded: recorded.mean, got: mean };
}

/** Compares all tensors of two checkpoints of the same step bit by bit: parameters, moments, hidden states. */
export function compareTensors(before: Checkpoint, after: Checkpoint): Difference | undefined {
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
