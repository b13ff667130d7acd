/**
 * The panel's controls. What makes them, `@vscode/webview-ui-toolkit`, is known here and in `controls.css` alone,
 * so that it can be replaced in one place: a lint rule says so.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import './controls.css';
import { element, icon } from './dom';
import { icons } from './icons';

/** To be called once, before the first control is shown. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

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
  let offered = '';
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
      // The list goes on naming one of its options to screen readers: the same ones stay.
      const names = JSON.stringify(options);
      const isSame = names === offered;
      if (isSame && value === chosen) return;
      offered = names;
      chosen = value;
      if (isSame) {
        list.value = value;
        return;
      }
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

/** With a picture and a text, the text is in an element of the class `label`, which a narrow page may hide. */
export function createButton(options: ButtonOptions): HTMLButtonElement {
  const { text, appearance = 'secondary', onClick } = options;
  const button = element('vscode-button' as 'button', { appearance });
  const picture = options.icon && icon(icons[options.icon]);
  if (appearance === 'icon') {
    button.title = text;
    button.setAttribute('aria-label', text);
    if (picture) button.append(picture);
  } else if (picture) {
    picture.setAttribute('slot', 'start');
    // No span: the toolkit takes one for an icon, and gives it that size.
    button.append(picture, element('div', { class: 'label', text }));
  } else {
    button.append(text);
  }
  button.addEventListener('click', onClick);
  return button;
}

/** A field for a line of text. */
export interface TextField extends HTMLElement {
  value: string;
}

/** @param label for who cannot see the field; its style may show it, too */
export function createTextField(id: string, label: string, size: number): TextField {
  return element('vscode-text-field' as 'div', {
    id,
    size: String(size),
    // The toolkit names a field by its text, whatever `aria-label` says.
    text: label,
  }) as HTMLElement as TextField;
}

/** Places of which one is in front, each behind a tab. */
export interface TabList {
  readonly root: HTMLElement;
  /** Where the contents of a tab belong. */
  place(id: string): HTMLElement;
}

/**
 * @param active the tab in front at first
 * @param onChange told when another tab was chosen
 */
export function createTabList<Id extends string>(
  label: string,
  tabs: readonly { readonly id: Id; readonly title: string }[],
  active: Id,
  onChange: (id: Id) => void,
): TabList {
  const heads = tabs.map(({ id, title }) =>
    element('vscode-panel-tab' as 'div', { id: `tab-${id}`, text: title }),
  );
  const places = new Map<string, HTMLElement>(
    tabs.map(({ id }) => [id, element('vscode-panel-view' as 'div', { id: `view-${id}` })]),
  );
  const root = element(
    'vscode-panels' as 'div',
    { class: 'tabs', 'aria-label': label, activeid: `tab-${active}` },
    ...heads,
    ...places.values(),
  );
  root.addEventListener('change', (event) => {
    // Lists and sliders of the views tell their changes, too.
    if (event.target !== root) return;
    // The attribute still names the tab before: it follows in the next frame.
    const { detail } = event as CustomEvent<HTMLElement>;
    const chosen = tabs.find(({ id }) => detail.id === `tab-${id}`);
    if (chosen) onChange(chosen.id);
  });
  return { root, place: (id) => places.get(id)! };
}

/** A ring that turns, for the eye only, while something takes a moment. */
export function createProgressRing(): HTMLElement {
  return element('vscode-progress-ring' as 'div', { 'aria-hidden': 'true' });
}
