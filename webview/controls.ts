import './controls.css';
import { element, icon } from './dom';
import { icons } from './icons';

/** One of several, with its name before it. */
export interface Choice<Value extends string> {
  readonly root: HTMLElement;
  readonly value: Value;
  setOptions(options: readonly (readonly [value: Value, text: string])[], chosen: Value): void;
}

/** What we use of the toolkit's drop-down list. */
interface Dropdown extends HTMLElement {
  value: string;
}

/**
 * A drop-down list.
 *
 * @param id unique in the panel
 * @param label shown before it
 */
export function createChoice<Value extends string>(
  id: string,
  label: string,
  onChange: (value: Value) => void,
): Choice<Value> {
  const name = element('span', { id: `${id}-label`, text: label });
  const list = element('vscode-dropdown' as 'div', {
    id,
    'aria-labelledby': name.id,
  }) as HTMLElement as Dropdown;
  let chosen = '' as Value;
  list.addEventListener('change', () => {
    // Options that are replaced change the value, too: only what a user chose is told.
    if (list.value === chosen || !list.isConnected) return;
    chosen = list.value as Value;
    onChange(chosen);
  });
  return {
    root: element('div', { class: 'choice' }, name, list),
    get value() {
      return chosen;
    },
    setOptions(options, value) {
      chosen = value;
      list.replaceChildren(
        ...options.map(([each, text]) => {
          const selected = each === value ? { selected: '' } : {};
          return element('vscode-option' as 'option', { value: each, text, ...selected });
        }),
      );
      list.value = value;
    },
  };
}

/** Something that is on or off. */
export interface Check {
  readonly root: HTMLElement;
  readonly checked: boolean;
  /** Shows it so, without telling anyone. */
  set(checked: boolean): void;
}

interface Checkbox extends HTMLElement {
  checked: boolean;
}

export function createCheck(
  id: string,
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): Check {
  const root = element('vscode-checkbox' as 'div', {
    id,
    text: label,
    ...(checked ? { checked: '' } : {}),
  }) as HTMLElement as Checkbox;
  let now = checked;
  root.addEventListener('change', () => {
    if (root.checked === now) return;
    now = root.checked;
    onChange(now);
  });
  return {
    root,
    get checked() {
      return now;
    },
    set(wanted) {
      now = wanted;
      root.checked = wanted;
    },
  };
}

export interface ButtonOptions {
  readonly text: string;
  readonly icon?: keyof typeof icons;
  /** `icon`: the picture alone, the text for who cannot see it. */
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  readonly onClick: () => void;
}

export function createButton(options: ButtonOptions): HTMLButtonElement {
  const { text, appearance = 'secondary', onClick } = options;
  const button = element('vscode-button' as 'button', { appearance });
  const picture = options.icon && icon(icons[options.icon]);
  if (appearance === 'icon') {
    button.title = text;
    button.setAttribute('aria-label', text);
    if (picture) button.append(picture);
  } else {
    picture?.setAttribute('slot', 'start');
    button.append(...(picture ? [picture] : []), text);
  }
  button.addEventListener('click', onClick);
  return button;
}
