/** Square matrices, row by row, in the plainest way. */
export type Matrix = Float64Array;

/** Ones on the diagonal; `rows` may be more than `columns`, with zeros below. */
export function identity(columns: number, rows = columns): Matrix {
  const matrix = new Float64Array(rows * columns);
  for (let i = 0; i < columns; i++) matrix[i * columns + i] = 1;
  return matrix;
}

export function multiply(a: Matrix, b: Matrix, n: number): Matrix {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k]!;
      for (let j = 0; j < n; j++) product[i * n + j]! += factor * b[k * n + j]!;
    }
  }
  return product;
}

/** diag(d) M */
export function scaleRows(matrix: Matrix, d: ArrayLike<number>): Matrix {
  return matrix.map((value, at) => value * d[Math.floor(at / d.length)]!);
}

export function difference(a: Matrix, b: Matrix): Matrix {
  return a.map((value, at) => value - b[at]!);
}

/** Frobenius. */
export function norm(matrix: Matrix): number {
  return Math.hypot(...matrix);
}

/** Largest singular value: power iteration with MᵀM, which converges to it from below. */
export function spectralNorm(matrix: Matrix, n: number): number {
  let vector = Float64Array.from({ length: n }, (_, i) => 1 + Math.sin(i));
  let value = 0;
  for (let round = 0; round < 500; round++) {
    const image = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) image[i]! += matrix[i * n + j]! * vector[j]!;
    }
    const back = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) back[j]! += matrix[i * n + j]! * image[i]!;
    }
    const size = norm(back);
    vector = back.map((entry) => entry / size);
    const before = value;
    value = Math.sqrt(size);
    if (Math.abs(value - before) <= 1e-12 * value) break;
  }
  return value;
}
