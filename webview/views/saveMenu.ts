import * as l10n from '@vscode/l10n';
import type { SavedFormat } from '../../src/protocol/panel';
import { createButton } from '../controls';
import { element } from '../dom';

/** A button that opens a menu of formats to save a picture in. */
export function createSaveMenu(
  label: string,
  formats: readonly SavedFormat[],
  save: (format: SavedFormat) => void,
): HTMLElement {
  const names: Record<SavedFormat, string> = {
    png: l10n.t('Save as PNG…'),
    svg: l10n.t('Save as SVG…'),
    csv: l10n.t('Save data as CSV…'),
    html: l10n.t('Save as a page to print…'),
  };
  const button = createButton({
    text: label,
    icon: 'save',
    appearance: 'icon',
    onClick: () => {
      if (menu.hidden) open(0);
      else close(true);
    },
  });
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');
  const items = formats.map((format) => {
    const item = element('div', {
      class: 'menu-item',
      role: 'menuitem',
      tabindex: '-1',
      'data-format': format,
      text: names[format],
    });
    item.addEventListener('click', () => choose(format));
    return item;
  });
  const menu = element('div', { class: 'menu', role: 'menu', 'aria-label': label, hidden: '' });
  menu.append(...items);
  const root = element('div', { class: 'save-menu' }, button, menu);

  function open(item: number) {
    menu.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    items.at(item)?.focus();
  }

  function close(returnFocus: boolean) {
    if (menu.hidden) return;
    menu.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    if (returnFocus) button.focus();
  }

  function choose(format: SavedFormat) {
    close(true);
    save(format);
  }

  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    open(event.key === 'ArrowDown' ? 0 : -1);
  });
  menu.addEventListener('keydown', (event) => {
    const now = items.findIndex((item) => item === document.activeElement);
    const actions: Partial<Record<string, () => void>> = {
      ArrowDown: () => items[(now + 1) % items.length]?.focus(),
      ArrowUp: () => items.at(now - 1)?.focus(),
      Home: () => items[0]?.focus(),
      End: () => items.at(-1)?.focus(),
      Enter: () => choose(formats[now]!),
      ' ': () => choose(formats[now]!),
      Escape: () => close(true),
      Tab: () => close(true),
    };
    const action = actions[event.key];
    if (!action) return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
    action();
  });
  root.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && root.contains(relatedTarget))) close(false);
  });
  return root;
}
