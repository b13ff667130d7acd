/** The rows of Jacobians: of each state by the step before, and of all steps together. */
import { sentence } from '../sentence';
import {
  factsOf,
  jacobian,
  longestProduct,
  productOf,
  radiusByIteration,
  slotsOf,
  widestJacobian,
} from './jacobian';
import type { Standpoint } from './lookup';
import { instructionsOf, shortNumber, shownName, type Row } from './row';

export function jacobianRows(at: Standpoint): Row[] {
  const { machine, t } = at;
  const { plan } = machine.material;
  const frame = instructionsOf(at);
  const { domain, isReversed } = machine.course.at(t).phase;
  const own = plan.states.flatMap(({ variable, width }): Row[] => {
    const instruction = plan.instructions[variable];
    if (!instruction || !frame.includes(instruction)) return [];
    if (!machine.isKnown(t, variable)) return [];
    const shown = shownName(instruction, plan.spec.layers);
    const name = `∂${shown}[${domain}]/∂${shown}[${domain}${isReversed ? '+' : '-'}1]`;
    if (width > widestJacobian) {
      const radius = shortNumber(radiusByIteration(machine, t, variable));
      return [{ name, value: sentence`spectral radius ${radius}` }];
    }
    const { norm, radius } = factsOf(jacobian(machine, t, variable));
    return [
      {
        name,
        value: sentence`norm ${shortNumber(norm)}, spectral radius ${shortNumber(radius)}`,
        path: { of: 'matrix', name: variable },
        count: width,
      },
    ];
  });
  return [...own, ...productRow(at)];
}

/** From the first step to this one, or in the backward pass from the last one back to it. */
export function productSteps(
  { place, course }: Standpoint['machine'],
  t: number,
): [number, number] {
  const [first, last] = course.bounds(t);
  return place.pass === 'forward' ? [first, t] : [t, last];
}

/** What a gradient has been multiplied by on its way so far. */
function productRow({ machine, t }: Standpoint): Row[] {
  const { plan } = machine.material;
  const slots = slotsOf(plan, machine.course.at(t).phase);
  const count = slots.reduce((sum, { width }) => sum + width, 0);
  const isKnown = slots.every(({ variable }) => machine.isKnown(t, variable));
  const [from, to] = productSteps(machine, t);
  // Of one step alone it is the Jacobian itself, unless that is of a part of the state.
  if (!isKnown || count === 0 || count > widestJacobian || (from === to && slots.length === 1)) {
    return [];
  }
  const symbol = slots.length === 1 ? plan.instructions[slots[0]!.variable]!.symbol : 'S';
  const { isReversed } = machine.course.at(t).phase;
  const stepOf = (at: number): number => machine.course.at(at).step + 1;
  const before = stepOf(from) + (isReversed ? 1 : -1);
  const name = `∂${symbol}[${String(stepOf(to))}]/∂${symbol}[${String(before)}]`;
  if (to - from >= longestProduct) {
    return [{ name, value: sentence`over more than ${longestProduct} steps: left out` }];
  }
  const { norm, radius } = factsOf(productOf(machine, from, to));
  return [
    {
      name,
      value: sentence`norm ${shortNumber(norm)}, spectral radius ${shortNumber(radius)}`,
      path: { of: 'product' },
      count,
    },
  ];
}
