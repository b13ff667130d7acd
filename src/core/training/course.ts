/** What a clock or a hand has decided in a training, so that it can be done again bit by bit. */
import * as v from 'valibot';
import { backendKinds } from '../engine/backend';
import { parseSavedSettings, type Settings } from '../settings/settings';

/** How many of something a training has done; no training is so long that it is more. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 50));
/** 0 to 1. */
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** A learning rate. */
export const rate = v.pipe(v.number(), v.finite(), v.minValue(0));

/** From a step on: what the schedule went by. */
export const mark = v.object({
  /** The first step of it, from 1. */
  step: count,
  /** Share of a time limit that was used up; 0 where steps or epochs are the limit. */
  progress: share,
  /** The learning rate set by hand; undefined: as the schedule says. */
  rate: v.optional(rate),
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

/** What has trained: one of the engine's own backends, or the PyTorch of an exported folder. */
export const trainers = [...backendKinds, 'pytorch'] as const;
export type TrainerKind = (typeof trainers)[number];
/** Whose bits the kernels come to. */
export const kernels = v.picklist(trainers);

/** A part of a training that was gone on from with something else: settings, text or kernels. */
export const stage = v.object({
  /** Its last step; 0: the training began with the weights of a model from elsewhere. */
  until: count,
  settings: v.pipe(v.unknown(), v.transform(parseSavedSettings)),
  /** SHA-256 of the prepared text; empty: of a model from elsewhere. */
  textHash: v.string(),
  /** Undefined: not known. */
  kernels: v.optional(kernels),
});
export type Stage = v.InferOutput<typeof stage>;

/** What makes two stages one, if it is the same. */
export interface Terms {
  readonly settings: Settings;
  readonly textHash: string;
  readonly kernels?: TrainerKind | undefined;
}

/**
 * The stages before what is trained now.
 *
 * @param stages those that were over already
 * @param last the one that is gone on from
 */
export function stagesBefore(stages: readonly Stage[], last: Stage, now: Terms): readonly Stage[] {
  const isSame =
    last.textHash === now.textHash &&
    (last.kernels ?? now.kernels) === now.kernels &&
    JSON.stringify(last.settings) === JSON.stringify(now.settings);
  return isSame ? stages : [...stages, last];
}

/** A training that is done again: what has happened in it, to happen at the same steps. */
export interface Replay {
  readonly course: readonly Mark[];
  /** Steps after which there was a measurement, due or not. */
  readonly measured: ReadonlySet<number>;
  /** The step after which it ends, whatever its limit. */
  readonly until: number;
}
