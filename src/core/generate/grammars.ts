/** Grammars whose strings are told symbol by symbol: what comes next is known as far as the grammar knows it. */
import { entropyOf } from '../numerics';
import type { Random } from '../random/random';
import { symbols, type GeneratedTask, type Row } from './task';

/** Each symbol but the last, and the one after it. */
function nextSymbols(string: readonly string[]): Row {
  return { cells: [symbols(string.slice(0, -1)), symbols(string.slice(1))] };
}

/** The two ways out of each state of Reber's automaton: the letter written, and the state reached; 5 is the end. */
const ways: readonly (readonly [readonly [string, number], readonly [string, number]])[] = [
  [
    ['T', 1],
    ['P', 2],
  ],
  [
    ['S', 1],
    ['X', 3],
  ],
  [
    ['T', 2],
    ['V', 4],
  ],
  [
    ['X', 2],
    ['S', 5],
  ],
  [
    ['P', 3],
    ['V', 5],
  ],
];

/** The letters of a string of Reber's grammar; the two ways out of a state are equally likely. */
export function reberString(random: Pick<Random, 'integer'>): string[] {
  const string = ['B'];
  for (let state = 0; state < ways.length;) {
    const [letter, next] = ways[state]![random.integer(2) as 0 | 1];
    string.push(letter);
    state = next;
  }
  return [...string, 'E'];
}

/** Six choices of two on the mean way through the automaton, and the end, which is certain. */
const reberChoices = 6;
const reberSymbols = reberChoices + 1;
/** Around it come one choice, one that repeats it, and two symbols that are certain. */
const embeddedSymbols = reberSymbols + 4;

const grammar = {
  format: 'csv',
  columns: ['input', 'target'],
} as const;

export const reber: GeneratedTask = {
  ...grammar,
  summary: 'tell the next letter of strings of the Reber grammar',
  source: 'Reber 1967; Cleeremans, Servan-Schreiber & McClelland 1989',
  rows: 5000,
  floors: () => [
    {
      metric: 'loss',
      value: (reberChoices * Math.LN2) / reberSymbols,
      knowing: 'the grammar: none can be lower',
    },
  ],
  row: (random) => nextSymbols(reberString(random)),
};

export const embeddedReber: GeneratedTask = {
  ...grammar,
  summary: 'the same within a frame whose end repeats its beginning',
  source: 'Cleeremans et al. 1989; Hochreiter & Schmidhuber 1997, experiment 1',
  rows: 5000,
  floors: () => [
    {
      metric: 'loss',
      value: ((reberChoices + 2) * Math.LN2) / embeddedSymbols,
      knowing: 'the grammar, but not how the string began',
    },
    {
      metric: 'loss',
      value: ((reberChoices + 1) * Math.LN2) / embeddedSymbols,
      knowing: 'the grammar: none can be lower',
    },
  ],
  row(random) {
    const [letter] = ways[0]![random.integer(2) as 0 | 1];
    return nextSymbols(['B', letter, ...reberString(random), letter, 'E']);
  },
};

export const anbn: GeneratedTask = {
  ...grammar,
  summary: 'tell the next symbol of aⁿbⁿ: count the a, then as many b',
  source: 'Gers & Schmidhuber 2001',
  rows: 2000,
  length: { meaning: 'greatest n', standard: 10, least: 2, most: 5000 },
  floors(most) {
    // A string has 2n + 1 symbols after its start; one of its n a, and one of its n b, is the last.
    const tokens = most + 2;
    const last = 2 / (most + 1);
    return [
      {
        metric: 'loss',
        value: ((most + 1) * entropyOf([last, 1 - last], 1)) / tokens,
        knowing: 'the last symbol alone',
      },
      { metric: 'loss', value: Math.log(most) / tokens, knowing: 'n: none can be lower' },
    ];
  },
  row(random, most) {
    const n = 1 + random.integer(most);
    const times = (symbol: string): string[] => new Array<string>(n).fill(symbol);
    return nextSymbols(['S', ...times('a'), ...times('b'), 'T']);
  },
};
