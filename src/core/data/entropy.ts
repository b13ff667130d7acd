import { entropyOf } from '../numerics';
import type { Stretch } from './split';
import type { TokenIds } from './tokenizer';

/** Pairs are counted in a table up to this size, else in a map. */
const largestTable = 1 << 22;
/** More tokens than these change the entropies little and would take long. */
const mostTokens = 5_000_000;

/** Entropies of a token, nats: alone, and given the one before. */
export interface Entropies {
  readonly unigram: number;
  readonly bigram: number;
}

/**
 * Entropies of the empirical distributions of tokens and of pairs of neighbours (Shannon 1951), that is
 * the least mean cross-entropy a model can reach on these very tokens that knows nothing, or one token
 * back. Of a long text only the first five million tokens are counted.
 *
 * @param stretches what is counted: each token i in them, and the pair (i - 1, i)
 */
export function entropies(
  ids: TokenIds,
  vocabulary: number,
  stretches: readonly Stretch[],
): Entropies {
  const single = new Float64Array(vocabulary);
  const context = new Float64Array(vocabulary);
  const pairs = pairCounter(vocabulary);
  let tokens = 0;
  for (const { from, to } of stretches) {
    const end = Math.min(to, from + mostTokens - tokens);
    for (let i = from; i < end; i++) {
      single[ids[i]!]! += 1;
      context[ids[i - 1]!]! += 1;
      pairs.add(ids[i - 1]! * vocabulary + ids[i]!);
    }
    tokens += Math.max(0, end - from);
  }
  const unigram = entropyOf(single, tokens);
  return { unigram, bigram: entropyOf(pairs.counts(), tokens) - entropyOf(context, tokens) };
}

function pairCounter(vocabulary: number): { add(pair: number): void; counts(): Iterable<number> } {
  if (vocabulary * vocabulary <= largestTable) {
    const table = new Uint32Array(vocabulary * vocabulary);
    return { add: (pair) => void (table[pair]! += 1), counts: () => table };
  }
  const map = new Map<number, number>();
  return {
    add: (pair) => void map.set(pair, (map.get(pair) ?? 0) + 1),
    counts: () => map.values(),
  };
}
