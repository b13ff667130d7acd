import type { Backend, LoadedProgram } from '../../core/engine/backend';
import { compileProgram } from '../../core/engine/compile';
import type { Model } from '../../core/engine/model';
import { initialise } from '../../core/engine/initialise';
import { createRandom } from '../../core/random/random';

/** A training step of an untrained model on random tokens, ready to run in its backend. */
export function loadStep(
  backend: Backend,
  model: Model,
  { batch, sequence }: { readonly batch: number; readonly sequence: number },
): LoadedProgram {
  const random = createRandom(1);
  initialise(model, backend.floats(), random);
  backend.parametersChanged();
  const base = model.layout.free;
  const loaded = backend.load(compileProgram(model, { batch, sequence, mode: 'train', base }));
  const { vocabulary } = model.spec;
  const { tokens, targets } = loaded;
  for (let i = 0; i < tokens.length; i++) {
    tokens[i] = random.integer(vocabulary);
    targets[i] = random.integer(vocabulary);
  }
  return loaded;
}
