/** What `evaluate` says of a model of examples. */
import {
  isBetterScore,
  channels,
  scoreNames,
  type ScoreName,
  leadingScores,
} from '../core/metrics/columns';
import type { ExampleEvaluation, Floor } from '../protocol/engine';
import { scoreText, scoreValue, table, whole } from './format';

/** More classes have no room beside one another. */
const mostClasses = 12;
/** Columns of a text that is shown. */
const widest = 60;

export function examplesReport(result: ExampleEvaluation): string {
  const { metrics, floors, targets, examples, confusion, calibration, worst, forecasts } = result;
  const rows = [
    ['loss', metrics.loss.toFixed(4), ''],
    ...(metrics.perplexity === undefined
      ? []
      : [['perplexity', metrics.perplexity.toFixed(3), '']]),
    ...scoreNames.flatMap((name) => {
      const value = metrics[name];
      return value === undefined
        ? []
        : [[labelOf(name), scoreValue(name, value), beside(name, floors)]];
    }),
    ...(calibration === undefined
      ? []
      : [['calibration error', `${(100 * calibration.error).toFixed(1)} %`, '']]),
    ['examples', whole(examples), ''],
    ...(targets === examples ? [] : [['targets', whole(targets), '']]),
  ];
  return [
    table(rows, [0, 2]),
    ...verdicts(metrics, floors),
    // A single step ahead is what the metrics tell.
    ...(forecasts === undefined || forecasts.ways[0]!.mae.length < 2
      ? []
      : [forecastsTable(forecasts)]),
    ...(confusion === undefined ? [] : [classesTable(confusion)]),
    ...(worst.length === 0 ? [] : [worstTable(worst)]),
  ].join('\n');
}

function labelOf(name: ScoreName): string {
  return channels.evaluation.quantities[name].label;
}

function beside(name: ScoreName, floors: readonly Floor[]): string {
  return floors
    .filter(({ score }) => score === name)
    .map((floor) => `${floor.name} ${scoreValue(name, floor.value)}`)
    .join(', ');
}

/** Says it where a way without states does as well. */
function verdicts(metrics: ExampleEvaluation['metrics'], floors: readonly Floor[]): string[] {
  const score = leadingScores.find((name) => metrics[name] !== undefined);
  if (score === undefined) return [];
  const got = metrics[score]!;
  const better = floors
    .filter((floor) => floor.score === score)
    .filter(({ value }) => !isBetterScore(score, got, value));
  if (better.length === 0) return [];
  const told = better.map(({ name, value }) => `${name} (${scoreText(score, value)})`);
  return [
    `Not better than ${told.join(' and ')}: try more data, dropout, another cell or size, or more time.\n`,
  ];
}

/** More steps ahead have no room below one another: then some are left out. */
const mostLeads = 14;

function forecastsTable({ origins, ways }: NonNullable<ExampleEvaluation['forecasts']>): string {
  const steps = ways[0]!.mae.length;
  const leads = Array.from({ length: steps }, (_, i) => i + 1).filter(
    (lead) =>
      steps <= mostLeads || lead <= 3 || lead === steps || lead % Math.ceil(steps / 10) === 0,
  );
  const columns = table([
    ['steps ahead', ...ways.map(({ name }) => name)],
    ...leads.map((lead) => [
      whole(lead),
      ...ways.map(({ mae }) => (lead <= mae.length ? scoreValue('mae', mae[lead - 1]!) : '')),
    ]),
  ]);
  return `Mean absolute error by steps ahead, from ${whole(origins)} origins, each forecast read in turn:\n${columns}`;
}

function classesTable({ classes, counts }: NonNullable<ExampleEvaluation['confusion']>): string {
  const n = classes.length;
  const at = (row: number, column: number): number => counts[row * n + column]!;
  const sum = (of: (other: number) => number): number =>
    classes.reduce((total, _, other) => total + of(other), 0);
  const share = (part: number, whole: number): string =>
    whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
  const rows = classes.map((name, c) => {
    const [occurs, answered] = [sum((o) => at(c, o)), sum((o) => at(o, c))];
    return [cut(name), whole(occurs), share(at(c, c), answered), share(at(c, c), occurs)];
  });
  const each = table([['class', 'examples', 'precision', 'recall'], ...rows]);
  if (n > mostClasses) return each;
  const matrix = table([
    ['true ↓, answered →', ...classes.map(cut)],
    ...classes.map((name, c) => [cut(name), ...classes.map((_, o) => whole(at(c, o)))]),
  ]);
  return `${each}\n${matrix}`;
}

function worstTable(worst: ExampleEvaluation['worst']): string {
  return table(
    [
      ['line', 'loss', 'target', 'answer', 'input'],
      ...worst.map(({ line, loss, target, answer, input }) => [
        line === undefined ? '' : String(line),
        loss.toFixed(3),
        cut(target),
        cut(answer),
        cut(input),
      ]),
    ],
    [2, 3, 4],
  );
}

function cut(text: string): string {
  const one = text.replace(/\s+/g, ' ');
  return one.length > widest ? `${one.slice(0, widest - 1)}…` : one;
}
