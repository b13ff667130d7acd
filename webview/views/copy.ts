import { createButton } from '../controls';
import { element, icon } from '../dom';
import { icons } from '../icons';

/** So long a button says that it has copied, milliseconds. */
const shownFor = 1600;

/** A button that puts a text on the clipboard and says that it did. */
export function createCopyButton(label: string, done: string, text: () => string): HTMLElement {
  const said = element('span', { class: 'visually-hidden', role: 'status' });
  const button = createButton({
    ...{ text: label, icon: 'copy', appearance: 'icon' },
    onClick() {
      void navigator.clipboard.writeText(text()).then(() => {
        button.replaceChildren(icon(icons.check));
        said.textContent = done;
        setTimeout(() => {
          button.replaceChildren(icon(icons.copy));
          said.textContent = '';
        }, shownFor);
      });
    },
  });
  return element('span', { class: 'copy' }, button, said);
}
