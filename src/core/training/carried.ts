import type { LoadedProgram } from '../engine/backend';
import type { NamedState } from './checkpoint';

/** Names and sizes of a program's carried states, in the order of `readState`. */
export function carriedStates({ program }: LoadedProgram): {
  readonly name: string;
  readonly shape: readonly number[];
  readonly length: number;
}[] {
  return program.carried.map(({ name, lag, view }) => ({
    name,
    shape: [lag, program.batch, view.width],
    length: lag * program.batch * view.width,
  }));
}

/** A program's carried states as they go into a checkpoint. */
export function namedStates(loaded: LoadedProgram): NamedState[] {
  const values = loaded.readState();
  let at = 0;
  return carriedStates(loaded).map(({ name, shape, length }) => {
    at += length;
    return { name, shape, values: values.slice(at - length, at) };
  });
}
