/** How far probabilities can be believed. */

/** Answers in bins of equal width by the probability that was given to them. */
export interface Calibration {
  /** Answers in each bin. */
  readonly counts: Float64Array<ArrayBuffer>;
  /** Mean probability of each bin’s answers; NaN of none. */
  readonly probabilities: Float64Array<ArrayBuffer>;
  /** Share of each bin’s answers that came true; NaN of none. */
  readonly shares: Float64Array<ArrayBuffer>;
  /**
   * Expected calibration error, 0 to 1: the mean distance of the two over all answers (Naeini et al. 2015; Guo et al.
   * 2017); NaN of no answer.
   */
  readonly error: number;
}

const bins = 10;

/**
 * @param probabilities that were given, 0 to 1
 * @param came 1 where what had that probability was so, else 0; as many
 */
export function calibrationOf(
  probabilities: ArrayLike<number>,
  came: ArrayLike<number>,
): Calibration {
  const counts = new Float64Array(bins);
  const given = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = Math.min(bins - 1, Math.floor(probabilities[i]! * bins));
    counts[bin]!++;
    given[bin]! += probabilities[i]!;
    hits[bin]! += came[i]!;
  }
  const apart = given.reduce((sum, value, bin) => sum + Math.abs(value - hits[bin]!), 0);
  const mean = (sum: number, bin: number): number => sum / counts[bin]!;
  return {
    counts,
    probabilities: given.map(mean),
    shares: hits.map(mean),
    error: apart / probabilities.length,
  };
}
