/** Of the data: what is read, as what, and what is held out. */
import { tokenizerNames } from '../../data/kinds';
import { modelShapes } from '../../model-shapes';
import { formatNames, splitKinds } from '../../tables/kinds';
import { choice, integer, number, text, type Setting } from '../setting';

export const dataSettings = {
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
} as const satisfies Record<string, Setting>;
