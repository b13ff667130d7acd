import type { Floats } from './backend';
import type { CarriedState, Part, Program } from './program';
import { pad } from '../graph/rows';

/** Calls `visit` with the offset of each row that stands before the chunk: by state, then step, then batch row. */
function forEachRow(
  program: Program,
  visit: (offset: number, state: CarriedState, row: number) => void,
): void {
  for (const state of program.carried) {
    const { view, lag } = state;
    for (let t = -lag; t < 0; t++) {
      for (let row = 0; row < program.batch; row++) {
        visit(view.offset + t * view.timeStride + row * view.rowStride, state, row);
      }
    }
  }
}

/** Number of values of all carried states. */
function stateLength(program: Program): number {
  return program.carried.reduce((sum, { view, lag }) => sum + lag * program.batch * view.width, 0);
}

/** After a chunk: its last steps become what stands before the next one. */
export function moveState(floats: Floats, program: Program): void {
  forEachRow(program, (offset, { view }) => {
    const from = offset + program.sequence * view.timeStride;
    floats.copyWithin(offset, from, from + view.width);
  });
}

/** Sets carried states to their initial values, of all rows or of one. */
export function resetState(floats: Floats, program: Program, only?: number): void {
  forEachRow(program, (offset, { view, initial }, row) => {
    if (only !== undefined && row !== only) return;
    floats.fill(initial, offset, offset + view.width);
    floats.fill(0, offset + view.width, offset + pad(view.width));
  });
}

/** Carried states, concatenated in the program's order, each `[lag, B, width]` without padding. */
export function readState(
  floats: Floats,
  program: Program,
  values: Float64Array = new Float64Array(stateLength(program)),
): Float64Array {
  let next = 0;
  forEachRow(program, (offset, { view }) => {
    values.set(floats.subarray(offset, offset + view.width), next);
    next += view.width;
  });
  return values;
}

/**
 * Writes what `readState` gave.
 * @throws RangeError if the length differs
 */
export function writeState(floats: Floats, program: Program, values: Float64Array): void {
  const length = stateLength(program);
  if (values.length !== length) {
    throw new RangeError(`The state has ${String(length)} values, not ${String(values.length)}.`);
  }
  let next = 0;
  forEachRow(program, (offset, { view }) => {
    floats.set(values.subarray(next, next + view.width), offset);
    next += view.width;
  });
}

/**
 * Sets the gradients that step `to - 1` takes from later steps to zero: before a backward pass that ends there.
 */
export function clearGradientsFrom(floats: Floats, { advanced, batch }: Program, to: number): void {
  for (const { view, lag } of advanced) {
    for (let t = to; t < to + lag; t++) {
      for (let row = 0; row < batch; row++) {
        const start = view.offset + t * view.timeStride + row * view.rowStride;
        floats.fill(0, start, start + pad(view.width));
      }
    }
  }
}

/** @throws RangeError if a program has no such part */
export function checkPart({ backward, steps }: Program, { axis = 't', from, to }: Part): void {
  const sequence = steps[axis];
  if (backward === undefined) throw new RangeError('This program runs as a whole only.');
  if (from < 0 || to > sequence || from >= to) {
    throw new RangeError(
      `Steps ${String(from)} to ${String(to)} are not steps of a program of ${String(sequence)}.`,
    );
  }
}
