import type { Report } from './errors';
import { sentence, type Sentence } from '../sentence';
import type { RawIndex, RawName } from './raw';

/** Longer lags would need more memory than a chunk of training has. */
const maximumLag = 1000;

interface Mistake {
  readonly problem: Sentence;
  readonly hint: Sentence;
}

/**
 * The lag k of an index `[t-k]`; 0 for `[t]`.
 *
 * @returns nothing if it is anything else, which is reported
 */
export function readIndex(node: RawName, index: RawIndex, report: Report): number | undefined {
  const lag = lagOf(index, node.name.text);
  if (typeof lag === 'number') return lag;
  report(lag.problem, index, lag.hint);
  return undefined;
}

function lagOf({ text, closed }: RawIndex, name: string): number | Mistake {
  if (!closed) {
    return {
      problem: sentence`This time index is never closed.`,
      hint: sentence`Write ${name}[t] or ${name}[t-1].`,
    };
  }
  const match = /^t(?:([+-])(.+))?$/u.exec(text.replaceAll(/\s/gu, ''));
  if (!match) {
    return {
      problem: sentence`[${text}] is not a time.`,
      hint: sentence`Write ${name}[t], or ${name}[t-k] with a number k.`,
    };
  }
  const [, sign, distance = '0'] = match;
  const lag = /^[\d.]+(e\d+)?$/iu.test(distance) ? Number(distance) : Number.NaN;
  if (Number.isNaN(lag)) {
    return {
      problem: sentence`The lag ${distance} is not a number.`,
      hint: sentence`Write it out, as in ${name}[t-1] or ${name}[t-8].`,
    };
  }
  if (!Number.isInteger(lag)) {
    return {
      problem: sentence`The lag ${distance} is not a whole number.`,
      hint: sentence`Time goes in whole steps: write [t-1], [t-2] and so on.`,
    };
  }
  if (sign === '+' && lag > 0) {
    return {
      problem: sentence`${name}[t+${lag}] is in the future.`,
      hint: sentence`A cell knows only the present and the past: shift the whole equation so that its left side is at [t].`,
    };
  }
  if (lag > maximumLag) {
    return {
      problem: sentence`The lag ${distance} is too long.`,
      hint: sentence`At most ${maximumLag} steps can be remembered.`,
    };
  }
  return lag;
}
