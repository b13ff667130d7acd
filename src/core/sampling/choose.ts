import { InputError } from '../input-error';
import { logSumExp } from '../numerics';
import type { Random } from '../random/random';
import { sentence } from '../sentence';
import type { GroupSettings } from '../settings/settings';

/** How a token is chosen from the logits. */
export type Choice = Pick<GroupSettings<'sampling'>, 'temperature' | 'topK' | 'topP'>;

/**
 * The distribution a token is drawn from: softmax(logits / temperature), of which only the `topK` likeliest
 * tokens are kept, and of these only the likeliest that together reach `topP` (nucleus sampling, Holtzman
 * et al. 2020). Temperature 0 keeps the likeliest token alone. Of equally likely tokens the one with the
 * lower id goes first.
 *
 * @param excluded a token that is never drawn
 * @returns probabilities `[C]`, their sum 1
 * @throws RangeError if a logit is NaN or none is finite
 */
export function distribution(
  logits: ArrayLike<number>,
  { temperature, topK, topP }: Choice,
  excluded?: number,
): Float64Array {
  const highest = largest(logits, excluded);
  if (temperature === 0 || topK === 1) {
    return oneHot(logits.length, highest.id);
  }
  const probabilities = Float64Array.from(logits, (logit, id) =>
    id === excluded ? 0 : Math.exp((logit - highest.logit) / temperature),
  );
  normalise(probabilities);
  if ((topK > 0 && topK < logits.length) || topP < 1) {
    truncate(probabilities, topK > 0 ? topK : logits.length, topP);
  }
  return probabilities;
}

function largest(logits: ArrayLike<number>, excluded?: number): { id: number; logit: number } {
  let id = -1;
  let logit = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if (Number.isNaN(logits[i])) throw new RangeError('A logit is not a number.');
    if (i === excluded || logits[i]! <= logit) continue;
    id = i;
    logit = logits[i]!;
  }
  if (!Number.isFinite(logit)) throw new RangeError('The logits are not finite numbers.');
  return { id, logit };
}

function oneHot(length: number, id: number): Float64Array {
  const values = new Float64Array(length);
  values[id] = 1;
  return values;
}

function normalise(probabilities: Float64Array): void {
  const sum = probabilities.reduce((total, p) => total + p, 0);
  for (let i = 0; i < probabilities.length; i++) probabilities[i]! /= sum;
}

/** Sets all but the likeliest to zero and makes the rest sum to 1 again. */
function truncate(probabilities: Float64Array, topK: number, topP: number): void {
  const order = Array.from(probabilities, (_, id) => id).sort(
    (a, b) => probabilities[b]! - probabilities[a]! || a - b,
  );
  const kept = order.slice(0, topK);
  const mass = kept.reduce((sum, id) => sum + probabilities[id]!, 0);
  let reached = 0;
  let size = 0;
  while (size < kept.length && (size === 0 || reached < topP * mass)) {
    reached += probabilities[kept[size]!]!;
    size++;
  }
  for (const id of order.slice(size)) probabilities[id] = 0;
  normalise(probabilities);
}

/**
 * Draws a token.
 * @param uniform a number in [0, 1)
 */
export function draw(probabilities: Float64Array, uniform: number): number {
  let reached = 0;
  let last = 0;
  for (let id = 0; id < probabilities.length; id++) {
    if (probabilities[id] === 0) continue;
    reached += probabilities[id]!;
    last = id;
    if (uniform < reached) return id;
  }
  // Rounding may leave the sum a little below 1.
  return last;
}

/**
 * Draws a token from logits.
 *
 * @param excluded a token that is never drawn
 * @throws InputError if the logits are not finite: the model's training has gone wrong
 */
export function choose(
  logits: ArrayLike<number>,
  choice: Choice,
  excluded: number | undefined,
  random: Random,
): number {
  try {
    return draw(distribution(logits, choice, excluded), random.uniform());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw notFinite();
  }
}

/** Of a model whose logits are no numbers. */
export function notFinite(): InputError {
  return new InputError(
    sentence`The model’s output is not a finite number: its training has gone wrong.`,
    sentence`Use an earlier checkpoint, or train again with a lower learning rate.`,
  );
}

/** ln of a token's probability under the model itself, softmax(logits), nats. */
export function logProbability(logits: ArrayLike<number>, id: number): number {
  return logits[id]! - logSumExp(logits);
}
