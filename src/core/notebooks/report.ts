/** Results in words, as a fenced block of a notebook and a terminal show them. */
import { toEnglish } from '../sentence';
import type { Verdict } from './expect';
import { isGrid } from './plan';
import { numberText, type Cell, type Mark, type Results, type Row } from './results';

const marks: Readonly<Record<Mark, string>> = {
  best: 'best',
  level: '≈ best',
  behind: '',
  none: '',
};

/** The lines of an experiment's output. */
export function reportOf(results: Results): string[] {
  const { plan, done, rows, metrics, floors, verdicts } = results;
  const { trials, varied, experiment } = plan;
  const head = [...varied.map(({ name }) => name), ...metrics, ''];
  const body = rows.map((row) => [
    ...varied.map(({ name }) => valueText(row.values[name] ?? '')),
    ...row.cells.map((cell, i) => cellText(metrics[i]!, cell)),
    noteOf(row),
  ]);
  const told = floors
    .filter(({ metric }) => metrics.includes(metric))
    .map(({ name, metric, value }) => `${metric} ${numberText(metric, value)} (${name})`);
  return [
    ...(body.length === 0 ? [] : alignedTable([head, ...body])),
    ...(told.length === 0 ? [] : ['', `Without states: ${told.join(', ')}`]),
    ...legend(results),
    ...(done < trials.length
      ? [
          '',
          `${String(done)} of ${String(trials.length)} runs are here${experiment.expect.length > 0 ? '; what is expected is looked at when all are' : ''}.`,
        ]
      : []),
    ...varianceLines(results),
    ...(verdicts.length === 0 ? [] : ['', ...verdicts.map(verdictLine)]),
  ];
}

function legend({ plan, rows }: Results): string[] {
  const seeds = plan.experiment.seeds.length;
  const isCompared = rows.some(({ mark }) => mark === 'best');
  const hasLevel = rows.some(({ mark }) => mark === 'level');
  const lines = [
    ...(seeds > 1 ? [`Mean ± standard deviation over ${String(seeds)} seeds.`] : []),
    ...(isCompared && seeds === 1 ? ['One seed: differences may be chance.'] : []),
    ...(hasLevel && seeds > 1
      ? ['≈: a paired sign-flip test over the seeds does not tell it from the best (p > 0.05).']
      : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function valueText(value: string | number): string {
  return typeof value === 'number' ? String(value) : value;
}

function cellText(metric: string, { mean, deviation }: Cell): string {
  const told = numberText(metric, mean);
  if (Number.isNaN(deviation) || deviation === 0) return told;
  return `${told} ± ${numberText(metric, deviation)}`;
}

function noteOf({ mark, stopped, failed, failure, runs }: Row): string {
  return [
    ...(marks[mark] === '' ? [] : [marks[mark]]),
    ...(stopped
      ? [
          `stopped by halving after ${numberText('step', stopped.step)} of ${numberText('step', stopped.of)} steps`,
        ]
      : []),
    ...(failed > 0
      ? [`${String(failed)} of ${String(runs.length)} failed: ${toEnglish(failure)}`]
      : []),
  ].join('; ');
}

function varianceLines({ plan, variance, metrics }: Results): string[] {
  const { varied, experiment } = plan;
  // Of one setting the table says it.
  if (varied.length < 2) return [];
  if (variance === undefined) {
    const isAsked = experiment.seeds.length > 1 && !isGrid(plan);
    return isAsked ? ['', 'Which setting mattered is told of whole grids only.'] : [];
  }
  const rows = variance.effects.map(({ settings, share, interval }) => [
    settings.map((setting) => varied[setting]!.name).join(' × '),
    percent(share),
    interval === undefined ? '' : `(${percent(interval[0])} to ${percent(interval[1])})`,
  ]);
  const title = `What ${metrics[0]!} depends on: share of its variance (95 % by bootstrap over seeds)`;
  const noise = ['seeds', percent(variance.noise.squares / variance.total), ''];
  return ['', title, ...alignedTable([...rows, noise]).map((line) => `  ${line}`)];
}

function percent(share: number): string {
  return `${(100 * Math.max(0, share)).toFixed(1)} %`;
}

/** `✔ median(validationLoss) < 1.62: 1.587` */
export function verdictLine(verdict: Verdict): string {
  const { condition, holds, left, right, p, pairs, problem } = verdict;
  const numbers = [left, right].flatMap(({ value, runs }) => (runs > 0 ? [measured(value)] : []));
  const test = p === undefined ? '' : `, p = ${p.toPrecision(3)} over ${String(pairs)} pairs`;
  const told = problem === undefined ? '' : ` (${toEnglish(problem)})`;
  return `${holds ? '✔' : '✘'} ${condition.text}: ${numbers.join(` ${opposite(verdict)} `)}${test}${told}`;
}

/** How the two numbers do stand to each other. */
function opposite({ left, right }: Verdict): string {
  if (left.value === right.value) return '=';
  return left.value < right.value ? '<' : '>';
}

function measured(value: number): string {
  return Number.isNaN(value) ? 'not measured' : String(Number(value.toPrecision(5)));
}

/** Rows of text as columns: the first and the last to the left, numbers to the right; wide characters count twice. */
export function alignedTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const gap = ' '.repeat(widths[i]! - widthOf(cell));
        const isLeft = i === 0 || i === row.length - 1;
        return isLeft ? cell + gap : gap + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

function widthOf(text: string): number {
  const wide = text.match(
    /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/g,
  );
  return Array.from(text).length + (wide?.length ?? 0);
}
