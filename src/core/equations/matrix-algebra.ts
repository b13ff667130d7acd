import { isScalarVector, type Factor, type Formula, type Term, type Vector } from './formula';
import { printFormula } from './formula-text';
import { add, isNumber, multiply, negate, one, zero } from './vector-algebra';

/** The zero matrix. */
export const nothing: Formula = [];
export const identity: Formula = [{ negative: false, factors: [] }];

/** A matrix formula of one factor. */
export function single(factor: Factor): Formula {
  return factor.kind === 'diagonal'
    ? diagonal(factor.vector)
    : [{ negative: false, factors: [factor] }];
}

/** diag(v): zero, the identity or a multiple of it where v is a number. */
export function diagonal(vector: Vector): Formula {
  if (isNumber(vector, 0)) return nothing;
  const opposite = negate(vector);
  const isNegative = vector.kind === 'negate' || (vector.kind === 'number' && vector.value < 0);
  const body = isNegative ? opposite : vector;
  return [
    {
      negative: isNegative,
      factors: isNumber(body, 1) ? [] : [{ kind: 'diagonal', vector: body }],
    },
  ];
}

export function negateMatrix(formula: Formula): Formula {
  return formula.map(({ negative, factors }) => ({ negative: !negative, factors }));
}

/** The sum; terms that differ in their leading diagonal only become one: diag(a) W + diag(b) W = diag(a + b) W. */
export function addMatrices(...formulas: readonly Formula[]): Formula {
  const gathered = new Map<string, { diagonals: Vector[]; rest: readonly Factor[] }>();
  for (const term of formulas.flat()) {
    const { leading, rest } = split(term);
    const key = printFormula([{ negative: false, factors: rest }]);
    const known = gathered.get(key);
    if (known) known.diagonals.push(leading);
    else gathered.set(key, { diagonals: [leading], rest });
  }
  return [...gathered.values()].flatMap(({ diagonals, rest }) => {
    const [only = zero, ...others] = diagonals;
    return withRest(diagonal(others.length === 0 ? only : add(...diagonals)), rest);
  });
}

/** The product; a sum of several terms stays a factor in brackets, so that nothing is written twice. */
export function multiplyMatrices(left: Formula, right: Formula): Formula {
  if (left.length === 0 || right.length === 0) return nothing;
  const [a, ...moreLeft] = left;
  const [b, ...moreRight] = right;
  if (!a || !b) return nothing;
  if (moreLeft.length === 0 && moreRight.length === 0) return join(a, b);
  // A sign or a number goes to every term.
  if (moreLeft.length === 0 && isScalarTerm(a)) return right.flatMap((term) => join(a, term));
  if (moreRight.length === 0 && isScalarTerm(b)) return left.flatMap((term) => join(b, term));
  return join(grouped(left), grouped(right));
}

function grouped(formula: Formula): Term {
  const [only, ...others] = formula;
  if (only && others.length === 0) return only;
  return { negative: false, factors: [{ kind: 'sum', terms: formula }] };
}

function isScalarTerm({ factors }: Term): boolean {
  return factors.every((factor) => factor.kind === 'diagonal' && isScalarVector(factor.vector));
}

/** Neighbouring diagonals become one, and numbers move to the front. */
function join(a: Term, b: Term): Formula {
  let scale: Vector = one;
  const factors: Factor[] = [];
  for (const factor of [...a.factors, ...b.factors]) {
    const last = factors.at(-1);
    if (factor.kind === 'diagonal' && isScalarVector(factor.vector)) {
      scale = multiply(scale, factor.vector);
    } else if (factor.kind === 'diagonal' && last?.kind === 'diagonal') {
      factors[factors.length - 1] = {
        kind: 'diagonal',
        vector: multiply(last.vector, factor.vector),
      };
    } else {
      factors.push(factor);
    }
  }
  const { leading, rest } = split({ negative: a.negative !== b.negative, factors });
  // A product of numbers may be too small to be told from zero.
  return withRest(diagonal(multiply(scale, leading)), rest);
}

function withRest(leading: Formula, rest: readonly Factor[]): Formula {
  return leading.map(({ negative, factors }) => ({ negative, factors: [...factors, ...rest] }));
}

/** A term as a diagonal, signed, times the rest. */
function split({ negative, factors }: Term): { leading: Vector; rest: readonly Factor[] } {
  const [first, ...others] = factors;
  const [vector, rest] = first?.kind === 'diagonal' ? [first.vector, others] : [one, factors];
  return { leading: negative ? negate(vector) : vector, rest };
}
