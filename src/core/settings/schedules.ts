import type { GroupSettings } from './settings';

/** The moment a learning rate is asked for. */
export interface Moment {
  /** Number of the coming step, from 1. */
  readonly step: number;
  /** Share of the limit that is used up, 0 to 1. */
  readonly progress: number;
}

/** What the schedule `halve` remembers; all others need nothing. */
export interface ScheduleState {
  /** What the rate has been multiplied by so far. */
  readonly factor: number;
  /** The loss at the last measurement. */
  readonly previous?: number | undefined;
}

export const initialScheduleState: ScheduleState = { factor: 1 };

type ScheduleSettings = Pick<
  GroupSettings<'training'>,
  'schedule' | 'warmup' | 'decayFactor' | 'decayEvery' | 'minimumRatio'
>;

/** What the learning rate's height is multiplied by at a step: 0 to 1. */
export function rateFactor(
  settings: ScheduleSettings,
  { step, progress }: Moment,
  state: ScheduleState,
): number {
  const { warmup, minimumRatio } = settings;
  const warm = step < warmup ? step / warmup : 1;
  return warm * Math.max(minimumRatio, decay(settings, step, progress, state));
}

function decay(
  settings: ScheduleSettings,
  step: number,
  progress: number,
  state: ScheduleState,
): number {
  switch (settings.schedule) {
    case 'constant':
      return 1;
    case 'step':
      return settings.decayFactor ** Math.floor((step - 1) / settings.decayEvery);
    case 'cosine': {
      const floor = settings.minimumRatio;
      return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
    }
    case 'halve':
      return state.factor;
  }
}

/**
 * The state after a measurement (of the validation loss, or of a pass's mean loss where nothing is held
 * out): `halve` lowers the rate if the loss rose.
 */
export function afterMeasurement(
  settings: ScheduleSettings,
  state: ScheduleState,
  loss: number,
): ScheduleState {
  const rose =
    settings.schedule === 'halve' && state.previous !== undefined && loss > state.previous;
  return { factor: rose ? state.factor * settings.decayFactor : state.factor, previous: loss };
}
