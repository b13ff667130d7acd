/**
 * Norms of a matrix's gradient ∂E/∂W = Σ_t r_t l_tᵀ and of its terms, without forming a matrix: from the dot products of
 * what it is made of, ‖Σ_t r_t l_tᵀ‖² = Σ_t Σ_u (r_t · r_u) (l_t · l_u).
 *
 * Of T steps and an LSTM of H units it takes 5 T / 8 H of the multiply-adds of the sum itself. What is lost: where the terms
 * cancel each other out to less than a thousandth of the largest, float32 cannot tell how much is left.
 */
import type { RowBlock } from '../engine/backend';
import type { ProductTerms, Program, View } from '../engine/program';
import type { Network } from '../engine/network';

/** Frobenius norms. */
export interface TermNorms {
  /** The matrix. */
  readonly parameter: string;
  /** Of each step's term, the first one's first. */
  readonly steps: Float64Array<ArrayBuffer>;
  /** Of the sum of all terms. */
  readonly sum: number;
}

/** Steps whose dot products with all others are taken at once. */
const bit = 16;

/** Two products that a matrix takes part in, and where its outputs begin in either. */
interface Pair {
  readonly start: number;
  readonly otherStart: number;
  readonly rows: number;
  readonly squares: Squares;
}

/** Of a matrix. */
interface Squares {
  /** ‖r_t l_tᵀ‖² of each step. */
  readonly steps: Float64Array<ArrayBuffer>;
  /** ‖Σ r_t l_tᵀ‖² */
  sum: number;
}

/**
 * @param from the first step whose term counts
 * @param to the step after the last
 * @yields after each bit of work
 * @returns the matrices that the recurrence goes through, in the order of the model's parameters
 */
export function* termNorms(
  { backend, model }: Pick<Network, 'backend' | 'model'>,
  { terms }: Program,
  from: number,
  to: number,
): Generator<undefined, readonly TermNorms[], undefined> {
  const steps = to - from;
  const found = new Map<string, Squares>();
  for (const { name } of model.parameters) {
    if (!terms.some(({ matrices }) => matrices.includes(name))) continue;
    found.set(name, { steps: new Float64Array(steps), sum: 0 });
  }
  const lefts = new Float64Array(bit * steps);

  /** Adds (r_t · r_u) (l_t · l_u) of some steps t with all that are not later, for all matrices of two products. */
  function add(one: ProductTerms, other: ProductTerms, pairs: readonly Pair[], first: number) {
    const count = Math.min(bit, steps - first);
    const known = first + count;
    const blocks = (a: View, b: View): [RowBlock, RowBlock] => [
      blockOf(a, from + first, count),
      blockOf(b, from, known),
    ];
    lefts.set(backend.dots(...blocks(one.left, other.left)));
    for (const { start, otherStart, rows, squares } of pairs) {
      const rights = backend.dots(
        ...blocks(
          { ...one.right, offset: one.right.offset + start, width: rows },
          { ...other.right, offset: other.right.offset + otherStart, width: rows },
        ),
      );
      for (let i = 0; i < count; i++) {
        const step = first + i;
        const own = i * known + step;
        const square = lefts[own]! * rights[own]!;
        let earlier = 0;
        for (let u = i * known; u < own; u++) earlier += lefts[u]! * rights[u]!;
        squares.steps[step]! += square;
        squares.sum += square + 2 * earlier;
      }
    }
  }

  for (const one of terms) {
    for (const other of terms) {
      const pairs = one.matrices.flatMap((name, index) => {
        const place = other.matrices.indexOf(name);
        if (place < 0) return [];
        const { rows } = model.parameters.find((parameter) => parameter.name === name)!;
        const [start, otherStart] = [one.starts[index]!, other.starts[place]!];
        return [{ start, otherStart, rows, squares: found.get(name)! }];
      });
      if (pairs.length === 0) continue;
      for (let first = 0; first < steps; first += bit) {
        yield undefined;
        add(one, other, pairs, first);
      }
    }
  }
  return [...found].map(([parameter, squares]) => ({
    parameter,
    steps: squares.steps.map((square) => Math.sqrt(Math.max(0, square))),
    sum: Math.sqrt(Math.max(0, squares.sum)),
  }));
}

function blockOf({ offset, timeStride, width }: View, from: number, count: number): RowBlock {
  return { offset: offset + from * timeStride, stride: timeStride, count, width };
}
