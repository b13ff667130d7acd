import { env, l10n } from 'vscode';
import type { Format } from '../../protocol/format';
import { lastPart } from '../runs/last-part';
import type { RunLine } from '../runs/line';
import { isLive } from '../runs/run';
import { age } from './age';
import { lossOf, type ColumnName } from './order';
import { leadingText } from './scores';

interface Column {
  readonly label: () => string;
  /** Of a run; empty where there is nothing to tell. */
  readonly tell: (line: RunLine, format: Format) => string;
}

/** What the lines of the Runs view can tell beside a run's name. */
export const columns: Record<ColumnName, Column> = {
  age: {
    label: () => l10n.t('Age'),
    tell: ({ summary }) => age(summary.changed, Date.now(), env.language),
  },
  loss: {
    label: () => l10n.t('Loss'),
    // Nats of examples say nothing beside nats per token.
    tell: (line, format) => {
      const loss = lossOf(line);
      if (line.summary.task !== null) return leadingText(line.scores, format);
      return loss === undefined ? '' : format.loss(loss);
    },
  },
  score: {
    label: () => l10n.t('Score'),
    tell: ({ scores }, format) => leadingText(scores, format),
  },
  text: { label: () => l10n.t('Text'), tell: ({ summary }) => summary.name },
  cell: { label: () => l10n.t('Cell'), tell: ({ summary }) => lastPart(summary.cell) },
  size: {
    label: () => l10n.t('Parameters'),
    tell: ({ summary }, format) => l10n.t('{0} parameters', format.compact(summary.parameters)),
  },
  step: {
    label: () => l10n.t('Step'),
    tell: ({ step }, format) => (step > 0 ? l10n.t('step {0}', format.count(step)) : ''),
  },
  time: {
    label: () => l10n.t('Training time'),
    tell: ({ seconds }, format) => (seconds > 0 ? format.duration(seconds) : ''),
  },
  tags: {
    label: () => l10n.t('Tags'),
    tell: ({ summary }) => summary.tags.map((tag) => `#${tag}`).join(' '),
  },
};

/** What a line tells: the chosen columns; of a run that is trained its step, as its age says nothing. */
export function told(
  line: RunLine,
  chosen: readonly ColumnName[],
  format: Format,
): readonly string[] {
  const names = isLive(line) ? chosen.map((name) => (name === 'age' ? 'step' : name)) : chosen;
  return [...new Set(names)]
    .map((name) => columns[name].tell(line, format))
    .filter((text) => text !== '');
}
