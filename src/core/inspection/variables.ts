/** Named variables of a model, and how they may be asked for. */
import { InputError } from '../input-error';
import { inputProbe } from '../engine/compile';
import { readQualified } from '../qualified';
import { didYouMean, listed } from '../suggest';
import { joined, sentence } from '../sentence';

/** The named variables among a program's probes, qualified. */
export function variablesAmong(probes: ReadonlyMap<string, unknown>): string[] {
  return [...probes.keys()].filter(
    (name) => name !== 'logits' && name !== inputProbe && !name.startsWith('d '),
  );
}

/**
 * `layer1.s` is itself, `s` that of every layer.
 * @throws InputError if there is none
 */
export function namedBy(known: readonly string[]): (asked: string) => string[] {
  return (asked) => {
    const found = known.filter((name) => name === asked || readQualified(name).symbol === asked);
    if (found.length > 0) return found;
    const guess = didYouMean(
      asked,
      known.flatMap((name) => [name, readQualified(name).symbol]),
    );
    throw new InputError(
      sentence`The model has no variable ${asked}.`,
      joined(guess, sentence`It has ${listed(known)}.`),
    );
  };
}
