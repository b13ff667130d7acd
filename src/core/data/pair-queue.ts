/** Which pair of tokens is the commonest. */
import type { PairTable } from './pair-table';

export interface PairQueue {
  /** @param pair its number */
  push(pair: number, count: number): void;
  /**
   * The commonest; of equally common ones that with the lower ids, the left one's first.
   * @returns its number, with `count` as it was pushed; -1: there is none
   */
  pop(): number;
  /** Of the pair that was popped last. */
  readonly count: number;
}

/** A binary heap in two arrays. */
export function createPairQueue({ left, right }: Pick<PairTable, 'left' | 'right'>): PairQueue {
  let pairs = new Int32Array(1024);
  let counts = new Float64Array(1024);
  let length = 0;
  let popped = 0;

  function isBefore(pair: number, count: number, at: number): boolean {
    if (count !== counts[at]) return count > counts[at]!;
    const other = pairs[at]!;
    const [a, b] = [left(pair), left(other)];
    return a === b ? right(pair) < right(other) : a < b;
  }

  function put(at: number, pair: number, count: number): void {
    pairs[at] = pair;
    counts[at] = count;
  }

  function grow(): void {
    const [wasPairs, wasCounts] = [pairs, counts];
    pairs = new Int32Array(2 * length);
    counts = new Float64Array(2 * length);
    pairs.set(wasPairs);
    counts.set(wasCounts);
  }

  return {
    push(pair, count) {
      if (length === pairs.length) grow();
      let at = length++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(pair, count, parent)) break;
        put(at, pairs[parent]!, counts[parent]!);
        at = parent;
      }
      put(at, pair, count);
    },
    pop() {
      if (length === 0) return -1;
      const top = pairs[0]!;
      popped = counts[0]!;
      length--;
      const [pair, count] = [pairs[length]!, counts[length]!];
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= length) break;
        if (child + 1 < length && isBefore(pairs[child + 1]!, counts[child + 1]!, child)) child++;
        if (isBefore(pair, count, child)) break;
        put(at, pairs[child]!, counts[child]!);
        at = child;
      }
      put(at, pair, count);
      return top;
    },
    get count() {
      return popped;
    },
  };
}
