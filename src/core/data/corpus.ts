import { documentStarts } from './documents';
import { entropies, type Entropies } from './entropy';
import type { ReadText } from './reader';
import { splitText, type Split, type SplitRequest } from './split';
import type { Encoding, Tokenizer } from './tokenizer';

/** A text as tokens, split into what is trained on and what is held out. */
export interface Corpus {
  readonly tokenizer: Tokenizer;
  readonly encoding: Encoding;
  readonly split: Split;
  /** Of the training part. */
  readonly entropies: Entropies;
  /** Tokens to train on, and tokens held out. */
  readonly trainingTokens: number;
  readonly validationTokens: number;
}

/**
 * Splits a text.
 * @throws InputError if there is too little to train on
 */
export function createCorpus(
  { tokenizer, encoding }: ReadText,
  request: Omit<SplitRequest, 'tokens' | 'starts'>,
): Corpus {
  const tokens = encoding.ids.length;
  const { boundary } = tokenizer;
  const starts = boundary === undefined ? undefined : documentStarts(encoding.ids, boundary);
  const split = splitText({ ...request, tokens, starts });
  const validationTokens = split.validation.reduce((sum, { from, to }) => sum + to - from, 0);
  return {
    tokenizer,
    encoding,
    split,
    entropies: entropies(encoding.ids, tokenizer.vocabulary, split.training),
    // The text's very first token is read but never predicted; it counts as training text all the same.
    trainingTokens: split.training.reduce((sum, { from, to }) => sum + to - from, 1),
    validationTokens,
  };
}
