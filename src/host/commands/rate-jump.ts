import { initialScheduleState, rateFactor } from '../../core/settings/schedules';
import type { SettingValues } from '../../protocol/engine';
import type { Run } from '../runs/run';

/** A rise by less does not show in the loss. */
const notable = 2;

const limits = { steps: 'step', epochs: 'epoch', seconds: 'seconds' } as const;

/**
 * What the learning rate rises to when a run goes on: a cosine that has come down begins higher up again, as its end
 * is further away; undefined where it stays about what it was.
 *
 * @param changes with the new limit
 */
export function rateJump(
  { facts: { settings, learningRate }, metrics }: Pick<Run, 'facts' | 'metrics'>,
  changes: SettingValues,
): { readonly from: number; readonly to: number } | undefined {
  if (settings['training.schedule'] !== 'cosine') return undefined;
  const kinds = Object.keys(limits) as (keyof typeof limits)[];
  const kind = kinds.find((each) => Number(changes[`training.${each}`]) > 0);
  if (!kind) return undefined;
  const last = metrics.length - 1;
  const number = (name: string) => Number(settings[`training.${name}`]);
  const schedule = {
    ...{ schedule: 'cosine' as const, warmup: number('warmup') },
    ...{ minimumRatio: number('minimumRatio') },
    ...{ decayFactor: number('decayFactor'), decayEvery: number('decayEvery') },
  };
  const moment = {
    step: metrics.at('step', last) + 1,
    progress: metrics.at(limits[kind], last) / Number(changes[`training.${kind}`]),
  };
  const from = metrics.at('learningRate', last);
  const to = learningRate * rateFactor(schedule, moment, initialScheduleState);
  return to > notable * from ? { from, to } : undefined;
}
