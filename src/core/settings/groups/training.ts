/** Of training: batches, limits, the optimiser, the learning rate, measurements and checkpoints. */
import { optimizerNames } from '../optimizers';
import { choice, integer, largest, number, type Setting } from '../setting';

export const trainingSettings = {
  batch: integer(32, 1, 4096, 'Number of text streams, or of examples, B side by side.', {
    unit: 'streams',
  }),
  sequence: integer(
    32,
    1,
    4096,
    'Number of steps T that gradients flow back through time (truncated backpropagation).',
    { unit: 'steps' },
  ),
  steps: integer(0, 0, largest, 'Stop after this many training steps; 0 sets no such limit.', {
    unit: 'steps',
  }),
  epochs: number(
    0,
    0,
    largest,
    'Stop after this many passes over the text; 0 sets no such limit.',
    {
      unit: 'epochs',
    },
  ),
  seconds: number(
    60,
    0,
    largest,
    'Stop after this much training time, pauses not counted; 0 sets no such limit.',
    { unit: 's' },
  ),
  classWeights: choice(
    'none',
    ['none', 'balanced'],
    'What the loss of each class of a table’s answers counts while training.',
  ),
  optimizer: choice('adam', optimizerNames, 'The rule by which gradients change the parameters.'),
  learningRate: number(
    0,
    0,
    1000,
    'Learning rate η at its height; 0 (auto) chooses one by cell and optimiser.',
    { automatic: true },
  ),
  clip: number(5, 0, largest, 'Scale gradients down to at most this global norm; 0 does not clip.'),
  clipValue: number(
    0,
    0,
    largest,
    'Cut each entry of the gradient to at most ± this value before the norm is taken; 0 does not.',
  ),
  weightDecay: number(
    0,
    0,
    10,
    'Decoupled weight decay λ of AdamW: each step shrinks the matrices by the factor 1 − ηλ.',
  ),
  momentum: number(0.9, 0, 1, 'Momentum μ: the share of the last change that is kept.', {
    exclusiveMaximum: true,
  }),
  alpha: number(0.95, 0, 1, 'Decay α of RMSProp’s mean of squared gradients.', {
    exclusiveMaximum: true,
  }),
  beta1: number(0.9, 0, 1, 'Decay β₁ of Adam’s mean of gradients.', { exclusiveMaximum: true }),
  beta2: number(0.99, 0, 1, 'Decay β₂ of Adam’s mean of squared gradients.', {
    exclusiveMaximum: true,
  }),
  // In float32 too it is above 0, and no update is ever divided by nothing.
  epsilon: number(
    1e-8,
    1e-30,
    1,
    'The small ε that keeps adaptive optimisers from dividing by zero.',
    { formerMinimum: 0 },
  ),
  schedule: choice(
    'cosine',
    ['constant', 'step', 'cosine', 'halve'],
    'How the learning rate falls: not at all, by a factor every few steps, along a cosine to the end of training, or by a factor whenever the loss rises.',
  ),
  warmup: integer(
    50,
    0,
    largest,
    'Steps over which the learning rate rises linearly to its height.',
    {
      unit: 'steps',
    },
  ),
  decayFactor: number(
    0.5,
    0.000001,
    1,
    'What the schedules step and halve multiply the learning rate by.',
  ),
  decayEvery: integer(1000, 1, largest, 'Steps between two decays of the schedule step.', {
    unit: 'steps',
  }),
  minimumRatio: number(0.02, 0, 1, 'The learning rate never falls below this share of its height.'),
  seed: integer(
    1,
    0,
    4_294_967_295,
    'Seed of everything random; the same seed gives the same run.',
  ),
  threads: integer(0, 0, 256, 'Number of threads; 0 (auto) uses all cores.', {
    unit: 'threads',
    automatic: true,
  }),
  kernels: choice(
    'auto',
    ['auto', 'strict'],
    'Which WebAssembly kernels run: the fastest this machine has, or those that give identical bits on every machine.',
  ),
  evaluateEvery: integer(
    0,
    0,
    largest,
    'Training steps between two measurements of the validation loss; 0 (auto) spends about 5 % of the work on them.',
    { unit: 'steps', automatic: true },
  ),
  evaluationTokens: integer(
    200_000,
    0,
    largest,
    'Most held-out tokens that one measurement reads; 0 reads all of them.',
    { unit: 'tokens' },
  ),
  patience: integer(
    0,
    0,
    largest,
    'Stop early after this many measurements without a better validation loss; 0 never does.',
    { unit: 'measurements' },
  ),
  checkpointEvery: number(10, 0, largest, 'Time between two checkpoints; 0 keeps only the last.', {
    unit: 's',
  }),
  keepCheckpoints: number(
    64,
    0,
    1_000_000,
    'Most megabytes of earlier checkpoints that a run keeps, evenly spaced over its steps; 0 keeps none.',
    { unit: 'MB' },
  ),
} as const satisfies Record<string, Setting>;
