import type { Stretch } from '../data/split';

/** Windows of tokens: each is read from `start` on, the last of its predictions is that of `start + length`. */
export interface Windows {
  readonly length: number;
  /** Of these the first ones, which are read but not measured: the lags still reach before the window. */
  readonly warmUp: number;
  readonly starts: readonly number[];
}

/** More give a steadier mean. */
const mostWindows = 16;
/** What all windows together may cost, floating-point operations: some 0.1 s. */
const mostWork = 4e9;

/**
 * Windows spread evenly over stretches of a text: always the same for the same text, so that what is
 * measured on them at different steps can be compared. A model so large that reading 16 of them would hold
 * up its training gets fewer, at least one.
 *
 * @param stretches tokens to predict; the longest bounds the windows' length
 * @param length tokens of a window that are measured, if the text has so many; as many as the lags reach at least
 * @param reach tokens that the lags of the equations reach back, and that are read before
 * @param parameters number of learnt values: forward and backward cost some 4 operations each a token
 */
export function chooseWindows(
  stretches: readonly Stretch[],
  length: number,
  reach: number,
  parameters: number,
): Windows {
  const longest = Math.max(...stretches.map(({ from, to }) => to - from));
  const measured = Math.max(length, reach + 1);
  const fitted = Math.min(reach + measured, longest);
  // A window that predicts up to token p reads tokens p - length … p - 1.
  const places = stretches.flatMap(({ from, to }) =>
    to - from < fitted ? [] : [{ first: from - 1, count: to - from - fitted + 1 }],
  );
  const total = places.reduce((sum, { count }) => sum + count, 0);
  const affordable = Math.floor(mostWork / (4 * parameters * fitted));
  const wanted = Math.min(mostWindows, total, Math.max(1, affordable));
  const starts = Array.from({ length: wanted }, (_, i) =>
    placeAt(places, Math.floor(((i + 0.5) * total) / wanted)),
  );
  return { length: fitted, warmUp: Math.max(0, fitted - measured), starts };
}

function placeAt(
  places: readonly { readonly first: number; readonly count: number }[],
  index: number,
): number {
  let rest = index;
  for (const { first, count } of places) {
    if (rest < count) return first + rest;
    rest -= count;
  }
  throw new RangeError(`There is no place ${String(index)}.`);
}
