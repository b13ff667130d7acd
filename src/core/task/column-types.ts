/** What type each column is of that goes in or comes out. */
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import type { Column, Table } from '../tables/table';
import { labelSeparator } from './codecs';
import type { Inspected } from './inspect-column';
import type { Overrides } from './overrides';
import { isCategoryName, isSpeltName, type Roles } from './roles';
import { rowsApart } from './table-cells';
import type { ColumnType, UsedColumn } from './understanding';

/** An output of no more different values than this is a category. */
const fewClasses = 100;
/** Whole numbers of no more different values than this are categories. */
const fewNumbers = 20;

/** @throws InputError for columns that make no channel together */
export function typedColumns(
  table: Table,
  roles: Roles,
  overrides: Overrides,
  notes: Sentence[],
): { readonly inputs: readonly UsedColumn[]; readonly outputs: readonly UsedColumn[] } {
  const guessed = roles.inputs.map((column) =>
    used(column, inputType(column, roles, table, overrides)),
  );
  const outputs = roles.outputs.map((column) =>
    used(column, outputType(column, guessed, roles, table, overrides, notes)),
  );
  const [first] = guessed;
  // A number that is put into words is read digit by digit.
  const isRead = guessed.length === 1 && first?.type === 'number' && isSequence(outputs[0]!);
  const isAsked = overrides.types?.[first?.name ?? ''] !== undefined;
  const inputs = isRead && !isAsked ? [{ ...first, type: 'text' as const }] : guessed;
  checkTogether(inputs, outputs);
  return { inputs, outputs };
}

export function used(column: Inspected, type: ColumnType): UsedColumn {
  const { name, index, comma, order } = column;
  return { name, index, type, comma, order };
}

export function isSequence({ type }: UsedColumn): boolean {
  return type === 'text' || type === 'sequence' || type === 'numbers';
}

function inputType(
  column: Inspected,
  { inputs, isSeries }: Roles,
  { rows }: Table,
  { types = {} }: Overrides,
): ColumnType {
  const asked = types[column.name];
  if (asked !== undefined) return asked;
  if (column.kind === 'image') return 'image';
  if (column.kind === 'list') return column.isNumber ? 'numbers' : 'sequence';
  if (column.isNumber) return 'number';
  const hasNumbers = isSeries || inputs.some(({ isNumber, kind }) => isNumber && kind === 'text');
  if (hasNumbers && column.words <= 3 && column.distinct <= Math.max(fewClasses, rows / 20))
    return 'category';
  return isSymbols(column) ? 'sequence' : 'text';
}

function outputType(
  column: Inspected,
  inputs: readonly UsedColumn[],
  { outputs, isSeries }: Roles,
  table: Table,
  { types = {} }: Overrides,
  notes: Sentence[],
): ColumnType {
  const asked = types[column.name];
  if (asked !== undefined) return asked;
  if (column.kind === 'image') throw imageComesOut(column.name);
  if (column.kind === 'list') {
    // A list beside a list is a tag a token, or an answer; beside a text it is labels.
    return inputs[0]?.type === 'sequence' || inputs[0]?.type === 'numbers' ? 'sequence' : 'labels';
  }
  if (column.isNumber && inputs[0]?.type === 'text' && isSpeltName(column.name)) return 'text';
  if (column.isNumber) {
    const isFew = column.isInteger && column.distinct <= fewNumbers && outputs.length === 1;
    if (isSeries || (!isCategoryName(column.name) && !isFew) || !column.isInteger) return 'number';
    if (!isCategoryName(column.name) && column.distinct > 2) {
      notes.push(
        sentence`${column.name} has ${column.distinct} different whole numbers and is taken for a category: "types": {"${column.name}": "number"} in the file’s .rnn.json forecasts numbers.`,
      );
    }
    return 'category';
  }
  if (isLabelList(table.columns[column.index]!, column)) return 'labels';
  // A symbol for each that goes in, however few such sequences there are.
  const asSequence = { index: column.index, type: 'sequence' } as const;
  const isTags = inputs[0]?.type === 'sequence' && isSymbols(column);
  if (isTags && rowsApart(table, inputs[0]!, asSequence).count === 0) return 'sequence';
  const isFew = column.distinct <= Math.min(fewClasses, table.rows / 5);
  if (isFew || (isCategoryName(column.name) && column.distinct <= Math.max(2, table.rows / 2)))
    return 'category';
  return isSymbols(column) ? 'sequence' : 'text';
}

function imageComesOut(name: string): InputError {
  return new InputError(
    sentence`${name} is a picture, and no model here draws one.`,
    sentence`Say with --output which column comes out.`,
  );
}

/** Symbols with spaces between, of which there are few: tags, phonemes, words of a small language. */
function isSymbols({ words, vocabulary, wordLength, fewestWords, count }: Inspected): boolean {
  return (
    words >= 2 &&
    fewestWords >= 1 &&
    vocabulary <= 200 &&
    wordLength <= 12 &&
    words * count >= 20 * vocabulary
  );
}

/** Cells of which some have several of few labels. */
function isLabelList(column: Column, { name, distinct, count }: Inspected): boolean {
  if (
    column.kind !== 'text' ||
    !(isCategoryName(name) || /^(labels|tags|categories|genres?)$/i.test(name))
  )
    return false;
  const labels = new Set<string>();
  let [several, total] = [0, 0];
  for (let row = 0; row < Math.min(column.texts.length, 10_000); row++) {
    const parts = column.texts.at(row).split(labelSeparator);
    if (parts.length > 1) several++;
    for (const part of parts) labels.add(part);
    total += parts.length;
  }
  return several >= 0.02 * count && labels.size < distinct && labels.size <= total / 3;
}

/** @throws InputError for columns that make no channel together */
function checkTogether(inputs: readonly UsedColumn[], outputs: readonly UsedColumn[]): void {
  for (const columns of [inputs, outputs]) {
    const [first, second] = columns;
    if (first === undefined || second === undefined) continue;
    const isRow = columns.every(
      ({ type }) => type === 'number' || (type === 'category' && columns === inputs),
    );
    const all = (wanted: ColumnType): boolean =>
      columns === inputs && columns.every(({ type }) => type === wanted);
    if (isRow || all('text') || all('numbers')) continue;
    const odd = columns.find(({ type }) => type !== first.type) ?? second;
    throw new InputError(
      sentence`${first.name} (${first.type}) and ${odd.name} (${odd.type}) cannot be used together.`,
      columns === inputs
        ? sentence`Give numbers and categories, or texts, with --input.`
        : sentence`Give one column, or several of numbers, with --output.`,
    );
  }
}
