/** A gap between two slices longer than this is a pause nobody announced (the machine slept): it counts as this, s. */
const longestGap = 1;

/** Counts training time: slices and the short gaps between them, but no pauses. */
export interface Stopwatch {
  /** A slice of work begins. */
  enter(): void;
  /** A slice of work ends. */
  leave(): void;
  /** What follows until the next `enter` does not count. */
  pause(): void;
  /** Time so far, s. */
  seconds(): number;
}

/**
 * @param now a clock that never goes back, s
 * @param before what earlier sessions took, s
 */
export function createStopwatch(now: () => number, before: number): Stopwatch {
  let total = before;
  let entered: number | undefined;
  let left: number | undefined;
  return {
    enter() {
      const at = now();
      if (left !== undefined) total += Math.min(longestGap, at - left);
      entered = at;
    },
    leave() {
      const at = now();
      if (entered !== undefined) total += at - entered;
      entered = undefined;
      left = at;
    },
    pause() {
      left = undefined;
    },
    seconds: () => total + (entered === undefined ? 0 : now() - entered),
  };
}
