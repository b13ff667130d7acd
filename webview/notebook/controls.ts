/** The few controls of pictures in notebooks, of plain elements: in a renderer they stand in place of `../controls`. */
import { element, icon } from '../dom';
import { icons } from '../icons';

export function createButton(options: {
  readonly text: string;
  readonly icon?: keyof typeof icons;
  readonly appearance?: 'icon' | 'primary' | 'secondary';
  readonly onClick: () => void;
}): HTMLButtonElement {
  const { text, onClick } = options;
  const button =
    options.icon === undefined
      ? element('button', { type: 'button', text })
      : element(
          'button',
          { type: 'button', class: 'icon-button', title: text, 'aria-label': text },
          icon(icons[options.icon]),
        );
  button.addEventListener('click', onClick);
  return button;
}

/** A list of which one is chosen, with its name before it. */
export function createSelect(
  label: string,
  onChange: (chosen: string) => void,
): { readonly root: HTMLElement; set(options: readonly string[], chosen: string): void } {
  const list = element('select');
  list.addEventListener('change', () => onChange(list.value));
  let offered = '';
  return {
    root: element('label', { class: 'choice' }, element('span', { text: label }), list),
    set(options, chosen) {
      const names = JSON.stringify(options);
      if (names !== offered) {
        list.replaceChildren(...options.map((text) => element('option', { value: text, text })));
      }
      offered = names;
      list.value = chosen;
    },
  };
}
