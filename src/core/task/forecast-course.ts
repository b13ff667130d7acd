/** A stretch of a series with what was forecast of it: one step ahead, free running from each origin, and how far off. */
import { quantile } from '../numerics';
import type { SeriesRows } from './encoded';

/** What is told of one output. */
export interface CourseColumn {
  readonly name: string;
  /** Of each step on show, NaN where it is missing. */
  readonly truth: Float64Array<ArrayBuffer>;
  /** Of each origin its forecasts, `[origins, leads]`; the first origin stands right before the first step on show. */
  readonly told: Float64Array<ArrayBuffer>;
  /**
   * Entry k - 1: between these two lies what is true minus what was forecast k steps ahead for 80 % of the origins that
   * the part was measured from; NaN where nothing is known.
   */
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
}

export interface ForecastCourse {
  /** The first step on show, of all steps of the series. */
  readonly first: number;
  /** Steps that were forecast from each origin. */
  readonly leads: number;
  readonly columns: readonly CourseColumn[];
}

/** Steps on show: the last of a part. */
const mostShown = 240;
/** Of what was off the tenth at either end is outside the band. */
const tail = 0.1;

/** The origins of which a course has forecasts: one before each step on show, and the last step itself. */
export function originsOfCourse(
  { plan }: Pick<SeriesRows, 'plan'>,
  [from, to]: readonly [number, number],
): number[] {
  const first = Math.max(from, plan.horizon, to - mostShown) - 1;
  // What is known in advance is not known of the steps behind the last.
  const last = plan.ahead === undefined ? to - 1 : to - 2;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/**
 * @param course forecasts from `originsOfCourse`, each `[leads, outputs]`
 * @param measured those from all origins of the part
 */
export function courseOf(
  { table }: Pick<SeriesRows, 'table'>,
  names: readonly string[],
  end: number,
  leads: number,
  course: Forecasts,
  measured: Forecasts,
): ForecastCourse {
  const first = course.origins[0]! + 1;
  const width = names.length;
  return {
    ...{ first, leads },
    columns: names.map((name, i) => {
      const truth = table.values[i]!;
      const bands = Array.from({ length: leads }, (_, k) => {
        const errors = measured.origins.flatMap((origin, at) => {
          const step = origin + k + 1;
          const error = truth[step]! - measured.answers[at]![k * width + i]!;
          return step < end && !Number.isNaN(error) ? [error] : [];
        });
        return [quantile(errors, tail), quantile(errors, 1 - tail)] as const;
      });
      return {
        name,
        truth: Float64Array.from(truth.subarray(first, end)),
        told: Float64Array.from({ length: course.origins.length * leads }, (_, at) => {
          const answers = course.answers[Math.floor(at / leads)]!;
          return answers[(at % leads) * width + i]!;
        }),
        low: Float64Array.from(bands, ([low]) => low),
        high: Float64Array.from(bands, ([, high]) => high),
      };
    }),
  };
}

export interface Forecasts {
  readonly origins: readonly number[];
  /** Of each origin `[leads, outputs]`, in the data’s own units. */
  readonly answers: readonly ArrayLike<number>[];
}
