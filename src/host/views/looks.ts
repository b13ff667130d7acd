import { l10n, ThemeColor, ThemeIcon } from 'vscode';
import type { RunPhase } from '../../protocol/panel';
import type { RunLine } from '../runs/line';
import { notebookOf } from '../runs/notebook-of';

/** The icon of each phase, wherever one is shown. */
export const phaseIcons: Record<RunPhase, string> = {
  preparing: 'loading~spin',
  training: 'loading~spin',
  paused: 'debug-pause',
  stopping: 'loading~spin',
  finished: 'pass',
  stopped: 'stop-circle',
  interrupted: 'debug-disconnect',
  failed: 'error',
  elsewhere: 'multiple-windows',
  vanished: 'circle-slash',
};

const phaseColors: Partial<Record<RunPhase, string>> = {
  preparing: 'charts.blue',
  training: 'charts.blue',
  paused: 'charts.yellow',
  stopping: 'charts.blue',
  finished: 'testing.iconPassed',
  interrupted: 'list.warningForeground',
  failed: 'list.errorForeground',
  elsewhere: 'charts.blue',
  vanished: 'list.warningForeground',
};

export function phaseIcon(phase: RunPhase): ThemeIcon {
  const color = phaseColors[phase];
  return new ThemeIcon(phaseIcons[phase], color === undefined ? undefined : new ThemeColor(color));
}

/** The phase of a run in words: one of a notebook is trained by it. */
export function phaseOf({ phase, folder }: Pick<RunLine, 'phase' | 'folder'>): string {
  return phase === 'elsewhere' && notebookOf(folder) !== undefined
    ? l10n.t('Training for its notebook')
    : phaseText(phase);
}

/** A phase in words. */
export function phaseText(phase: RunPhase): string {
  switch (phase) {
    case 'preparing':
      return l10n.t('Preparing');
    case 'training':
      return l10n.t('Training');
    case 'paused':
      return l10n.t('Paused');
    case 'stopping':
      return l10n.t('Stopping');
    case 'finished':
      return l10n.t('Finished');
    case 'stopped':
      return l10n.t('Stopped');
    case 'interrupted':
      return l10n.t('Interrupted');
    case 'failed':
      return l10n.t('Failed');
    case 'elsewhere':
      return l10n.t('Training in another window');
    case 'vanished':
      return l10n.t('Its folder is gone');
  }
}
