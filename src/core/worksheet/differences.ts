/** Derivatives worked out by trying: a number is made a little larger and a little smaller. */
import { createForward, type TextForward as Forward } from '../debugger/forward';
import { slotsOf } from '../debugger/jacobian';
import type { TextMachine as Machine } from '../debugger/machine';
import type { Matrix } from '../debugger/values';

/** What is added and taken away: rounding and curvature both cost some 1e-10. */
export const epsilon = 1e-5;

/** (E(w + ε) − E(w − ε)) / 2ε of each entry w of a parameter; E is the loss of the machine's last step. */
export function differences({ material }: Pick<Machine, 'material'>, name: string): Float64Array {
  const matrix = material.parameters.get(name)!;
  const values = matrix.values.slice();
  const parameters = new Map([...material.parameters, [name, { ...matrix, values }]]);
  const forward = createForward({ ...material, parameters }, Infinity);
  const loss = (): number => {
    forward.forget();
    reachAll(forward);
    return forward.loss(forward.length - 1);
  };
  return matrix.values.map((value, i) => {
    values[i] = value + epsilon;
    const higher = loss();
    values[i] = value - epsilon;
    const difference = higher - loss();
    values[i] = value;
    return difference / (2 * epsilon);
  });
}

/**
 * Greatest difference of the entries of ∂S[t]/∂S[t-1] from their central differences; NaN where the states of
 * earlier steps that it is by are none that the text has.
 */
export function jacobianError(
  { material }: Pick<Machine, 'material'>,
  t: number,
  jacobian: Matrix,
): number {
  const slots = slotsOf(material.plan);
  if (slots.every(({ lag }) => lag > t)) return NaN;
  const forward = createForward(material, Infinity);
  reachAll(forward);
  const last = material.plan.instructions.length - 1;
  // Each state stays what it was while one entry of one is changed: what is shown is a partial derivative.
  const base = slots.map(({ variable, lag }) =>
    lag > t ? undefined : forward.work(t - lag, last).values[variable]!.slice(),
  );
  base.forEach((values, i) => {
    const { variable, lag } = slots[i]!;
    values?.forEach((value, unit) => forward.hold(t - lag, variable, unit, value));
  });
  // Rows of values that are only handed on are what they are.
  const made = slots.filter(({ lag }) => lag === 1);
  const now = (): Float64Array[] => {
    reachAll(forward);
    return made.map(({ variable }) => forward.work(t, last).values[variable]!);
  };
  let worst = 0;
  slots.forEach(({ variable, lag, width, start }, i) => {
    for (let unit = 0; base[i] !== undefined && unit < width; unit++) {
      const value = base[i][unit]!;
      forward.hold(t - lag, variable, unit, value + epsilon);
      const higher = now();
      forward.hold(t - lag, variable, unit, value - epsilon);
      const lower = now();
      forward.hold(t - lag, variable, unit, value);
      made.forEach((row, m) => {
        for (let i = 0; i < row.width; i++) {
          const numeric = (higher[m]![i]! - lower[m]![i]!) / (2 * epsilon);
          const at = (row.start + i) * jacobian.columns + start + unit;
          worst = Math.max(worst, Math.abs(numeric - jacobian.values[at]!));
        }
      });
    }
  });
  return worst;
}

function reachAll({ chain, length }: Forward): void {
  reach(chain.reach(length));
}

/** Runs to the end what may be done bit by bit. */
export function reach(making: Generator<undefined, void, undefined>): void {
  for (; making.next().done !== true;);
}
