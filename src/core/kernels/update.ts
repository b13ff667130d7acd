import type { Update } from '../engine/backend';
import { passesOverRows, uses } from '../settings/optimizers';
import { Control, Optimizer, Size } from './assembly/layout';

/**
 * Writes an update into the control words, with what is better worked out in double precision.
 * @throws RangeError if a divisor could be zero
 */
export function writeUpdate(memory: WebAssembly.Memory, update: Update): void {
  if (uses(update.optimizer, 'epsilon') && !(update.epsilon > 0)) {
    throw new RangeError(
      `${update.optimizer} needs an epsilon above 0, not ${String(update.epsilon)}.`,
    );
  }
  const words = new Int32Array(memory.buffer, 0, Size.threads / 4);
  const floats = new Float32Array(memory.buffer, 0, Size.threads / 4);
  words[Control.optimizer] = Optimizer[update.optimizer];
  words[Control.passOver] = Number(passesOverRows(update.optimizer, update.weightDecay));
  floats[Control.learningRate] = update.learningRate;
  floats[Control.clip] = update.clip;
  floats[Control.clipValue] = update.clipValue;
  floats[Control.momentum] = update.momentum;
  floats[Control.alpha] = update.alpha;
  floats[Control.beta1] = update.beta1;
  floats[Control.beta2] = update.beta2;
  floats[Control.epsilon] = update.epsilon;
  floats[Control.alphaRest] = 1 - update.alpha;
  floats[Control.beta1Rest] = 1 - update.beta1;
  floats[Control.beta2Rest] = 1 - update.beta2;
  floats[Control.kept] = 1 - update.learningRate * update.weightDecay;
  floats[Control.meanRate] = update.learningRate / (1 - update.beta1 ** update.step);
  floats[Control.squareFactor] = 1 / (1 - update.beta2 ** update.step);
}
