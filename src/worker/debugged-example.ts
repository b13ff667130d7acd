/** An example as a debugger goes through it: what is read and what is right as numbers, and how both are said. */
import type { GivenExample, Target } from '../core/debugger/given';
import type { Value } from '../core/debugger/values';
import type { Domain } from '../core/equations/syntax';
import { InputError } from '../core/input-error';
import { sentence, type Sentence } from '../core/sentence';
import { boundaryOf, channelsOf, stepsOf } from '../core/task/channels';
import type { Cell, Codec } from '../core/task/codecs';
import { firstRow, rowsOf, type ChannelData, type Dataset } from '../core/task/dataset';
import { columnsIn } from '../core/task/encode-as';
import { questions } from '../core/task/predict-examples';
import { createChannel } from '../core/task/channel-builder';
import { readSeries } from '../core/task/series-rows';
import { spansIn } from '../core/task/spans';
import { cellAt } from '../core/task/table-cells';
import { firstWhere } from '../core/numerics';
import { parseSettings } from '../core/settings/settings';
import { buildExampleModel } from '../core/engine/model';
import { initialise } from '../core/engine/initialise';
import { createNetwork } from '../core/engine/network';
import { createReferenceBackend } from '../core/engine/reference';
import { createRandom } from '../core/random/random';
import type { DebugRequest, FreshModel } from '../protocol/engine';
import { cellText, numbersText } from './answer-text';
import { exampleModel, examplesOf, openRows, openTable } from './examples';
import { inputError } from './failures';
import { inputCells } from './input-cells';
import { namesOf, ownAnswer, trueAnswer } from './insides';
import type { Answering } from './models';
import type { Files, Platform } from './platform';
import { readAnyModel, readWrittenCell } from './sources';

type Wanted = NonNullable<DebugRequest['example']>;

export interface OpenedExample {
  readonly given: GivenExample;
  /** What is worth knowing of it. */
  readonly note: Sentence | undefined;
}

/**
 * A whole model of examples with new weights, for a data file.
 *
 * @throws JobError, InputError, EquationError where the file is no table, or the model has another shape
 */
export async function freshAnswering(
  { cell: source, hidden, seed }: FreshModel,
  { source: data }: Extract<Wanted, { kind: 'row' }>,
  { files, createHash }: Platform,
): Promise<Answering> {
  const table = await openTable(files, data, { settings: {} });
  if (!table) {
    throw inputError(
      sentence`This model answers examples, and the file has none.`,
      sentence`Open a data file with a column for what goes in and one for what comes out.`,
    );
  }
  const examples = examplesOf(table, seed, createHash);
  const settings = parseSettings({ model: { hidden }, training: { seed } });
  await exampleModel(files, examples, await readAnyModel(files, source), settings);
  const { dataset, task } = examples.data;
  // As it is written: places are those of the file that shows it.
  const cell = await readWrittenCell(files, source);
  const model = buildExampleModel({ ...channelsOf(dataset), cell, hidden, dropout: 0 });
  const backend = createReferenceBackend(model.layout);
  initialise(model, backend.floats(), createRandom(seed));
  const { input, output } = examples.encoded;
  return { network: createNetwork(model, backend), task, input, output };
}

/** START and END: what stands before an answer, and ends it. */
const [start, end] = ['START', 'END'];

/**
 * @yields between pieces of work
 * @throws InputError where there is no such example, or it cannot be read
 */
export async function openExample(
  model: Answering,
  wanted: Wanted,
  files: Files,
): Promise<Generator<undefined, OpenedExample, undefined>> {
  const { cells, truth } = await (wanted.kind === 'row'
    ? rowCells(model, wanted, files)
    : givenCells(model, wanted, files));
  return opened(model, cells, truth);
}

interface Cells {
  readonly cells: readonly Cell[];
  /** Undefined: nobody says what is right. */
  readonly truth: readonly Cell[] | undefined;
}

async function givenCells(
  { input }: Answering,
  { cells, truth, folder }: Extract<Wanted, { kind: 'cells' }>,
  files: Files,
): Promise<Cells> {
  return { cells: await inputCells(input, cells, files, folder), truth };
}

/** The row of a data file that begins at a line or before it. */
async function rowCells(
  { input, task }: Answering,
  { source, line }: Extract<Wanted, { kind: 'row' }>,
  files: Files,
): Promise<Cells> {
  const { understanding } = task;
  const table = await openRows(files, source, understanding);
  const { lines = Uint32Array.from({ length: table.rows }, (_, row) => row + 1) } = table;
  const row = firstWhere(0, lines.length, (i) => lines[i]! > line) - 1;
  if (row < 0) {
    throw new InputError(
      sentence`No row of ${table.name} is at line ${line}.`,
      sentence`Give the line of a row.`,
    );
  }
  const inputs = columnsIn(table, understanding.inputs);
  const isThere = understanding.outputs.every(({ name }) =>
    table.columns.some((column) => column.name === name),
  );
  const outputs = isThere ? columnsIn(table, understanding.outputs) : undefined;
  if (understanding.series) {
    if (!outputs) {
      throw new InputError(
        sentence`${table.name} lacks the columns of the series.`,
        sentence`Give a file that has all of its columns.`,
      );
    }
    return seriesCells(table, { ...understanding, inputs, outputs }, row);
  }
  const cells = inputs.map((column) => cellAt(table, column, row));
  if (input.data.kind === 'image' && typeof cells[0] === 'string') {
    return { cells: await inputCells(input, [cells[0]], files), truth: undefined };
  }
  return { cells, truth: outputs?.map((column) => cellAt(table, column, row)) };
}

/** Of a series the window that ends with a row. */
function seriesCells(
  table: Parameters<typeof readSeries>[0],
  understanding: Answering['task']['understanding'],
  row: number,
): Cells {
  const { order, cells } = readSeries(table, understanding);
  const last = order.indexOf(row);
  const first = Math.max(0, last + 1 - understanding.series!.window);
  return { cells: cells.map((column) => column.slice(first, last + 1)), truth: undefined };
}

function* opened(
  model: Answering,
  cells: readonly Cell[],
  truth: readonly Cell[] | undefined,
): Generator<undefined, OpenedExample, undefined> {
  const { input, output, task } = model;
  const { alignment } = task.understanding;
  const { channel } = input.encode([cells]);
  if (channel.starts && rowsOf(channel, 0) === 0) {
    throw new InputError(sentence`There is nothing to read: the input is empty.`);
  }
  const asked = questions(channel, { alignment, output: createChannel(output.form).finish() }, 1);
  const isNumbers = output.form.kind === 'numbers';
  if (isNumbers && alignment !== 'delayed' && truth === undefined) {
    const given = exampleOf(model, asked, cells);
    return {
      given,
      note: sentence`No target is given: the sum of the numbers that are answered is differentiated.`,
    };
  }
  if (isNumbers && truth === undefined) {
    throw inputError(
      sentence`This model reads what it answered before, and answers with numbers.`,
      sentence`Give the target too.`,
    );
  }
  const own = isNumbers ? undefined : yield* ownAnswer(model, asked);
  const known = truth && trueAnswer(model, truth, asked);
  const right = known ?? own?.channel;
  if (!right) {
    throw new InputError(
      sentence`The target is nothing that the model can answer.`,
      sentence`Give one of the answers that it has learnt, or none.`,
    );
  }
  const dataset: Dataset = { ...asked, output: right };
  const note = known
    ? undefined
    : sentence`No target is given, so the model’s own answer is used: ${namesOf(model, right).join(separatorOf(output))}`;
  return { given: exampleOf(model, dataset, cells), note };
}

/** The only example of a data set, as numbers. */
export function numbersIn(dataset: Dataset): Pick<GivenExample, 'steps' | 'given' | 'targets'> {
  const { input, output, alignment } = dataset;
  const steps = { example: 1, ...stepsOf(dataset, 0) };
  const source = input.starts === undefined ? 'example' : 't';
  const read = valuesOf(input, steps[source], channelsOf(dataset).input.width);
  const right = targetsOf(output, { one: 1, synced: steps.t, delayed: rowsIn(output) }[alignment]);
  const given: Partial<Record<Domain, readonly Value[]>> = { [source]: read };
  if (alignment !== 'delayed') return { steps, given, targets: right };
  const { width } = channelsOf(dataset).answer!;
  const boundary = boundaryOf(dataset);
  const isSymbols = output.values.kind === 'symbols';
  const before = valuesOf(output, steps.u - 1, width);
  given.u = [isSymbols ? { hot: boundary, width } : new Float64Array(width), ...before];
  return { steps, given, targets: isSymbols ? [...right, boundary] : right };
}

const rowsIn = (channel: ChannelData): number => (channel.starts ? rowsOf(channel, 0) : 1);

function valuesOf(channel: ChannelData, count: number, width: number): Value[] {
  const { values } = channel;
  const first = firstRow(channel, 0);
  return Array.from({ length: count }, (_, i) =>
    values.kind === 'symbols'
      ? { hot: values.ids[first + i]!, width }
      : Float64Array.from(values.values.subarray((first + i) * width, (first + i + 1) * width)),
  );
}

function targetsOf(channel: ChannelData, count: number): Target[] {
  const { values } = channel;
  return Array.from({ length: count }, (_, i) => {
    if (values.kind === 'symbols') return values.ids[i]! < 0 ? undefined : values.ids[i]!;
    if (values.known?.[i] === 0) return undefined;
    return Float64Array.from(values.values.subarray(i * values.width, (i + 1) * values.width));
  });
}

function exampleOf(model: Answering, dataset: Dataset, cells: readonly Cell[]): GivenExample {
  const { input, output } = model;
  const numbers = numbersIn(dataset);
  const isKnown = numbers.targets.some((target) => target !== undefined);
  const isDelayed = dataset.alignment === 'delayed';
  const names = isKnown ? namesOf(model, dataset.output) : [];
  const read = readText(input, dataset.input, cells);
  const answer = piecesOf(names, separatorOf(output));
  const arrow = `${read.text}\n→ `;
  const answerPlaces = answer.places.map((place) => place + arrow.length);
  return {
    ...numbers,
    tokens: {
      ...(read.tokens && { [dataset.input.starts ? 't' : 'example']: read.tokens }),
      ...(isDelayed && output.form.kind === 'symbols' && { u: [start, ...names] }),
    },
    targetNames: isDelayed && output.form.kind === 'symbols' ? [...names, end] : names,
    symbol: (id) => (id === output.form.width ? end : output.describe(id)),
    text: names.length > 0 ? arrow + answer.text : read.text,
    places: {
      [dataset.input.starts ? 't' : 'example']: read.places,
      ...(isDelayed && { u: [arrow.length, arrow.length, ...answerPlaces] }),
    },
    unknown: read.unknown,
  };
}

/** What stands between the parts of an answer. */
function separatorOf({ data, form }: Codec): string {
  if (data.kind === 'text') return '';
  return form.kind === 'symbols' ? ' ' : '\n';
}

interface Written {
  readonly text: string;
  /** `[start, end)` of each piece, one after the other. */
  readonly places: readonly number[];
}

function piecesOf(pieces: readonly string[], separator: string): Written {
  let text = '';
  const places = pieces.flatMap((piece, i) => {
    if (i > 0) text += separator;
    const from = text.length;
    text += piece;
    return [from, text.length];
  });
  return { text, places };
}

/** So many numbers of a step are written out. */
const shownNumbers = 16;

function readText(
  input: Codec,
  channel: ChannelData,
  cells: readonly Cell[],
): Written & { readonly tokens: readonly string[] | undefined; readonly unknown: string[] } {
  const { values, starts } = channel;
  const rows = starts === undefined ? 1 : rowsOf(channel, 0);
  if (values.kind === 'symbols') {
    const ids = Array.from(values.ids.subarray(0, rows));
    const tokens = ids.map((id) => input.describe(id));
    const places = spansIn(input, cells);
    const text = cellText(cells[0]!);
    if (!places) return { ...piecesOf(tokens, ' '), tokens, unknown: [] };
    const unknown = ids.flatMap((id, i) =>
      id === input.unknown ? [text.slice(places[2 * i], places[2 * i + 1])] : [],
    );
    return { text, places, tokens, unknown: [...new Set(unknown)] };
  }
  const lines = Array.from({ length: rows }, (_, row) => {
    const own = values.values.subarray(row * values.width, (row + 1) * values.width);
    const told = numbersText(input.restore(own).slice(0, shownNumbers), input);
    return values.width > shownNumbers ? `${told} …` : told;
  });
  return { ...piecesOf(lines, '\n'), tokens: undefined, unknown: [] };
}
