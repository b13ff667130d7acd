/** Predicted text, token by token, until it ends. */
import type { StreamingDecoder } from '../data/tokenizer';
import type { PredictedToken } from './expectations';
import { endOfText, type TextEnd } from './text-ends';

/** Text that a model would go on with. */
export interface Continuation {
  /** Never empty; whole characters only. */
  readonly text: string;
  /** Of all its tokens together. */
  readonly probability: number;
  readonly tokens: readonly PredictedToken[];
  readonly end: 'confidence' | 'until' | 'length';
}

/** A continuation under way. */
export interface Writing {
  /** Of the tokens so far. */
  probability(): number;
  /** What the next tokens must spell first. */
  required(): string;
  /**
   * Adds a token; `text` is all that it stands for.
   * @returns whether the text has ended by its own rule or length
   */
  add(id: number, text: string, probability: number): boolean;
  /** What has been written; undefined if that is nothing. */
  end(): Continuation | undefined;
}

/**
 * @param prefix what comes before it in the answer
 * @param required what the first tokens spell that is not part of the answer; as far as a token reaches within it, it
 * is taken for granted
 */
export function createWriting(
  decoder: StreamingDecoder,
  { prefix, until, maxTokens }: { prefix: string; until: TextEnd; maxTokens: number },
  required: string,
): Writing {
  const tokens: { readonly id: number; text: string; readonly probability: number }[] = [];
  let missing = required;
  let probability = 1;
  let written = '';
  let reason: Continuation['end'] = 'confidence';

  /** Keeps so much of the text, and the tokens that bring it. */
  function cut(length: number): void {
    let left = length;
    let kept = 0;
    for (; kept < tokens.length && left > 0; kept++) {
      const token = tokens[kept]!;
      token.text = token.text.slice(0, left);
      left -= token.text.length;
    }
    tokens.length = kept;
    written = written.slice(0, length);
  }

  return {
    probability: () => probability,
    required: () => missing,
    add(id, whole, share) {
      const isGranted = whole.length < missing.length;
      const text = decoder.push(id).slice(missing.length);
      missing = missing.slice(whole.length);
      if (isGranted) return false;
      tokens.push({ id, text, probability: share });
      probability *= share;
      written += text;
      const end = endOfText(written, until);
      if (end !== undefined) {
        cut(end);
        reason = 'until';
      } else if (tokens.length >= maxTokens) {
        reason = 'length';
      }
      return reason !== 'confidence';
    },
    end() {
      // Bytes of a character that is not complete.
      while (tokens.at(-1)?.text === '') tokens.pop();
      if (written === '') return undefined;
      return {
        text: prefix + written,
        probability: tokens.reduce((product, token) => product * token.probability, 1),
        tokens,
        end: reason,
      };
    },
  };
}
