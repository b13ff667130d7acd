/** How losses went: of a run, thinned, and of runs that differ by their seeds alone, together. */
import type { RunRows } from './measures';

/** Losses over steps; steps ascend. */
export interface Curve {
  readonly step: readonly number[];
  readonly loss: readonly number[];
}

export interface Curves {
  readonly training: Curve;
  /** Of what is held out. */
  readonly validation: Curve;
}

/** Over the seeds, at steps that all kinds of rows share. */
export interface Band {
  readonly step: readonly number[];
  readonly mean: readonly number[];
  readonly least: readonly number[];
  readonly greatest: readonly number[];
}

/** Of a run's curve at most, so that a thousand runs fit into a message. */
const mostPoints = 120;

/** @param until rows after this step are left out */
export function curvesOf({ metrics, evaluations }: RunRows, until = Infinity): Curves {
  return {
    training: curveOf(metrics.step, metrics.lossMean, until),
    validation: curveOf(evaluations.step, evaluations.validationLoss, until),
  };
}

function curveOf(steps: ArrayLike<number>, losses: ArrayLike<number>, until: number): Curve {
  const rows = Array.from(steps, (step, row) => ({ step, loss: losses[row]! })).filter(
    ({ step, loss }) => step <= until && Number.isFinite(loss),
  );
  return thinned({ step: rows.map(({ step }) => step), loss: rows.map(({ loss }) => loss) });
}

/** Neighbours become their mean where there are more than anybody sees; the last one stays as it is. */
export function thinned({ step, loss }: Curve): Curve {
  const n = step.length;
  if (n <= mostPoints) return { step, loss };
  const steps: number[] = [];
  const losses: number[] = [];
  for (let i = 0; i < mostPoints - 1; i++) {
    const from = Math.floor((i * (n - 1)) / (mostPoints - 1));
    const to = Math.floor(((i + 1) * (n - 1)) / (mostPoints - 1));
    const count = to - from;
    let sum = 0;
    for (let k = from; k < to; k++) sum += loss[k]!;
    steps.push(step[to - 1]!);
    losses.push(sum / count);
  }
  return { step: [...steps, step[n - 1]!], loss: [...losses, loss[n - 1]!] };
}

/**
 * The mean of several runs' curves with the least and the greatest of them, at the steps of any of them; each run
 * counts from its first to its last step, linear between.
 */
export function bandOf(curves: readonly Curve[]): Band {
  const known = curves.filter(({ step }) => step.length > 0);
  const all = [...new Set(known.flatMap(({ step }) => step))].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(all.length / mostPoints));
  const step = all.filter((_, i) => i % stride === 0 || i === all.length - 1);
  const places = known.map(() => 0);
  const band = { step, mean: [] as number[], least: [] as number[], greatest: [] as number[] };
  for (const at of step) {
    const values = known.flatMap((curve, k) => {
      while (places[k]! + 1 < curve.step.length && curve.step[places[k]! + 1]! <= at) places[k]!++;
      const value = valueAt(curve, places[k]!, at);
      return value === undefined ? [] : [value];
    });
    band.mean.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    band.least.push(Math.min(...values));
    band.greatest.push(Math.max(...values));
  }
  return band;
}

/** @param place the last row at or before the step, or 0 */
function valueAt({ step, loss }: Curve, place: number, at: number): number | undefined {
  const [from, to] = [step[place]!, step[place + 1]];
  if (at < from || (to === undefined && at > from)) return undefined;
  if (to === undefined || at === from) return loss[place];
  const share = (at - from) / (to - from);
  return loss[place]! + share * (loss[place + 1]! - loss[place]!);
}
