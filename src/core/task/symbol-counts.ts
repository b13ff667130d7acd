/** How often symbols come, of any number of them, in bounded memory. */

export interface SymbolCounts {
  add(symbol: string): void;
  /** Those that have not been given up, with how often each came since it was met. */
  readonly counts: ReadonlyMap<string, number>;
  /** How many symbols were given up; of each, what it had come to then. */
  readonly dropped: { readonly symbols: number; readonly times: number };
}

/**
 * Counts exactly up to `most` different symbols. With more, the rarest are given up, those that came once first, as
 * word2vec does (Mikolov 2013, `ReduceVocab`): what is common enough for a vocabulary stays.
 */
export function countSymbols(most: number): SymbolCounts {
  const counts = new Map<string, number>();
  const dropped = { symbols: 0, times: 0 };

  /** Until a half is free: else each new symbol would look through all. */
  function dropRarest(): void {
    for (let least = 1; ; least++) {
      for (const [symbol, times] of counts) {
        if (times > least) continue;
        counts.delete(symbol);
        dropped.symbols++;
        dropped.times += times;
        if (counts.size <= most / 2) return;
      }
    }
  }

  return {
    add(symbol) {
      const times = counts.get(symbol);
      if (times === undefined && counts.size >= most) dropRarest();
      counts.set(symbol, (times ?? 0) + 1);
    },
    counts,
    dropped,
  };
}
