import type { Report } from './elaborate';
import type { RawIndex, RawName } from './raw';

/** Longer lags would need more memory than a chunk of training has. */
const maximumLag = 1000;

/**
 * The lag k of an index `[t-k]`; 0 for `[t]`.
 * Anything else is reported and read as `[t-1]`, so that no second error follows from it.
 */
export function readIndex(node: RawName, index: RawIndex, report: Report): number {
  const name = node.name.text;
  const fail = (problem: string, hint: string): number => {
    report(problem, index, hint);
    return 1;
  };
  if (!index.closed) return fail('This time index is never closed.', `Write ${name}[t] or ${name}[t-1].`);
  const match = /^t(?:([+-])(.+))?$/u.exec(index.text.replaceAll(/\s/gu, ''));
  if (!match) return fail(`[${index.text}] is not a time.`, `Write ${name}[t], or ${name}[t-k] with a number k.`);
  const [, sign, distance = '0'] = match;
  if (!/^[\d.]+(e\d+)?$/iu.test(distance)) {
    return fail(`The lag ${distance} is not a number.`, `Write it out, as in ${name}[t-1] or ${name}[t-8].`);
  }
  const lag = Number(distance);
  if (!Number.isInteger(lag)) {
    return fail(`The lag ${distance} is not a whole number.`, 'Time goes in whole steps: write [t-1], [t-2] and so on.');
  }
  if (sign === '+' && lag > 0) {
    return fail(
      `${name}[t+${String(lag)}] is in the future.`,
      'A cell knows only the present and the past: shift the whole equation so that its left side is at [t].',
    );
  }
  if (lag > maximumLag) {
    return fail(`The lag ${distance} is too long.`, `At most ${String(maximumLag)} steps can be remembered.`);
  }
  return lag;
}
