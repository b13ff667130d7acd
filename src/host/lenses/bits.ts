import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from './lens';
import type { Reading } from './shading';

/** Bits per character of a part of a text. */
export interface Bits {
  readonly value: number;
  /** The weights changed while it was measured: it is between what they were and what they are. */
  readonly isMixed: boolean;
}

/** UTF-16 units that are read at once. */
const chunk = 8192;
/** Measuring waits until nothing has scrolled for so many milliseconds: both want the processor. */
const stillness = 200;

/**
 * Measures Σ −log₂ p over characters, as `rnn-lab evaluate` does: what the model does not know pays for its spelling, and
 * the text's first token, which nothing predicts, has no part in it.
 *
 * @param read asks the model; undefined: it was overtaken
 * @param scrolledAt when the text scrolled last, as `performance.now` tells it
 * @returns undefined where it was overtaken, or there is nothing to measure
 */
export async function bitsPerCharacter(
  { from, to }: Part,
  read: (part: Part) => Promise<Reading | undefined>,
  scrolledAt: () => number,
): Promise<Bits | undefined> {
  let [nats, characters] = [0, 0];
  const steps = new Set<number>();
  for (let start = from; start < to; start += chunk) {
    await untilStill(scrolledAt);
    const reading = await read({ from: start, to: Math.min(to, start + chunk) });
    if (!reading) return undefined;
    steps.add(reading.step);
    const { loss, starts } = reading;
    for (let token = 0; token < loss.length; token++) {
      // One that spans two parts is counted in the first.
      const isCounted = start > from && starts[token]! < start;
      if (isCounted || Number.isNaN(loss[token]!)) continue;
      nats += loss[token]! + reading.spelling[token]!;
      characters += reading.characters[token]!;
    }
  }
  if (characters === 0) return undefined;
  return { value: nats / Math.LN2 / characters, isMixed: steps.size > 1 };
}

async function untilStill(scrolledAt: () => number): Promise<void> {
  for (;;) {
    const wait = scrolledAt() + stillness - performance.now();
    if (wait <= 0) return;
    await sleep(wait);
  }
}
