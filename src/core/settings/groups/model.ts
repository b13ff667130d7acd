/** Of the model: its cell, its sizes, and what a cell becomes for a table. */
import { attentions, poolings } from '../architecture';
import { choice, integer, number, text, type Setting } from '../setting';

export const modelSettings = {
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
} as const satisfies Record<string, Setting>;
