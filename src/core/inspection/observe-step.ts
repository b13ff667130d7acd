import type { Floats } from '../engine/backend';
import type { GraphModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { LagProbe } from './lag-probe';
import type { Observation } from './observation';
import { lookAtParameter, type ParameterLook } from './parameter-look';

/**
 * Looks at a network right after a training step, while the gradient is still that of the step.
 *
 * @param before the parameter block as it was before the step
 * @yields after each piece of work; nothing may be trained until the end
 */
export function* observeStep(
  { backend, model }: Network<GraphModel>,
  probe: LagProbe,
  before: Floats,
  when: Pick<Observation, 'step' | 'seconds'>,
): Generator<undefined, Observation, undefined> {
  const looks: ParameterLook[] = [];
  for (const parameter of model.parameters) {
    looks.push(yield* lookAtParameter(() => backend.floats(), model.layout, before, parameter));
    yield undefined;
  }
  const each = (of: (look: ParameterLook) => number): Float64Array<ArrayBuffer> =>
    Float64Array.from(looks, of);
  return {
    ...when,
    gradientNorm: each((look) => look.gradientNorm),
    weightNorm: each((look) => look.weightNorm),
    updateRatio: each((look) => look.updateRatio),
    weights: looks.map(({ weights }) => weights),
    gradients: looks.map(({ gradients }) => gradients),
    ...(yield* probe.measure()),
  };
}
