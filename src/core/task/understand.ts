/** From a table to a task: types, shape, split and the rest, each as it is guessed unless a user says otherwise. */
import { InputError, type DataPlace } from '../input-error';
import type { ModelShape } from '../model-shapes';
import { sentence, type Sentence } from '../sentence';
import type { Table } from '../tables/table';
import { shapeText } from './describe';
import { inspectColumn, type Inspected } from './inspect-column';
import type { Overrides } from './overrides';
import { rolesOf, type Roles } from './roles';
import { isSequence, typedColumns, used } from './column-types';
import { seriesPlan } from './series-plan';
import { rowsApart, lengthAt } from './table-cells';
import type { Alignment } from './dataset';
import type { ColumnType, ImagePlan, SplitPlan, Understanding, UsedColumn } from './understanding';

const defaultShare = 0.1;
const defaultLongest = 512;
const defaultVocabulary = 8000;
/**
 * @throws InputError for an override that the table cannot have: a column that is not there, sequences that should
 * align and do not
 */
export function understand(table: Table, overrides: Overrides = {}): Understanding {
  const inspected = table.columns.map(inspectColumn);
  const roles = rolesOf(inspected, table, overrides);
  const notes = [...table.notes, ...roles.notes];
  const { inputs, outputs } = typedColumns(table, roles, overrides, notes);
  const image = imagePlan(table, inputs, overrides);
  const hasSource = roles.isSeries || image?.rows === 'time' || isSequence(inputs[0]!);
  const hasAnswer = roles.isSeries || isSequence(outputs[0]!);
  const aligned =
    hasSource && hasAnswer
      ? alignedInput(table, inputs, outputs, roles, overrides, notes)
      : undefined;
  const alignment: Alignment = !hasAnswer ? 'one' : aligned === undefined ? 'delayed' : 'synced';
  const shape: ModelShape = !hasAnswer
    ? hasSource
      ? 'many to one'
      : 'one to one'
    : !hasSource
      ? 'one to many'
      : alignment === 'synced'
        ? 'many to many, synced'
        : 'many to many, delayed';
  if (overrides.shape !== undefined && overrides.shape !== shape) {
    throw wrongShape(table.name, overrides.shape, shape);
  }
  for (const { name, notNumber } of [...roles.inputs, ...roles.outputs]) {
    if (notNumber === undefined) continue;
    const line = lineOf(table, notNumber.row);
    notes.push(
      sentence`${name} has values that are no numbers and count as missing; the first is ${JSON.stringify(notNumber.cell)}${line}.`,
    );
  }
  return {
    name: table.name,
    format: table.format,
    rows: table.rows,
    inputs: aligned ?? inputs,
    outputs,
    shape,
    alignment,
    response: responseOf(outputs),
    split: splitPlan(roles, outputs, overrides, notes),
    series: roles.isSeries
      ? seriesPlan(table, roles, inputs, outputs, overrides, notes)
      : undefined,
    image,
    longest: overrides.longest ?? defaultLongest,
    tokenizers: tokenizersOf([...(aligned ?? inputs), ...outputs], roles, alignment, overrides),
    vocabulary: overrides.vocabulary ?? defaultVocabulary,
    classes: classesOf(outputs, roles.outputs),
    notes,
  };
}

/** ` (line 17)`, or nothing. */
function lineOf({ lines }: Table, row: number): Sentence | string {
  const line = lines?.[row];
  return line === undefined ? '' : sentence` (line ${line})`;
}

/** Of an error in a row. */
function placeOf({ name, lines }: Table, row: number): { readonly place?: DataPlace } {
  const line = lines?.[row];
  return line === undefined ? {} : { place: { file: name, line } };
}

function responseOf(outputs: readonly UsedColumn[]): Understanding['response'] {
  switch (outputs[0]!.type) {
    case 'labels':
      return 'sigmoid';
    case 'number':
    case 'numbers':
      return 'none';
    default:
      return 'softmax';
  }
}

function classesOf(
  outputs: readonly UsedColumn[],
  inspected: readonly Inspected[],
): number | undefined {
  const [{ type }, [column]] = [outputs[0]!, inspected];
  return type === 'category' && Number.isFinite(column!.distinct) ? column!.distinct : undefined;
}

function imagePlan(
  { columns }: Table,
  inputs: readonly UsedColumn[],
  { image = {} }: Overrides,
): ImagePlan | undefined {
  const column = inputs[0]?.type === 'image' ? columns[inputs[0].index] : undefined;
  if (column?.kind !== 'image') return undefined;
  const { width, height, channels } = column;
  return { width, height, channels, rows: image.rows ?? 'vector' };
}

/** Where no more rows than this share have another number of answers, that may be a mistake. */
const mostApart = 0.1;

/**
 * The inputs, if each example has as many symbols in as out: of a text either characters or words.
 * @throws InputError if they should and do not
 */
function alignedInput(
  table: Table,
  inputs: readonly UsedColumn[],
  outputs: readonly UsedColumn[],
  { isSeries }: Roles,
  { shape }: Overrides,
  notes: Sentence[],
): readonly UsedColumn[] | undefined {
  if (isSeries) return inputs;
  const isAsked = shape === 'many to many, synced';
  const [input, output] = [inputs[0]!, outputs[0]!];
  // Two texts may be of the same length and yet one has to be read before the other can be written.
  if (inputs.length > 1 || shape === 'many to many, delayed') return undefined;
  if (output.type === 'text' && !isAsked) return undefined;
  const types: readonly ColumnType[] =
    input.type === 'text' && output.type === 'sequence' ? ['text', 'sequence'] : [input.type];
  let nearest = { count: Infinity, first: 0 };
  for (const type of types) {
    const candidate = { ...input, type };
    const apart = rowsApart(table, candidate, output);
    if (apart.count === 0) return [candidate];
    if (apart.count < nearest.count) nearest = apart;
  }
  const { count, first: apart } = nearest;
  if (!isAsked && (output.type !== 'sequence' || count > mostApart * table.rows)) return undefined;
  const place =
    table.lines === undefined ? sentence`row ${apart + 1}` : sentence`line ${table.lines[apart]!}`;
  if (!isAsked) {
    notes.push(
      sentence`Rows where ${input.name} and ${output.name} have as many symbols: ${table.rows - count} of ${table.rows}; the first where they have not is ${place}. If each symbol should have its answer, correct these rows; as it is, answers have lengths of their own.`,
    );
    return undefined;
  }
  throw new InputError(
    sentence`${table.name}, ${place}: ${input.name} has ${lengthAt(table, input, apart)} symbols and ${output.name} ${lengthAt(table, output, apart)}, where each needs its answer.`,
    sentence`Correct the row, or leave out --shape for answers of a length of their own.`,
    placeOf(table, apart),
  );
}

function wrongShape(name: string, asked: ModelShape, found: ModelShape): InputError {
  return new InputError(
    sentence`${name} is ${shapeText(found)} as its columns are understood, not ${shapeText(asked)}.`,
    sentence`Say with --input and --output what goes in and comes out, or leave out --shape.`,
  );
}

function splitPlan(
  { date, finer, part, group, isSeries }: Roles,
  outputs: readonly UsedColumn[],
  overrides: Overrides,
  notes: Sentence[],
): SplitPlan {
  const { validation = defaultShare, test = defaultShare } = overrides;
  if (validation + test >= 1) {
    throw new InputError(
      sentence`Validation and test take ${validation} and ${test} of the rows: nothing is left to train on.`,
      sentence`Give shares whose sum is below 1.`,
    );
  }
  const guessed = isSeries
    ? 'chronological'
    : part !== undefined
      ? 'given'
      : date !== undefined
        ? 'chronological'
        : outputs[0]!.type === 'category'
          ? 'stratified'
          : 'random';
  const kind = overrides.split ?? guessed;
  if (kind === 'given' && part === undefined) {
    throw new InputError(
      sentence`There is no column that says which part a row is in.`,
      sentence`Name it as "part" in the file’s .rnn.json, or leave out "split": "given".`,
    );
  }
  if (kind === 'chronological' && !isSeries && overrides.split === undefined) {
    notes.push(sentence`The rows are split by ${date!.name}: the last ones are held out.`);
  }
  const by = kind === 'given' ? part : kind === 'chronological' ? date : undefined;
  return {
    kind,
    validation,
    test,
    by: by && used(by, kind === 'given' ? 'category' : 'date'),
    finer: kind === 'chronological' ? finer.map((column) => used(column, 'number')) : [],
    group: group && used(group, 'category'),
  };
}

/** As many words as this in the mean text, and it is read word by word where one answer is wanted… */
const manyWords = 4;
/** … unless most of what would be learnt of words is of no use: of new rows so large a share would not be known. */
const mostUnseen = 0.3;
/** Of fewer words than this, nothing can be said of what is not known. */
const someWords = 1000;

function tokenizersOf(
  columns: readonly UsedColumn[],
  { inputs }: Roles,
  alignment: Alignment,
  { tokenizer, tokenizers = {} }: Overrides,
): Understanding['tokenizers'] {
  const isWordy = inputs.some(
    ({ words, vocabulary, unseen }) =>
      words >= manyWords && (unseen <= mostUnseen || vocabulary < someWords),
  );
  const guessed = alignment === 'one' && isWordy ? 'word' : 'char';
  return Object.fromEntries(
    columns.flatMap(({ name, type }) =>
      type === 'text'
        ? [[name, tokenizers[name] ?? (alignment === 'synced' ? 'char' : (tokenizer ?? guessed))]]
        : [],
    ),
  );
}
