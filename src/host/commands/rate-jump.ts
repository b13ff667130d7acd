import type { SettingValues } from '../../protocol/engine';
import type { Run } from '../runs/run';

/** A rise by less does not show in the loss. */
const notable = 2;

const limits = { steps: 'step', epochs: 'epoch', seconds: 'seconds' } as const;

/**
 * What the learning rate rises to when a run goes on: a cosine that has come down begins higher up again, as its end
 * is further away; undefined where it stays about what it was. The engine is not loaded here, so that its cosine is
 * written once more; a test holds the two against each other.
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
  const progress = metrics.at(limits[kind], last) / Number(changes[`training.${kind}`]);
  const floor = Number(settings['training.minimumRatio']);
  const from = metrics.at('learningRate', last);
  const to = learningRate * (floor + ((1 - floor) / 2) * (1 + Math.cos(Math.PI * progress)));
  return to > notable * from ? { from, to } : undefined;
}
