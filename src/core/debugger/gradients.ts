/** Gradients as they stand at a place of the machine. */
import type { Term } from './backward';
import { extentOf, extentWith, type Extent } from './extent';
import { addTerm } from './sums';
import type { Machine } from './machine';

/** How many whole steps of the backward pass have been worked out. */
export function stepsBack({ place, forward }: Machine): number {
  if (place.pass === 'forward') return 0;
  return place.instruction ? forward.length - 1 - place.t : forward.length;
}

/** ∂E/∂ a variable at a step, `[W]`; zeros where the loss does not depend on it, nothing where it is not whole yet. */
export function gradientOf(
  machine: Machine,
  t: number,
  variable: number,
): Float64Array | undefined {
  if (!machine.isGradientKnown(t, variable)) return undefined;
  const { instructions } = machine.material.plan;
  const { phase } = machine.course.at(t);
  // Whole before the variable's own equation is gone back through.
  const { gradients } = machine.backward.work(t, phase.to - 1 - variable);
  return gradients[variable] ?? new Float64Array(instructions[variable]!.width);
}

/** The terms of one time step in ∂E/∂ a parameter, row-major, as far as they have been worked out. */
export function stepGradient(machine: Machine, t: number, parameter: string): Float64Array {
  const { values } = machine.material.parameters.get(parameter)!;
  const total = new Float64Array(values.length);
  addTerms(total, machine, t, parameter);
  return total;
}

/** What one time step adds to ∂E/∂ a parameter, as far as it has been worked out. */
export function termsOf(machine: Machine, t: number, parameter: string): readonly Term[] {
  const done = machine.gradientsDone(t);
  if (done === 0) return [];
  return machine.backward.work(t, done).terms.filter((term) => term.parameter === parameter);
}

function addTerms(total: Float64Array, machine: Machine, t: number, parameter: string): void {
  for (const term of termsOf(machine, t, parameter)) {
    addTerm(total, term, machine.material.numbers);
  }
}

/** How large ∂E/∂ a parameter is as far as the backward pass has come, without a copy of it. */
export function extentSoFar(machine: Machine, parameter: string): Extent {
  const { place, sums, material } = machine;
  for (const made = sums.reach(stepsBack(machine)); made.next().done !== true;);
  const isWithin = place.pass === 'backward' && place.instruction !== undefined;
  const terms = isWithin ? termsOf(machine, place.t, parameter) : [];
  const of = `${String(sums.steps)} ${String(terms.length)}`;
  const known = sums.extents.get(parameter);
  if (known?.of === of) return known.extent;
  const extent =
    terms.length === 0
      ? extentOf(sums.of(parameter))
      : terms.length === 1
        ? extentWith(sums.of(parameter), terms[0]!, material.numbers)
        : extentOf(gradientSoFar(machine, parameter));
  sums.extents.set(parameter, { of, extent });
  return extent;
}

/**
 * ∂E/∂ a parameter as far as the backward pass has come, row-major. Bring `machine.sums` to `stepsBack` before: it may
 * take long.
 */
export function gradientSoFar(machine: Machine, parameter: string): Float64Array {
  const { place, sums } = machine;
  for (const made = sums.reach(stepsBack(machine)); made.next().done !== true;);
  const total = sums.of(parameter).slice();
  if (place.pass === 'backward' && place.instruction) {
    addTerms(total, machine, place.t, parameter);
  }
  return total;
}
