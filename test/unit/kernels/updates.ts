import type { Update } from '../../../src/core/engine/backend';

/** One parameter before an update. */
export interface Before {
  p: number;
  g: number;
  m: number;
  v: number;
}

/** The papers' formulas on one number; g is already clipped. */
export function updated(
  update: Update,
  { p, g, m, v }: Before,
): { p: number; m: number; v: number } {
  const { learningRate: eta, momentum: mu, alpha, beta1, beta2, epsilon, step } = update;
  switch (update.optimizer) {
    case 'sgd':
      return { p: p - eta * g, m, v };
    case 'momentum':
      return { p: p - eta * (mu * m + g), m: mu * m + g, v };
    case 'adagrad':
      return { p: p - (eta * g) / (Math.sqrt(v + g * g) + epsilon), m, v: v + g * g };
    case 'rmsprop': {
      const square = alpha * v + (1 - alpha) * g * g;
      return { p: p - (eta * g) / (Math.sqrt(square) + epsilon), m, v: square };
    }
    case 'adam':
    case 'lazyAdam': {
      const mean = beta1 * m + (1 - beta1) * g;
      const square = beta2 * v + (1 - beta2) * g * g;
      const [mHat, vHat] = [mean / (1 - beta1 ** step), square / (1 - beta2 ** step)];
      return { p: p - (eta * mHat) / (Math.sqrt(vHat) + epsilon), m: mean, v: square };
    }
  }
}
