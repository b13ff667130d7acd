import type { PanelCommand } from '../../src/protocol/panel';
import { fill, type PanelStrings } from '../../src/protocol/strings';
import { element, icon } from '../dom';
import { icons } from '../icons';
import '../styles/welcome.css';

/** What the panel shows without a run: how to begin, and a button that does. */
export function createWelcome(
  strings: PanelStrings,
  run: (command: PanelCommand) => void,
): HTMLElement {
  const picture = icon(icons.play);
  picture.setAttribute('slot', 'start');
  const button = element('vscode-button' as 'button', { 'data-command': 'train' });
  button.append(picture, strings.train);
  button.addEventListener('click', () => {
    run('train');
  });
  return element(
    'main',
    { class: 'welcome' },
    element('h1', { text: strings.welcomeTitle }),
    element('p', { text: strings.welcomeText }),
    button,
  );
}

/** What the panel shows while the engine gets ready, which is a moment. */
export function createPreparing(strings: PanelStrings, name: string): HTMLElement {
  return element(
    'main',
    { class: 'welcome', 'aria-busy': 'true' },
    element('vscode-progress-ring' as 'div', { 'aria-hidden': 'true' }),
    element('div', { role: 'status' }, element('h1', { text: fill(strings.preparing, name) })),
  );
}
