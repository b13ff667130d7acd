/** Data files as examples: found, understood, made ids and numbers. */
import type { Globs } from '../core/data/globs';
import { decodeText } from '../core/data/text';
import { responseOf, shapeOfModel } from '../core/equations/model-shape';
import type { Cell } from '../core/equations/syntax';
import { InputError } from '../core/input-error';
import { sentence, type Sentence } from '../core/sentence';
import type { Settings } from '../core/settings/settings';
import { splitKinds } from '../core/tables/kinds';
import { recognise } from '../core/tables/recognise';
import type { Table } from '../core/tables/table';
import type { Dataset } from '../core/task/dataset';
import { describe, shapeText } from '../core/task/describe';
import type { TaskDescription } from '../core/task/description';
import { encode } from '../core/task/encode';
import { encodeAs } from '../core/task/encode-as';
import type { Encoded } from '../core/task/encoded';
import { composeModel, type Shape } from '../core/task/model-text';
import {
  checkOverrides,
  decodeOverrides,
  encodeOverrides,
  mergedOverrides,
  overridesSuffix,
  type Overrides,
} from '../core/task/overrides';
import { understand } from '../core/task/understand';
import type { Understanding } from '../core/task/understanding';
import type { ExampleData } from '../core/training/example-task';
import type { Hash } from '../core/training/hash';
import type { SettingValues, TextSource } from '../protocol/engine';
import type { Files } from './platform';
import { readAnyModel } from './sources';

/** Bytes of `FILE.rnn.json`. */
const overridesLimit = 2 ** 20;

/** A file that is a table, and what is understood of it. */
export interface NamedTable {
  readonly name: string;
  /** Where it was read; null if it was given. */
  readonly path: string | null;
  readonly table: Table;
  readonly understanding: Understanding;
}

/** A table's examples. */
export interface NamedExamples extends NamedTable {
  readonly data: ExampleData;
  readonly encoded: Encoded;
  /** What was understood, in one line. */
  readonly line: Sentence;
}

/** What a client says of a file: settings that are set, and further overrides. */
export interface Given {
  readonly settings: SettingValues;
  readonly overrides?: unknown;
  /** The overrides hold in place of those beside the file. */
  readonly areAll?: boolean;
}

/**
 * @returns undefined for plain text
 * @throws InputError if it cannot be read as it should be
 */
export async function openTable(
  files: Files,
  source: TextSource,
  given: Given,
): Promise<NamedTable | undefined> {
  const { all: overrides } = await overridesFor(files, source, given);
  const named = await readTable(files, source, overrides);
  return named && { ...named, understanding: understand(named.table, overrides) };
}

/** The same table with another file's rows, as a run understood it. */
export async function openTableAs(
  files: Files,
  source: TextSource,
  understanding: Understanding,
): Promise<NamedTable> {
  const named = await readTable(files, source, understanding);
  if (named === undefined) throw new Error('A format that is asked for is found.');
  return { ...named, understanding };
}

async function readTable(
  files: Files,
  source: TextSource,
  { format, image }: Pick<Overrides, 'format' | 'image'>,
): Promise<Omit<NamedTable, 'understanding'> | undefined> {
  const recognised = await recognise(files, source, { format });
  if (recognised === undefined) return undefined;
  const table = await recognised.read({ image });
  const path = source.kind === 'file' ? source.path : null;
  return { name: recognised.name, path, table };
}

/** A file whose rows are inputs: a table, or a plain text with an input a line. */
export async function openRows(
  files: Files,
  source: TextSource,
  understanding: Understanding,
): Promise<Table> {
  const recognised = await recognise(files, source);
  if (recognised !== undefined) return await recognised.read({ image: understanding.image });
  const [column, ...others] = understanding.inputs;
  if (others.length > 0) return (await openTableAs(files, source, understanding)).table;
  const { name, text } = await readLines(files, source);
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return {
    name,
    format: understanding.format,
    rows: lines.length,
    columns: [
      {
        kind: 'text',
        name: column!.name,
        texts: { length: lines.length, at: (row) => lines[row]! },
      },
    ],
    lines: Uint32Array.from(lines, (_, row) => row + 1),
    notes: [],
  };
}

/** Bytes of a plain text whose lines are inputs. */
const linesLimit = 2 ** 28;

async function readLines(
  files: Files,
  source: TextSource,
): Promise<{ readonly name: string; readonly text: string }> {
  if (source.kind === 'text') return source;
  const name = files.baseName(source.path);
  return { name, text: decodeText(await files.read(source.path, linesLimit), name).text };
}

/** What is said of a file instead of what is guessed. */
interface Said {
  /** By the client. */
  readonly byClient: Overrides;
  /** And behind it what `FILE.rnn.json` says. */
  readonly all: Overrides;
}

async function overridesFor(files: Files, source: TextSource, given: Given): Promise<Said> {
  const byClient = mergedOverrides(
    overridesIn(given.settings),
    checkOverrides(given.overrides ?? {}, 'overrides'),
  );
  if (source.kind === 'text' || given.areAll === true) return { byClient, all: byClient };
  const file = `${source.path}${overridesSuffix}`;
  if ((await files.entry(file))?.kind !== 'file') return { byClient, all: byClient };
  const json = new TextDecoder().decode(await files.read(file, overridesLimit));
  const all = mergedOverrides(decodeOverrides(json, files.baseName(file)), byClient);
  return { byClient, all };
}

/** Which files of a folder of texts are meant. @throws as `openTable` */
export async function globsFor(files: Files, source: TextSource, given: Given): Promise<Globs> {
  const { include, exclude } = (await overridesFor(files, source, given)).all;
  return { include, exclude };
}

/**
 * Writes what a client says of a table into `FILE.rnn.json`, beside what that says already.
 *
 * @returns what there is to tell
 * @throws InputError where there is nothing to write, or nowhere
 */
export async function rememberOverrides(
  files: Files,
  source: TextSource,
  given: Given,
): Promise<Sentence> {
  const { byClient, all } = await overridesFor(files, source, given);
  if (source.kind === 'text' || Object.keys(byClient).length === 0) {
    throw new InputError(
      sentence`There is nothing to remember: nothing was said of the file.`,
      sentence`Say it with flags such as --output, or leave out --remember.`,
    );
  }
  const file = `${source.path}${overridesSuffix}`;
  await files.write(file, encodeOverrides(all));
  return sentence`What the flags say of ${files.baseName(source.path)} is in ${files.baseName(file)} from now on.`;
}

/** Settings of a table that are not left to be found. */
function overridesIn(settings: SettingValues): Overrides {
  const text = (key: string): string | undefined => {
    const value = settings[key];
    return value === undefined || value === '' || value === 'auto' ? undefined : String(value);
  };
  const names = (key: string): string[] | undefined =>
    text(key)
      ?.split(',')
      .map((name) => name.trim());
  const values = {
    format: text('data.format'),
    input: names('data.input'),
    output: names('data.output'),
    shape: text('data.shape'),
    tokenizer: text('data.tokenizer'),
    vocabulary: settings['data.vocabulary'],
    split: splitKinds.find((kind) => kind === settings['data.split']),
    validation: settings['data.validation'],
    test: settings['data.test'],
  };
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return checkOverrides(Object.fromEntries(set), 'settings');
}

/** @throws InputError where nothing is left to train on */
export function examplesOf(named: NamedTable, seed: number, createHash: () => Hash): NamedExamples {
  const { table, understanding } = named;
  const encoded = encode(table, understanding, { seed });
  const { dataset, input, output } = encoded;
  const task = { understanding, input: input.toJSON(), output: output.toJSON() };
  return {
    ...named,
    encoded,
    line: describe(understanding),
    data: {
      dataset,
      task,
      hash: hashOf(dataset, JSON.stringify([task.input, task.output]), createHash()),
      deviations: output.deviations,
    },
  };
}

/** Another table's rows, as ids and numbers of a task that has been learnt; all of them are one part. */
export function knownExamples(named: NamedTable, task: TaskDescription): NamedExamples {
  const { table, understanding } = named;
  const encoded = encodeAs(table, task);
  return {
    ...named,
    encoded,
    line: describe(understanding),
    data: { dataset: encoded.dataset, task, hash: '', deviations: encoded.output.deviations },
  };
}

/** Of all that is learnt and measured. */
function hashOf({ input, output, parts }: Dataset, codecs: string, hash: Hash): string {
  const add = (values: ArrayBufferView | undefined): void => {
    if (values === undefined) return;
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  hash.update(new TextEncoder().encode(codecs));
  for (const { values, starts } of [input, output]) {
    if (values.kind === 'symbols') {
      add(values.ids);
    } else {
      add(values.values);
      add(values.known);
    }
    add(starts);
  }
  Object.values(parts).forEach(add);
  return hash.hex();
}

/**
 * The whole model for a table: that of the cell's own file, or what the settings make of a cell.
 *
 * @throws JobError, InputError, EquationError
 */
export async function exampleModel(
  files: Files,
  { understanding, encoded: { dataset } }: NamedExamples,
  cell: Cell,
  { model }: Settings,
): Promise<Cell> {
  if (responseOf(cell) !== undefined) {
    refuseOtherShape(cell, understanding);
    return cell;
  }
  const isBidirectional = model.bidirectional === 'on';
  if (isBidirectional && understanding.series !== undefined) {
    throw new InputError(
      sentence`A series cannot be read in both directions: from the right the network would see what it is to forecast.`,
      sentence`Leave out --bidirectional.`,
    );
  }
  const { layers, pool, attention, embedding, dropout } = model;
  const decoder = model.decoder === '' ? undefined : await readAnyModel(files, model.decoder);
  return composeModel(shapeOf(dataset), {
    ...{ cell, decoder, layers, pool, attention, embedding, dropout },
    bidirectional: isBidirectional,
  });
}

function shapeOf({ input, output, alignment }: Dataset): Shape {
  const { values } = output;
  return {
    source: input.starts !== undefined,
    inputs: input.values.kind,
    alignment,
    outputs: values.kind === 'symbols' ? 'symbols' : values.labels ? 'labels' : 'numbers',
  };
}

/** @throws InputError if a model answers otherwise than the data does */
function refuseOtherShape(cell: Cell, { shape, response }: Understanding): void {
  const found = shapeOfModel(cell);
  if (found !== shape) {
    throw new InputError(
      found === undefined
        ? sentence`${cell.name} is a cell, and the data needs a whole model.`
        : sentence`The model ${cell.name} is ${shapeText(found)}, and the data is ${shapeText(shape)}.`,
      sentence`Write the indices that fit (docs/equations.md), or choose a cell and let the settings make the model.`,
    );
  }
  const kind = responseOf(cell)?.kind;
  if (kind !== response) {
    throw new InputError(
      sentence`The model ${cell.name} answers with ${responseText(kind)}, and the data asks for ${responseText(response)}.`,
      sentence`One of several classes is softmax(…), any of several labels sigmoid(…), numbers are neither.`,
    );
  }
}

function responseText(kind: Understanding['response'] | undefined): Sentence {
  switch (kind) {
    case 'softmax':
      return sentence`one of several classes`;
    case 'sigmoid':
      return sentence`any of several labels`;
    default:
      return sentence`numbers`;
  }
}
