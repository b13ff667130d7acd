import type { Settings } from './settings';

type Optimizer = Settings['training']['optimizer'];

/** Learning rates that learn well for most cells; a cell with gates bears higher ones. */
const rates: Readonly<Record<Optimizer, { readonly plain: number; readonly gated: number }>> = {
  sgd: { plain: 0.1, gated: 0.5 },
  momentum: { plain: 0.02, gated: 0.1 },
  adagrad: { plain: 0.02, gated: 0.05 },
  rmsprop: { plain: 0.001, gated: 0.002 },
  adam: { plain: 0.004, gated: 0.005 },
};

/**
 * The learning rate that `auto` means, for a cell and an optimiser. A cell counts as gated if its
 * equations multiply elementwise or use `sigmoid`.
 */
export function automaticLearningRate(cellSource: string, optimizer: Optimizer): number {
  const equations = cellSource.replace(/#.*$/gm, '');
  const gated = /\bsigmoid\b|\*/.test(equations);
  return rates[optimizer][gated ? 'gated' : 'plain'];
}
