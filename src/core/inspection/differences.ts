/** Largest step, and how often it is halved. */
const largestStep = 0.08;
const halvings = 7;

/**
 * The derivative of a function at 0, from central differences at halved steps, extrapolated to step 0
 * (Richardson; the choice of the best estimate by its own spread is Ridders' 1982). Large steps lose little
 * to rounding, small ones little to curvature; nothing of what the result is compared with is used.
 *
 * @param difference (h) ↦ f(h) - f(-h)
 */
export function derivative(difference: (h: number) => number): number {
  let row = [difference(largestStep) / (2 * largestStep)];
  let best = row[0]!;
  let bestError = Infinity;
  for (let k = 1; k < halvings; k++) {
    const h = largestStep / 2 ** k;
    const next = [difference(h) / (2 * h)];
    for (let j = 1; j <= k; j++) {
      const weight = 4 ** j;
      const value = (weight * next[j - 1]! - row[j - 1]!) / (weight - 1);
      const error = Math.max(Math.abs(value - next[j - 1]!), Math.abs(value - row[j - 1]!));
      if (error < bestError) {
        bestError = error;
        best = value;
      }
      next.push(value);
    }
    row = next;
  }
  return best;
}
