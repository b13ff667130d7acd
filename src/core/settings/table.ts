/**
 * The one table of settings. `model.hidden` is the setting `rnnLab.model.hidden` in the editor and the
 * flag `--hidden` on the command line; help texts, the manifest and the schema come from here.
 */

import { tokenizerNames } from '../data/kinds';
import { modelShapes } from '../model-shapes';
import { formatNames, splitKinds } from '../tables/kinds';
import { attentions, poolings } from './architecture';
import { optimizerNames } from './optimizers';

interface Common {
  /** One sentence, shown in the editor's settings and in the command line's help. */
  readonly description: string;
  /** What a value counts, if it counts anything: `steps`, `s`, `tokens`. */
  readonly unit?: string;
  /** Other flag than the setting's own name in kebab-case. */
  readonly flag?: string;
}

/** A number with its limits; both limits are allowed values unless `exclusive` says otherwise. */
export interface NumberSetting extends Common {
  readonly type: 'integer' | 'number';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** `maximum` itself is not allowed. */
  readonly exclusiveMaximum?: boolean;
  /** What earlier versions allowed below `minimum`; a saved run that has it is read as having `minimum`. */
  readonly formerMinimum?: number;
  /** 0 stands for "the program chooses"; the word `auto` is accepted for it. */
  readonly automatic?: boolean;
}

export interface EnumSetting<Value extends string = string> extends Common {
  readonly type: 'enum';
  readonly default: Value;
  readonly values: readonly Value[];
}

export interface TextSetting extends Common {
  readonly type: 'text';
  readonly default: string;
}

export type Setting = NumberSetting | EnumSetting | TextSetting;

const largest = 1_000_000_000;

function integer(
  value: number,
  minimum: number,
  maximum: number,
  description: string,
  more: { unit?: string; automatic?: boolean } = {},
): NumberSetting {
  return { type: 'integer', default: value, minimum, maximum, description, ...more };
}

function number(
  value: number,
  minimum: number,
  maximum: number,
  description: string,
  more: Pick<NumberSetting, 'unit' | 'automatic' | 'exclusiveMaximum' | 'formerMinimum'> = {},
): NumberSetting {
  return { type: 'number', default: value, minimum, maximum, description, ...more };
}

function choice<const Value extends string>(
  value: NoInfer<Value>,
  values: readonly Value[],
  description: string,
): EnumSetting<Value> {
  return { type: 'enum', default: value, values, description };
}

function text(value: string, description: string): TextSetting {
  return { type: 'text', default: value, description };
}

export const settingsTable = {
  model: {
    cell: text(
      'vanilla',
      'The recurrent cell: the name of a built-in cell, or the path of a .rnn file.',
    ),
    hidden: integer(256, 1, 8192, 'Number of units H in each hidden layer.', { unit: 'units' }),
    layers: integer(1, 1, 16, 'Number of recurrent layers stacked on one another.', {
      unit: 'layers',
    }),
    embedding: integer(
      0,
      0,
      4096,
      'Width of a learnt embedding of the input tokens; 0 feeds them in as one-hot vectors.',
      { unit: 'values' },
    ),
    vectors: text(
      '',
      'A file of word vectors (word2vec, GloVe or fastText) that the embedding of words starts with, as wide as they are; empty starts at random.',
    ),
    vectorsFrozen: choice(
      'off',
      ['off', 'on'],
      'Whether training leaves an embedding that started with word vectors as it is.',
    ),
    dropout: number(
      0,
      0,
      1,
      'Probability of dropping a value between layers and before the output layer while training.',
      { exclusiveMaximum: true },
    ),
    bidirectional: choice(
      'off',
      ['off', 'on'],
      'Whether the source is read in both directions, by layers of their own; not for texts and series, whose future is the answer.',
    ),
    pool: choice(
      'mean',
      poolings,
      'How the states of all steps become one vector, where a sequence has one answer.',
    ),
    decoder: text(
      '',
      'The decoder’s cell, where the answer is a sequence of its own: the name of a built-in cell, or the path of a .rnn file; empty takes the encoder’s.',
    ),
    attention: choice(
      'dot',
      attentions,
      'How a decoder looks at the encoder’s states: not at all, or by scores of this kind.',
    ),
  },
  data: {
    format: choice(
      'auto',
      ['auto', 'text', ...formatNames],
      'What a file is: found by looking at it, plain text whatever is in it, or a table of this format.',
    ),
    input: text('', 'Columns of a table that go in, separated by commas; empty finds them.'),
    output: text(
      '',
      'Columns of a table that should come out, separated by commas; empty finds them.',
    ),
    shape: choice(
      'auto',
      ['auto', ...modelShapes],
      'The input/output shape of a table’s task; auto reads it from the columns.',
    ),
    tokenizer: choice(
      'char',
      tokenizerNames,
      'What a token is: a Unicode character, a byte of UTF-8, a word, or a byte pair: a part of a word, learnt from the text.',
    ),
    vocabulary: integer(
      8000,
      2,
      1_000_000,
      'Most tokens a vocabulary of words or byte pairs may hold: of words the commonest, the rest become UNKNOWN; of byte pairs the 256 bytes and the first that are learnt.',
      { unit: 'tokens' },
    ),
    validation: number(
      0.1,
      0,
      0.9,
      'Share of the text or the examples held out to measure the validation loss; 0 trains on all of it.',
    ),
    test: number(
      0.1,
      0,
      0.9,
      'Share of the examples of a table that nothing is learnt or chosen from, for the final measurement.',
    ),
    split: choice(
      'tail',
      ['tail', 'streams', ...splitKinds],
      'What is held out: the tail of a text, or of each of the batch’s streams as char-rnn does; or how a table’s rows are dealt, found if not said.',
    ),
  },
  training: {
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
    clip: number(
      5,
      0,
      largest,
      'Scale gradients down to at most this global norm; 0 does not clip.',
    ),
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
    minimumRatio: number(
      0.02,
      0,
      1,
      'The learning rate never falls below this share of its height.',
    ),
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
    checkpointEvery: number(
      10,
      0,
      largest,
      'Time between two checkpoints; 0 keeps only the last.',
      {
        unit: 's',
      },
    ),
    keepCheckpoints: number(
      64,
      0,
      1_000_000,
      'Most megabytes of earlier checkpoints that a run keeps, evenly spaced over its steps; 0 keeps none.',
      { unit: 'MB' },
    ),
  },
  inspection: {
    observeEvery: number(
      0.5,
      0,
      largest,
      'Least time between two looks at gradients, weights and states while training, which together take at most about 2 % of its time; 0 never looks.',
      { unit: 's' },
    ),
    observeWindow: integer(
      64,
      2,
      1024,
      'Number of tokens over which a look follows gradients back through time, at least as many as the lags of the equations reach back; the training’s own sequence does not truncate them.',
      { unit: 'tokens' },
    ),
    sampleEvery: number(
      10,
      0,
      largest,
      'Time between two texts that the model writes while it is trained, less at first and more later; 0 writes none.',
      { unit: 's' },
    ),
    sampleLength: integer(200, 1, 10_000, 'Number of tokens of such a text.', { unit: 'tokens' }),
    sampleTemperature: number(
      0.8,
      0,
      100,
      'Temperature of such a text: what the logits are divided by.',
    ),
  },
  sampling: {
    length: integer(500, 1, 10_000_000, 'Number of tokens to generate.', { unit: 'tokens' }),
    prime: text('', 'Text the model reads before it begins to write.'),
    temperature: number(
      0.8,
      0,
      100,
      'What the logits are divided by: lower is safer, higher is bolder, 0 always takes the likeliest token.',
    ),
    topK: integer(0, 0, 1_000_000, 'Choose among this many likeliest tokens only; 0 among all.', {
      unit: 'tokens',
    }),
    topP: number(
      1,
      0,
      1,
      'Sample from the most likely tokens that together have this probability; 1 means all.',
    ),
    seed: integer(
      0,
      0,
      4_294_967_295,
      'Seed of the choice; 0 (auto) writes another text each time.',
      {
        automatic: true,
      },
    ),
  },
} as const satisfies Record<string, Record<string, Setting>>;
