/** Values of a variable over a window of tokens. */
export interface Activations {
  /** Number of units. */
  readonly width: number;
  readonly tokens: number;
  /** `[tokens, width]`, row-major */
  readonly values: Float64Array;
}

/** How units are sorted; each gives a permutation: entry i is the unit in row i. */
export type Sorting = 'index' | 'activity' | 'similarity';

export function byIndex(width: number): Int32Array {
  return Int32Array.from({ length: width }, (_, unit) => unit);
}

/** The standard deviation of each unit over the window. `[width]` */
export function activity({ width, tokens, values }: Activations): Float64Array {
  const mean = new Float64Array(width);
  for (let t = 0; t < tokens; t++) {
    for (let unit = 0; unit < width; unit++) mean[unit]! += values[t * width + unit]! / tokens;
  }
  const variance = new Float64Array(width);
  for (let t = 0; t < tokens; t++) {
    for (let unit = 0; unit < width; unit++) {
      const deviation = values[t * width + unit]! - mean[unit]!;
      variance[unit]! += (deviation * deviation) / tokens;
    }
  }
  return variance.map(Math.sqrt);
}

/** The liveliest unit first; equal ones by index. */
export function byActivity(activations: Activations): Int32Array {
  const of = activity(activations);
  return byIndex(activations.width).sort((a, b) => of[b]! - of[a]! || a - b);
}

/** Units that differ less than that over the window count as constant. */
const still = 1e-9;

/**
 * Starts with the liveliest unit; each next one is, of those left, the one whose course over the window
 * correlates most (Pearson) with the one before; of equal ones the lowest index. Constant units, which
 * correlate with nothing, come last.
 *
 * It takes T·H² / 2 multiplications, so that it is a generator: it yields after each unit, and whoever
 * drives it may rest there. What it returns is the permutation.
 */
export function* bySimilarity(activations: Activations): Generator<undefined, Int32Array> {
  const { width, tokens } = activations;
  const deviation = activity(activations);
  const courses = standardised(activations, deviation);
  const units = byIndex(width);
  const left = Array.from(units.filter((unit) => deviation[unit]! > still));
  const order = new Int32Array(width);
  let placed = 0;
  let best = left.reduce((a, b, i) => (deviation[b]! > deviation[left[a]!]! ? i : a), 0);
  while (left.length > 0) {
    const unit = left[best]!;
    left.splice(best, 1);
    order[placed++] = unit;
    best = mostAlike(courses, tokens, unit, left);
    yield;
  }
  for (const unit of units) if (!(deviation[unit]! > still)) order[placed++] = unit;
  return order;
}

/** Each unit's course with mean 0 and length 1, so that a correlation is a dot product. `[width, tokens]` */
function standardised(
  { width, tokens, values }: Activations,
  deviation: Float64Array,
): Float64Array {
  const courses = new Float64Array(width * tokens);
  for (let unit = 0; unit < width; unit++) {
    let mean = 0;
    for (let t = 0; t < tokens; t++) mean += values[t * width + unit]! / tokens;
    const length = deviation[unit]! * Math.sqrt(tokens);
    for (let t = 0; t < tokens; t++) {
      courses[unit * tokens + t] = (values[t * width + unit]! - mean) / length;
    }
  }
  return courses;
}

/** The place in `left`, whose units are in order of index, of the one that correlates most with `unit`. */
function mostAlike(
  courses: Float64Array,
  tokens: number,
  unit: number,
  left: readonly number[],
): number {
  let best = 0;
  let greatest = -Infinity;
  for (let i = 0; i < left.length; i++) {
    const other = left[i]! * tokens;
    let correlation = 0;
    for (let t = 0; t < tokens; t++) {
      correlation += courses[unit * tokens + t]! * courses[other + t]!;
    }
    if (correlation > greatest) {
      greatest = correlation;
      best = i;
    }
  }
  return best;
}
