import { element } from '../dom';

let made = 0;

/** A picture that is read out with the keyboard, as a screen reader knows it, and the text that says how. */
export function createSlider(
  options: {
    readonly class: string;
    readonly label: string;
    readonly help: string;
    /** Default: one that nothing else has. */
    readonly id?: string;
  },
  ...content: readonly Node[]
): { readonly slider: HTMLElement; readonly help: HTMLElement } {
  const id = `${options.id ?? `picture-${String(++made)}`}-help`;
  const help = element('p', { class: 'visually-hidden', id, text: options.help });
  const slider = element(
    'div',
    {
      class: options.class,
      tabindex: '0',
      role: 'slider',
      'aria-label': options.label,
      'aria-describedby': id,
      'aria-valuemin': '0',
      'aria-valuemax': '0',
      'aria-valuenow': '0',
    },
    ...content,
  );
  return { slider, help };
}
