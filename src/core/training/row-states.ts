/** States of rows that follow one another in a text, as `LoadedProgram.readState` gives them. */
import type { Program } from '../engine/program';

/** What differs by less than this share of the unit's largest value has been forgotten, where it changes no loss. */
const tolerance = 0.05;

/** Calls with the index of unit `unit` of the batch's first row, and how far apart rows are. */
function forEachUnit(
  { carried, batch }: Program,
  visit: (first: number, stride: number) => void,
): void {
  let start = 0;
  for (const { lag, view } of carried) {
    for (let t = 0; t < lag; t++) {
      for (let unit = 0; unit < view.width; unit++) visit(start + unit, view.width);
      start += batch * view.width;
    }
  }
}

/** The states with which rows begin: the first one's own, and for each other in which the one before it ended. */
export function followOn(program: Program, fresh: Float64Array, ended: Float64Array): Float64Array {
  const begun = fresh.slice();
  forEachUnit(program, (first, stride) => {
    for (let row = 1; row < program.batch; row++) {
      begun[first + row * stride] = ended[first + (row - 1) * stride]!;
    }
  });
  return begun;
}

/** Whether the first rows of two states are the same, but for so little of what their unit holds in any of them. */
export function areNear(program: Program, a: Float64Array, b: Float64Array, rows: number): boolean {
  let near = true;
  forEachUnit(program, (first, stride) => {
    let largest = 0;
    let difference = 0;
    for (let row = 0; row < rows; row++) {
      const at = first + row * stride;
      largest = Math.max(largest, Math.abs(a[at]!), Math.abs(b[at]!));
      difference = Math.max(difference, Math.abs(a[at]! - b[at]!));
    }
    // What is not a number is near nothing.
    near &&= difference <= tolerance * largest;
  });
  return near;
}
