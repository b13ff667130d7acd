import type { Report } from './errors';
import { sentence, type Sentence } from '../sentence';
import type { RawIndex, RawName } from './raw';
import type { StepDomain } from './syntax';

/** Longer lags would need more memory than a chunk of training has. */
const maximumLag = 1000;

/** What stands in the brackets: a step (`[t-1]` has the lag 1, `[t+1]` the lag -1), or an example's own end. */
export type Index =
  | { readonly kind: 'step'; readonly domain: StepDomain; readonly lag: number }
  | { readonly kind: 'end'; readonly at: 'first' | 'last' };

interface Mistake {
  readonly kind: 'mistake';
  readonly problem: Sentence;
  readonly hint: Sentence;
}

/** @returns nothing for what is no index, which is reported */
export function readIndex(node: RawName, index: RawIndex, report: Report): Index | undefined {
  const read = meaningOf(index, node.name.text);
  if (read.kind !== 'mistake') return read;
  report(read.problem, index, read.hint);
  return undefined;
}

/** The letter of an index that is one, or nearly so. */
export function letterOf({ text }: RawIndex): StepDomain | 'T' | undefined {
  const letter = /^\s*([tuT])(?![\p{L}\p{M}\p{Nd}_])/u.exec(text)?.[1];
  return letter as StepDomain | 'T' | undefined;
}

function meaningOf({ text, closed }: RawIndex, name: string): Index | Mistake {
  if (!closed) {
    return mistake(
      sentence`This time index is never closed.`,
      sentence`Write ${name}[t] or ${name}[t-1].`,
    );
  }
  const bare = text.replaceAll(/\s/gu, '');
  if (bare === '1') return { kind: 'end', at: 'first' };
  if (bare === 'T') return { kind: 'end', at: 'last' };
  const match = /^([tu])(?:([+-])(.+))?$/u.exec(bare);
  if (!match) return noIndex(text, bare, name);
  const [, letter = 't', sign, distance = '0'] = match;
  const domain = letter as StepDomain;
  const lag = /^[\d.]+(e\d+)?$/iu.test(distance) ? Number(distance) : Number.NaN;
  if (Number.isNaN(lag)) {
    return mistake(
      sentence`The lag ${distance} is not a number.`,
      sentence`Write it out, as in ${name}[${letter}-1] or ${name}[${letter}-8].`,
    );
  }
  if (!Number.isInteger(lag)) {
    return mistake(
      sentence`The lag ${distance} is not a whole number.`,
      sentence`Time goes in whole steps: write [${letter}-1], [${letter}-2] and so on.`,
    );
  }
  if (lag > maximumLag) {
    return mistake(
      sentence`The lag ${distance} is too long.`,
      sentence`At most ${maximumLag} steps can be remembered.`,
    );
  }
  // Not the negative zero of [t+0].
  return { kind: 'step', domain, lag: sign === '+' ? 0 - lag : lag };
}

function noIndex(text: string, bare: string, name: string): Mistake {
  if (/^\d+$/u.test(bare)) {
    return mistake(
      sentence`[${text}] is no step that can be read.`,
      sentence`The first step is ${name}[1], the last one ${name}[T]; others are read from where a step stands, as in ${name}[t-2].`,
    );
  }
  if (/^T[+-]|^[UN]$/u.test(bare)) {
    return mistake(
      sentence`[${text}] is not a time.`,
      sentence`The last step of an example is ${name}[T].`,
    );
  }
  return mistake(
    sentence`[${text}] is not a time.`,
    sentence`Write ${name}[t], or ${name}[t-k] with a number k.`,
  );
}

function mistake(problem: Sentence, hint: Sentence): Mistake {
  return { kind: 'mistake', problem, hint };
}
