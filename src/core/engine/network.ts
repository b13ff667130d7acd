import type { Backend, LoadedProgram } from './backend';
import { compileProgram, type RowShape } from './compile';
import type { GraphModel, Mode, Model } from './model';

/** A model on a backend, with the programs that were loaded for it. */
export interface Network<M extends GraphModel = Model> {
  readonly model: M;
  readonly backend: Backend;
  /** A program for rows of a shape; the same one again for the same shape and mode. Who uses it sets its state first. */
  program(mode: Mode, shape: RowShape): LoadedProgram;
}

/** Programs are loaded when first asked for, one behind the other in the backend's arena. */
export function createNetwork<M extends GraphModel>(model: M, backend: Backend): Network<M> {
  const programs = new Map<string, LoadedProgram>();
  let free = model.layout.free;
  return {
    model,
    backend,
    program(mode, shape) {
      const { batch, sequence, answer = 0, rows = 'streams', weighted = false } = shape;
      const key = [mode, batch, sequence, answer, rows, weighted].join(' ');
      const known = programs.get(key);
      if (known !== undefined) return known;
      const program = compileProgram(model, { mode, ...shape, base: free });
      const loaded = backend.load(program);
      free = program.base + program.floats;
      programs.set(key, loaded);
      return loaded;
    },
  };
}
