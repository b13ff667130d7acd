import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { Run } from '../../state';
import { lossUnitOf, telling, type Measure } from './units';

/** A loss that is reached without states. */
interface LossFloor {
  readonly label: (loss: string) => string;
  readonly nats: number;
}

/** What a loss has to fall below: of a text three lines, of examples what is known without looking at the input. */
export function floorsOf(
  { facts: { baselines, task } }: Pick<Run, 'facts'>,
  measure: Measure,
  format: Format,
): readonly LossFloor[] {
  const { uniform } = telling(lossUnitOf(measure), format, task !== null);
  const guess: LossFloor = { label: uniform, nats: baselines.uniform };
  if (task === null) {
    return [
      guess,
      { label: (loss) => l10n.t('unigram entropy {0}', loss), nats: baselines.unigram },
      { label: (loss) => l10n.t('bigram entropy {0}', loss), nats: baselines.bigram },
    ];
  }
  const isCounted = task.response === 'softmax';
  const floors: readonly LossFloor[] = [
    ...(isCounted ? [guess] : []),
    {
      label: (loss) =>
        isCounted
          ? l10n.t('how often each answer occurs {0}', loss)
          : l10n.t('always the mean {0}', loss),
      nats: baselines.unigram,
    },
  ];
  return floors.filter(({ nats }) => Number.isFinite(nats));
}
