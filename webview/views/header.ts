import type { PanelCommand, PanelStatus, RunPhase } from '../../src/protocol/panel';
import type { PanelStringName } from '../../src/protocol/strings';
import { element, icon, setAttribute, setText } from '../dom';
import { icons } from '../icons';
import { isLive, latest, type Run } from '../state';
import '../styles/header.css';
import type { View, ViewContext } from './view';

const phases: Record<
  RunPhase,
  { readonly label: PanelStringName; readonly icon: keyof typeof icons }
> = {
  preparing: { label: 'phasePreparing', icon: 'dot' },
  training: { label: 'phaseTraining', icon: 'dot' },
  paused: { label: 'phasePaused', icon: 'pause' },
  stopping: { label: 'phaseStopping', icon: 'dot' },
  finished: { label: 'phaseFinished', icon: 'check' },
  stopped: { label: 'phaseStopped', icon: 'stop' },
  interrupted: { label: 'phaseInterrupted', icon: 'broken' },
  failed: { label: 'phaseFailed', icon: 'cross' },
  elsewhere: { label: 'phaseElsewhere', icon: 'dot' },
};

/** Which buttons a run offers; the first that is shown takes the focus of one that goes. */
const buttons: readonly {
  readonly command: PanelCommand & PanelStringName;
  readonly icon: keyof typeof icons;
  readonly shown: (status: PanelStatus) => boolean;
}[] = [
  { command: 'pause', icon: 'pause', shown: ({ phase }) => phase === 'training' },
  { command: 'resume', icon: 'play', shown: ({ phase }) => phase === 'paused' },
  { command: 'stop', icon: 'stop', shown: ({ phase }) => isLive(phase) && phase !== 'stopping' },
  {
    command: 'continue',
    icon: 'play',
    shown: ({ phase, canContinue }) => !isLive(phase) && canContinue,
  },
  { command: 'sample', icon: 'sample', shown: ({ canSample }) => canSample },
  { command: 'export', icon: 'export', shown: ({ canSample }) => canSample },
];

/** The text's name and the cell's, the phase, the controls, and how much of the run is done. */
export function createHeader(context: ViewContext): View {
  const { strings } = context;
  const name = element('button', { class: 'link', type: 'button', title: strings.openText });
  name.addEventListener('click', () => {
    context.host.run('openText');
  });
  const cell = element('span', { class: 'quiet' });
  const phase = element('span', { class: 'phase' });
  const message = element('p', { class: 'message', hidden: '' });
  const warnings = element('ul', { class: 'warnings' });
  const controls = createControls(context);
  const bar = element('div', { class: 'bar' });
  const progress = element(
    'div',
    {
      class: 'progress',
      role: 'progressbar',
      'aria-label': strings.progress,
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
    message,
    warnings,
  );
  let shownPhase: RunPhase | undefined;

  return {
    root,
    update(run) {
      const { status, facts } = run;
      setText(name, facts.name);
      setText(cell, facts.cell.name);
      if (status.phase !== shownPhase) {
        shownPhase = status.phase;
        const look = phases[status.phase];
        phase.dataset['phase'] = status.phase;
        phase.replaceChildren(
          icon(icons[look.icon]),
          element('span', { text: strings[look.label] }),
        );
      }
      setText(message, status.message);
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

function createControls({ strings, host }: ViewContext) {
  const root = element('div', {
    class: 'controls',
    role: 'group',
    'aria-label': strings.controls,
  });
  const made = buttons.map(({ command, icon: path, shown }) => {
    const picture = icon(icons[path]);
    picture.setAttribute('slot', 'start');
    const button = element('vscode-button' as 'button', {
      appearance: command === 'sample' ? 'primary' : 'secondary',
      title: strings[command],
      'data-command': command,
    });
    button.append(picture, element('div', { class: 'label', text: strings[command] }));
    button.hidden = true;
    button.addEventListener('click', () => {
      host.run(command);
    });
    root.append(button);
    return { button, shown };
  });
  return {
    root,
    update(status: PanelStatus) {
      const focused = made.find(({ button }) => button === document.activeElement);
      for (const { button, shown } of made) button.hidden = !shown(status);
      if (focused?.button.hidden === true)
        made.find(({ button }) => !button.hidden)?.button.focus();
    },
  };
}
