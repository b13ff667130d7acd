/** Rows in time as a data set: windows to train on, one long example for each part that is held out. */
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import type { Table } from '../tables/table';
import { createCodec, type Codec } from './codecs';
import type { Encoded } from './encoded';
import { anyLength, createStatistics, inputCodec, outputCodec } from './make-codecs';
import type { ChannelData, Dataset } from './dataset';
import { readSeries, textsOf } from './series-rows';
import type { SeriesPlan, Understanding, UsedColumn } from './understanding';

/** Fewer rows are no series. */
const fewest = 8;

/** @throws InputError for a series that is too short for its horizon */
export function encodeSeries(
  table: Table,
  understanding: Understanding,
  notes: Sentence[],
): Encoded {
  const plan = understanding.series!;
  const { split, outputs } = understanding;
  const { horizon, window, difference } = plan;
  const series = readSeries(table, understanding);
  const { order, values, known } = series;
  const rows = order.length;
  const ends = [
    Math.round(rows * (1 - split.validation - split.test)),
    Math.round(rows * (1 - split.test)),
    rows,
  ] as const;
  if (ends[0] - horizon < fewest) {
    throw new InputError(
      sentence`${table.name} has ${rows} rows, too few to forecast ${horizon} steps ahead.`,
      sentence`Give a longer series, or a smaller horizon.`,
    );
  }
  const training = order.slice(0, ends[0]);
  const request = { table, understanding, training, all: order };
  const input = inputCodec(request);
  const isNumbers = outputs.every(({ type }) => type === 'number');
  const output =
    isNumbers && difference ? changeCodec(outputs, known, horizon, ends[0]) : outputCodec(request);

  const examples: Span[] = [];
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  // A window’s targets are rows of the training part.
  const last = ends[0] - horizon;
  const stride = Math.max(1, window >> 1);
  for (let from = 0; ; from += stride) {
    const to = Math.min(last, from + window);
    parts.train.push(examples.push({ from: Math.max(0, to - window), to, first: 0 }) - 1);
    if (to === last) break;
  }
  for (const [name, start, end] of [
    ['validation', ends[0], ends[1]],
    ['test', ends[1], ends[2]],
  ] as const) {
    if (end <= start) continue;
    // It has read a window’s rows when the first target is asked for.
    const from = Math.max(0, start - horizon - window);
    parts[name].push(examples.push({ from, to: end - horizon, first: start - horizon }) - 1);
  }

  const steps = examples.flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, i) => from + i),
  );
  const encodedInput = input.encode(
    examples.map(({ from, to }) => series.cells.map((cells) => cells.slice(from, to))),
  ).channel;
  const isTarget = Uint8Array.from(
    examples.flatMap(({ from, to, first }) =>
      Array.from({ length: to - from }, (_, i) => Number(from + i >= first)),
    ),
  );
  const cells = isNumbers ? [] : textsOf(table, outputs[0]!, order, false);
  const encodedOutput = isNumbers
    ? numberTargets(output, { values, known }, plan, steps, isTarget)
    : symbolTargets(output, cells, horizon, steps, isTarget);
  const starts = encodedInput.starts!;
  const dataset: Dataset = {
    count: examples.length,
    input: encodedInput,
    output: { ...encodedOutput, starts },
    alignment: 'synced',
    parts: {
      train: Uint32Array.from(parts.train),
      validation: Uint32Array.from(parts.validation),
      test: Uint32Array.from(parts.test),
    },
  };
  const targets = Int32Array.from(steps, (step, i) =>
    isTarget[i] === 1 ? order[step + horizon]! : -1,
  );
  const base = difference
    ? Float64Array.from(steps.flatMap((step) => known.map((column) => column[step]!)))
    : undefined;
  return {
    dataset,
    input,
    output,
    examples: Uint32Array.from(examples, ({ from }) => order[from]!),
    series: {
      ...{ plan, targets, base, training: ends[0], table: series },
      steps: Uint32Array.from(steps),
      ranges: { train: [0, ends[0]], validation: [ends[0], ends[1]], test: [ends[1], rows] },
      history: { numbers: known, symbols: isNumbers ? undefined : symbolsIn(output, cells) },
    },
    notes,
    rows: [],
  };
}

/** Steps `[from, to)` of a series in its order; targets before `first` are not asked for. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly first: number;
}

/** Numbers of the changes over a horizon, within the training part. */
function changeCodec(
  outputs: readonly UsedColumn[],
  values: readonly Float64Array[],
  horizon: number,
  training: number,
): Codec {
  const fields = outputs.map(({ name, comma }, c) => {
    const statistics = createStatistics();
    for (let t = 0; t + horizon < training; t++)
      statistics.add(values[c]![t + horizon]! - values[c]![t]!);
    return { kind: 'number', name, comma, ...statistics.finish(), flag: false } as const;
  });
  return createCodec({ kind: 'row', fields, inTime: true, longest: anyLength });
}

function numberTargets(
  output: Codec,
  {
    values,
    known: before,
  }: { readonly values: readonly Float64Array[]; readonly known: readonly Float64Array[] },
  { horizon, difference }: SeriesPlan,
  steps: readonly number[],
  isTarget: Uint8Array,
): ChannelData {
  const width = values.length;
  if (output.data.kind !== 'row') throw new Error('numbers are rows');
  const { fields } = output.data;
  const numbers = new Float32Array(steps.length * width);
  const known = isTarget.slice();
  steps.forEach((step, i) => {
    values.forEach((column, c) => {
      const field = fields[c]!;
      const value = column[step + horizon]! - (difference ? before[c]![step]! : 0);
      if (Number.isNaN(value) || field.kind !== 'number') known[i] = 0;
      else numbers[i * width + c] = (value - field.mean) / field.deviation;
    });
  });
  return { values: { kind: 'numbers', width, values: numbers, known } };
}

function symbolTargets(
  output: Codec,
  cells: readonly string[],
  horizon: number,
  steps: readonly number[],
  isTarget: Uint8Array,
): ChannelData {
  const ids = new Int32Array(steps.length).fill(-1);
  const known = steps.flatMap((step, i) =>
    isTarget[i] === 1 && cells[step + horizon] !== '' ? [i] : [],
  );
  const { values } = output.encode(known.map((i) => [cells[steps[i]! + horizon]!])).channel;
  if (values.kind !== 'symbols') throw new Error('categories are symbols');
  known.forEach((i, place) => (ids[i] = values.ids[place]!));
  return { values: { ...values, ids } };
}

/** The category of each step; where it is missing, the last that is known. */
function symbolsIn(output: Codec, cells: readonly string[]): Int32Array {
  const ids = new Map<string, number>(
    Array.from({ length: output.form.width }, (_, id) => [output.name(id), id]),
  );
  let last = -1;
  return Int32Array.from(cells, (cell) => (last = ids.get(cell) ?? last));
}
