import type { Memory } from './host';

/** Keys of the keyboard and others with which a person scrolls, or is about to. */
const byHand = ['wheel', 'pointerdown', 'keydown', 'touchstart'] as const;

/** Keeps how far the page of a run is scrolled, so that it is there again after the page was hidden or reloaded. */
export interface ScrollMemory {
  /** The page of a run has been built: goes where it was left, as soon as there is so much to scroll. */
  restore(run: string): void;
}

export function createScrollMemory(memory: Memory): ScrollMemory {
  let shown: string | undefined;
  /** Where the page was left, until a person scrolls: what comes above one after the other moves what is there. */
  let wanted: number | undefined;

  function follow() {
    if (wanted === undefined) return;
    window.scrollTo({ top: wanted, behavior: 'instant' });
  }

  for (const event of byHand) {
    // Whoever scrolls now does not want to be anywhere else.
    window.addEventListener(event, () => (wanted = undefined), { passive: true });
  }
  window.addEventListener('scroll', () => {
    if (shown === undefined || wanted !== undefined) return;
    memory.set('scroll.run', shown);
    memory.set('scroll.top', window.scrollY);
  });
  new ResizeObserver(follow).observe(document.body);

  return {
    restore(run) {
      shown = run;
      const kept = memory.get('scroll.top');
      wanted = memory.get('scroll.run') === run && typeof kept === 'number' ? kept : undefined;
      follow();
    },
  };
}
