/** What `npm run verify` is made of: checks against numbers that others have published or that follow from a formula. */

/** One comparison. */
export interface Finding {
  readonly what: string;
  /** As a person reads it, with its tolerance: `0.517 … 0.521`. */
  readonly expected: string;
  readonly got: string;
  readonly passed: boolean;
}

/** What is on this machine. */
export interface Circumstances {
  /** File with tiny Shakespeare, if it was given. */
  readonly shakespeare: string | undefined;
  /** File with WordSim-353, if it was given. */
  readonly wordsim: string | undefined;
  /** Folder of packages with tables, or why there is none. */
  readonly tables: Found;
  /** Folder of the Brown corpus, or why there is none. */
  readonly brown: Found;
  /** A Python that has PyTorch, or why there is none. */
  readonly torch: Found;
  /** Threads of the engine. */
  readonly threads: number;
}

export type Found = { readonly path: string } | { readonly missing: string };

/** A check that needs what this machine lacks is reported as not run, which is no failure. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
}

export interface Check {
  /** For `--only`: `two-lag`. */
  readonly name: string;
  /** What is checked, in a few words. */
  readonly title: string;
  /** Where the expected numbers come from. */
  readonly source: string;
  /** @throws NotRun if it needs what is not there */
  readonly run: (here: Circumstances) => Iterable<Finding> | AsyncIterable<Finding>;
}

/** @returns the path @throws NotRun */
export function required(found: Found): string {
  if ('missing' in found) throw new NotRun(found.missing);
  return found.path;
}

/** A number that must lie in [least, most]. */
export function within(
  what: string,
  got: number,
  [least, most]: readonly [number, number],
  digits = 3,
): Finding {
  return {
    what,
    expected: `${least.toFixed(digits)} … ${most.toFixed(digits)}`,
    got: got.toFixed(digits),
    passed: got >= least && got <= most,
  };
}

/** The median over several draws must lie in [least, most]; the extremes are told. */
export function medianWithin(
  what: string,
  values: readonly number[],
  range: readonly [number, number],
  digits = 3,
): Finding {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  const finding = within(what, median, range, digits);
  const extremes = [sorted[0]!, sorted.at(-1)!].map((value) => value.toFixed(digits));
  const draws = `median of ${String(values.length)} draws, ${extremes.join(' … ')}`;
  return { ...finding, got: `${finding.got} (${draws})` };
}

/** A number that must be another one to within a tolerance. */
export function near(
  what: string,
  got: number,
  expected: number,
  tolerance: number,
  digits = 3,
): Finding {
  return {
    what,
    expected: `${expected.toFixed(digits)} ± ${String(tolerance)}`,
    got: got.toFixed(digits),
    passed: Math.abs(got - expected) <= tolerance,
  };
}

/** A number that must not be greater than another one. */
export function atMost(what: string, got: number, most: number): Finding {
  return {
    what,
    expected: `≤ ${most.toExponential(0)}`,
    got: got.toExponential(1),
    passed: got <= most,
  };
}
