/** What a picture of forecasts shows, as plain data. */
import type { Results } from '../../../src/protocol/panel';

export type Course = NonNullable<NonNullable<Results['forecasts']>['course']>;

/** Of one output, with the forecasts from one origin. */
export interface CourseLines {
  /** Numbers of the steps on show, from 1. */
  readonly steps: Float64Array;
  readonly truth: Float64Array;
  /** Each told from the step before it; NaN before the first. */
  readonly oneStep: Float64Array;
  /** Numbers of the steps behind the origin, and what was told of them from there. */
  readonly ahead: Float64Array;
  readonly told: Float64Array;
  /** Where 80 % of what is true lies, by the errors of the part. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** How many origins there are. */
export function originsOf({ columns, leads }: Course): number {
  return (columns[0]?.told.length ?? 0) / leads;
}

/** At first the last origin whose forecasts can all be compared. */
export function usualOrigin(course: Course): number {
  const steps = course.columns[0]?.truth.length ?? 0;
  return Math.max(0, Math.min(originsOf(course) - 1, steps - course.leads));
}

/** @param origin from 0: the step before the first on show */
export function courseLines(
  { columns, first, leads }: Course,
  column: number,
  origin: number,
): CourseLines {
  const { truth, told, low, high } = columns[column]!;
  const own = told.subarray(origin * leads, (origin + 1) * leads);
  return {
    truth,
    steps: Float64Array.from(truth, (_, i) => first + i + 1),
    oneStep: Float64Array.from(truth, (_, i) => told[i * leads] ?? NaN),
    ahead: Float64Array.from(own, (_, k) => first + origin + k + 1),
    told: own,
    low: own.map((value, k) => value + low[k]!),
    high: own.map((value, k) => value + high[k]!),
  };
}
