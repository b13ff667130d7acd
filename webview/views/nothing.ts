import { element } from '../dom';
import type { View } from './view';

/** A view that has nothing to show for a model, and says why. */
export function createNothing(reason: string): () => View {
  return () => ({
    root: element('p', { class: 'quiet', text: reason }),
    update() {
      // The reason holds for as long as the run is on show.
    },
  });
}
