/** How a step's state depends on the one before: ∂s[t]/∂s[t-1], all paths within the step together. */
import { differentiate } from './differentiate';
import type { Phase } from './course';
import type { Machine } from './machine';
import type { Plan } from './plan';
import { dense, type Matrix } from './values';

/** Of more units than this the whole matrix takes too long. */
export const widestJacobian = 64;

/** ‖·‖₂, the largest singular value, and the largest modulus of an eigenvalue. */
export interface JacobianFacts {
  readonly norm: number;
  readonly radius: number;
}

/**
 * ∂variable[t]/∂variable[t-1] of a state variable, `[H, H]`; row i is that of unit i.
 * The step must have been worked out.
 */
export function jacobian(machine: Machine, t: number, variable: number): Matrix {
  const { width } = machine.material.plan.instructions[variable]!;
  const values = new Float64Array(width * width);
  for (let unit = 0; unit < width; unit++) {
    const direction = new Float64Array(width);
    direction[unit] = 1;
    values.set(backThrough(machine, t, variable, direction), unit * width);
  }
  return { rows: width, columns: width, values };
}

/** directionᵀ ∂variable[t]/∂variable[t-1], `[H]`. */
export function backThrough(
  machine: Machine,
  t: number,
  variable: number,
  direction: Float64Array,
): Float64Array {
  const result = new Float64Array(direction.length);
  const { numbers } = machine.material;
  throughStep(machine, t, variable, direction, (read, lag, gradient) => {
    if (read === variable && lag === 1) numbers.add(result, gradient);
  });
  return result;
}

/** Carries a gradient from a variable of a step to all values of earlier steps that the step reads. */
function throughStep(
  {
    material: { plan, numbers },
    forward,
    course,
  }: Pick<Machine, 'material' | 'forward' | 'course'>,
  t: number,
  variable: number,
  direction: Float64Array,
  earlier: (variable: number, lag: number, gradient: Float64Array) => void,
): void {
  const work = forward.work(t, variable);
  const { from, isReversed } = course.at(t).phase;
  const gradients: (Float64Array | undefined)[] = [];
  gradients[variable] = direction;
  for (let i = variable; i >= from; i--) {
    const at = plan.instructions[i]!;
    const g = gradients[i];
    if (!g) continue;
    const held = forward.held(t, i);
    const own = held ? g.map((value, unit) => (held.has(unit) ? 0 : value)) : g;
    const sinks = {
      variable(name: string, lag: number, gradient: Float64Array) {
        const read = plan.variable(at, name);
        const back = isReversed ? -lag : lag;
        // What other phases have worked out stands fast.
        if (read === plan.inputs || read < from || back < 0) return;
        if (back > 0) {
          earlier(read, back, gradient);
          return;
        }
        const total = gradients[read]?.slice() ?? new Float64Array(gradient.length);
        numbers.add(total, gradient);
        gradients[read] = total;
      },
      matrix: () => undefined,
      bias: () => undefined,
    };
    differentiate(work.trees[i]!, own, { scope: forward.scope(work, at), sinks, numbers });
  }
}

/** A stretch of the whole state: a variable as it was some steps before. */
export interface Slot {
  readonly variable: number;
  /** 1: of the last step. */
  readonly lag: number;
  readonly width: number;
  /** Its first entry in the whole. */
  readonly start: number;
}

/** All that a step reads of earlier ones of its phase, one below the other: S[t-1]. */
export function slotsOf(
  { states, phases }: Plan,
  { from, to }: Pick<Phase, 'from' | 'to'> = phases[0]!,
): Slot[] {
  const slots: Slot[] = [];
  let start = 0;
  for (const { variable, width, lag: longest } of states) {
    const isOwn = from <= variable && variable < to;
    for (let lag = 1; isOwn && lag <= longest; lag++) {
      slots.push({ variable, lag, width, start });
      start += width;
    }
  }
  return slots;
}

/**
 * ∂S[t]/∂S[t-1] of the whole state, `[M, M]`: all states of all layers together, so that products of them over steps are
 * what a gradient is multiplied by. The step must have been worked out.
 */
export function stateJacobian(
  machine: Pick<Machine, 'material' | 'forward' | 'course'>,
  t: number,
): Matrix {
  const { plan } = machine.material;
  const slots = slotsOf(plan, machine.course.at(t).phase);
  const size = slots.reduce((sum, { width }) => sum + width, 0);
  const values = new Float64Array(size * size);
  const startOf = (variable: number, lag: number): number =>
    slots.find((slot) => slot.variable === variable && slot.lag === lag)!.start;
  for (const { variable, lag, width, start } of slots) {
    for (let unit = 0; unit < width; unit++) {
      const row = (start + unit) * size;
      if (lag > 1) {
        // What is two steps old was one step old a step before.
        values[row + startOf(variable, lag - 1) + unit] = 1;
        continue;
      }
      const direction = new Float64Array(width);
      direction[unit] = 1;
      throughStep(machine, t, variable, direction, (read, back, gradient) => {
        const from = row + startOf(read, back);
        for (let i = 0; i < gradient.length; i++) values[from + i]! += gradient[i]!;
      });
    }
  }
  return { rows: size, columns: size, values };
}

/** Over more steps than this a product of Jacobians takes too long. */
export const longestProduct = 100;

/**
 * ∂S[to]/∂S[from-1] of the whole state, `[M, M]`: the Jacobians of all steps between multiplied, steps from 0. They must
 * have been worked out.
 */
export function productOf(
  machine: Pick<Machine, 'material' | 'forward' | 'course'>,
  from: number,
  to: number,
): Matrix {
  let product = stateJacobian(machine, to);
  for (let t = to - 1; t >= from; t--) product = times(product, stateJacobian(machine, t));
  return product;
}

/** Norm and spectral radius of a square matrix. */
export function factsOf(matrix: Matrix): JacobianFacts {
  return { norm: Math.sqrt(radiusOf(times(transposed(matrix), matrix))), radius: radiusOf(matrix) };
}

/** Squarings: 2^20 factors leave a relative error below 1e-5. */
const squarings = 20;

/** lim ‖Aᵏ‖^(1/k) (Gelfand 1941), by repeated squaring. */
function radiusOf(matrix: Matrix): number {
  let power = matrix;
  /** ln of what has been divided out of the power. */
  let scale = 0;
  for (let i = 0; i < squarings; i++) {
    const size = norm(power);
    if (size === 0) return 0;
    scale = 2 * (scale + Math.log(size));
    const unit = { ...power, values: power.values.map((value) => value / size) };
    power = times(unit, unit);
  }
  const last = norm(power);
  return last === 0 ? 0 : Math.exp((scale + Math.log(last)) / 2 ** squarings);
}

/** Frobenius norm of a matrix. */
function norm({ values }: Matrix): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** The product of two matrices. */
export function times(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns);
  for (let r = 0; r < a.rows; r++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[r * a.columns + k]!;
      for (let c = 0; c < b.columns; c++) {
        values[r * b.columns + c]! += factor * b.values[k * b.columns + c]!;
      }
    }
  }
  return { rows: a.rows, columns: b.columns, values };
}

function transposed({ rows, columns, values }: Matrix): Matrix {
  const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  return { rows: columns, columns: rows, values: turned };
}

/**
 * The spectral radius of a Jacobian that is too wide for its matrix: the growth of a vector over many products
 * (power iteration; the mean over the second half evens out complex pairs).
 */
export function radiusByIteration(machine: Machine, t: number, variable: number): number {
  const { width } = machine.material.plan.instructions[variable]!;
  const rounds = 60;
  // No eigenvector is orthogonal to it but by chance.
  let direction: Float64Array = dense(1, width).map((_, i) => Math.cos(i * i));
  let growth = 0;
  for (let i = 0; i < rounds; i++) {
    const size = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    if (size === 0) return 0;
    if (i > rounds / 2) growth += Math.log(size);
    direction = backThrough(
      machine,
      t,
      variable,
      direction.map((value) => value / size),
    );
  }
  return Math.exp(growth / (rounds / 2 - 1));
}
