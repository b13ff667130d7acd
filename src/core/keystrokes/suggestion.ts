/** What is suggested to a typist, and who suggests. */

/** A bit of a suggestion, with its probability given all before it. */
export interface SuggestedPart {
  readonly text: string;
  readonly probability: number;
}

/**
 * Suggests how a text may go on that grows at its end. Parts come in the text's order; those after which the product
 * of probabilities stays at or above a confidence are what is shown at that confidence.
 */
export interface Suggester {
  /** Takes in what has been typed since. */
  type(text: string): void;
  /** @param least probability of all parts together, down to which they are wanted */
  suggest(least: number): readonly SuggestedPart[];
}

/** The part of a suggestion that is shown at a confidence; empty: nothing is. */
export function shownAt(parts: readonly SuggestedPart[], confidence: number): string {
  let shown = '';
  let probability = 1;
  for (const part of parts) {
    probability *= part.probability;
    if (probability < confidence) break;
    shown += part.text;
  }
  return shown;
}
