/** What comes next in a series, by ways that are read off it. */
import type { Encoded, SeriesRows } from './encoded';
import { createLeastSquares, linear } from './least-squares';
import type { Way } from './floor';

/** The lags of an autoregression are no more than these, seasons counted twice. */
const mostLags = 30;
/** Each weight has at least so many rows to be found from. */
const rowsPerLag = 10;

export function seriesFloors({ dataset, output }: Encoded, series: SeriesRows): readonly Way[] {
  const { values, starts = new Uint32Array(0) } = dataset.output;
  const rowAt = (example: number, t: number): number => starts[example]! + t;
  if (values.kind === 'symbols') {
    const counts = new Float64Array(values.classes);
    for (const example of dataset.parts.train) {
      for (let row = starts[example]!; row < starts[example + 1]!; row++) {
        if (values.ids[row]! >= 0) counts[values.ids[row]!]!++;
      }
    }
    const most = counts.indexOf(Math.max(...counts));
    const before = (example: number, t: number): number => {
      const last =
        series.history.symbols?.[
          series.steps[rowAt(example, t)]! + series.plan.horizon - lead(series)
        ];
      return last === undefined || last < 0 ? most : last;
    };
    return [
      { name: 'majority', symbol: () => most },
      { name: 'last value', symbol: before },
    ];
  }
  return numberWays({ output, series, rowAt });
}

/** Steps from the last value that is known to the one that is told. */
function lead({ plan }: SeriesRows): number {
  return Math.max(1, plan.horizon);
}

function numberWays({
  output,
  series,
  rowAt,
}: {
  readonly output: Encoded['output'];
  readonly series: SeriesRows;
  readonly rowAt: (example: number, t: number) => number;
}): readonly Way[] {
  const { plan, history, steps, base } = series;
  const ahead = lead(series);
  const width = history.numbers.length;
  const fields = output.data.kind === 'row' ? output.data.fields : [];
  /** A value as the answer has it: less what is added to it, standardised. */
  const told = (value: number, row: number, i: number): number => {
    const field = fields[i]!;
    const change = value - (base?.[row * width + i] ?? 0);
    return field.kind === 'number' ? (change - field.mean) / field.deviation : change;
  };
  /** The way that tells the value at `target`, of which `target − ahead` and what is before is known. */
  const way = (name: string, value: (target: number, i: number) => number): Way => ({
    name,
    value(example, t, i) {
      const row = rowAt(example, t);
      return told(value(steps[row]! + plan.horizon, i), row, i);
    },
  });
  const at = (target: number, back: number, i: number): number =>
    history.numbers[i]![Math.max(0, target - back)]!;
  const ways = [way('last value', (target, i) => at(target, ahead, i))];
  const { season } = plan;
  if (season > 1) {
    const back = season * Math.ceil(ahead / season);
    ways.push(way('seasonal value', (target, i) => at(target, back, i)));
  }
  const models = history.numbers.map((numbers) => autoregression(numbers, series, ahead));
  ways.push(
    way('autoregression', (target, i) => {
      return regressed(models[i]!, history.numbers[i]!, target - ahead);
    }),
  );
  return ways;
}

/** What an autoregression tells of what comes behind `last`. */
export function regressed(
  { weights, difference }: Autoregression,
  numbers: Float64Array,
  last: number,
): number {
  const forecast = linear(weights, lagsAt(numbers, last, weights.length - 1, difference));
  return difference ? numbers[Math.max(0, last)]! + forecast : forecast;
}

/** Values at `last` and before, or their changes. */
function lagsAt(numbers: Float64Array, last: number, count: number, difference: boolean): number[] {
  return Array.from({ length: count }, (_, lag) => {
    const value = numbers[Math.max(0, last - lag)]!;
    return difference ? value - numbers[Math.max(0, last - lag - 1)]! : value;
  });
}

/** A linear autoregression: weights of lags, the last that of a constant, of values or of their changes. */
export interface Autoregression {
  readonly weights: Float64Array;
  readonly difference: boolean;
}

/** The number of lags that Akaike's criterion chooses (1974), fitted by least squares on the training part. */
export function autoregression(
  numbers: Float64Array,
  { plan, training }: Pick<SeriesRows, 'plan' | 'training'>,
  ahead: number,
): Autoregression {
  const { difference, season } = plan;
  const most = Math.max(
    1,
    Math.min(Math.max(mostLags, 2 * season + 2), Math.floor(training / rowsPerLag)),
  );
  let best: { weights: Float64Array; criterion: number } = {
    weights: new Float64Array(2),
    criterion: Infinity,
  };
  for (let lags = 1; lags <= most; lags++) {
    const squares = createLeastSquares(lags);
    // The same targets whatever the lags, so that the criterion compares like with like.
    for (let target = most + ahead; target < training; target++) {
      const before = lagsAt(numbers, target - ahead, lags, difference);
      squares.add(before, numbers[target]! - (difference ? numbers[target - ahead]! : 0));
    }
    if (squares.count <= lags + 1) break;
    const weights = squares.solve();
    const criterion = squares.count * Math.log(squares.error(weights) + 1e-300) + 2 * (lags + 1);
    if (criterion < best.criterion) best = { weights, criterion };
  }
  return { weights: best.weights, difference };
}
