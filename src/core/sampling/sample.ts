import { prepareText } from '../data/text';
import type { Tokenizer, UnknownSymbols } from '../data/tokenizer';
import type { Network } from '../engine/network';
import { createRandom, type Random } from '../random/random';
import type { GroupSettings } from '../settings/settings';
import { choose, logProbability } from './choose';
import { createReader } from './reader';

/** A token the model wrote. */
export interface SampledToken {
  readonly id: number;
  /** What can be shown now: whole characters only, so it may be empty or hold an earlier token's. */
  readonly text: string;
  /** ln of its probability under the model, whatever the temperature, nats. */
  readonly logProbability: number;
}

export interface SampleEnd {
  /** What the tokens leave over at the end: U+FFFD for a character that was cut off, else empty. */
  readonly rest: string;
  /** What of the prime the tokenizer does not know and replaced. */
  readonly unknown: UnknownSymbols;
}

/**
 * Writes a text. The model first reads the prime (not part of what is yielded). With an empty prime, or one
 * of which nothing is known, it starts as after a line end; if the vocabulary has none, after a token drawn
 * at random. A model of documents starts a document, and ends with it. UNKNOWN is never written. The seed is taken as it is: who lets 0 stand for "another each time" draws
 * one first.
 *
 * @throws InputError if the model's logits are not finite: its training has gone wrong
 */
export function* sampleText(
  network: Network,
  tokenizer: Tokenizer,
  settings: GroupSettings<'sampling'>,
): Generator<SampledToken, SampleEnd, undefined> {
  const random = createRandom(settings.seed);
  const reader = createReader(network);
  const { ids, unknown } = tokenizer.encode(prepareText(settings.prime).text);
  reader.reset();
  const { boundary } = tokenizer;
  if (boundary !== undefined) reader.read([boundary, ...ids]);
  else reader.read(ids.length > 0 ? ids : [startToken(tokenizer, random)]);
  const decoder = tokenizer.decoder();
  for (let count = 0; count < settings.length; count++) {
    const logits = reader.logits();
    const id = choose(logits, settings, tokenizer.unknown, random);
    if (id === boundary) break;
    yield { id, text: decoder.push(id), logProbability: logProbability(logits, id) };
    if (count + 1 < settings.length) reader.read([id]);
  }
  return { rest: decoder.end(), unknown };
}

function startToken(tokenizer: Tokenizer, random: Random): number {
  const [lineEnd] = tokenizer.encode('\n').ids;
  // A tokenizer without a line end answers with something near it, or with nothing.
  if (lineEnd !== undefined && tokenizer.decode([lineEnd]) === '\n') return lineEnd;
  return random.integer(tokenizer.vocabulary);
}
