/** The directions in which points differ most: principal component analysis (Pearson 1901; Hotelling 1933). */
import { SVD } from 'svd-js';

export interface Principal {
  /** Of each point along these directions, from the mean of all, the widest first. `[points, axes]`, row-major */
  readonly coordinates: Float64Array<ArrayBuffer>;
  /** The share of the whole variance that lies along each; NaN where all points are the same. `[axes]` */
  readonly shares: Float64Array<ArrayBuffer>;
}

/** Points as rows. */
export interface Points {
  readonly count: number;
  readonly width: number;
  /** `[count, width]`, row-major */
  readonly values: Float64Array;
}

/**
 * The eigenvectors of the covariance matrix with the greatest eigenvalues, each with the sign that makes its largest
 * entry positive.
 *
 * @param most axes that are wanted; there are no more than values of a point
 * @yields between pieces of work
 */
export function* principalComponents(
  { count, width, values }: Points,
  most: number,
): Generator<undefined, Principal, undefined> {
  const axes = Math.min(most, width);
  const mean = new Float64Array(width);
  values.forEach((value, at) => (mean[at % width]! += value / count));
  const centred = values.map((value, at) => value - mean[at % width]!);
  const covariance = Array.from({ length: width }, () => new Float64Array(width));
  for (let point = 0; point < count; point++) {
    const row = centred.subarray(point * width, (point + 1) * width);
    for (let i = 0; i < width; i++) {
      const [value, sums] = [row[i]!, covariance[i]!];
      for (let j = i; j < width; j++) sums[j]! += value * row[j]!;
    }
    if (point % 16 === 15) yield undefined;
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) covariance[i]![j] = covariance[j]![i]!;
  }
  const total = covariance.reduce((sum, row, i) => sum + row[i]!, 0);
  // Of a symmetric matrix without negative eigenvalues the singular vectors are the eigenvectors.
  const { q: variances, v: vectors } = SVD(
    covariance.map((row) => Array.from(row)),
    false,
    true,
  );
  yield undefined;
  const columns = Array.from(variances.keys())
    .sort((a, b) => variances[b]! - variances[a]!)
    .slice(0, axes);
  const directions = columns.map((column) => towardsPositive(vectors.map((row) => row[column]!)));
  const coordinates = new Float64Array(count * axes);
  for (let point = 0; point < count; point++) {
    directions.forEach((direction, axis) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += direction[i]! * centred[point * width + i]!;
      coordinates[point * axes + axis] = sum;
    });
  }
  const shares = columns.map((column) => variances[column]! / total);
  return { coordinates, shares: Float64Array.from(shares) };
}

function towardsPositive(direction: readonly number[]): readonly number[] {
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}
