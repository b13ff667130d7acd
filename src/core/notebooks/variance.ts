/** Which setting mattered: the analysis of variance of a full grid with the same seeds at each of its points. */
import { createRandom } from '../random/random';
import { quantile } from '../numerics';
import { mean } from './statistics';

/** What a setting, or two together, explain. */
export interface Effect {
  /** Indices of the settings: one, or two for what they do together beyond each alone. */
  readonly settings: readonly number[];
  readonly squares: number;
  readonly freedom: number;
  /** Of the variance of all runs, with what the seeds' noise alone would explain taken off (ε², Kelley 1935); may be below 0. */
  readonly share: number;
  /** Of 95 %: seeds drawn again with replacement, the basic interval (Davison & Hinkley 1997, § 5.2); undefined: too few seeds. */
  readonly interval?: readonly [number, number];
}

export interface Variance {
  readonly effects: readonly Effect[];
  /** The squares of the seeds' noise: what is left within the points of the grid. */
  readonly noise: { readonly squares: number; readonly freedom: number };
  readonly total: number;
}

/** Fewer drawn again are too often all the same. */
const leastSeeds = 3;

/**
 * @param levels how many values each setting has; the grid's points are in their order, the last setting fastest
 * @param runs at each point of the grid its values, one a seed: the same seeds everywhere, at least two
 * @param resamples of the bootstrap
 */
export function varianceOf(
  levels: readonly number[],
  runs: readonly (readonly number[])[],
  resamples = 1000,
): Variance {
  const seeds = runs[0]?.length ?? 0;
  const whole = analysis(levels, runs);
  if (seeds < leastSeeds) return whole;
  const random = createRandom(1);
  const drawn = whole.effects.map((): number[] => []);
  for (let i = 0; i < resamples; i++) {
    const picked = Array.from({ length: seeds }, () => random.integer(seeds));
    const again = analysis(
      levels,
      runs.map((values) => picked.map((seed) => values[seed]!)),
    );
    again.effects.forEach(({ share }, effect) => {
      if (Number.isFinite(share)) drawn[effect]!.push(share);
    });
  }
  const effects = whole.effects.map((effect, i): Effect => {
    const shares = drawn[i]!;
    const [low, high] = [quantile(shares, 0.025), quantile(shares, 0.975)];
    return { ...effect, interval: [2 * effect.share - high, 2 * effect.share - low] };
  });
  return { ...whole, effects };
}

function analysis(levels: readonly number[], runs: readonly (readonly number[])[]): Variance {
  const points = runs.map(mean);
  const seeds = runs[0]!.length;
  const grand = mean(points);
  const total = squaresOf(runs.flat(), grand);
  const noise = runs.reduce((sum, values, i) => sum + squaresOf(values, points[i]!), 0);
  const noiseFreedom = runs.length * (seeds - 1);
  const noiseMean = noise / noiseFreedom;
  const mains = levels.map((_, setting) => marginal(levels, points, [setting]));
  const effectOf = (settings: readonly number[], squares: number, freedom: number): Effect => ({
    ...{ settings, squares, freedom },
    share: (squares - freedom * noiseMean) / total,
  });
  const main = mains.map((means, setting) => {
    const weight = (seeds * points.length) / means.length;
    return effectOf([setting], weight * squaresOf(means, grand), means.length - 1);
  });
  const pairs = levels.flatMap((count, a) =>
    levels.slice(a + 1).map((other, offset) => {
      const b = a + 1 + offset;
      const joint = marginal(levels, points, [a, b]);
      const left = joint.map(
        (value, i) => value - mains[a]![Math.floor(i / other)]! - mains[b]![i % other]! + grand,
      );
      const weight = (seeds * points.length) / joint.length;
      return effectOf([a, b], weight * squaresOf(left, 0), (count - 1) * (other - 1));
    }),
  );
  return { effects: [...main, ...pairs], noise: { squares: noise, freedom: noiseFreedom }, total };
}

function squaresOf(values: readonly number[], middle: number): number {
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

/** Means over all settings but some, in the order of these. */
function marginal(
  levels: readonly number[],
  points: readonly number[],
  kept: readonly number[],
): number[] {
  const size = kept.reduce((product, setting) => product * levels[setting]!, 1);
  const sums = new Array<number>(size).fill(0);
  points.forEach((value, point) => {
    let rest = point;
    const at = new Array<number>(levels.length).fill(0);
    for (let setting = levels.length - 1; setting >= 0; setting--) {
      at[setting] = rest % levels[setting]!;
      rest = Math.floor(rest / levels[setting]!);
    }
    sums[kept.reduce((index, setting) => index * levels[setting]! + at[setting]!, 0)]! += value;
  });
  return sums.map((sum) => (sum * size) / points.length);
}
