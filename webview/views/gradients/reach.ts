/** Below this share of its norm at lag 0 a gradient counts as vanished: nearby steps outweigh it a hundredfold. */
export const vanished = 0.01;

/** A gradient that grows by this much within the window counts as exploding: an order of magnitude. */
export const exploded = 10;

/** How far back a gradient reaches. */
export type Reach =
  /** Under 1 % of its norm at lag 0 from lag `lag` on. */
  | { readonly kind: 'falls'; readonly lag: number }
  /** 1 % or more at the longest lag that was looked at, where it is `share` of its norm at lag 0. */
  | { readonly kind: 'lasts'; readonly lag: number; readonly share: number }
  /** At its greatest, at lag `lag`, it is `factor` times its norm at lag 0; ∞ if that is no number. */
  | { readonly kind: 'grows'; readonly lag: number; readonly factor: number };

/**
 * Reads a curve of ‖∂E_t/∂s_{t−k}‖ over the lag k. Lags between those that an equation names (as 1 and 2
 * of a cell that reads `s[t-3]` only) may be 0: the gradient has fallen only where no later lag brings it
 * back.
 *
 * @param norms entry k at lag k
 * @returns undefined where nothing can be said: no lag beyond 0, or no gradient at lag 0
 */
export function reachOf(norms: Float64Array): Reach | undefined {
  const first = norms[0];
  if (norms.length < 2 || first === undefined || !(first > 0) || !Number.isFinite(first)) {
    return undefined;
  }
  const overflow = norms.findIndex((norm) => !Number.isFinite(norm));
  if (overflow >= 0) return { kind: 'grows', lag: overflow, factor: Infinity };
  let peak = 0;
  let reached = 0;
  for (let lag = 0; lag < norms.length; lag++) {
    if (norms[lag]! > norms[peak]!) peak = lag;
    if (norms[lag]! >= vanished * first) reached = lag;
  }
  const factor = norms[peak]! / first;
  if (factor >= exploded) return { kind: 'grows', lag: peak, factor };
  const last = norms.length - 1;
  if (reached < last) return { kind: 'falls', lag: reached + 1 };
  return { kind: 'lasts', lag: last, share: norms[last]! / first };
}

/** Of a network's states the one that tells its memory: that grows most, else that reaches farthest. */
export function farthest(
  lags: readonly { readonly variable: string; readonly norms: Float64Array }[],
): { readonly variable: string; readonly norms: Float64Array; readonly reach: Reach } | undefined {
  let best: { variable: string; norms: Float64Array; reach: Reach } | undefined;
  for (const { variable, norms } of lags) {
    const reach = reachOf(norms);
    if (reach && (!best || rank(reach) > rank(best.reach))) best = { variable, norms, reach };
  }
  return best;
}

function rank(reach: Reach): number {
  switch (reach.kind) {
    case 'falls':
      return reach.lag;
    case 'lasts':
      return 1e6 + reach.share;
    case 'grows':
      return 1e9 * reach.factor;
  }
}
