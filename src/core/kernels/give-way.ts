import type { RightOfWay } from '../right-of-way';

/** Milliseconds that work in the background rests at most at a time. */
const longestRest = 100;
/** It then works for this share of its rest, whoever asks: a training never stands still. */
const workShare = 0.5;

/**
 * What a thread in the background calls every millisecond or so: it blocks while others go first.
 * @param beforeRest called where it does
 */
export function createGiveWay(word: RightOfWay, beforeRest: () => void): () => void {
  let nextRest = -Infinity;
  return () => {
    if (Atomics.load(word, 0) === 0) return;
    const start = performance.now();
    if (start < nextRest) return;
    beforeRest();
    let now = start;
    for (;;) {
      const asking = Atomics.load(word, 0);
      const left = start + longestRest - now;
      if (asking === 0 || left <= 0) break;
      Atomics.wait(word, 0, asking, left);
      now = performance.now();
    }
    nextRest = now + (now - start) * workShare;
  };
}
