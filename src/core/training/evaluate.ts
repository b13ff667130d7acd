import { evaluationShapes } from '../data/evaluation-batches';
import { InputError } from '../input-error';
import type { Stretch } from '../data/split';
import type { Encoding, UnknownSymbols } from '../data/tokenizer';
import { sentence } from '../sentence';
import { measurables, measure, type Measurement } from './measure';
import type { Network } from '../engine/network';

/** How well a model predicts a text. */
export interface Evaluation {
  /** Mean cross-entropy, nats per token. */
  readonly loss: number;
  /** exp(loss): as uncertain as among that many equally likely tokens. */
  readonly perplexity: number;
  readonly bitsPerToken: number;
  /**
   * All bits over all Unicode code points: comparable between tokenizers. What the tokenizer does not know pays for
   * its spelling.
   */
  readonly bitsPerCharacter: number;
  /** Of these the bits for spelling. */
  readonly spelling: number;
  /** Predicted tokens: all but the first, which has nothing before it. */
  readonly tokens: number;
  /** Code points of these tokens. */
  readonly characters: number;
  /** What the tokenizer does not know and replaced. */
  readonly unknown: UnknownSymbols;
}

/** Steps of a chunk; long enough to keep the engine busy, short enough to let others in. */
const steps = 64;

/**
 * Measures a text that the model was not trained on, as its own tokenizer has encoded it: as it is
 * when the text is read from its beginning.
 *
 * @yields share done, 0 to 1, after each chunk
 * @throws InputError if the text has fewer than two tokens
 */
export function* evaluateText(
  network: Network,
  encoding: Encoding,
): Generator<number, Evaluation, undefined> {
  const { ids } = encoding;
  if (ids.length < 2) {
    throw new InputError(
      sentence`The text has fewer than two tokens: there is nothing to predict.`,
      sentence`Give a longer text.`,
    );
  }
  const stretch = { from: 1, to: ids.length };
  const { vocabulary } = network.model.spec;
  const shapes = evaluationShapes([stretch], steps, vocabulary, 0);
  const running = measure(measurables(network, ids, [stretch], shapes));
  for (;;) {
    const { done, value } = running.next();
    if (done === true) {
      const extent = extentOf(encoding, [stretch]);
      const { characters } = extent;
      return { ...summary(value, extent), characters, unknown: encoding.unknown };
    }
    yield value;
  }
}

/** The text that some tokens stand for. */
export interface Extent {
  /** Code points. */
  readonly characters: number;
  /** Nats for spelling what the tokenizer does not know. */
  readonly spelling: number;
}

export function extentOf(encoding: Encoding, stretches: readonly Stretch[]): Extent {
  const sum = (of: (from: number, to: number) => number): number =>
    stretches.reduce((total, { from, to }) => total + of(from, to), 0);
  return {
    characters: sum((from, to) => encoding.characters(from, to)),
    spelling: sum((from, to) => encoding.spelling(from, to)),
  };
}

/** A measurement in all its units. */
export function summary(
  { lossSum, tokens }: Measurement,
  { characters, spelling }: Extent,
): Omit<Evaluation, 'characters' | 'unknown'> {
  const loss = lossSum / tokens;
  const bits = Math.LN2 * Math.max(1, characters);
  return {
    loss,
    perplexity: Math.exp(loss),
    bitsPerToken: loss / Math.LN2,
    bitsPerCharacter: (lossSum + spelling) / bits,
    spelling: spelling / bits,
    tokens,
  };
}

/** Runs a generator to its end at once. */
export function finish<T>(generator: Generator<unknown, T, undefined>): T {
  for (;;) {
    const { done, value } = generator.next();
    if (done === true) return value;
  }
}
