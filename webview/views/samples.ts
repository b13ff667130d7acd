import { element } from '../dom';
import type { View, ViewContext } from './view';

export function createSamples({ strings }: ViewContext): View {
  const root = element('section', { class: 'samples', 'aria-label': strings.samplesTab });
  return { root, update() {} };
}
