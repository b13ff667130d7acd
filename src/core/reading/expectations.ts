/** Which tokens a model expects, also where what they spell has been begun already. */
import { tokenizers } from '../data/kinds';
import type { Tokenizer } from '../data/tokenizer';
import { likeliest } from '../numerics';
import { asArray, logSum, type Logits } from './logits';

/** A token that may come. */
export interface PredictedToken {
  readonly id: number;
  /** What it adds to the text, beyond what is required. */
  readonly text: string;
  readonly probability: number;
}

/**
 * Next tokens of a model. `required` is text that they must spell first: a word that has been begun. Of all tokens
 * only those count then that begin with it or that it begins with, and probabilities are shares of their sum.
 */
export interface Expectations {
  /** A token's whole text; empty where its bytes are no whole characters. */
  text(id: number): string;
  /** The likeliest, greatest probability first; none where the logits are not finite. */
  list(logits: Logits, required: string, count: number): PredictedToken[];
  /** The likeliest that can be written (not UNKNOWN); −1 if there is none. */
  best(logits: Logits, required: string): number;
  /** ln of the sum that probabilities are shares of. */
  logSum(logits: Logits, required: string): number;
}

export function createExpectations(tokenizer: Tokenizer): Expectations {
  const { vocabulary, unknown } = tokenizer;
  const { ofBytes } = tokenizers[tokenizer.kind];
  const texts = Array.from({ length: vocabulary }, (_, id) => {
    const own = id === unknown ? '' : tokenizer.decode([id]);
    return ofBytes && own.includes('\uFFFD') ? '' : own;
  });

  function text(id: number): string {
    return texts[id] ?? '';
  }

  function fits(id: number, required: string): boolean {
    const own = text(id);
    return own !== '' && (own.startsWith(required) || required.startsWith(own));
  }

  /** Logits of what does not fit made impossible. */
  function narrowed(logits: Logits, required: string): Logits {
    if (required === '') return logits;
    const { floats, start, width } = logits;
    const values = Float64Array.from({ length: width }, (_, id) =>
      fits(id, required) ? floats[start + id]! : -Infinity,
    );
    return { floats: values, start: 0, width };
  }

  return {
    text,
    logSum: (logits, required) => logSum(narrowed(logits, required)),
    list(logits, required, count) {
      const possible = narrowed(logits, required);
      const sum = logSum(possible);
      if (!Number.isFinite(sum)) return [];
      return likeliest(asArray(possible), count)
        .map((id) => ({
          id,
          text: text(id).slice(required.length),
          probability: Math.exp(possible.floats[possible.start + id]! - sum),
        }))
        .filter(({ probability }) => probability > 0);
    },
    best(logits, required) {
      const { floats, start, width } = logits;
      let best = -1;
      let highest = -Infinity;
      for (let id = 0; id < width; id++) {
        const logit = floats[start + id]!;
        if (logit > highest && id !== unknown && (required === '' || fits(id, required))) {
          highest = logit;
          best = id;
        }
      }
      return best;
    },
  };
}
