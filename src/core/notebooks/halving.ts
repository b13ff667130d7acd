/** Successive halving (Jamieson & Talwalkar 2016): many configurations a little, few of them to the end. */

export interface Rung {
  /** How many configurations are trained to this rung. */
  readonly kept: number;
  /** The share of a whole run that they have by then. */
  readonly share: number;
}

/** From `n` configurations to at least one, 1/η of them kept at each rung; the last rung is a whole run. */
export function rungsOf(n: number, eta: number): Rung[] {
  const rungs: Rung[] = [];
  for (let kept = n; kept >= 1; kept = Math.floor(kept / eta)) rungs.push({ kept, share: 0 });
  return rungs.map(({ kept }, rung) => ({ kept, share: eta ** (rung + 1 - rungs.length) }));
}

/** What all rungs cost together, in whole runs. */
export function costOf(rungs: readonly Rung[]): number {
  return rungs.reduce(
    (sum, { kept, share }, rung) => sum + kept * (share - (rungs[rung - 1]?.share ?? 0)),
    0,
  );
}

/** The steps of each rung, but for the last multiples of the first one, so that one interval between evaluations meets them all. */
export function rungSteps(rungs: readonly Rung[], steps: number): number[] {
  const [{ share: least }] = rungs as readonly [Rung];
  const first = Math.max(1, Math.floor(steps * least));
  return rungs.map(({ share }, rung) =>
    rung === rungs.length - 1 ? steps : first * Math.round(share / least),
  );
}

/**
 * The configurations that are trained further: those with the lowest mean of what their runs came to, the earlier one of two
 * that are equal. What came to nothing is last.
 *
 * @param means by configuration
 */
export function survivors(means: ReadonlyMap<number, number>, kept: number): number[] {
  const orderOf = (value: number): number => (Number.isNaN(value) ? Infinity : value);
  return [...means]
    .sort(([a, x], [b, y]) => (orderOf(x) === orderOf(y) ? a - b : orderOf(x) - orderOf(y)))
    .slice(0, kept)
    .map(([configuration]) => configuration)
    .sort((a, b) => a - b);
}
