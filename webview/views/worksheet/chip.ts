import { element } from '../../dom';
import { hueOf, parameterName, type Sheet } from './shown';

/** A parameter's name in its own colour: the same box at every step. */
export function chip(name: string, sheet: Sheet): HTMLElement {
  const parameter = sheet.parameters.find((each) => each.name === name);
  return element('span', {
    class: 'chip',
    translate: 'no',
    'data-parameter': name,
    'data-hue': String(hueOf(name, sheet)),
    text: parameter ? parameterName(parameter, sheet) : name,
  });
}

/** Pointing at one marks all boxes of the same parameter. */
export function joinChips(root: HTMLElement): void {
  const mark = (name: string | undefined) => {
    for (const each of root.querySelectorAll<HTMLElement>('.chip')) {
      each.classList.toggle('joined', each.dataset['parameter'] === name);
    }
  };
  root.addEventListener('pointerover', ({ target }) => {
    const over = target instanceof Element ? target.closest<HTMLElement>('.chip') : null;
    mark(over?.dataset['parameter']);
  });
  root.addEventListener('pointerleave', () => mark(undefined));
}
