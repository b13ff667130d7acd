/** Another table's rows for a task that has been learnt: as ids and numbers of the same codecs. */
import { upTo } from '../numerics';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { Table } from '../tables/table';
import { readCodec } from './codecs';
import type { Dataset } from './dataset';
import type { TaskDescription } from './description';
import type { Encoded } from './encoded';
import { createRemarks } from './remarks';
import type { Understanding, UsedColumn } from './understanding';
import { encodeRows, usableRows } from './usable-rows';

/**
 * The columns of another table that have the names of a task's.
 * @throws InputError if one is not there
 */
export function columnsIn(
  { name: file, columns }: Table,
  used: readonly UsedColumn[],
): readonly UsedColumn[] {
  return used.map((column) => {
    const index = columns.findIndex(({ name }) => name === column.name);
    if (index >= 0) return { ...column, index };
    const names = columns.map(({ name }) => name).join(', ');
    throw new InputError(
      sentence`${file} has no column ${column.name}, which the model was trained with.`,
      sentence`Its columns are ${names}.`,
    );
  });
}

/** The rows that training would have used, as one part: `test`. */
export function encodeAs(table: Table, task: TaskDescription): Encoded {
  const understanding = asIn(table, task.understanding);
  const [input, output] = [readCodec(task.input), readCodec(task.output)];
  const remarks = createRemarks(table);
  const rows = usableRows(table, understanding, remarks);
  const encoded = encodeRows(table, understanding, rows, [input, output], remarks);
  const test = upTo(rows.length).filter((example) => encoded.isWhole(example));
  if (test.length === 0) {
    throw new InputError(
      sentence`${table.name} has no row with both an input and a target.`,
      sentence`Give a file with some.`,
    );
  }
  const dataset: Dataset = {
    count: rows.length,
    input: encoded.input,
    output: encoded.output,
    alignment: understanding.alignment,
    parts: { train: new Uint32Array(0), validation: new Uint32Array(0), test },
  };
  const told = { notes: remarks.notes, rows: remarks.rows };
  return { dataset, input, output, examples: rows, series: undefined, ...told };
}

function asIn(table: Table, understanding: Understanding): Understanding {
  refuseSeries(understanding);
  return {
    ...understanding,
    inputs: columnsIn(table, understanding.inputs),
    outputs: columnsIn(table, understanding.outputs),
  };
}

/** @throws InputError for a task whose rows follow one another */
export function refuseSeries({ series, name }: Understanding): void {
  if (series === undefined) return;
  throw new InputError(
    sentence`The model forecasts the series ${name}; rows of another file do not go on from it.`,
    sentence`Leave the file out: its own test part is measured.`,
  );
}
