import type { Backend, LoadedProgram } from './backend';
import { compileProgram } from './compile';
import type { Mode, Model } from './model';

/** A model on a backend, with the programs that were loaded for it. */
export interface Network {
  readonly model: Model;
  readonly backend: Backend;
  /**
   * A program for chunks `[T, B]`; the same one again for the same shape and mode. Who uses it sets its
   * state first.
   */
  program(mode: Mode, batch: number, sequence: number): LoadedProgram;
}

/** Programs are loaded when first asked for, one behind the other in the backend's arena. */
export function createNetwork(model: Model, backend: Backend): Network {
  const programs = new Map<string, LoadedProgram>();
  let free = model.layout.free;
  return {
    model,
    backend,
    program(mode, batch, sequence) {
      const key = `${mode} ${String(batch)} ${String(sequence)}`;
      const known = programs.get(key);
      if (known !== undefined) return known;
      const program = compileProgram(model, { mode, batch, sequence, base: free });
      const loaded = backend.load(program);
      free = program.base + program.floats;
      programs.set(key, loaded);
      return loaded;
    },
  };
}
