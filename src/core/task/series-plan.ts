import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import type { Table } from '../tables/table';
import { datesOf, numbersOf } from './dates';
import type { Overrides } from './overrides';
import type { Roles } from './roles';
import type { SeriesPlan, UsedColumn } from './understanding';

const defaultWindow = 64;
/** A window takes no more than this share of the rows that are learnt from. */
const mostOfTraining = 0.1;

/** How a series is learnt: how far ahead, by its changes or its values, in how long examples. */
export function seriesPlan(
  table: Table,
  { date, finer }: Roles,
  inputs: readonly UsedColumn[],
  outputs: readonly UsedColumn[],
  { series = {}, validation = 0.1, test = 0.1, ahead = [] }: Overrides,
  notes: Sentence[],
): SeriesPlan {
  const isOther = outputs.every(({ index }) => !inputs.some((input) => input.index === index));
  const horizon = series.horizon ?? (isOther ? 0 : 1);
  const training = Math.floor(table.rows * (1 - validation - test));
  const [first] = outputs;
  const values = first?.type === 'number' && horizon > 0 ? numbersOf(table, first) : undefined;
  const difference =
    series.difference ?? (values !== undefined && isDrifting(values.subarray(0, training)));
  if (difference && series.difference === undefined) {
    notes.push(
      sentence`${first!.name} drifts, so its change is learnt rather than its value: "difference": false in the file’s .rnn.json says otherwise.`,
    );
  }
  const window =
    series.window ?? Math.max(2, Math.min(defaultWindow, Math.floor(training * mostOfTraining)));
  const season = series.season ?? seasonOf(table, date && datesOf(table, date, finer));
  checkAhead(ahead, inputs, outputs);
  return { horizon, difference, window, season, ...(ahead.length > 0 && { ahead }) };
}

/** @throws InputError for a column that cannot be known in advance */
function checkAhead(
  ahead: readonly string[],
  inputs: readonly UsedColumn[],
  outputs: readonly UsedColumn[],
): void {
  for (const name of ahead) {
    if (outputs.some((column) => column.name === name)) {
      throw new InputError(
        sentence`${name} is what is forecast, so it cannot be known in advance.`,
        sentence`Name other columns with --ahead, or others to come out with --output.`,
      );
    }
    if (!inputs.some((column) => column.name === name)) {
      throw new InputError(
        sentence`${name} should be known in advance, but it does not go in.`,
        sentence`Name columns with --ahead that go in: ${inputs.map((input) => input.name).join(', ')}.`,
      );
    }
  }
}

/** Steps are small beside the range: the values to come may lie where none has been. */
function isDrifting(values: Float64Array): boolean {
  const known = values.filter((value) => !Number.isNaN(value));
  const steps = known.subarray(1).map((value, i) => value - known[i]!);
  return known.length > 10 && deviation(steps) < 0.3 * deviation(known);
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

const hour = 3_600_000;
const day = 24 * hour;

/** Steps of a week of days, of a day of hours, of a year of months; 1 where the dates say nothing. */
function seasonOf({ rows }: Table, dates: Float64Array | undefined): number {
  if (dates === undefined) return 1;
  const steps = dates
    .subarray(1)
    .map((date, row) => date - dates[row]!)
    .sort();
  const step = steps[Math.floor(steps.length / 2)] ?? NaN;
  const seasons: readonly (readonly [from: number, to: number, season: number])[] = [
    [hour, hour, 24],
    [day, day, 7],
    [7 * day, 7 * day, 52],
    [28 * day, 31 * day, 12],
    [89 * day, 92 * day, 4],
  ];
  const found = seasons.find(([from, to]) => step >= from && step <= to)?.[2] ?? 1;
  return 4 * found <= rows ? found : 1;
}
