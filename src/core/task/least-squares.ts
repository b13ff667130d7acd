/** Linear regression. */

/** Adds examples one by one; `solve` gives the weights, the last of which is that of a constant. */
export interface LeastSquares {
  add(features: ArrayLike<number>, target: number): void;
  solve(): Float64Array;
  /** Examples so far, and the mean of the squared errors that `weights` leave. */
  readonly count: number;
  error(weights: Float64Array): number;
}

/** @param width number of features, without the constant */
export function createLeastSquares(width: number): LeastSquares {
  const n = width + 1;
  /** Sums of products, `[n, n]` and `[n]`. */
  const products = new Float64Array(n * n);
  const targets = new Float64Array(n);
  let [count, squares] = [0, 0];
  const at = (features: ArrayLike<number>, i: number): number => (i === width ? 1 : features[i]!);
  return {
    get count() {
      return count;
    },
    add(features, target) {
      count++;
      squares += target * target;
      for (let i = 0; i < n; i++) {
        const value = at(features, i);
        targets[i]! += value * target;
        for (let j = 0; j <= i; j++) products[i * n + j]! += value * at(features, j);
      }
    },
    solve() {
      // A trace of a ridge, for features that depend on each other.
      const ridge = 1e-9 * Math.max(1e-300, trace(products, n) / n);
      return choleskySolve(products, targets, n, ridge);
    },
    error(weights) {
      let sum = squares;
      for (let i = 0; i < n; i++) {
        sum -= 2 * weights[i]! * targets[i]!;
        for (let j = 0; j < n; j++) {
          sum += weights[i]! * weights[j]! * products[Math.max(i, j) * n + Math.min(i, j)]!;
        }
      }
      return Math.max(0, sum) / Math.max(1, count);
    },
  };
}

function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i]!;
  return sum;
}

/** Solves (A + ridge I) x = b for a symmetric A of which the lower triangle is given. */
function choleskySolve(a: Float64Array, b: Float64Array, n: number, ridge: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]! + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(Math.max(ridge, sum)) : sum / l[j * n + j]!;
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * n + k]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k * n + i]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  return x;
}

/** The weighted sum of features and the constant. */
export function linear(weights: Float64Array, features: ArrayLike<number>): number {
  let sum = weights.at(-1)!;
  for (let i = 0; i + 1 < weights.length; i++) sum += weights[i]! * features[i]!;
  return sum;
}
