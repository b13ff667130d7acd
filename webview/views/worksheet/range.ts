import { element, setAttribute, setText } from '../../dom';

/** A slider over whole numbers, with what it says beside it. */
export interface Range {
  readonly root: HTMLElement;
  readonly value: number;
  /** Shows a value of as many as there are, without telling anyone. */
  set(value: number, max: number): void;
}

export function createRange(
  label: string,
  options: {
    readonly id: string;
    readonly tell: (value: number) => string;
    readonly max?: number;
    readonly value?: number;
  },
  onChange: (value: number) => void,
): Range {
  const { id, tell, max = 0, value: first = 0 } = options;
  const slider = element('input', {
    ...{ class: 'range', id, type: 'range', min: '0', max: String(max), step: '1' },
    value: String(first),
  });
  const output = element('output', { for: id });
  const say = () => {
    const text = tell(Number(slider.value));
    setText(output, text);
    setAttribute(slider, 'aria-valuetext', text);
  };
  slider.addEventListener('input', () => {
    say();
    onChange(Number(slider.value));
  });
  say();
  return {
    root: element(
      'div',
      { class: 'sheet-slider' },
      element('label', { for: id, text: label }),
      slider,
      output,
    ),
    get value() {
      return Number(slider.value);
    },
    set(value, most) {
      setAttribute(slider, 'max', String(most));
      slider.disabled = most === 0;
      // Where a hand holds it, it stays.
      if (!slider.matches(':active')) slider.value = String(value);
      say();
    },
  };
}
