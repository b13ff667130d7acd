/** The chain of Jacobians that a gradient is multiplied by on its way back. */
import { factsOf, slotsOf, stateJacobian, times } from '../debugger/jacobian';
import type { TextMachine as Machine } from '../debugger/machine';
import type { TextPlan as Plan } from '../debugger/plan';
import { jacobianError } from './differences';
import type { Sheet, SheetJacobian } from './sheet';

/** What the whole state of a step is made of. */
export function stateNames(plan: Plan): Sheet['state'] {
  return slotsOf(plan).map(({ variable, lag, width }) => {
    const { symbol, name, layer } = plan.instructions[variable]!;
    const shown = plan.spec.layers > 1 && layer <= plan.spec.layers ? name : symbol;
    return { name: `${shown}[t${lag === 1 ? '' : `-${String(lag - 1)}`}]`, width };
  });
}

/** Of each step from the machine's last down to the first. */
export function chainOf(machine: Machine): SheetJacobian[] {
  const chain: SheetJacobian[] = [];
  if (slotsOf(machine.material.plan).length === 0) return chain;
  for (let step = machine.forward.length - 1; step >= 0; step--) {
    const matrix = stateJacobian(machine, step);
    const before = chain.at(-1)?.product;
    const product = before ? times(before, matrix) : matrix;
    const error = jacobianError(machine, step, matrix);
    const productNorm = factsOf(product).norm;
    chain.push({ step, matrix, ...factsOf(matrix), product, productNorm, error });
  }
  return chain;
}
