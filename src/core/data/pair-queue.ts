/** Which pair of tokens is the commonest. */

export interface CountedPair {
  readonly left: number;
  readonly right: number;
}

export interface PairQueue<Pair extends CountedPair> {
  push(pair: Pair, count: number): void;
  /** The commonest; of equally common ones that with the lower ids, the left one's first. */
  pop(): { readonly pair: Pair; readonly count: number } | undefined;
}

/** A binary heap. */
export function createPairQueue<Pair extends CountedPair>(): PairQueue<Pair> {
  const heap: { readonly pair: Pair; readonly count: number }[] = [];

  function isBefore(i: number, j: number): boolean {
    const [a, b] = [heap[i]!, heap[j]!];
    if (a.count !== b.count) return a.count > b.count;
    if (a.pair.left !== b.pair.left) return a.pair.left < b.pair.left;
    return a.pair.right < b.pair.right;
  }

  function swap(i: number, j: number): void {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  }

  return {
    push(pair, count) {
      let at = heap.push({ pair, count }) - 1;
      while (at > 0 && isBefore(at, (at - 1) >> 1)) {
        swap(at, (at - 1) >> 1);
        at = (at - 1) >> 1;
      }
    },
    pop() {
      if (heap.length === 0) return undefined;
      swap(0, heap.length - 1);
      const top = heap.pop();
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let first = at;
        if (left < heap.length && isBefore(left, first)) first = left;
        if (right < heap.length && isBefore(right, first)) first = right;
        if (first === at) return top;
        swap(at, first);
        at = first;
      }
    },
  };
}
