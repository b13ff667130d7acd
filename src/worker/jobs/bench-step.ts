import type { LoadedProgram, Update } from '../../core/engine/backend';
import type { Random } from '../../core/training/random';

/** What every benchmark's steps do after the gradients: clipping by global norm, Adam. */
export const benchUpdate: Omit<Update, 'step'> = {
  optimizer: 'adam',
  learningRate: 0.002,
  clip: 5,
  clipValue: 0,
  momentum: 0.9,
  alpha: 0.95,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
};

export function fillRandomly(
  { tokens, targets }: LoadedProgram,
  vocabulary: number,
  random: Random,
): void {
  for (let i = 0; i < tokens.length; i++) {
    tokens[i] = random.integer(vocabulary);
    targets[i] = random.integer(vocabulary);
  }
}
