/** How far off forecasts of a series are by how far ahead they look, beside ways that are read off the series. */
import type { ExampleModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { PartName } from './dataset';
import type { Encoded, SeriesRows } from './encoded';
import { autoregression, regressed } from './floors-of-series';
import { courseOf, originsOfCourse, type ForecastCourse } from './forecast-course';
import { farthest, forecast } from './forecast';

/** Errors in the data’s own units; entry k - 1 of k steps ahead, NaN where nothing is known. */
export interface LeadErrors {
  /** `model`, `last value` … */
  readonly name: string;
  readonly mae: Float64Array<ArrayBuffer>;
  readonly rmse: Float64Array<ArrayBuffer>;
}

export interface MeasuredForecasts {
  /** Steps from which it was forecast. */
  readonly origins: number;
  /** The model first. */
  readonly ways: readonly LeadErrors[];
  /** Undefined where it was not asked for. */
  readonly course: ForecastCourse | undefined;
}

/** Origins that are measured at most; of more, as many evenly spaced. */
const mostOrigins = 1000;
/** Steps ahead where the series has no season. */
const usualSteps = 8;

/**
 * Measures a model from origins that roll over a part: of each nothing behind it is read, and only values of the part
 * are compared.
 *
 * @param steps ahead; 0: a season, or 8
 * @param withCourse whether to tell the forecasts themselves, of the last steps of the part
 * @returns null for what is no forecast of numbers
 */
export function* measureForecasts(
  network: Network<ExampleModel>,
  { input, output, series }: Encoded,
  part: PartName,
  steps: number,
  withCourse = false,
): Generator<number, MeasuredForecasts | null, undefined> {
  if (series === undefined || series.plan.horizon === 0) return null;
  if (series.table.values.length === 0) return null;
  const { plan, table, ranges } = series;
  const [from, to] = ranges[part];
  const task = { network, input, output, plan, table };
  const wanted =
    steps > 0 ? steps : Math.max(plan.horizon, plan.season > 1 ? plan.season : usualSteps);
  const leads = Math.min(wanted, farthest(task), to - from);
  const origins = originsIn(Math.max(from, plan.horizon) - 1, to - 1);
  if (leads < 1 || origins.length === 0) return null;
  const answers = yield* forecast(task, origins, leads);
  const places = new Map(origins.map((origin, i) => [origin, i]));
  const ways: Way[] = [
    { name: 'model', tell: (origin) => answers[places.get(origin)!]! },
    ...waysOf(series, leads),
  ];
  const shown = withCourse ? originsOfCourse(series, ranges[part]) : [];
  const course =
    shown.length === 0
      ? undefined
      : courseOf(
          ...([series, output.columns, to, leads] as const),
          { origins: shown, answers: yield* forecast(task, shown, leads) },
          { origins, answers },
        );
  return {
    course,
    origins: origins.length,
    ways: ways.map((way) => errorsOf(way, { series, origins, leads, end: to })),
  };
}

/** From `first` up to before `end`. */
function originsIn(first: number, end: number): number[] {
  const all = Math.max(0, end - first);
  const count = Math.min(all, mostOrigins);
  return Array.from({ length: count }, (_, i) => first + Math.floor((i * all) / count));
}

/** A way to tell what comes behind an origin: `[leads, outputs]`. */
interface Way {
  readonly name: string;
  readonly tell: (origin: number) => ArrayLike<number>;
}

function waysOf({ table, plan, training }: SeriesRows, leads: number): Way[] {
  const { known } = table;
  const width = known.length;
  const each = (tell: (origin: number, lead: number, i: number) => number) => (origin: number) =>
    Float64Array.from({ length: leads * width }, (_, at) =>
      tell(origin, Math.floor(at / width) + 1, at % width),
    );
  const { season } = plan;
  const models = known.map((numbers) => autoregression(numbers, { plan, training }, 1));
  return [
    { name: 'last value', tell: each((origin, _, i) => known[i]![origin]!) },
    ...(season > 1
      ? [
          {
            name: 'seasonal value',
            tell: each((origin, lead, i) => {
              const back = season * Math.ceil(lead / season);
              return known[i]![Math.max(0, origin + lead - back)]!;
            }),
          },
        ]
      : []),
    {
      name: 'autoregression',
      tell(origin) {
        const told = new Float64Array(leads * width);
        models.forEach((model, i) => {
          const numbers = new Float64Array(origin + 1 + leads);
          numbers.set(known[i]!.subarray(0, origin + 1));
          for (let lead = 1; lead <= leads; lead++) {
            const last = origin + lead - 1;
            const value = regressed(model, numbers, last);
            numbers[last + 1] = value;
            told[(lead - 1) * width + i] = value;
          }
        });
        return told;
      },
    },
  ];
}

/** Over all outputs. */
function errorsOf(
  { name, tell }: Way,
  {
    series: { table },
    origins,
    leads,
    end,
  }: {
    readonly series: SeriesRows;
    readonly origins: readonly number[];
    readonly leads: number;
    readonly end: number;
  },
): LeadErrors {
  const width = table.values.length;
  const [counts, absolute, squared] = [0, 1, 2].map(() => new Float64Array(leads)) as [
    Float64Array<ArrayBuffer>,
    Float64Array<ArrayBuffer>,
    Float64Array<ArrayBuffer>,
  ];
  for (const origin of origins) {
    const told = tell(origin);
    for (let lead = 1; lead <= leads && origin + lead < end; lead++) {
      table.values.forEach((values, i) => {
        const error = told[(lead - 1) * width + i]! - values[origin + lead]!;
        if (Number.isNaN(error)) return;
        counts[lead - 1]!++;
        absolute[lead - 1]! += Math.abs(error);
        squared[lead - 1]! += error * error;
      });
    }
  }
  return {
    name,
    mae: absolute.map((sum, k) => sum / counts[k]!),
    rmse: squared.map((sum, k) => Math.sqrt(sum / counts[k]!)),
  };
}
