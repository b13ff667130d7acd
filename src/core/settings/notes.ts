/**
 * What the editor's settings and docs/settings.md say beyond the one sentence of the table, in Markdown;
 * `#rnnLab.…#` in backticks is a link to another setting.
 */
import { tokenizerNames, tokenizers } from '../data/kinds';
import { toEnglish } from '../sentence';
import { formatNames, tableFormats } from '../tables/kinds';
import { optimizerNames, optimizers, usersOf, type OptimizerName } from './optimizers';
import type { settingsTable } from './table';

type Table = typeof settingsTable;

/** `training.optimizer` */
export type SettingKey = {
  [G in keyof Table]: `${G & string}.${keyof Table[G] & string}`;
}[keyof Table];

/** The values that a setting takes one of; never for a number or a text. */
type ValuesAt<K extends SettingKey> = K extends `${infer G}.${infer N}`
  ? G extends keyof Table
    ? N extends keyof Table[G]
      ? Table[G][N] extends { readonly values: readonly (infer V extends string)[] }
        ? V
        : never
      : never
    : never
  : never;

export const settingNotes: Readonly<Partial<Record<SettingKey, string>>> = {
  'model.cell':
    'Built in are `vanilla`, `vanilla-nobias`, `gru`, `lstm`, `peephole-lstm`, `layernorm-lstm`, `min-gru`, `min-lstm`, `irnn`, `jordan`, `ugrnn`, `indrnn` and `long-lag`. The command *RNN Lab: New cell…* opens the equations of one of them to be changed; a relative path is one in the workspace folder.',
  'model.hidden':
    'The number of parameters and the time of a step grow with H²; `#rnnLab.model.layers#` multiplies both.',
  'model.layers': 'Between them `#rnnLab.model.dropout#` applies.',
  'model.embedding':
    'It pays with `#rnnLab.data.tokenizer#` `word` or `bpe`, where the vocabulary is much larger than the hidden layer.',
  'model.vectors':
    'Words as the vocabulary has them, else in small letters; those without a vector start at random. `rnn-lab vectors` trains such a file.',
  'model.vectorsFrozen': 'Words without a vector then keep their random start.',
  'model.dropout':
    'The recurrence itself is left alone, as in [Zaremba et al. 2014](https://arxiv.org/abs/1409.2329). It helps where the validation loss rises while the training loss still falls.',
  'model.pool':
    'For tables whose rows are sequences with one answer, such as sentences with labels.',
  'model.decoder':
    'For tables whose answers are sequences, such as translations; a layer of it begins with the last states of the encoder’s.',
  'model.attention': 'For the same tables; a model without it has to say all from the last state.',
  'data.format': 'What was understood of a file stands above the training before it starts.',
  'data.input': 'Where `FILE.rnn.json` says something else, this counts.',
  'data.output': 'Where `FILE.rnn.json` says something else, this counts.',
  'data.test': '*Evaluate* measures it; nothing in a training looks at it.',
  'data.vocabulary': 'Only for `#rnnLab.data.tokenizer#` `word` and `bpe`.',
  'data.validation': '`#rnnLab.data.split#` says which part.',
  'training.batch':
    'A larger batch uses the processor better and learns less from each token; with `#rnnLab.training.sequence#` it makes up the tokens of a step.',
  'training.sequence':
    'The hidden state is carried on from one sequence to the next, so that what the network can remember is not limited by it.',
  'training.steps':
    'One of this, `#rnnLab.training.epochs#` and `#rnnLab.training.seconds#` ends a training.',
  'training.epochs':
    'One of this, `#rnnLab.training.steps#` and `#rnnLab.training.seconds#` ends a training.',
  'training.seconds':
    'Without force where `#rnnLab.training.steps#` or `#rnnLab.training.epochs#` is set.',
  'training.classWeights':
    'For tables whose answer is one of several classes, or a tag for each step. The validation loss and all scores stay unweighted, so that runs with and without can be compared.',
  'training.learningRate':
    '`#rnnLab.training.schedule#` and `#rnnLab.training.warmup#` say how it changes; while a model is trained, it can be set in the panel.',
  'training.clip':
    'Keeps a step from going far when gradients explode ([Pascanu et al. 2013](https://arxiv.org/abs/1211.5063)); the panel marks where it took effect.',
  'training.clipValue':
    'As older programs such as min-char-rnn do; `#rnnLab.training.clip#` keeps the direction.',
  'training.weightDecay':
    'Biases and the like are left alone ([Loshchilov & Hutter 2019](https://arxiv.org/abs/1711.05101)).',
  'training.momentum': onlyFor(usersOf('momentum')),
  'training.alpha': onlyFor(usersOf('alpha')),
  'training.beta1': onlyFor(usersOf('beta1')),
  'training.beta2': onlyFor(usersOf('beta2')),
  'training.epsilon': onlyFor(usersOf('epsilon')),
  'training.decayFactor': 'Only for `#rnnLab.training.schedule#` `step` and `halve`.',
  'training.decayEvery': 'Only for `#rnnLab.training.schedule#` `step`.',
  'training.seed':
    'That holds to the bit with any number of `#rnnLab.training.threads#`, and on another machine with `#rnnLab.training.kernels#` `strict` and a limit in steps or epochs.',
  'training.evaluationTokens': 'The more, the surer the loss.',
  'training.patience': '`#rnnLab.training.evaluateEvery#` sets how often it is measured.',
  'training.checkpointEvery': 'It is what is lost at most when the computer is switched off.',
  'training.keepCheckpoints':
    'They hold the weights alone: a run can be looked at, sampled and evaluated as it was, but not go on from there.',
  'inspection.observeEvery':
    'What is seen is in the panel’s views *Gradients* and *Hidden states*.',
  'inspection.sampleEvery':
    '`#rnnLab.inspection.sampleLength#` and `#rnnLab.inspection.sampleTemperature#` say what they are like; they are in the panel’s view *Samples*.',
  'sampling.prime':
    'Where a text is selected, that is the prime. What the model has never seen in it is replaced by what is most like it, or left out.',
  'sampling.temperature':
    'At 1 tokens come as often as the model expects them. *RNN Lab: Compare temperatures…* shows several.',
  'sampling.topK': 'As in [Fan et al. 2018](https://arxiv.org/abs/1805.04833).',
  'sampling.topP':
    'Nucleus sampling, as in [Holtzman et al. 2020](https://arxiv.org/abs/1904.09751).',
};

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Which optimisers a setting is for. */
function onlyFor(users: readonly OptimizerName[]): string {
  const names = users.map((name) => `\`${name}\``);
  const last = names.pop()!;
  return names.length === 0
    ? `Only for \`#rnnLab.training.optimizer#\` ${last}.`
    : `For ${names.join(', ')} and ${last}.`;
}

function mapped<Name extends string>(
  names: readonly Name[],
  describe: (name: Name) => string,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, describe(name)])) as Record<Name, string>;
}

/** What each value means. */
export const valueNotes: {
  readonly [K in SettingKey as ValuesAt<K> extends never ? never : K]: Readonly<
    Record<ValuesAt<K>, string>
  >;
} = {
  'model.vectorsFrozen': {
    off: 'They are trained on like all other weights.',
    on: 'They stay as they are.',
  },
  'model.bidirectional': {
    off: 'From left to right.',
    on: 'In both directions: twice the states, and an answer that knows what follows.',
  },
  'model.pool': {
    last: 'The last state, where the sequence ends.',
    mean: 'The mean of all states: gradients reach every step.',
    max: 'Of each unit its largest value.',
    attention: 'A mean with learnt weights, `attend(q, h)`.',
  },
  'model.attention': {
    none: 'The decoder begins with the last state and sees no other ([Sutskever et al. 2014](https://arxiv.org/abs/1409.3215)).',
    dot: 'q · s[t] ([Luong et al. 2015](https://arxiv.org/abs/1508.04025)).',
    bilinear: 'q · A s[t] ([Luong et al. 2015](https://arxiv.org/abs/1508.04025)).',
    additive: 'v · tanh(q + Q s[t]) ([Bahdanau et al. 2015](https://arxiv.org/abs/1409.0473)).',
  },
  'data.format': {
    auto: 'Found by looking at the file.',
    text: 'Plain text, whatever is in it: each token is predicted from those before it.',
    ...mapped(formatNames, (name) => `${capitalised(toEnglish(tableFormats[name]))}.`),
  },
  'data.shape': {
    auto: 'As the columns say.',
    'one to one': 'A vector in, one answer out.',
    'one to many': 'A vector in, a sequence out, as for captions.',
    'many to one': 'A sequence in, one answer out, as for sentiment.',
    'many to many, delayed': 'A sequence in, another of its own length out, as for translation.',
    'many to many, synced': 'A sequence in, an answer for each of its steps out, as for tags.',
  },
  'data.tokenizer': mapped(tokenizerNames, (name) => tokenizers[name].description),
  'data.split': {
    tail: 'The end of the text, of which the network has seen nothing.',
    streams:
      'The end of each of the batch’s streams, as [char-rnn](https://github.com/karpathy/char-rnn) does: to compare with its figures.',
    stratified: 'Of a table: each class in proportion.',
    random: 'Of a table: rows at random.',
    chronological: 'Of a table: the last rows, by their date or as they stand.',
    given: 'Of a table: as a column says, by its name or `--part`.',
  },
  'training.optimizer': mapped(optimizerNames, (name) => optimizers[name].description),
  'training.classWeights': {
    none: 'Each example counts the same.',
    balanced:
      'Each class counts the same: n / (k nₖ) for one with nₖ of the n targets of the training part, k of whose classes occur, as scikit-learn’s `class_weight="balanced"` has it.',
  },
  'training.schedule': {
    constant: 'The same rate to the end.',
    step: 'Multiplied by `#rnnLab.training.decayFactor#` every `#rnnLab.training.decayEvery#` steps.',
    cosine:
      'Along a half cosine to `#rnnLab.training.minimumRatio#` at the end of training ([Loshchilov & Hutter 2017](https://arxiv.org/abs/1608.03983)).',
    halve: 'Multiplied by `#rnnLab.training.decayFactor#` whenever the validation loss has risen.',
  },
  'training.kernels': {
    auto: 'The fastest: relaxed SIMD with fused multiply-add, where this machine has it.',
    strict: 'Strict SIMD: the same bits on every machine, more slowly.',
  },
};
