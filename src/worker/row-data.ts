/** Rows of a file in an editor, as examples of a model. */
import { InputError } from '../core/input-error';
import { createChannel } from '../core/task/channel-builder';
import type { Cell } from '../core/task/codecs';
import { rowsOf, type ChannelData, type Dataset } from '../core/task/dataset';
import { refuseSeries } from '../core/task/encode-as';
import { questions } from '../core/task/predict-examples';
import { spansIn } from '../core/task/spans';
import { inputCells } from './input-cells';
import type { OpenExampleModel } from './models';
import type { Files } from './platform';

/** A row that the model can read. */
export interface ReadRow {
  /** In the order in which they were given. */
  readonly place: number;
  /** Of its steps, UTF-16 units of the cell; undefined: it is no text of one column. */
  readonly spans: readonly number[] | undefined;
  readonly hasTruth: boolean;
}

export interface RowData {
  readonly rows: readonly ReadRow[];
  /** An example for each of them. */
  readonly dataset: Dataset;
}

/**
 * Those of some rows that can be read; where the true answer is not known, or not one that the model may give, there is
 * none. Steps of a row that has a long text are cut as in training.
 * @throws InputError of a series, whose rows are not read one by one
 */
export async function readRows(
  model: OpenExampleModel,
  given: readonly {
    readonly cells: readonly string[];
    readonly truth?: readonly string[] | undefined;
  }[],
  files: Files,
  folder: string | undefined,
): Promise<RowData> {
  const { input, output, task } = model;
  refuseSeries(task.understanding);
  const { alignment } = task.understanding;
  const cells: (readonly Cell[])[] = [];
  const truths: (ChannelData | undefined)[] = [];
  const places: number[] = [];
  for (const [place, row] of given.entries()) {
    try {
      const read = await inputCells(input, row.cells, files, folder);
      const { channel } = input.encode([read]);
      const truth = row.truth && encoded(() => output.encode([row.truth!]).channel);
      const fits = alignment !== 'synced' || (truth && rowsOf(truth, 0) >= rowsOf(channel, 0));
      cells.push(read);
      truths.push(fits === true ? truth : undefined);
      places.push(place);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  const { channel } = input.encode(cells);
  const none = createChannel(output.form).finish();
  const asked = questions(channel, { alignment, output: none }, cells.length);
  return {
    rows: places.map((place, i) => ({
      ...{ place, hasTruth: truths[i] !== undefined },
      spans: spansIn(input, cells[i]!),
    })),
    dataset: { ...asked, output: outputOf(asked, truths) },
  };
}

function encoded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The true answers one after the other; −1, or not known, where there is none. */
function outputOf(
  { alignment, input, output }: Dataset,
  truths: readonly (ChannelData | undefined)[],
): ChannelData {
  const counts = truths.map((truth, row) => {
    if (alignment === 'one') return 1;
    return alignment === 'synced' ? rowsOf(input, row) : truth === undefined ? 0 : rowsOf(truth, 0);
  });
  const starts = new Uint32Array(counts.length + 1);
  counts.forEach((count, row) => (starts[row + 1] = starts[row]! + count));
  const total = starts.at(-1)!;
  const told = { ...(alignment !== 'one' && { starts }) };
  const { values } = output;
  if (values.kind === 'symbols') {
    const ids = new Int32Array(total).fill(-1);
    truths.forEach((truth, row) => {
      if (truth?.values.kind !== 'symbols') return;
      ids.set(truth.values.ids.subarray(0, counts[row]), starts[row]);
    });
    return { values: { ...values, ids }, ...told };
  }
  const { width } = values;
  const numbers = new Float32Array(total * width);
  const known = new Uint8Array(total);
  truths.forEach((truth, row) => {
    if (truth?.values.kind !== 'numbers') return;
    const first = starts[row]!;
    numbers.set(truth.values.values.subarray(0, counts[row]! * width), first * width);
    known.set(
      truth.values.known?.subarray(0, counts[row]) ?? new Uint8Array(counts[row]!).fill(1),
      first,
    );
  });
  return { values: { ...values, values: numbers, known }, ...told };
}
