import { element } from '../../dom';

/** One of several, with its name before it. */
export interface Choice<Value extends string> {
  readonly root: HTMLElement;
  readonly value: Value;
  setOptions(options: readonly (readonly [value: Value, text: string])[], chosen: Value): void;
}

/** A drop-down list of the page's own kind, which every screen reader and keyboard knows. */
export function createChoice<Value extends string>(
  name: string,
  onChange: (value: Value) => void,
): Choice<Value> {
  const select = element('select');
  select.addEventListener('change', () => {
    onChange(select.value as Value);
  });
  const root = element('label', { class: 'choice' }, element('span', { text: name }), select);
  return {
    root,
    get value() {
      return select.value as Value;
    },
    setOptions(options, chosen) {
      select.replaceChildren(...options.map(([value, text]) => element('option', { value, text })));
      select.value = chosen;
    },
  };
}
