/** How well single values tell two groups apart. */

/**
 * Probability that a value of the first group is greater than one of the second, ties counted half: the area under
 * the ROC curve, by ranks (Mann & Whitney 1947). NaN if a group is empty or a value is NaN.
 *
 * @param first sorted in place, as is `second`
 */
export function areaUnderCurve(first: Float32Array, second: Float32Array): number {
  first.sort();
  second.sort();
  const [m, n] = [first.length, second.length];
  // A typed array sorts NaN to its end.
  if (m === 0 || n === 0 || Number.isNaN(first[m - 1]) || Number.isNaN(second[n - 1])) return NaN;
  let wins = 0;
  let [below, notAbove] = [0, 0];
  for (let i = 0; i < m; i++) {
    const value = first[i]!;
    while (below < n && second[below]! < value) below++;
    if (notAbove < below) notAbove = below;
    while (notAbove < n && second[notAbove]! <= value) notAbove++;
    wins += (below + notAbove) / 2;
  }
  return wins / m / n;
}

/** A unit of a variable, and how it separates. */
export interface UnitScore {
  readonly variable: string;
  /** From 0. */
  readonly unit: number;
  readonly auc: number;
}

/** A variable's values at some tokens. */
export interface UnitValues {
  readonly name: string;
  readonly width: number;
  /** `[T, width]`, row-major */
  readonly values: Float32Array;
}

/**
 * Ranks every unit by how far its AUC is from ½; of equally good ones the earlier first. Units with a value that is
 * no number are left out.
 *
 * @param inside of each token, 1 if it belongs to the first group; `[T]`
 * @yields after each unit the share done
 * @returns all units, the best first
 */
export function* rankUnits(
  variables: readonly UnitValues[],
  inside: Uint8Array,
): Generator<number, UnitScore[], undefined> {
  const members = inside.reduce((sum, is) => sum + is, 0);
  const first = new Float32Array(members);
  const second = new Float32Array(inside.length - members);
  const total = variables.reduce((sum, { width }) => sum + width, 0);
  const scores: UnitScore[] = [];
  let done = 0;
  for (const { name, width, values } of variables) {
    for (let unit = 0; unit < width; unit++) {
      let [a, b] = [0, 0];
      for (let i = 0; i < inside.length; i++) {
        const value = values[i * width + unit]!;
        if (inside[i] === 1) first[a++] = value;
        else second[b++] = value;
      }
      const auc = areaUnderCurve(first, second);
      if (!Number.isNaN(auc)) scores.push({ variable: name, unit, auc });
      yield ++done / total;
    }
  }
  const distance = ({ auc }: UnitScore): number => Math.abs(auc - 0.5);
  return scores.sort((a, b) => distance(b) - distance(a));
}
