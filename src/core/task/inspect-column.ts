/** What a column has in it, counted: what its type is guessed from. */
import type { Column, Texts } from '../tables/table';
import { isMissing, parseDate, parseNumber, type Comma, type DateOrder } from './cells';

export interface Inspected {
  readonly name: string;
  readonly index: number;
  readonly kind: Column['kind'];
  /** Cells, of a list its elements, that are not missing. */
  readonly count: number;
  readonly missing: number;
  /** Different ones; Infinity: too many to be categories. */
  readonly distinct: number;
  /** All but at most one in a hundred are numbers. */
  readonly isNumber: boolean;
  readonly isInteger: boolean;
  readonly comma: Comma;
  /** First cell that is no number in a column of numbers. */
  readonly notNumber: { readonly row: number; readonly cell: string } | undefined;
  readonly isDate: boolean;
  readonly order: DateOrder;
  /** Each row's number or date is at least that of the row before. */
  readonly isAscending: boolean;
  /** Words separated by spaces: their mean number in a cell, and how many different ones there are. */
  readonly words: number;
  readonly vocabulary: number;
  /** Of the words of the later half of the cells, the share that the earlier half does not have. */
  readonly unseen: number;
  /** Mean number of characters of a word. */
  readonly wordLength: number;
  /** Least number of words of a cell. */
  readonly fewestWords: number;
}

/** More different cells than this are not counted. */
const mostDistinct = 20_000;
/** So many cells tell what words there are. */
const lookedAt = 50_000;
/** More different words than this are not counted. */
const mostWords = 200_000;

export function inspectColumn(column: Column, index: number): Inspected {
  const base = { name: column.name, index, kind: column.kind };
  if (column.kind === 'image') return { ...base, ...nothing };
  const { texts } = column;
  const seen = new Set<string>();
  const words = new Set<string>();
  const halfway = filledOf(texts, lookedAt) / 2;
  let [count, missing, unfilled, numbers, thousands, decimals, dates] = [0, 0, 0, 0, 0, 0, 0];
  let [wordCount, wordCharacters, looked, fewestWords] = [0, 0, 0, Infinity];
  let [later, unseen] = [0, 0];
  let [isInteger, isAscending, isDayFirst] = [true, true, false];
  let [last, lastDate] = [-Infinity, -Infinity];
  let notNumber: Inspected['notNumber'];
  for (let row = 0; row < texts.length; row++) {
    const cell = texts.at(row);
    if (cell === '') {
      missing++;
      continue;
    }
    count++;
    if (seen.size <= mostDistinct) seen.add(cell.length < 400 ? cell : String(row));
    if (isMissing(cell)) {
      unfilled++;
      continue;
    }
    const plain = parseNumber(cell);
    const value = Number.isNaN(plain) ? parseNumber(cell, 'decimal') : plain;
    if (Number.isNaN(value)) {
      notNumber ??= { row, cell };
    } else {
      numbers++;
      if (cell.includes(',')) {
        if (Number.isNaN(plain) || !Number.isNaN(parseNumber(cell, 'decimal'))) decimals++;
        if (!Number.isNaN(plain)) thousands++;
      }
      isInteger &&= Number.isInteger(value);
      isAscending &&= value >= last;
      last = value;
    }
    if (Number.isNaN(value) && dates + 10 >= row - missing - unfilled) {
      const date = parseDate(cell);
      const dayFirst = Number.isNaN(date) ? parseDate(cell, 'day first') : date;
      if (!Number.isNaN(dayFirst)) {
        dates++;
        isDayFirst ||= Number.isNaN(date);
        isAscending &&= dayFirst >= lastDate;
        lastDate = dayFirst;
      }
    }
    if (looked < lookedAt) {
      looked++;
      const parts = cell.split(/\s+/);
      wordCount += parts.length;
      fewestWords = Math.min(fewestWords, parts.length);
      for (const word of parts) {
        wordCharacters += word.length;
        if (looked > halfway) {
          later++;
          if (!words.has(word)) unseen++;
        }
        if (words.size <= mostWords) words.add(word);
      }
    }
  }
  const filled = count - unfilled;
  const isNumber = filled > 0 && numbers >= 0.99 * filled;
  return {
    ...base,
    count: isNumber ? filled : count,
    missing: isNumber ? missing + unfilled : missing,
    distinct: seen.size > mostDistinct ? Infinity : seen.size,
    isNumber,
    isInteger: isNumber && isInteger,
    // A comma before three digits may be either; where others can be decimal alone, so is it.
    comma: decimals > thousands ? 'decimal' : 'thousands',
    notNumber: isNumber ? notNumber : undefined,
    isDate: filled > 0 && dates === filled,
    order: isDayFirst ? 'day first' : 'month first',
    isAscending,
    words: wordCount / Math.max(1, looked),
    vocabulary: words.size > mostWords ? Infinity : words.size,
    unseen: unseen / Math.max(1, later),
    wordLength: wordCharacters / Math.max(1, wordCount),
    fewestWords,
  };
}

/** How many cells are not empty, up to a number. */
function filledOf(texts: Texts, most: number): number {
  let filled = 0;
  for (let row = 0; row < texts.length && filled < most; row++) if (texts.at(row) !== '') filled++;
  return filled;
}

const nothing: Omit<Inspected, 'name' | 'index' | 'kind'> = {
  ...{ count: 0, missing: 0, distinct: 0, isNumber: false, isInteger: false, comma: 'thousands' },
  ...{ notNumber: undefined, isDate: false, order: 'month first', isAscending: false },
  ...{ words: 0, vocabulary: 0, unseen: 0, wordLength: 0, fewestWords: 0 },
};
