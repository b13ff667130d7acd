import { passesOverRows } from '../settings/optimizers';
import type { ArenaLayout, Update } from './backend';

/**
 * Clips and applies one update (formulas and sources at `Update`).
 * @param untouched 1 for each parameter in a row that no token picks
 * @returns global norm of the gradient before clipping by norm; if it is not finite nothing changes
 */
export function updateParameters(
  arena: Float64Array,
  layout: ArenaLayout,
  update: Update,
  untouched: Uint8Array,
): number {
  const { parameterFloats: n, parameters, gradients, first, second, matrixFloats } = layout;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let g = arena[gradients + i]!;
    if (update.clipValue > 0) {
      g = Math.min(Math.max(g, -update.clipValue), update.clipValue);
      arena[gradients + i] = g;
    }
    squares += g * g;
  }
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm)) return norm;
  const scale = update.clip > 0 && norm > update.clip ? update.clip / norm : 1;
  const { learningRate: rate, epsilon, momentum, alpha, beta1, beta2, step } = update;
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  const passesOver = passesOverRows(update.optimizer, update.weightDecay);
  for (let i = layout.frozenFloats ?? 0; i < n; i++) {
    if (passesOver && untouched[i] === 1) continue;
    const g = arena[gradients + i]! * scale;
    const p = arena[parameters + i]!;
    let change: number;
    switch (update.optimizer) {
      case 'sgd':
        change = g;
        break;
      case 'momentum':
        change = arena[first + i] = momentum * arena[first + i]! + g;
        break;
      case 'adagrad': {
        const v = (arena[second + i] = arena[second + i]! + g * g);
        change = g / (Math.sqrt(v) + epsilon);
        break;
      }
      case 'rmsprop': {
        const v = (arena[second + i] = alpha * arena[second + i]! + (1 - alpha) * g * g);
        change = g / (Math.sqrt(v) + epsilon);
        break;
      }
      case 'adam':
      case 'lazyAdam': {
        const m = (arena[first + i] = beta1 * arena[first + i]! + (1 - beta1) * g);
        const v = (arena[second + i] = beta2 * arena[second + i]! + (1 - beta2) * g * g);
        change = m / correction1 / (Math.sqrt(v / correction2) + epsilon);
        break;
      }
    }
    const decay = i < matrixFloats ? rate * update.weightDecay * p : 0;
    arena[parameters + i] = p - rate * change - decay;
  }
  return norm;
}
