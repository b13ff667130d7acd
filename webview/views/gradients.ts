import { element } from '../dom';
import type { View, ViewContext } from './view';

export function createGradients({ strings }: ViewContext): View {
  const root = element('section', { class: 'gradients', 'aria-label': strings.gradientsTab });
  return { root, update() {} };
}
