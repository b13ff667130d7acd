/** Which columns go in and which come out, by their names and by what is in them. */
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { didYouMean, listed } from '../suggest';
import type { Table } from '../tables/table';
import type { Inspected } from './inspect-column';
import type { Overrides } from './overrides';
import { datesOf, finerColumns } from './dates';

/** Names that others give to what goes in and what comes out, the likeliest first. */
const inputNames = [
  ...['text', 'sentence', 'sentence1', 'premise', 'question', 'source', 'src', 'input', 'inputs'],
  ...[
    'tokens',
    'words',
    'image',
    'x',
    'msgid',
    'document',
    'review',
    'content',
    'comment',
    'tweet',
  ],
  ...['message', 'prompt', 'query', 'sentence2', 'hypothesis', 'context', 'features'],
  ...['word', 'name', 'number'],
];
const outputNames = [
  ...[
    'label',
    'labels',
    'class',
    'target',
    'tgt',
    'output',
    'outputs',
    'ner',
    'upos',
    'tags',
    'tag',
  ],
  ...['pos', 'caption', 'y', 'msgstr', 'answer', 'category', 'categories', 'sentiment', 'intent'],
  ...['summary', 'completion', 'response', 'topic', 'genre'],
  ...['phonemes', 'gender', 'language', 'lang', 'translation'],
];
/** Of these an output is a category, whatever is in it. */
const categoryNames =
  /^(label|class|category|sentiment|intent|topic|genre|tag)(_?(id|name|idx))?$/i;
const numbering = /^(id|idx|index|uid|guid|no|nr|#|column 1|unnamed.*|.+_id)$/i;
const dating = /^(date|time|timestamp|datetime|ds|ts|year|quarter|month|week|day|period)$/i;
const partNaming = /^(split|part|set|subset|partition)$/i;
const groupNaming = /^group(_?id)?$/i;

/** Of an answer that is written out to a text, be it digits. */
export function isSpeltName(name: string): boolean {
  return /^(outputs?|target|tgt|answer|completion|response)$/i.test(name);
}

export function isCategoryName(name: string): boolean {
  return categoryNames.test(name);
}

export interface Roles {
  readonly inputs: readonly Inspected[];
  readonly outputs: readonly Inspected[];
  readonly date: Inspected | undefined;
  /** Columns of the month, day and hour where the date is in several. */
  readonly finer: readonly Inspected[];
  readonly part: Inspected | undefined;
  readonly group: Inspected | undefined;
  /** The rows are steps in time, of which the next are to be told. */
  readonly isSeries: boolean;
  readonly notes: readonly Sentence[];
}

/** Place of a name in a list: of the whole, or of its first or last word; -1: none. */
function placeIn(names: readonly string[], name: string): number {
  const lower = name.toLowerCase();
  const words = lower.split(/[\s_.-]+/);
  for (const candidate of [lower, words.at(-1)!, words[0]!]) {
    const place = names.indexOf(candidate);
    if (place >= 0) return place;
  }
  return -1;
}

/** @throws InputError for a column that is not there, or where nothing is left to learn from */
export function rolesOf(all: readonly Inspected[], table: Table, overrides: Overrides): Roles {
  const { rows, name: file } = table;
  const notes: Sentence[] = [];
  const named = (name: string): Inspected => columnNamed(all, name, table);
  const types = overrides.types ?? {};
  for (const name of Object.keys(types)) named(name);
  const asked = {
    inputs: overrides.input?.map(named),
    outputs: overrides.output?.map(named),
  };
  const part =
    overrides.part === undefined
      ? all.find(({ name, distinct }) => partNaming.test(name) && distinct <= 4)
      : named(overrides.part);
  const group =
    overrides.group === undefined
      ? all.find(({ name }) => groupNaming.test(name))
      : named(overrides.group);
  const isRead = (column: Inspected): boolean =>
    column !== part &&
    column !== group &&
    types[column.name] !== 'unused' &&
    (column.count > 0 || column.kind === 'image') &&
    !isNumbering(column, rows);
  const readable = all.filter(isRead);
  const date = overrides.date === undefined ? dateColumn(readable, asked) : named(overrides.date);

  const finer = finerColumns(
    date,
    all.filter((column) => column.isInteger && !isAskedFor(column, asked)),
  );
  const isOrdered =
    date !== undefined &&
    (finer.length === 0 ? isOnce(date, rows) : isRising(datesOf(table, date, finer)));

  const free = readable.filter((column) => column !== date && !finer.includes(column));

  const isSeries = seriesAsked(overrides) ?? isInTime(free, date, isOrdered, asked);
  const roles = isSeries ? seriesRoles(free, asked, notes) : tableRoles(free, asked, notes);
  if (roles.inputs.length === 0 || roles.outputs.length === 0) throw nothingToLearn(all, file);
  const used = new Set([...roles.inputs, ...roles.outputs, date, ...finer, part, group]);
  const unused = all.filter((column) => !used.has(column)).map(({ name }) => name);
  if (unused.length > 0) notes.push(sentence`Not used: ${unused.join(', ')}.`);
  return { ...roles, date, finer, part, group, isSeries, notes };
}

/** @throws InputError if there is none of this name, which may differ in case and spaces */
function columnNamed(
  all: readonly Inspected[],
  name: string,
  { name: file, format }: Table,
): Inspected {
  const plain = (text: string): string => text.trim().toLowerCase();
  const found =
    all.find((column) => column.name === name) ??
    all.find((column) => plain(column.name) === plain(name));
  if (found !== undefined) return found;
  const names = all.map((column) => column.name);
  const there = sentence`Its columns are ${listed(names)}.`;
  const near = didYouMean(name, names);
  throw new InputError(
    sentence`${file} has no column ${name}.`,
    near === undefined ? there : sentence`${near} ${there}`,
    // Where a header names them, that is where to look.
    format === 'csv' || format === 'tsv' ? { place: { file, line: 1 } } : {},
  );
}

function nothingToLearn(all: readonly Inspected[], file: string): InputError {
  const names = all.map(({ name }) => name);
  return new InputError(
    names.length === 1
      ? sentence`${file} has one column, ${names[0]!}: there is nothing to be told from it.`
      : sentence`${file} has no column that can be told from others.`,
    sentence`Say which columns go in and come out with --input and --output, or train on the file as plain text: --format text.`,
  );
}

interface Asked {
  readonly inputs: readonly Inspected[] | undefined;
  readonly outputs: readonly Inspected[] | undefined;
}

function isAskedFor(column: Inspected, { inputs, outputs }: Asked): boolean {
  return [...(inputs ?? []), ...(outputs ?? [])].includes(column);
}

function dateColumn(all: readonly Inspected[], asked: Asked): Inspected | undefined {
  const candidates = all.filter(
    (column) =>
      !isAskedFor(column, asked) &&
      placeIn(outputNames, column.name) < 0 &&
      placeIn(inputNames, column.name) < 0,
  );
  // Of two columns a date is what goes in or comes out, unless the other has numbers.
  if (all.length < 3 && !all.some(({ isNumber }) => isNumber)) return undefined;
  return (
    candidates.find(({ isDate }) => isDate) ??
    candidates.find(
      ({ name, isInteger, isAscending, kind }) =>
        kind === 'text' && dating.test(name) && isInteger && isAscending,
    )
  );
}

/** A column that only numbers the rows. */
function isNumbering(
  { name, isInteger, isAscending, distinct, count }: Inspected,
  rows: number,
): boolean {
  const isCounting = isInteger && isAscending && (distinct === count || distinct === Infinity);
  return numbering.test(name) && count === rows && (isCounting || distinct >= rows);
}

function seriesAsked({ series, shape }: Overrides): boolean | undefined {
  if (series !== undefined) return true;
  return shape === undefined || shape === 'many to many, synced' ? undefined : false;
}

/** Each row has a later date than the one before, but for a few. */
function isOnce({ isAscending, distinct }: Inspected, rows: number): boolean {
  return isAscending && (distinct === Infinity || distinct >= 0.9 * rows);
}

function isRising(dates: Float64Array): boolean {
  return dates.every((date, row) => row === 0 || date > dates[row - 1]!);
}

/** Numbers in the order of their dates, or one column of numbers and nothing else. */
function isInTime(
  free: readonly Inspected[],
  date: Inspected | undefined,
  isOrdered: boolean,
  asked: Asked,
): boolean {
  const numbers = free.filter(({ isNumber, kind }) => isNumber && kind === 'text');
  if (date === undefined) return free.length === 1 && numbers.length === 1;
  const others = asked.inputs ?? numbers;
  return isOrdered && numbers.length > 0 && others.every(({ isNumber }) => isNumber);
}

function seriesRoles(
  free: readonly Inspected[],
  { inputs, outputs }: Asked,
  notes: Sentence[],
): Pick<Roles, 'inputs' | 'outputs'> {
  const numbers = free.filter(({ isNumber, kind }) => isNumber && kind === 'text');
  const named = numbers.filter(({ name }) => placeIn(outputNames, name) >= 0);
  // A day of the week and the like are known ahead.
  const measured = numbers.filter(({ isInteger, distinct }) => !isInteger || distinct > 20);
  const [guess] = [...named, ...measured, ...numbers];
  const told = outputs ?? (guess === undefined ? [] : [guess]);
  if (outputs === undefined && numbers.length > 1 && guess !== undefined) {
    notes.push(
      sentence`Of ${numbers.length} columns of numbers ${guess.name} is forecast from all: --output NAME says another.`,
    );
  }
  return { inputs: inputs ?? numbers, outputs: told };
}

function tableRoles(
  free: readonly Inspected[],
  { inputs, outputs }: Asked,
  notes: Sentence[],
): Pick<Roles, 'inputs' | 'outputs'> {
  if (inputs !== undefined && outputs !== undefined) return { inputs, outputs };
  if (inputs !== undefined) {
    return {
      inputs,
      outputs: chosenOutputs(
        free.filter((column) => !inputs.includes(column)),
        notes,
      ),
    };
  }
  const named = free.filter(({ name }) => placeIn(outputNames, name) >= 0);
  // Where all have such a name it says nothing.
  const byName = named.length === free.length ? [] : named;
  const told = outputs ?? (byName.length > 0 ? chosenOutputs(byName, notes) : undefined);
  const rest = free.filter((column) => told?.includes(column) !== true && !byName.includes(column));
  const goingIn = rest.filter(({ name }) => placeIn(inputNames, name) >= 0);
  if (told !== undefined)
    return { inputs: chosenInputs(goingIn.length > 0 ? goingIn : rest), outputs: told };
  if (goingIn.length > 0 && goingIn.length < rest.length) {
    const others = rest.filter((column) => !goingIn.includes(column));
    return { inputs: chosenInputs(goingIn), outputs: chosenOutputs(others, notes) };
  }
  const [first, second] = rest;
  if (rest.length === 2 && first !== undefined && second !== undefined) {
    // A label before its text.
    const isReversed =
      first.distinct <= 100 && second.distinct > 4 * first.distinct && second.words > 2;
    const [source, target] = isReversed ? [second, first] : [first, second];
    notes.push(
      sentence`Nothing says which column is which: ${source.name} goes in, ${target.name} comes out. --input and --output say otherwise.`,
    );
    return { inputs: [source], outputs: [target] };
  }
  const last = rest.at(-1);
  if (last === undefined || rest.length < 2) return { inputs: [], outputs: [] };
  notes.push(
    sentence`Nothing says which column comes out: it is the last one, ${last.name}. --output NAME says another.`,
  );
  return { inputs: chosenInputs(rest.slice(0, -1)), outputs: [last] };
}

/** One column, unless all are numbers: the one whose name says it most clearly. */
function chosenOutputs(candidates: readonly Inspected[], notes: Sentence[]): readonly Inspected[] {
  const numbers = candidates.filter(({ isNumber, kind }) => isNumber && kind === 'text');
  if (candidates.length > 1 && numbers.length === candidates.length) return candidates;
  const places = candidates.map(({ name }) => placeIn(outputNames, name));
  const known = places.filter((place) => place >= 0);
  const best = known.length === 0 ? 0 : places.indexOf(Math.min(...known));
  const chosen = candidates[best];
  if (chosen === undefined) return [];
  if (candidates.length > 1) {
    const names = candidates.filter((column) => column !== chosen).map(({ name }) => name);
    const others = listed(names, 'or');
    notes.push(
      sentence`${chosen.name} comes out; ${others} could as well: --output NAME says which.`,
    );
  }
  return [chosen];
}

/** Pictures, lists or texts, if there are some; numbers and categories otherwise. */
function chosenInputs(candidates: readonly Inspected[]): readonly Inspected[] {
  const images = candidates.filter(({ kind }) => kind === 'image');
  if (images.length > 0) return images.slice(0, 1);
  const lists = candidates.filter(({ kind }) => kind === 'list');
  // Several numbers at each step.
  if (lists.length > 0 && lists.every(({ isNumber }) => isNumber)) return lists;
  if (lists.length > 0) return lists.slice(0, 1);
  const texts = candidates.filter(
    (column) => !column.isNumber && (column.words > 2 || column.distinct > 100),
  );
  // A name beside several numbers only says which row it is.
  const isName =
    texts.every(({ words }) => words <= 4) &&
    candidates.filter(({ isNumber }) => isNumber).length > 2;
  if (isName) return candidates.filter((column) => !texts.includes(column));
  return texts.length > 0 ? texts : candidates;
}
