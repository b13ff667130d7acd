import { createCorpus } from '../core/data/corpus';
import { textSplit, type Stretch } from '../core/data/split';
import type { Encoding, Tokenizer } from '../core/data/tokenizer';
import type { RunInfo } from '../core/training/run';

/** A run's text as the training split it. */
export function partsOf(
  text: string,
  { settings: { training, data } }: RunInfo,
  tokenizer: Tokenizer,
): { learnt: string; heldOut: string } {
  const { batch, sequence } = training;
  const { validation } = data;
  const encoding = tokenizer.encode(text);
  const request = { batch, sequence, validation, kind: textSplit(data.split) };
  const { split } = createCorpus({ tokenizer, encoding }, request);
  const [first, ...rest] = split.training;
  return {
    // The text's first token is read but never predicted; it counts as training text all the same.
    learnt: textOf(text, encoding, [{ ...first!, from: 0 }, ...rest]),
    heldOut: textOf(text, encoding, split.validation),
  };
}

/** @param stretches of tokens, ascending */
function textOf(text: string, encoding: Encoding, stretches: readonly Stretch[]): string {
  let unit = 0;
  let passed = 0;
  /** The UTF-16 unit at which a character begins; they are asked for in ascending order. */
  const unitOf = (character: number): number => {
    for (; passed < character; passed++) unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
    return unit;
  };
  return stretches
    .map(({ from, to }) => {
      const start = encoding.characters(0, from);
      const begin = unitOf(start);
      return text.slice(begin, unitOf(start + encoding.characters(from, to)));
    })
    .join('');
}
