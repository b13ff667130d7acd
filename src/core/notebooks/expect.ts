/** What an experiment expects: conditions on what its runs came to, with their measured numbers. */
import { median } from '../numerics';
import { joined, sentence, type Sentence } from '../sentence';
import { didYouMean, listed } from '../suggest';
import { parse, SyntaxError } from './expect.peggy';
import { betterWay, measureNames, type Measures } from './measures';
import { deviation, leastP, mean, signFlipP } from './statistics';

/** `validationLoss[cell=gru]` taken over the runs that it picks. */
interface MetricTerm {
  readonly kind: 'metric';
  readonly over: string;
  readonly overOffset?: number;
  readonly metric: string;
  readonly offset: number;
  readonly filters: readonly {
    readonly setting: string;
    readonly offset: number;
    readonly value: string;
  }[];
}
type Term =
  | MetricTerm
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'binary';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Term;
      readonly right: Term;
    };

export interface Condition {
  readonly text: string;
  readonly left: Term;
  readonly right: Term;
  readonly operator: '<' | '<=' | '>' | '>=';
  /** Of the paired test: it holds where its p is at most this; null: numbers are compared. */
  readonly level: number | null;
}

/** What is wrong with a condition, from 0 in its text. */
export interface ConditionProblem {
  readonly offset: number;
  readonly message: Sentence;
}

/** What values of several runs become one by. */
const overs: Readonly<Record<string, (values: readonly number[]) => number>> = {
  mean,
  median,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  std: deviation,
};
/** Of the means of all configurations the best. */
const best = 'best';
export const overNames: readonly string[] = [...Object.keys(overs), best];

/** @param settings the names by which the runs of the experiment can be picked, each with the one that runs have it by */
export function parseCondition(
  text: string,
  settings: ReadonlyMap<string, string>,
): Condition | ConditionProblem {
  let parsed: Omit<Condition, 'text'>;
  try {
    parsed = parse(text) as Omit<Condition, 'text'>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { offset } = error.location.start;
    const hint = sentence`Write it as in: median(validationLoss) < 1.62.`;
    const problem =
      error.found === null
        ? sentence`The condition ends too early.`
        : sentence`The condition cannot be understood from ${text.slice(offset)} on.`;
    return { offset: Math.min(offset, text.length - 1), message: joined(problem, hint) };
  }
  const problem = problemOf(parsed, [...settings.keys()]);
  if (problem !== undefined) return problem;
  const [left, right] = [renamed(parsed.left, settings), renamed(parsed.right, settings)];
  return { ...parsed, left, right, text };
}

function renamed(term: Term, settings: ReadonlyMap<string, string>): Term {
  switch (term.kind) {
    case 'number':
      return term;
    case 'metric': {
      const filters = term.filters.map((filter) => {
        const setting = settings.get(filter.setting) ?? filter.setting;
        return { ...filter, setting };
      });
      return { ...term, filters };
    }
    case 'binary': {
      const { left, right } = term;
      return { ...term, left: renamed(left, settings), right: renamed(right, settings) };
    }
  }
}

export function isCondition(value: Condition | ConditionProblem): value is Condition {
  return 'operator' in value;
}

function problemOf(
  { left, right, level }: Omit<Condition, 'text'>,
  settings: readonly string[],
): ConditionProblem | undefined {
  const terms = [...metricsIn(left), ...metricsIn(right)];
  const unknown = (offset: number, word: string, known: readonly string[], what: Sentence) => ({
    offset,
    message: joined(what, didYouMean(word, known) ?? sentence`Known are ${listed([...known])}.`),
  });
  for (const { over, overOffset = 0, metric, offset, filters } of terms) {
    if (!overNames.includes(over)) {
      return unknown(overOffset, over, overNames, sentence`There is no function ${over}.`);
    }
    if (!measureNames.includes(metric)) {
      return unknown(offset, metric, measureNames, sentence`There is no metric ${metric}.`);
    }
    for (const { setting, offset: place } of filters) {
      if (settings.includes(setting)) continue;
      const what = sentence`The experiment does not say ${setting}, by which runs are to be picked.`;
      return unknown(place, setting, settings, what);
    }
  }
  if (terms.length === 0) {
    return { offset: 0, message: sentence`The condition speaks of no metric.` };
  }
  const isPaired =
    left.kind === 'metric' &&
    right.kind === 'metric' &&
    left.over === 'mean' &&
    right.over === 'mean';
  if (level === null || isPaired) return undefined;
  const message = sentence`A paired test compares a metric of some runs with that of others, as in: validationLoss[cell=gru] < validationLoss[cell=vanilla] by a paired test.`;
  return { offset: 0, message };
}

function metricsIn(term: Term): MetricTerm[] {
  if (term.kind === 'metric') return [term];
  return term.kind === 'number' ? [] : [...metricsIn(term.left), ...metricsIn(term.right)];
}

/** The metrics that conditions speak of, each once. */
export function metricsOf(conditions: readonly Condition[]): string[] {
  const terms = conditions.flatMap(({ left, right }) => [...metricsIn(left), ...metricsIn(right)]);
  return [...new Set(terms.map(({ metric }) => metric))];
}

/** A run as conditions see it. */
export interface MeasuredRun {
  /** What is said of it, by the settings' names. */
  readonly values: Readonly<Record<string, string | number>>;
  readonly seed: number;
  /** Runs that differ by their seed alone have the same. */
  readonly configuration: number;
  readonly measures: Measures;
}

export interface Verdict {
  readonly condition: Condition;
  readonly holds: boolean;
  /** What is compared: of each side its number, and how many runs it comes from. */
  readonly left: { readonly value: number; readonly runs: number };
  readonly right: { readonly value: number; readonly runs: number };
  /** Of the paired test: how many pairs, and how likely as large a difference is by chance. */
  readonly pairs?: number;
  readonly p?: number;
  /** Why it can say nothing. */
  readonly problem?: Sentence;
}

/** Whether a condition holds of runs. What cannot be measured does not hold. */
export function verdictOn(condition: Condition, runs: readonly MeasuredRun[]): Verdict {
  const { operator, level } = condition;
  const left = { value: valueOf(condition.left, runs), runs: countOf(condition.left, runs) };
  const right = { value: valueOf(condition.right, runs), runs: countOf(condition.right, runs) };
  const verdict = { condition, left, right };
  const isUnknown = Number.isNaN(left.value) || Number.isNaN(right.value);
  if (isUnknown) {
    const problem = sentence`These runs have no such figure.`;
    return { ...verdict, holds: false, problem };
  }
  if (level === null) {
    return { ...verdict, holds: compare(left.value, operator, right.value) };
  }
  const differences = pairedDifferences(condition, runs);
  const sign = operator.startsWith('<') ? 1 : -1;
  const p = signFlipP(differences.map((difference) => sign * difference));
  const told = { ...verdict, pairs: differences.length, p, holds: p <= level };
  const least = leastP(differences.length);
  if (least <= level) return told;
  const problem = sentence`With ${differences.length} pairs p cannot be less than ${least}. Give more seeds.`;
  return { ...told, problem };
}

function compare(left: number, operator: Condition['operator'], right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function picked({ filters }: MetricTerm, runs: readonly MeasuredRun[]): readonly MeasuredRun[] {
  return runs.filter(({ values }) =>
    filters.every(({ setting, value }) => isSame(values[setting], value)),
  );
}

/** `0.001` and `1e-3` are the same number. */
function isSame(value: string | number | undefined, wanted: string): boolean {
  return typeof value === 'number' ? value === Number(wanted) : value === wanted;
}

function valueOf(term: Term, runs: readonly MeasuredRun[]): number {
  switch (term.kind) {
    case 'number':
      return term.value;
    case 'metric': {
      const chosen = picked(term, runs);
      if (term.over === best) return bestMean(term.metric, chosen);
      const values = chosen.map(({ measures }) => measures[term.metric] ?? NaN);
      return values.length === 0 ? NaN : overs[term.over]!(values);
    }
    case 'binary': {
      const [left, right] = [valueOf(term.left, runs), valueOf(term.right, runs)];
      switch (term.operator) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        case '/':
          return left / right;
      }
    }
  }
}

function bestMean(metric: string, runs: readonly MeasuredRun[]): number {
  const configurations = [...new Set(runs.map(({ configuration }) => configuration))];
  const means = configurations
    .map((each) => runs.filter(({ configuration }) => configuration === each))
    .map((group) => mean(group.map(({ measures }) => measures[metric] ?? NaN)))
    .filter((value) => !Number.isNaN(value));
  if (means.length === 0) return NaN;
  return betterWay(metric) === 'higher' ? Math.max(...means) : Math.min(...means);
}

function countOf(term: Term, runs: readonly MeasuredRun[]): number {
  return metricsIn(term).reduce((sum, metric) => sum + picked(metric, runs).length, 0);
}

/** Right minus left, of runs with the same seed that agree in all but what the condition picks them by. */
function pairedDifferences({ left, right }: Condition, runs: readonly MeasuredRun[]): number[] {
  if (left.kind !== 'metric' || right.kind !== 'metric') return [];
  const apart = new Set([...left.filters, ...right.filters].map(({ setting }) => setting));
  const keyOf = ({ values, seed }: MeasuredRun): string => {
    const rest = Object.entries(values).filter(([setting]) => !apart.has(setting));
    return JSON.stringify([seed, rest]);
  };
  const others = new Map(picked(right, runs).map((run) => [keyOf(run), run]));
  return picked(left, runs).flatMap((run) => {
    const other = others.get(keyOf(run));
    const difference = other && other.measures[right.metric]! - run.measures[left.metric]!;
    return difference === undefined || Number.isNaN(difference) ? [] : [difference];
  });
}
