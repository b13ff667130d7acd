/** Keeps what is done on the side within a share of the time. */
export interface Budget {
  /** Does something and counts its time. */
  time<T>(work: () => T): T;
  /** Runs a generator to its end and counts the time of its pieces; yields after each. */
  count<T>(work: Generator<unknown, T, undefined>): Generator<undefined, T, undefined>;
  /** What has been counted so far, s. */
  spent(): number;
  /** Whether that is within the share of so many seconds. */
  allows(seconds: number): boolean;
}

/** @param now a clock that never goes back, s */
export function createBudget(now: () => number, share: number): Budget {
  let spent = 0;

  function time<T>(work: () => T): T {
    const begin = now();
    const result = work();
    spent += now() - begin;
    return result;
  }

  return {
    time,
    *count(work) {
      for (;;) {
        const { done, value } = time(() => work.next());
        if (done === true) return value;
        yield undefined;
      }
    },
    spent: () => spent,
    allows: (seconds) => spent <= share * seconds,
  };
}
