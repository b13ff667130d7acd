/** Codecs for a table's channels: what they know is of the rows that are trained on. */
import { bpeTokenizer } from '../data/bpe';
import { byteTokenizer } from '../data/bytes';
import { characterTokenizer } from '../data/characters';
import type { TokenizerName } from '../data/kinds';
import { mergesOf } from '../data/read-bpe';
import type { Tokenizer } from '../data/tokenizer';
import { byFrequency, wordTokenizer } from '../data/words';
import type { Table } from '../tables/table';
import { parseNumber, isMissing } from './cells';
import { createCodec, labelSeparator, textOf, type Cell, type Codec } from './codecs';
import type { Field } from './codec-data';
import { countSymbols, type SymbolCounts } from './symbol-counts';
import { cellAt, examplesOf } from './table-cells';
import { charactersIn, isSpace, symbolsIn } from './text-symbols';
import { classesOfUnknown } from './unknown-symbols';
import type { Understanding, UsedColumn } from './understanding';

export interface CodecRequest {
  readonly table: Table;
  readonly understanding: Understanding;
  /** Rows that are trained on. */
  readonly training: Uint32Array;
  /** All rows that are used: an answer that is only tested with has a name too. */
  readonly all: Uint32Array;
}

export function inputCodec(request: CodecRequest): Codec {
  const { understanding, training } = request;
  const { inputs, image, longest, alignment } = understanding;
  const [first] = inputs;
  switch (first!.type) {
    case 'image':
      return createCodec({
        kind: 'image',
        column: first!.name,
        ...image!,
        ...pixelStatistics(request, first!),
      });
    case 'text': {
      const spaces = alignment === 'synced' || understanding.tokenizers[first!.name] !== 'word';
      const tokenizer = textTokenizer(request, inputs, training, { spaces, rare: false });
      return textCodec(inputs, tokenizer, spaces, longest);
    }
    case 'sequence':
      return openSequence(request, first!);
    case 'category':
      if (inputs.length > 1) return rowCodec(request, inputs, true);
      return createCodec({
        kind: 'category',
        column: first!.name,
        names: namesOf(request, first!, request.all),
      });
    default:
      return rowCodec(request, inputs, true);
  }
}

export function outputCodec(request: CodecRequest): Codec {
  const { outputs, longest } = request.understanding;
  const [first] = outputs;
  const column = first!.name;
  switch (first!.type) {
    case 'category':
      return createCodec({
        kind: 'category',
        column,
        names: namesOf(request, first!, request.all),
      });
    case 'labels':
      return createCodec({
        kind: 'labels',
        columns: [column],
        names: namesOf(request, first!, request.all),
      });
    case 'sequence':
      return createCodec({
        ...{ kind: 'sequence', column, unknown: 0, longest },
        names: namesOf(request, first!, request.all),
      });
    case 'text': {
      const tokenizer = textTokenizer(request, outputs, request.all, { spaces: true, rare: true });
      return textCodec(outputs, tokenizer, true, longest);
    }
    default:
      return rowCodec(request, outputs, false);
  }
}

function textCodec(
  columns: readonly UsedColumn[],
  tokenizer: Tokenizer,
  spaces: boolean,
  longest: number,
): Codec {
  const { kind, ...data } = tokenizer.toJSON();
  return createCodec({
    kind: 'text',
    columns: columns.map(({ name }) => name),
    tokenizer: { kind, ...data },
    spaces,
    longest,
  });
}

/** Different words that are counted at once. */
const mostCounted = 500_000;

/** Words that occur once stand for those that never do, unless too much of the text would go. */
const mostUnknown = 0.2;

function textTokenizer(
  { table, understanding }: CodecRequest,
  columns: readonly UsedColumn[],
  rows: Uint32Array,
  { spaces, rare }: { spaces: boolean; rare: boolean },
): Tokenizer {
  const kind: TokenizerName = understanding.tokenizers[columns[0]!.name] ?? 'char';
  if (kind === 'byte') return byteTokenizer();
  const texts = textsOf(examplesOf(table, columns, rows));
  if (kind === 'char') return characterTokenizer(charactersIn(texts));
  const { vocabulary } = understanding;
  const counted = countSymbols(Math.max(mostCounted, 4 * vocabulary));
  for (const text of texts) {
    for (const symbol of symbolsIn(text, kind)) {
      if (kind === 'bpe' || spaces || !isSpace(symbol)) counted.add(symbol);
    }
  }
  if (kind === 'bpe') return bpeTokenizer(mergesOf(counted.counts, vocabulary));
  const kept = [...counted.counts].sort(byFrequency).slice(0, vocabulary - 1);
  const words = rare ? kept : withoutRare(kept, counted);
  return wordTokenizer(words.map(([word]) => word));
}

function* textsOf(examples: Iterable<readonly Cell[]>): Generator<string> {
  for (const cells of examples) yield cells.map(textOf).join('\n');
}

function withoutRare(
  kept: readonly (readonly [string, number])[],
  { counts, dropped }: SymbolCounts,
): readonly (readonly [string, number])[] {
  let [once, all] = [dropped.symbols, dropped.times];
  for (const times of counts.values()) {
    all += times;
    if (times === 1) once++;
  }
  return once <= mostUnknown * all ? kept.filter(([, times]) => times > 1) : kept;
}

/** So many different symbols are a vocabulary that is never complete. */
const manySymbols = 1000;

function openSequence(
  { table, understanding, training, all }: CodecRequest,
  column: UsedColumn,
): Codec {
  const counted = countSymbols(Math.max(mostCounted, 4 * understanding.vocabulary));
  for (const [cell] of examplesOf(table, [column], training)) {
    for (const symbol of cell as readonly string[]) counted.add(symbol);
  }
  const { counts } = counted;
  const base = { kind: 'sequence', column: column.name, longest: understanding.longest } as const;
  if (counts.size + counted.dropped.symbols < manySymbols) {
    const names = namesOf({ table, understanding, training, all }, column, training);
    return createCodec({ ...base, names: [...classesOfUnknown([]), ...names], unknown: 1 });
  }
  const sorted = [...counts].sort(byFrequency).slice(0, understanding.vocabulary);
  const kept = withoutRare(sorted, counted);
  const known = new Set(kept.map(([word]) => word));
  const classes = classesOfUnknown([...counts].filter(([word]) => !known.has(word)));
  return createCodec({ ...base, names: [...classes, ...known], unknown: classes.length });
}

const collator = new Intl.Collator('en', { numeric: true });

/** The different names of a column in their order, numbers by their size. */
function namesOf({ table }: CodecRequest, column: UsedColumn, rows: Uint32Array): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    const cell = cellAt(table, column, row);
    if (typeof cell !== 'string') {
      for (const name of cell as readonly string[]) names.add(name);
    } else if (column.type === 'labels') {
      for (const name of cell.split(labelSeparator)) names.add(name);
    } else {
      names.add(cell);
    }
  }
  names.delete('');
  return [...names].sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1));
}

/** Of a series, which is never cut. */
export const anyLength = 2 ** 31 - 1;

function rowCodec(request: CodecRequest, columns: readonly UsedColumn[], flags: boolean): Codec {
  const { understanding } = request;
  return createCodec({
    kind: 'row',
    fields: columns.map((column) => fieldOf(request, column, flags)),
    inTime: understanding.series !== undefined || columns[0]!.type === 'numbers',
    longest: understanding.series === undefined ? understanding.longest : anyLength,
  });
}

function fieldOf(request: CodecRequest, column: UsedColumn, flags: boolean): Field {
  const { name, type, comma } = column;
  if (type === 'category')
    return { kind: 'category', name, names: namesOf(request, column, request.training) };
  const statistics = createStatistics();
  for (const [cell] of examplesOf(request.table, [column], request.training)) {
    for (const value of numbersIn(cell!, comma)) if (!Number.isNaN(value)) statistics.add(value);
  }
  const isAnyMissing = (): boolean => {
    for (const [cell] of examplesOf(request.table, [column], request.all)) {
      if (numbersIn(cell!, comma).some(Number.isNaN)) return true;
    }
    return false;
  };
  return { kind: 'number', name, comma, ...statistics.finish(), flag: flags && isAnyMissing() };
}

function numbersIn(cell: Cell, comma: UsedColumn['comma']): number[] {
  const texts = typeof cell === 'string' ? [cell] : (cell as readonly string[]);
  return texts.map((text) => (isMissing(text) ? NaN : parseNumber(text, comma)));
}

/** Mean and deviation, one value after the other (Welford 1962). */
export function createStatistics(): {
  add(value: number): void;
  finish(): { mean: number; deviation: number };
} {
  let [count, mean, squares] = [0, 0, 0];
  return {
    add(value) {
      count++;
      const before = value - mean;
      mean += before / count;
      squares += before * (value - mean);
    },
    finish() {
      const deviation = Math.sqrt(squares / Math.max(1, count));
      // What never changes is left as it is.
      return { mean, deviation: deviation > 0 && Number.isFinite(deviation) ? deviation : 1 };
    },
  };
}

function pixelStatistics(
  { table, training }: CodecRequest,
  { index }: UsedColumn,
): { mean: number; deviation: number } {
  const column = table.columns[index]!;
  if (column.kind !== 'image') return { mean: 0, deviation: 1 };
  const size = column.width * column.height * column.channels;
  const counts = new Float64Array(256);
  for (const row of training) {
    for (let i = row * size; i < (row + 1) * size; i++) counts[column.pixels[i]!]!++;
  }
  const all = counts.reduce((sum, times) => sum + times, 0);
  const mean = counts.reduce((sum, times, value) => sum + times * value, 0) / all;
  const variance = counts.reduce((sum, times, value) => sum + times * (value - mean) ** 2, 0) / all;
  return { mean: mean / 255, deviation: Math.sqrt(variance) / 255 || 1 };
}
