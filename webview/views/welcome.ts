import * as l10n from '@vscode/l10n';
import type { PanelCommand } from '../../src/protocol/panel';
import { element, icon } from '../dom';
import { icons } from '../icons';
import '../styles/welcome.css';

/** What the panel shows without a run: how to begin, and a button that does. */
export function createWelcome(run: (command: PanelCommand) => void): HTMLElement {
  const picture = icon(icons.play);
  picture.setAttribute('slot', 'start');
  const button = element('vscode-button' as 'button', { 'data-command': 'train' });
  button.append(picture, l10n.t('Train RNN on this file'));
  button.addEventListener('click', () => {
    run('train');
  });
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
    element('vscode-progress-ring' as 'div', { 'aria-hidden': 'true' }),
    element(
      'div',
      { role: 'status' },
      element('h1', { text: l10n.t('Preparing to train on {0}', name) }),
    ),
  );
}
