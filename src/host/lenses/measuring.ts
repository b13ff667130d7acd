import { oneAtATime } from '../one-at-a-time';

/** Weights of a training change all the time: measuring again rests for so many times what it took. */
const timesCost = 10;
/** And so long at least, milliseconds. */
const leastRest = 600;

/** Something that is measured, and measured again when what it depends on changes. */
export interface Measuring {
  /** Measures another thing: what is under way is given up. Waits so long first, milliseconds. */
  restart(wait: number): void;
  /** Measures the same with other weights: what is under way is finished, and then there is a rest. */
  again(): void;
  dispose(): void;
}

/** @param measure tells its errors itself; gets whether what it measures is of no use any more */
export function createMeasuring(measure: (isUseless: () => boolean) => Promise<void>): Measuring {
  let timer: NodeJS.Timeout | undefined;
  /** Goes up with each restart. */
  let number = 0;
  let restUntil = -Infinity;
  /** Goes up with other weights. */
  let weights = 0;
  let isBusy = false;

  const work = oneAtATime(async () => {
    const [mine, known, start] = [number, weights, performance.now()];
    isBusy = true;
    await measure(() => number !== mine);
    isBusy = false;
    const end = performance.now();
    restUntil = end + timesCost * (end - start);
    if (weights !== known && number === mine) rest();
  });

  function schedule(wait: number) {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  }

  function rest() {
    schedule(Math.max(leastRest, restUntil - performance.now()));
  }

  return {
    restart(wait) {
      number++;
      schedule(wait);
    },
    again() {
      weights++;
      if (!isBusy) rest();
    },
    dispose() {
      number++;
      clearTimeout(timer);
    },
  };
}
