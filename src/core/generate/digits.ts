/** Numbers as sequences of digits, and as words. */
import type { Random } from '../random/random';
import { symbols, type GeneratedTask } from './task';

/** Up to so many digits, each length as likely as the others. */
function numberUpTo(random: Random, digits: number): number {
  const count = 1 + random.integer(digits);
  return random.integer(10 ** count);
}

export const addition: GeneratedTask = {
  summary: 'add two whole numbers, digit by digit',
  source: 'Zaremba & Sutskever 2014; Keras’s addition_rnn',
  format: 'csv',
  // The group is the question, so that sums which are asked for may be learnt from other numbers.
  columns: ['source', 'target', 'group'],
  rows: 45_000,
  // As Keras has it: 3 + 45 is not asked again as 45 + 3.
  key: ({ cells: [, , group] }) => String(group),
  length: { meaning: 'digits of a number, at most', standard: 3, least: 1, most: 9 },
  floors: (digits) => [
    // About a tenth of all pairs of numbers of one digit have the commonest sum; of longer ones far fewer.
    {
      metric: 'exactMatch',
      value: digits === 1 ? 0.1 : 0.01,
      knowing: 'the commonest sum, at most',
    },
  ],
  row(random, digits) {
    const [a, b] = [numberUpTo(random, digits), numberUpTo(random, digits)];
    const [less, more] = [Math.min(a, b), Math.max(a, b)];
    const group = `${String(less)}+${String(more)}`;
    return { cells: [symbols(`${String(a)}+${String(b)}`), symbols(String(a + b)), group] };
  },
};

const small = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen'
).split(' ');
const tens = '– – twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const powers = [
  [1e6, 'million'],
  [1e3, 'thousand'],
  [100, 'hundred'],
] as const;

/** American, without “and”: `one hundred twenty-three`. @param n whole, from 0 to 999,999,999 */
export function inWords(n: number): string {
  for (const [power, name] of powers) {
    if (n < power) continue;
    const rest = n % power;
    return `${inWords(Math.floor(n / power))} ${name}${rest === 0 ? '' : ` ${inWords(rest)}`}`;
  }
  if (n < 20) return small[n]!;
  const unit = n % 10;
  return `${tens[Math.floor(n / 10)]!}${unit === 0 ? '' : `-${small[unit]!}`}`;
}

export const numberWords: GeneratedTask = {
  summary: 'write a number in English words',
  source: 'Sproat & Jaitly 2016 (text normalisation), without context',
  format: 'csv',
  columns: ['source', 'target'],
  rows: 20_000,
  key: ({ cells: [digits] }) => String(digits),
  length: { meaning: 'digits, at most', standard: 6, least: 1, most: 9 },
  floors: () => [
    { metric: 'exactMatch', value: 0, knowing: 'other numbers: no answer comes twice' },
  ],
  row(random, digits) {
    const n = numberUpTo(random, digits);
    return { cells: [symbols(String(n)), inWords(n)] };
  },
};
