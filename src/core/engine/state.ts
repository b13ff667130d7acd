import type { Floats } from './backend';
import type { CarriedState, Program } from './program';

/** Rows `[lag, B]` of a carried state that stand before the chunk: calls back with each row's offset. */
function eachRow(
  { batch }: Program,
  { view, lag }: CarriedState,
  visit: (offset: number, step: number, row: number) => void,
): void {
  for (let step = -lag; step < 0; step++) {
    for (let row = 0; row < batch; row++) {
      visit(view.offset + step * view.timeStride + row * view.rowStride, step, row);
    }
  }
}

/** After a chunk: its last steps become what stands before the next one. */
export function moveCarriedStates(program: Program, floats: Floats): void {
  for (const state of program.carried) {
    const distance = program.sequence * state.view.timeStride;
    eachRow(program, state, (offset) => {
      floats.copyWithin(offset, offset + distance, offset + distance + state.view.width);
    });
  }
}

/** Sets carried states to their initial values, of all rows or of one. */
export function resetCarriedStates(program: Program, floats: Floats, only?: number): void {
  for (const state of program.carried) {
    eachRow(program, state, (offset, _, row) => {
      if (only === undefined || only === row) {
        floats.fill(state.initial, offset, offset + state.view.width);
      }
    });
  }
}

/**
 * Reads the carried states, or writes them where `from` is given: in the program's order, each
 * `[lag, B, width]` without padding.
 * @throws RangeError if `from` is not as long as the states are
 */
export function copyState(program: Program, floats: Floats, from?: Float64Array): Float64Array {
  const length = program.carried.reduce(
    (sum, { lag, view }) => sum + lag * program.batch * view.width,
    0,
  );
  if (from && from.length !== length) {
    throw new RangeError(`The state has ${String(length)} values, not ${String(from.length)}.`);
  }
  const values = from ?? new Float64Array(length);
  let next = 0;
  for (const state of program.carried) {
    const { width } = state.view;
    eachRow(program, state, (offset) => {
      for (let i = 0; i < width; i++, next++) {
        if (from) floats[offset + i] = values[next]!;
        else values[next] = floats[offset + i]!;
      }
    });
  }
  return values;
}
