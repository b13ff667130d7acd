/**
 * What the losses say of a training; `course.ts` puts it into words and offers what to try. Nothing here is learnt
 * or guessed: every threshold stands beside its reason. Losses are in nats per token.
 */
import type { EvaluationColumn, MetricsColumn, Table } from '../../../src/protocol/history';
import type { PanelFacts } from '../../../src/protocol/panel';
import type { Severity } from '../gradients/diagnosis';

/** How a training goes; `since` is the step from which it is so. */
export type Course = { readonly severity: Severity; readonly since: number } & (
  | {
      readonly kind: 'rate too high';
      /** The lowest training loss so far, and the one now; NaN: no number. */
      readonly lowest: number;
      readonly now: number;
    }
  | {
      readonly kind: 'overfitting';
      /** Validation loss at its best and now. */
      readonly best: number;
      readonly now: number;
    }
  | {
      readonly kind: 'learnt';
      /** The loss that is left. */
      readonly rest: number;
    }
  | {
      readonly kind: 'underfitting';
      /** Validation loss less training loss. */
      readonly gap: number;
    }
  | {
      readonly kind: 'plateau';
      /** Undefined: nothing is held out. */
      readonly gap: number | undefined;
      /** Whether the training loss still falls. */
      readonly learns: boolean;
    }
  | {
      readonly kind: 'improving';
      /** What the loss fell by since. */
      readonly gain: number;
    }
);

/** What it is found from. */
export interface LossEvidence {
  readonly facts: Pick<PanelFacts, 'baselines' | 'task'>;
  readonly metrics: Table<MetricsColumn>;
  readonly evaluations: Table<EvaluationColumn>;
}

/** Fewer steps are the beginning of any training, whatever follows. */
const fewestSteps = 100;
/** Fewer measurements of the validation loss are no tendency. */
const fewestEvaluations = 4;

/** What the losses say; undefined while it is too early to tell. */
export function diagnoseLoss(evidence: LossEvidence): Course | undefined {
  const { metrics } = evidence;
  const broken = metrics.view('lossMean').findIndex((loss) => !Number.isFinite(loss));
  const step = metrics.at('step', metrics.length - 1);
  if (broken < 0 && !(step >= fewestSteps)) return undefined;
  const means = windowMeans(metrics);
  return (
    findRateTooHigh(evidence, means, broken) ??
    findOverfitting(evidence, means) ??
    findProgress(evidence, means)
  );
}

/** The training loss of one step is noisy; the mean over a twentieth of the run, and this many steps, hardly is. */
const leastWindow = 50;
const windowShare = 1 / 20;
/** Of a batch of 2048 characters the loss differs from the next by some 0.05: the mean over 50 of them by a hundredth. */
const wavers = 0.01;
/**
 * Parts of a text differ by a few hundredths, and by less than a twentieth of what a training has learnt. Where it has
 * risen by more, steps undo what others have learnt.
 */
const leastRise = 0.05;
const riseShare = 1 / 20;

function findRateTooHigh(
  { facts, metrics }: LossEvidence,
  means: Float64Array,
  broken: number,
): Course | undefined {
  const kind = 'rate too high';
  const severity = 'warning';
  const { uniform } = facts.baselines;
  const { lowest, since, now } = trainingLoss(metrics, means);
  if (broken >= 0) return { kind, severity, since: metrics.at('step', broken), lowest, now: NaN };
  // A loss above that of a guess has been driven there, whatever came before.
  const isWorse = now > uniform + leastRise;
  const floor = isWorse ? Math.min(lowest, uniform) : lowest;
  const learnt = Math.max(0, metrics.at('lossMean', 0) - floor);
  if (now - floor <= Math.max(leastRise, riseShare * learnt)) return undefined;
  return { kind, severity, since: floor < lowest ? 1 : since, lowest: floor, now };
}

/** The mean training loss over the last window of steps, and the lowest such mean, which was left at step `since`. */
function trainingLoss(metrics: Table<MetricsColumn>, means: Float64Array) {
  const step = metrics.view('step');
  const window = windowOf(metrics);
  // Of fewer steps a mean may be low by chance.
  const isLower = (mean: number, least: number, row: number) =>
    mean < least && step[row]! >= window;
  const lowest = means.reduce(
    (least, mean, row) => (isLower(mean, least, row) ? mean : least),
    Infinity,
  );
  const left = means.findLastIndex((mean) => mean <= lowest + wavers);
  return { lowest, since: step[left] ?? NaN, now: means.at(-1) ?? NaN };
}

/** Of each row the mean training loss over the window of steps that ends there, or all of them until it is full. */
function windowMeans(metrics: Table<MetricsColumn>): Float64Array {
  const steps = metrics.view('steps');
  const loss = metrics.view('lossMean');
  const window = windowOf(metrics);
  let [sum, count, first] = [0, 0, 0];
  return loss.map((mean, row) => {
    sum += steps[row]! * mean;
    count += steps[row]!;
    while (count - steps[first]! >= window) {
      sum -= steps[first]! * loss[first]!;
      count -= steps[first++]!;
    }
    return sum / count;
  });
}

/** Steps. */
function windowOf(metrics: Table<MetricsColumn>): number {
  return Math.max(leastWindow, windowShare * metrics.at('step', metrics.length - 1));
}

/** The mean training loss over the window of steps that ends at a step; NaN where there is none. */
function trainingLossAt(metrics: Table<MetricsColumn>, means: Float64Array, step: number): number {
  const row = metrics.view('step').findLastIndex((each) => each <= step);
  return means[row] ?? NaN;
}

/**
 * A hundredth of a nat is 1 % of perplexity: less is what one measurement differs from the next by. At five
 * hundredths the model is plainly worse on new text than it was.
 */
const worse = 0.01;
const muchWorse = 0.05;
/** After its best, so many measurements at least: one or two are chance. */
const evaluationsSince = 3;

function findOverfitting(
  { metrics, evaluations }: LossEvidence,
  means: Float64Array,
): Course | undefined {
  const losses = evaluations.view('validationLoss');
  if (losses.length < fewestEvaluations) return undefined;
  const place = lowestOf(losses, losses.length);
  if (losses.length - 1 - place < evaluationsSince) return undefined;
  const best = losses[place]!;
  // None of the last ones is better, so that a single peak does not count.
  const now = Math.min(...losses.subarray(-evaluationsSince));
  const since = evaluations.at('step', place);
  const last = metrics.at('step', metrics.length - 1);
  const learns = trainingLossAt(metrics, means, last) < trainingLossAt(metrics, means, since);
  if (!learns || now - best <= worse) return undefined;
  const severity = now - best > muchWorse ? 'warning' : 'notice';
  return { kind: 'overfitting', severity, since, best, now: losses.at(-1)! };
}

/** What happens is what has happened during the last quarter of the run. */
const recentShare = 1 / 4;
/** Half a hundredth of a nat in a quarter of a run is no progress that would show in anything the model writes. */
const least = 0.005;
/** Who gives what comes next 95 % on the average has little left to learn, whatever the curves do. */
const hardlyAny = -Math.log(0.95);
/** The training loss has fallen where it did by twice what its mean wavers by. */
const leastFall = 2 * wavers;
/**
 * Where new text is predicted within a tenth of a nat as well as the text that is trained on, hardly anything was
 * learnt by heart: more units would not be wasted.
 */
const smallGap = 0.1;

function findProgress(
  { facts, metrics, evaluations }: LossEvidence,
  means: Float64Array,
): Course | undefined {
  const last = metrics.at('step', metrics.length - 1);
  const from = last * (1 - recentShare);
  const training = trainingLossAt(metrics, means, last);
  const fell = trainingLossAt(metrics, means, from) - training;
  const losses = evaluations.view('validationLoss');
  const rest = losses.at(-1) ?? training;
  // Of numbers the loss is a squared error, which says nothing of probabilities.
  const isLikelihood = facts.task?.response !== 'none';
  if (isLikelihood && rest < hardlyAny)
    return { kind: 'learnt', severity: 'good', since: last, rest };
  if (losses.length === 0) {
    return fell >= leastFall
      ? { kind: 'improving', severity: 'good', since: Math.round(from), gain: fell }
      : plateau(Math.round(from), undefined, false);
  }
  if (losses.length < fewestEvaluations) return undefined;
  const steps = evaluations.view('step');
  const until = steps.findLastIndex((step) => step <= from);
  if (until < 0) return undefined;
  const best = losses[lowestOf(losses, losses.length)]!;
  const gain = losses[lowestOf(losses, until + 1)]! - best;
  if (gain >= least) return { kind: 'improving', severity: 'good', since: steps[until]!, gain };
  // As good as now, from the first measurement on that was.
  const since = steps[losses.findIndex((loss) => loss < best + least)]!;
  const gap = losses.at(-1)! - training;
  const learns = fell >= leastFall;
  return gap < smallGap && !learns
    ? { kind: 'underfitting', severity: 'notice', since, gap }
    : plateau(since, gap, learns);
}

function plateau(since: number, gap: number | undefined, learns: boolean): Course {
  return { kind: 'plateau', severity: 'notice', since, gap, learns };
}

/** The place of the least of the first values. */
function lowestOf(values: Float64Array, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[i]! < values[best]!) best = i;
  return best;
}
