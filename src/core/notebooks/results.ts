/** What the runs of an experiment came to, as a table. */
import { isShare, scoreNames, type ScoreName } from '../metrics/columns';
import type { Sentence } from '../sentence';
import { metricsOf, verdictOn, type MeasuredRun, type Verdict } from './expect';
import type { Curves } from './curves';
import { betterWay, type Measures } from './measures';
import { isGrid, type Plan, type Trial } from './plan';
import { deviation, mean, signFlipP } from './statistics';
import { varianceOf, type Variance } from './variance';

/** How far a run has come. */
export interface TrialResult {
  readonly trial: Trial;
  /** Its folder. */
  readonly run: string;
  readonly measures: Measures;
  readonly curves: Curves;
  /** Stopped early by halving after so many steps of so many. */
  readonly stopped?: { readonly step: number; readonly of: number };
  /** It came to no end that can be measured: its loss became no number, say. */
  readonly failure?: Sentence;
  /** A way without states, and what it comes to: of a table. */
  readonly floors: readonly {
    readonly name: string;
    readonly score: ScoreName;
    readonly value: number;
  }[];
}

export interface Cell {
  readonly mean: number;
  /** Standard deviation over seeds; NaN of one. */
  readonly deviation: number;
  /** How many seeds it comes from. */
  readonly n: number;
}

/** `best`: by the first metric; `level`: a paired test over the seeds does not tell it from the best. */
export type Mark = 'best' | 'level' | 'behind' | 'none';

export interface Row {
  readonly configuration: number;
  /** What varies, by the axes' names. */
  readonly values: Trial['values'];
  /** One a metric of the table. */
  readonly cells: readonly Cell[];
  readonly mark: Mark;
  readonly stopped?: TrialResult['stopped'];
  /** How many of its runs failed, and why the first did. */
  readonly failed: number;
  readonly failure?: Sentence;
  /** The folders of its runs, by seed. */
  readonly runs: readonly string[];
}

export interface Results {
  readonly plan: Plan;
  readonly metrics: readonly string[];
  readonly rows: readonly Row[];
  /** How many runs are there, of how many. */
  readonly done: number;
  readonly verdicts: readonly Verdict[];
  /** Losses and scores without states, by name. */
  readonly floors: readonly {
    readonly name: string;
    readonly metric: string;
    readonly value: number;
  }[];
  /** Which setting mattered, by the first metric; undefined: it cannot be said of these runs. */
  readonly variance?: Variance;
}

/** Two that a test over their seeds tells apart at this level are not level. */
const level = 0.05;

/**
 * @param results of the plan's trials, as far as they are there
 */
export function resultsOf(plan: Plan, results: readonly TrialResult[]): Results {
  const { experiment, trials } = plan;
  const metrics = tableMetrics(plan, results);
  const isWhole = results.length === trials.length;
  const rows = rowsOf(plan, metrics, results);
  const measured = results.map(({ trial, measures }): MeasuredRun => ({ ...trial, measures }));
  const finished = results.filter(({ stopped, failure }) => !stopped && !failure);
  const variance =
    isWhole && finished.length === trials.length && varianceIn(plan, metrics[0]!, results);
  return {
    ...{ plan, metrics, rows, done: results.length, floors: floorsOf(results) },
    verdicts: isWhole ? experiment.expect.map((condition) => verdictOn(condition, measured)) : [],
    ...(variance && { variance }),
  };
}

/** The score that is told first, the losses, and what the conditions speak of. */
function tableMetrics({ experiment }: Plan, results: readonly TrialResult[]): string[] {
  const isKnown = (name: string): boolean =>
    results.some(({ measures }) => Number.isFinite(measures[name]));
  const wanted = ['validationLoss', ...scoreNames.filter(isKnown).slice(0, 1), 'loss'];
  const names = [...new Set([...wanted, ...metricsOf(experiment.expect), 'parameters', 'step'])];
  const constant = ['uniform', 'unigram', 'bigram'];
  const known = names.filter((name) => isKnown(name) && !constant.includes(name));
  return known.length === 0 ? ['validationLoss'] : known;
}

function rowsOf(plan: Plan, metrics: readonly string[], results: readonly TrialResult[]): Row[] {
  const groups = Array.from({ length: plan.configurations }, (_, configuration) =>
    results.filter(({ trial }) => trial.configuration === configuration),
  );
  const marks = marksOf(groups, metrics[0]!);
  return groups.flatMap((group, configuration): Row[] => {
    const [first] = group;
    if (first === undefined) return [];
    const failures = group.filter(({ failure }) => failure !== undefined);
    const [failed] = failures;
    return [
      {
        configuration,
        values: Object.fromEntries(
          plan.varied.map(({ name }) => [name, first.trial.values[name]!]),
        ),
        cells: metrics.map((name) => cellOf(group.map(({ measures }) => measures[name] ?? NaN))),
        mark: marks[configuration]!,
        ...(first.stopped && { stopped: first.stopped }),
        failed: failures.length,
        ...(failed?.failure && { failure: failed.failure }),
        runs: group.map(({ run }) => run),
      },
    ];
  });
}

function cellOf(values: readonly number[]): Cell {
  const known = values.filter((value) => !Number.isNaN(value));
  const deviates = known.length > 1 ? deviation(known) : NaN;
  return { mean: known.length === 0 ? NaN : mean(known), deviation: deviates, n: known.length };
}

function marksOf(groups: readonly (readonly TrialResult[])[], metric: string): Mark[] {
  const better = betterWay(metric);
  const whole = groups.map((group) =>
    group.filter(({ stopped, measures }) => !stopped && Number.isFinite(measures[metric])),
  );
  const means = whole.map((group, i) =>
    group.length > 0 && group.length === groups[i]!.length
      ? mean(group.map(({ measures }) => measures[metric]!))
      : NaN,
  );
  const known = means.filter((value) => !Number.isNaN(value));
  if (better === undefined || known.length < 2) return groups.map(() => 'none');
  const top = better === 'lower' ? Math.min(...known) : Math.max(...known);
  const best = means.indexOf(top);
  return groups.map((_, configuration): Mark => {
    if (configuration === best) return 'best';
    if (Number.isNaN(means[configuration]!)) return 'none';
    const differences = paired(whole[configuration]!, whole[best]!, metric);
    const sign = better === 'lower' ? 1 : -1;
    const p = signFlipP(differences.map((difference) => sign * difference));
    return p <= level ? 'behind' : 'level';
  });
}

/** The first's values minus the second's, by seed. */
function paired(
  group: readonly TrialResult[],
  other: readonly TrialResult[],
  metric: string,
): number[] {
  return group.flatMap(({ trial, measures }) => {
    const twin = other.find((each) => each.trial.seed === trial.seed);
    return twin === undefined ? [] : [measures[metric]! - twin.measures[metric]!];
  });
}

function floorsOf(results: readonly TrialResult[]): Results['floors'] {
  const [first] = results;
  if (first === undefined) return [];
  const { floors, measures, trial } = first;
  // Floors of one text are none of another's.
  if (results.some((each) => each.trial.values['data'] !== trial.values['data'])) return [];
  const ofAnswers = floors.map(({ name, score, value }) => ({ name, metric: score, value }));
  if (ofAnswers.length > 0) return ofAnswers;
  return ['uniform', 'unigram', 'bigram']
    .map((name) => ({ name, metric: 'validationLoss', value: measures[name] ?? NaN }))
    .filter(({ value }) => Number.isFinite(value));
}

function varianceIn(
  plan: Plan,
  metric: string,
  results: readonly TrialResult[],
): Variance | undefined {
  const { experiment, varied, configurations } = plan;
  const levels = varied.map(({ choice }) => (choice.kind === 'list' ? choice.values.length : 0));
  if (!isGrid(plan) || varied.length < 2 || experiment.seeds.length < 2) return undefined;
  const runs = Array.from({ length: configurations }, (_, configuration) =>
    experiment.seeds.map(
      (seed) =>
        results.find(({ trial }) => trial.configuration === configuration && trial.seed === seed)
          ?.measures[metric] ?? NaN,
    ),
  );
  return runs.flat().some((value) => !Number.isFinite(value))
    ? undefined
    : varianceOf(levels, runs);
}

/** The run that a sample is written by: of the best configuration the best seed. */
export function bestRun(
  { rows, metrics }: Results,
  results: readonly TrialResult[],
): string | undefined {
  const [metric = ''] = metrics;
  const row = rows.find(({ mark }) => mark === 'best') ?? rows[0];
  const better = betterWay(metric) === 'higher' ? -1 : 1;
  const candidates = results
    .filter(
      ({ run, failure, measures }) =>
        row?.runs.includes(run) && !failure && Number.isFinite(measures[metric]),
    )
    .sort((a, b) => better * (a.measures[metric]! - b.measures[metric]!));
  return candidates[0]?.run;
}

/** A number as tables tell it: shares in per cent, counts whole, the rest to four digits. */
export function numberText(metric: string, value: number): string {
  if (Number.isNaN(value)) return '–';
  if (isShareName(metric)) return `${(100 * value).toFixed(1)} %`;
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : fixed(value);
}

function fixed(value: number): string {
  return Math.abs(value) >= 0.01 ? value.toFixed(4) : value.toPrecision(3);
}

function isShareName(metric: string): boolean {
  return (scoreNames as readonly string[]).includes(metric) && isShare(metric as ScoreName);
}
