/** What a clock or a hand has decided in a training, so that it can be done again bit by bit. */
import * as v from 'valibot';

/** From a step on: what the schedule went by. */
export const mark = v.object({
  /** The first step of it, from 1. */
  step: v.number(),
  /** Share of a time limit that was used up, 0 to 1; 0 where steps or epochs are the limit. */
  progress: v.number(),
  /** The learning rate set by hand; undefined: as the schedule says. */
  rate: v.optional(v.number()),
});
export type Mark = v.InferOutput<typeof mark>;

/** A schedule sees a time limit in a thousand steps: so many marks there are at most, but for those set by hand. */
const resolution = 0.001;
const start: Mark = { step: 1, progress: 0 };

/** What the coming step goes by, noted in the course where it is new. */
export function notedMark(course: Mark[], { step, progress, rate }: Mark): Mark {
  const last = course.at(-1) ?? start;
  if (last.rate === rate && Math.abs(progress - last.progress) < resolution) return last;
  const next = { step, progress, ...(rate !== undefined && { rate }) };
  course.push(next);
  return next;
}

/** What a step went by. */
export function markAt(course: readonly Mark[], step: number): Mark {
  return course.findLast((one) => one.step <= step) ?? start;
}
