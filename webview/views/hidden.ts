import { element } from '../dom';
import type { View, ViewContext } from './view';

export function createHidden({ strings }: ViewContext): View {
  const root = element('section', { class: 'hidden', 'aria-label': strings.hiddenTab });
  return { root, update() {} };
}
