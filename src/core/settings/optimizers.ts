/** The optimisers, but for their arithmetic: that is in `engine/reference-optimizer.ts` and in the kernels. */

/** A setting that only some optimisers have a use for. */
type Constant = 'momentum' | 'alpha' | 'beta1' | 'beta2' | 'epsilon';

interface Optimizer {
  /** Its formula or its idea, with the source; Markdown. */
  readonly description: string;
  /** Learning rates that learn well for most cells; a cell with gates bears higher ones. */
  readonly rates: { readonly plain: number; readonly gated: number };
  readonly constants: readonly Constant[];
  /**
   * What becomes of a parameter without a gradient, weight decay aside: it stays; it moves on by its moments; or, where it
   * is in a row that no token of the batch picks, it is left out of the update, its moments and its decay with it.
   */
  readonly withoutGradient: 'stays' | 'moves' | 'left out';
}

export const optimizers = {
  sgd: {
    description: 'Plain gradient descent: p ← p − η g.',
    rates: { plain: 0.1, gated: 0.5 },
    constants: [],
    withoutGradient: 'stays',
  },
  momentum: {
    description: 'Gradient descent with momentum: m ← μ m + g, p ← p − η m.',
    rates: { plain: 0.02, gated: 0.1 },
    constants: ['momentum'],
    withoutGradient: 'moves',
  },
  adagrad: {
    description:
      'A rate of its own for each parameter, which only falls ([Duchi et al. 2011](https://jmlr.org/papers/v12/duchi11a.html)).',
    rates: { plain: 0.02, gated: 0.05 },
    constants: ['epsilon'],
    withoutGradient: 'stays',
  },
  rmsprop: {
    description:
      'Divides by the root of a decaying mean of g² ([Tieleman & Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)).',
    rates: { plain: 0.001, gated: 0.002 },
    constants: ['alpha', 'epsilon'],
    withoutGradient: 'moves',
  },
  adam: {
    description:
      'RMSProp with momentum, both corrected for their start ([Kingma & Ba 2015](https://arxiv.org/abs/1412.6980)).',
    rates: { plain: 0.004, gated: 0.005 },
    constants: ['beta1', 'beta2', 'epsilon'],
    withoutGradient: 'moves',
  },
  lazyAdam: {
    description:
      'Adam, but embeddings and one-hot matrices are updated only in the rows that the batch’s tokens pick. All other rows rest, with their moments and without weight decay, where Adam would go on moving them by earlier gradients; if every batch has every token, the two are the same. Makes a large vocabulary cheap ([LazyAdam](https://www.tensorflow.org/addons/api_docs/python/tfa/optimizers/LazyAdam)).',
    rates: { plain: 0.004, gated: 0.005 },
    constants: ['beta1', 'beta2', 'epsilon'],
    withoutGradient: 'left out',
  },
} as const satisfies Readonly<Record<string, Optimizer>>;

export type OptimizerName = keyof typeof optimizers;
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];

/** Which optimisers have a use for a setting. */
export function usersOf(constant: Constant): OptimizerName[] {
  return optimizerNames.filter((name) => uses(name, constant));
}

export function uses(name: OptimizerName, constant: Constant): boolean {
  const { constants }: Optimizer = optimizers[name];
  return constants.includes(constant);
}

/** Whether an update may pass over rows that no token picks. */
export function passesOverRows(name: OptimizerName, weightDecay: number): boolean {
  const { withoutGradient }: Optimizer = optimizers[name];
  return withoutGradient === 'left out' || (withoutGradient === 'stays' && weightDecay === 0);
}
