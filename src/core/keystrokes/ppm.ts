/**
 * Prediction by partial matching, method C, with exclusion: Cleary & Witten 1984, Moffat 1990, as told in Cleary &
 * Teahan 1997, "Unbounded length contexts for PPM", tables 1 and 2. Symbols are Unicode code points.
 */
import { endOfText, type TextEnd } from '../reading/text-ends';
import type { SuggestedPart, Suggester } from './suggestion';

/** How often each symbol came after a context. */
interface Counts {
  total: number;
  readonly of: Map<string, number>;
}

export interface Ppm {
  /**
   * Probabilities of the symbols seen after the contexts that end a text, greatest first among equals the first seen;
   * what is left of 1 is for symbols that were never seen.
   */
  predict(text: readonly string[]): Map<string, number>;
}

/**
 * Learns a text.
 * @param order symbols of the longest context
 */
export function learnPpm(text: string, order: number): Ppm {
  const contexts = new Map<string, Counts>();
  const recent: string[] = [];
  for (const symbol of text) {
    let context = '';
    for (let length = 0; ; length++) {
      count(contexts, context, symbol);
      const earlier = recent[recent.length - 1 - length];
      if (length === order || earlier === undefined) break;
      context = earlier + context;
    }
    recent.push(symbol);
    if (recent.length > order) recent.shift();
  }

  /** The contexts that a text ends with and that were seen, longest first. */
  function contextsOf(end: readonly string[]): Counts[] {
    const found: Counts[] = [];
    let context = '';
    for (let length = 0; length <= order; length++) {
      const counts = contexts.get(context);
      if (counts === undefined) break;
      found.unshift(counts);
      const earlier = end[end.length - 1 - length];
      if (earlier === undefined) break;
      context = earlier + context;
    }
    return found;
  }

  return {
    predict(end) {
      const probabilities = new Map<string, number>();
      let escaped = 1;
      for (const { of, total } of contextsOf(end)) {
        let excluded = 0;
        for (const [symbol, times] of of) if (probabilities.has(symbol)) excluded += times;
        // Method C: an escape counts as often as the context has different symbols, the excluded ones too.
        const all = total - excluded + of.size;
        const before = escaped;
        for (const [symbol, times] of of) {
          if (!probabilities.has(symbol)) probabilities.set(symbol, (before * times) / all);
        }
        escaped = (before * of.size) / all;
      }
      return probabilities;
    },
  };
}

function count(contexts: Map<string, Counts>, context: string, symbol: string): void {
  let counts = contexts.get(context);
  if (counts === undefined) contexts.set(context, (counts = { total: 0, of: new Map() }));
  counts.total++;
  counts.of.set(symbol, (counts.of.get(symbol) ?? 0) + 1);
}

/** Suggests the likeliest symbol, the likeliest after that, and so on. */
export function suggestByPpm(
  ppm: Ppm,
  order: number,
  { until, maxTokens }: { readonly until: TextEnd; readonly maxTokens: number },
): Suggester {
  let end: string[] = [];
  return {
    type(text) {
      end = [...end, ...Array.from(text)].slice(-order);
    },
    suggest(least) {
      const parts: SuggestedPart[] = [];
      const context = [...end];
      let written = '';
      let left = 1;
      while (parts.length < maxTokens) {
        const [symbol, probability] = likeliest(ppm.predict(context));
        left *= probability;
        if (symbol === '' || left < least) break;
        written += symbol;
        parts.push({ text: symbol, probability });
        context.push(symbol);
        const length = endOfText(written, until);
        if (length === undefined) continue;
        // Where the text ends shows only with the symbol after it.
        if (length < written.length) parts.pop();
        break;
      }
      return parts;
    },
  };
}

function likeliest(probabilities: ReadonlyMap<string, number>): [string, number] {
  let best: [string, number] = ['', 0];
  for (const entry of probabilities) if (entry[1] > best[1]) best = entry;
  return best;
}
