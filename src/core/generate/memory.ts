/** Tasks of the papers on long time lags: what matters comes early or rarely. */
import { oneOf, symbols, type GeneratedTask } from './task';

/** Numbers are whole multiples of 1 / `grain`, so that a sum is exact in the file. */
const grain = 10_000;

export const adding: GeneratedTask = {
  summary: 'add the two numbers of a sequence that are marked',
  source:
    'Hochreiter & Schmidhuber 1997, experiment 4, with the numbers and the sum of Le, Jaitly & Hinton 2015',
  format: 'jsonl',
  columns: ['input_value', 'input_marker', 'target'],
  rows: 20_000,
  length: { meaning: 'steps', standard: 100, least: 2, most: 10_000 },
  floors: () => [{ metric: 'mse', value: 1 / 6, knowing: 'nothing: always 1, the mean' }],
  row(random, length) {
    const values = Array.from({ length }, () => random.integer(grain));
    const half = Math.floor(length / 2);
    const marked = [random.integer(half), half + random.integer(length - half)];
    const markers = values.map((_, t) => Number(marked.includes(t)));
    const sum = marked.reduce((total, t) => total + values[t]!, 0);
    return { cells: [values.map((value) => value / grain), markers, sum / grain] };
  },
};

const copied = ['1', '2', '3', '4', '5', '6', '7', '8'] as const;
const copiedLength = 10;
const blank = '_';
/** From here on the copy is wanted. */
const recall = '>';

export const copy: GeneratedTask = {
  summary: 'repeat ten symbols after a pause',
  source: 'Hochreiter & Schmidhuber 1997, experiment 2, as Arjovsky, Shah & Bengio 2016 have it',
  format: 'csv',
  columns: ['input', 'target'],
  rows: 10_000,
  length: { meaning: 'blanks of the pause', standard: 100, least: 1, most: 10_000 },
  floors: (length) => [
    {
      metric: 'loss',
      value: (copiedLength * Math.log(copied.length)) / (length + 2 * copiedLength),
      knowing: 'when the copy is due, but not what it is',
    },
  ],
  row(random, length) {
    const shown = Array.from({ length: copiedLength }, () => oneOf(random, copied));
    const blanks = (count: number): string[] => new Array<string>(count).fill(blank);
    const input = [...shown, ...blanks(length - 1), recall, ...blanks(copiedLength)];
    return { cells: [symbols(input), symbols([...blanks(length + copiedLength), ...shown])] };
  },
};

const letters = Array.from('abcdefghijklmnopqrstuvwxyz');

export const reverse: GeneratedTask = {
  summary: 'write a word backwards',
  source: 'Grefenstette, Hermann, Suleyman & Blunsom 2015',
  format: 'csv',
  columns: ['source', 'target'],
  rows: 20_000,
  key: ({ cells }) => String(cells[0]),
  length: { meaning: 'letters of the longest word', standard: 8, least: 2, most: 1000 },
  floors: () => [{ metric: 'loss', value: Math.log(letters.length), knowing: 'the length alone' }],
  row(random, length) {
    const word = Array.from({ length: 1 + random.integer(length) }, () => oneOf(random, letters));
    return { cells: [word.join(''), word.toReversed().join('')] };
  },
};

const distractors = ['a', 'b', 'c', 'd'] as const;
const relevant = ['X', 'Y'] as const;

export const temporalOrder: GeneratedTask = {
  summary: 'tell in which order two X or Y came among other letters',
  source: 'Hochreiter & Schmidhuber 1997, experiment 6a',
  format: 'csv',
  columns: ['input', 'label'],
  rows: 10_000,
  length: { meaning: 'symbols, and up to a tenth more', standard: 100, least: 10, most: 10_000 },
  floors: () => [
    { metric: 'accuracy', value: 1 / 4, knowing: 'nothing' },
    { metric: 'loss', value: Math.log(4), knowing: 'nothing' },
  ],
  row(random, length) {
    const tenth = Math.floor(length / 10);
    const between = (from: number): number => from * tenth + random.integer(tenth + 1);
    const order = [oneOf(random, relevant), oneOf(random, relevant)] as const;
    const sequence: string[] = Array.from({ length: between(0) + length - 2 }, () =>
      oneOf(random, distractors),
    );
    // The paper counts the start as 0: of 100, between 10 and 20, and between 50 and 60.
    sequence[between(1) - 1] = order[0];
    sequence[between(5) - 1] = order[1];
    return { cells: [symbols(['E', ...sequence, 'B']), order.join('')] };
  },
};

export const parity: GeneratedTask = {
  summary: 'tell whether the number of ones is even or odd',
  source: 'Minsky & Papert 1969; as a sequence, Hochreiter & Schmidhuber 1996',
  format: 'csv',
  columns: ['input', 'label'],
  rows: 10_000,
  length: { meaning: 'bits', standard: 16, least: 1, most: 10_000 },
  floors: () => [
    { metric: 'accuracy', value: 1 / 2, knowing: 'all bits but one' },
    { metric: 'loss', value: Math.LN2, knowing: 'all bits but one' },
  ],
  row(random, length) {
    const bits = Array.from({ length }, () => random.integer(2));
    const ones = bits.reduce((sum, bit) => sum + bit, 0);
    return { cells: [symbols(bits.map(String)), ones % 2 === 0 ? 'even' : 'odd'] };
  },
};
