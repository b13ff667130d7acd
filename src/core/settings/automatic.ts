import { optimizers, type OptimizerName } from './optimizers';

/**
 * The learning rate that `auto` means, for a cell and an optimiser. A cell counts as gated if its
 * equations multiply elementwise or use `sigmoid`.
 */
export function automaticLearningRate(cellSource: string, optimizer: OptimizerName): number {
  const equations = cellSource.replace(/#.*$/gm, '');
  const gated = /\bsigmoid\b|\*/.test(equations);
  return optimizers[optimizer].rates[gated ? 'gated' : 'plain'];
}
