/** What an experiment came to, as plain data to be drawn: while it runs as far as it has come. */
import { toEnglish, type Sentence } from '../sentence';
import { bandOf, type Band, type Curves } from './curves';
import { betterWay } from './measures';
import { numberText, type Mark, type Results, type TrialResult } from './results';
import type { Trial } from './plan';
import { verdictLine } from './report';

export interface ExperimentFigure {
  readonly experiment: string;
  /** The settings that vary, in the experiment's order. */
  readonly settings: readonly string[];
  /** The columns of the table; the first is what configurations are compared by. */
  readonly metrics: readonly string[];
  readonly better: 'lower' | 'higher' | null;
  readonly rows: readonly FigureRow[];
  /** Each finished run: its folder, its configuration's row, its seed and its metrics, NaN as null. */
  readonly points: readonly {
    readonly run: string;
    readonly row: number;
    readonly seed: number;
    readonly values: readonly (number | null)[];
  }[];
  /** By the rows; of many rows the best. */
  readonly curves: readonly {
    readonly row: number;
    readonly training: Band;
    readonly validation: Band;
  }[];
  /** What is reached without states. */
  readonly floors: readonly {
    readonly name: string;
    readonly metric: string;
    readonly value: number;
  }[];
  /** Of a whole grid: of settings, one or two, the share of the variance of the first metric. */
  readonly variance: readonly {
    readonly settings: readonly string[];
    readonly share: number;
    readonly interval: readonly [number, number] | null;
  }[];
  readonly verdicts: readonly { readonly holds: boolean; readonly text: string }[];
  readonly seeds: number;
  readonly done: number;
  readonly runs: number;
}

export interface FigureRow {
  /** Of the settings that vary. */
  readonly values: readonly (string | number)[];
  readonly cells: readonly {
    readonly text: string;
    readonly mean: number | null;
    readonly deviation: number | null;
    readonly n: number;
  }[];
  readonly mark: Mark;
  /** Stopped by halving after so many steps. */
  readonly stopped: number | null;
  readonly failed: number;
  readonly failure: string | null;
  /** The folder of its first run. */
  readonly run: string | null;
}

/** More lines than anybody tells apart. */
const mostCurves = 12;

/**
 * @param results of the plan's trials as far as they are there, from `resultsOf`
 * @param trials what they come from
 * @param live the curves of runs under way
 * @param tell says a sentence in the reader's language
 */
export function figureOf(
  results: Results,
  trials: readonly TrialResult[],
  live: readonly { readonly trial: Trial; readonly curves: Curves }[] = [],
  tell: (told: Sentence) => string = toEnglish,
): ExperimentFigure {
  const { plan, metrics, rows, done, floors, verdicts, variance } = results;
  const settings = plan.varied.map(({ name }) => name);
  const rowOf = new Map(rows.map(({ configuration }, row) => [configuration, row]));
  const told = [...rows.map((row) => figureRow(row, settings, metrics, tell)), ...begun()];

  /** Configurations of which no run has ended yet. */
  function begun(): FigureRow[] {
    const added: FigureRow[] = [];
    for (const { trial } of live) {
      if (rowOf.has(trial.configuration)) continue;
      rowOf.set(trial.configuration, rows.length + added.length);
      const values = settings.map((name) => trial.values[name]!);
      const cells = metrics.map(() => ({ text: '', mean: null, deviation: null, n: 0 }));
      const nothing = { stopped: null, failed: 0, failure: null, run: null };
      added.push({ values, cells, mark: 'none', ...nothing });
    }
    return added;
  }

  return {
    experiment: plan.experiment.name,
    ...{ settings, metrics, rows: told, floors },
    better: betterWay(metrics[0] ?? '') ?? null,
    points: trials.map(({ trial, run, measures }) => ({
      run,
      row: rowOf.get(trial.configuration)!,
      seed: trial.seed,
      values: metrics.map((name) => finite(measures[name])),
    })),
    curves: curvesByRow(told, rowOf, [...trials, ...live], betterWay(metrics[0] ?? '')),
    variance:
      variance?.effects.map(({ settings: which, share, interval }) => ({
        settings: which.map((setting) => settings[setting]!),
        share,
        interval: interval ?? null,
      })) ?? [],
    verdicts: verdicts.map((verdict) => ({ holds: verdict.holds, text: verdictLine(verdict) })),
    seeds: plan.experiment.seeds.length,
    done,
    runs: plan.trials.length,
  };
}

function figureRow(
  { values, cells, mark, stopped, failed, failure, runs }: Results['rows'][number],
  settings: readonly string[],
  metrics: readonly string[],
  tell: (told: Sentence) => string,
): FigureRow {
  return {
    values: settings.map((name) => values[name]!),
    cells: cells.map(({ mean, deviation, n }, i) => ({
      text: numberText(metrics[i]!, mean),
      mean: finite(mean),
      deviation: finite(deviation),
      n,
    })),
    mark,
    stopped: stopped?.step ?? null,
    failed,
    failure: failure === undefined ? null : tell(failure),
    run: runs[0] ?? null,
  };
}

function curvesByRow(
  rows: readonly FigureRow[],
  rowOf: ReadonlyMap<number, number>,
  runs: readonly { readonly trial: Trial; readonly curves: Curves }[],
  better: 'lower' | 'higher' | undefined,
): ExperimentFigure['curves'] {
  const sign = better === 'higher' ? -1 : 1;
  const value = (row: number): number => sign * (rows[row]!.cells[0]?.mean ?? Infinity);
  const byRow = new Map<number, Curves[]>();
  for (const { trial, curves } of runs) {
    const row = rowOf.get(trial.configuration)!;
    byRow.set(row, [...(byRow.get(row) ?? []), curves]);
  }
  // Stable: of those without a value yet the first.
  const chosen = [...byRow.keys()].sort((a, b) => compare(value(a), value(b)) || a - b);
  return chosen
    .slice(0, mostCurves)
    .sort((a, b) => a - b)
    .map((row) => {
      const own = byRow.get(row)!;
      return {
        row,
        training: bandOf(own.map(({ training }) => training)),
        validation: bandOf(own.map(({ validation }) => validation)),
      };
    });
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
