import * as l10n from '@vscode/l10n';
import type { PanelCommand, PanelStatus, RunPhase } from '../../src/protocol/panel';
import { createButton } from '../controls';
import { element, icon, setAttribute, setText } from '../dom';
import { shapePath } from '../../src/protocol/core';
import { icons } from '../icons';
import { isLive, latest, type Run } from '../state';
import '../styles/header.css';
import type { View, ViewContext } from './view';

const phaseIcons: Record<RunPhase, keyof typeof icons> = {
  preparing: 'dot',
  training: 'dot',
  paused: 'pause',
  stopping: 'dot',
  finished: 'check',
  stopped: 'stop',
  interrupted: 'broken',
  failed: 'cross',
  elsewhere: 'dot',
  vanished: 'broken',
};

export function phaseName({ phase, imported }: PanelStatus): string {
  if (imported !== null && !isLive(phase)) return l10n.t('Imported');
  const names: Record<RunPhase, string> = {
    preparing: l10n.t('Preparing'),
    training: l10n.t('Training'),
    paused: l10n.t('Paused'),
    stopping: l10n.t('Stopping'),
    finished: l10n.t('Finished'),
    stopped: l10n.t('Stopped'),
    interrupted: l10n.t('Interrupted'),
    failed: l10n.t('Failed'),
    elsewhere: l10n.t('Training in another window'),
    vanished: l10n.t('Its folder is gone'),
  };
  return names[phase];
}

/** Which buttons a run offers; the first that is shown takes the focus of one that goes. */
const buttons: readonly {
  readonly command: PanelCommand;
  readonly label: () => string;
  readonly icon: keyof typeof icons;
  readonly shown: (status: PanelStatus) => boolean;
}[] = [
  {
    command: 'pause',
    label: () => l10n.t('Pause'),
    icon: 'pause',
    shown: ({ phase }) => phase === 'training',
  },
  {
    command: 'resume',
    label: () => l10n.t('Resume'),
    icon: 'play',
    shown: ({ phase }) => phase === 'paused',
  },
  {
    command: 'stop',
    label: () => l10n.t('Stop'),
    icon: 'stop',
    shown: ({ phase }) => isLive(phase) && phase !== 'stopping',
  },
  {
    command: 'continue',
    label: () => l10n.t('Continue training'),
    icon: 'play',
    shown: ({ phase, canContinue }) => !isLive(phase) && canContinue,
  },
  {
    command: 'sample',
    label: () => l10n.t('Sample'),
    icon: 'sample',
    shown: ({ canSample }) => canSample,
  },
  {
    command: 'predict',
    label: () => l10n.t('Predict…'),
    icon: 'sample',
    shown: ({ canPredict }) => canPredict,
  },
  {
    command: 'export',
    label: () => l10n.t('Export…'),
    icon: 'export',
    shown: ({ canSample, canPredict }) => canSample || canPredict,
  },
];

/** The text's name and the cell's, the phase, the controls, and how much of the run is done. */
export function createHeader(context: ViewContext): View {
  const name = element('button', { class: 'link', type: 'button', title: l10n.t('Open the text') });
  name.addEventListener('click', () => {
    context.host.run('openText');
  });
  const cell = element('span', { class: 'quiet' });
  const phase = element('span', { class: 'phase' });
  const said = element('span');
  const debug = element('button', {
    class: 'link',
    type: 'button',
    text: l10n.t('Debug the step that failed'),
  });
  debug.addEventListener('click', () => {
    context.host.run('debugFailedStep');
  });
  const message = element('p', { class: 'message', hidden: '' }, said, ' ', debug);
  const understood = element('span');
  const change = element('button', { class: 'link', type: 'button', text: l10n.t('Change…') });
  change.title = l10n.t('Change how this table is read…');
  change.addEventListener('click', () => {
    context.host.run('changeTable');
  });
  const shape = element('span', { class: 'shape' });
  const task = element('p', { class: 'task quiet', hidden: '' }, shape, understood, ' ', change);
  const warnings = element('ul', { class: 'warnings' });
  const controls = createControls(context);
  const bar = element('div', { class: 'bar' });
  const progress = element(
    'div',
    {
      class: 'progress',
      role: 'progressbar',
      'aria-label': l10n.t('Training progress'),
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
    bar,
  );
  const title = element('div', { class: 'title' }, element('h1', {}, name), cell, phase);
  const root = element(
    'header',
    { class: 'header' },
    element('div', { class: 'headline' }, title, controls.root),
    progress,
    task,
    message,
    warnings,
  );
  let shownPhase: string | undefined;

  return {
    root,
    update(run) {
      const { status, facts } = run;
      setText(name, facts.name);
      setText(cell, facts.cell.name);
      const told = phaseName(status);
      if (told !== shownPhase) {
        shownPhase = told;
        phase.dataset['phase'] = status.phase;
        phase.replaceChildren(
          icon(icons[phaseIcons[status.phase]]),
          element('span', { text: told }),
        );
      }
      setText(understood, facts.task?.line ?? '');
      const drawn = facts.task?.shape;
      if (shape.dataset['shape'] !== drawn) {
        shape.replaceChildren(...(drawn ? [icon(shapePath(drawn))] : []));
        if (drawn) shape.dataset['shape'] = drawn;
      }
      task.hidden = facts.task === null;
      setText(said, status.message);
      debug.hidden = !status.canDebugStep;
      message.hidden = status.message === '';
      if (warnings.childElementCount !== facts.warnings.length) {
        warnings.replaceChildren(...facts.warnings.map((text) => element('li', { text })));
      }
      controls.update(status);
      const share = shareDone(run);
      bar.style.width = `${String(share * 100)}%`;
      setAttribute(progress, 'aria-valuenow', String(Math.round(share * 100)));
      progress.dataset['phase'] = status.phase;
    },
  };
}

/** How much of its limit a run has used up, 0 to 1. */
function shareDone(run: Run): number {
  const { limit } = run.status;
  const column = { steps: 'step', epochs: 'epoch', seconds: 'seconds' } as const;
  const share = latest(run, column[limit.kind]) / limit.value;
  return Number.isFinite(share) ? Math.min(1, share) : 0;
}

function createControls({ host }: ViewContext) {
  const root = element('div', {
    class: 'controls',
    role: 'group',
    'aria-label': l10n.t('Training controls'),
  });
  const made = buttons.map(({ command, label, icon: picture, shown }) => {
    const text = label();
    const button = createButton({
      text,
      icon: picture,
      appearance: command === 'sample' || command === 'predict' ? 'primary' : 'secondary',
      onClick: () => host.run(command),
    });
    button.title = text;
    button.dataset['command'] = command;
    button.hidden = true;
    root.append(button);
    return { button, shown };
  });
  return {
    root,
    update(status: PanelStatus) {
      const focused = made.find(({ button }) => button === document.activeElement);
      for (const { button, shown } of made) button.hidden = !shown(status);
      if (focused?.button.hidden === true) {
        made.find(({ button }) => !button.hidden)?.button.focus();
      }
    },
  };
}
