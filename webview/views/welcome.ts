import * as l10n from '@vscode/l10n';
import type { PanelCommand } from '../../src/protocol/panel';
import { createButton, createProgressRing } from '../controls';
import { element } from '../dom';
import '../styles/welcome.css';

/** What the panel shows without a run: how to begin, and a button that does. */
export function createWelcome(run: (command: PanelCommand) => void): HTMLElement {
  const button = createButton({
    text: l10n.t('Train RNN on this file'),
    icon: 'play',
    appearance: 'primary',
    onClick: () => run('train'),
  });
  button.dataset['command'] = 'train';
  return element(
    'main',
    { class: 'welcome' },
    element('h1', { text: l10n.t('No run yet') }),
    element('p', {
      text: l10n.t(
        'Open a text and train a recurrent network on it: its loss appears here while it learns.',
      ),
    }),
    button,
  );
}

/** What the panel shows while the engine gets ready, which is a moment. */
export function createPreparing(name: string): HTMLElement {
  return element(
    'main',
    { class: 'welcome', 'aria-busy': 'true' },
    createProgressRing(),
    element(
      'div',
      { role: 'status' },
      element('h1', { text: l10n.t('Preparing to train on {0}', name) }),
    ),
  );
}
