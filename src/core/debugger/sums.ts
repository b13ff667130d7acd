/** Gradients with respect to parameters, which grow by a time step's terms as the backward pass goes on. */
import type { Backward, Term } from './backward';
import type { Course } from './course';
import type { Extent } from './extent';
import type { Material } from './forward';

export interface Sums {
  /** Brings them to so many steps of the backward pass. @yields after each step */
  reach(steps: number): Generator<undefined, void, undefined>;
  /** Of whole steps, as far as `reach` came; of a parameter row-major `[rows, columns]`. */
  of(parameter: string): Float64Array;
  readonly steps: number;
  /** Of a parameter, by what it is of: what is asked for again and again while something else moves. */
  readonly extents: Map<string, { readonly of: string; readonly extent: Extent }>;
  forget(): void;
}

type Gradients = ReadonlyMap<string, Float64Array>;

/** @param budget most bytes of copies, from which earlier sums are made again */
export function createSums(
  { parameters, numbers }: Material,
  backward: Backward,
  course: Course,
  budget: number,
): Sums {
  const { length } = course;
  const zeros = (): Map<string, Float64Array> =>
    new Map([...parameters].map(([name, { values }]) => [name, new Float64Array(values.length)]));
  const copy = (gradients: Gradients): Map<string, Float64Array> =>
    new Map([...gradients].map(([name, values]) => [name, values.slice()]));
  const bytes = 8 * [...parameters.values()].reduce((sum, { values }) => sum + values.length, 0);
  const stride = Math.max(1, Math.ceil((length * bytes) / budget));
  const extents: Sums['extents'] = new Map();
  let kept: { readonly steps: number; readonly gradients: Gradients }[] = [];
  let steps = 0;
  let gradients = zeros();

  function goBack(to: number): void {
    kept = kept.filter((each) => each.steps <= to);
    const nearest = kept.at(-1);
    steps = nearest?.steps ?? 0;
    gradients = nearest ? copy(nearest.gradients) : zeros();
  }

  return {
    extents,
    get steps() {
      return steps;
    },
    *reach(to) {
      if (to < steps) goBack(to);
      while (steps < to) {
        const t = length - 1 - steps;
        const { from, to } = course.at(t).phase;
        for (const term of backward.work(t, to - from).terms) {
          addTerm(gradients.get(term.parameter)!, term, numbers);
        }
        steps++;
        if (steps % stride === 0) kept.push({ steps, gradients: copy(gradients) });
        yield undefined;
      }
    },
    of: (parameter) => gradients.get(parameter)!,
    forget() {
      extents.clear();
      kept = [];
      steps = 0;
      gradients = zeros();
    },
  };
}

/** total ← total + gradient operandᵀ. */
export function addTerm(
  total: Float64Array,
  { gradient, operand }: Term,
  numbers: Material['numbers'],
): void {
  if (operand === undefined) numbers.add(total, gradient);
  else numbers.addOuter(total, gradient, operand);
}
