/** Another table's rows for a task that has been learnt: as ids and numbers of the same codecs. */
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import type { Table } from '../tables/table';
import { readCodec } from './codecs';
import type { Dataset } from './dataset';
import type { TaskDescription } from './description';
import { isEmpty, cellAt, examplesOf } from './table-cells';
import type { Encoded } from './encoded';
import type { Understanding, UsedColumn } from './understanding';

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

/** All rows that have an input and a target, as one part: `test`. */
export function encodeAs(table: Table, task: TaskDescription): Encoded {
  const understanding = asIn(table, task.understanding);
  const { inputs, outputs, alignment, longest } = understanding;
  const [input, output] = [readCodec(task.input), readCodec(task.output)];
  const isWhole = (row: number): boolean =>
    [...inputs, ...outputs].every((column) => !isEmpty(cellAt(table, column, row)));
  const all = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const rows = all.filter(isWhole);
  if (rows.length === 0) {
    throw new InputError(
      sentence`${table.name} has no row with both an input and a target.`,
      sentence`Give a file with some.`,
    );
  }
  const encodedInput = input.encode(examplesOf(table, inputs, rows));
  const encodedOutput = output.encode(examplesOf(table, outputs, rows));
  const dataset: Dataset = {
    count: rows.length,
    input: encodedInput.channel,
    output: encodedOutput.channel,
    alignment,
    parts: {
      train: new Uint32Array(0),
      validation: new Uint32Array(0),
      test: Uint32Array.from(rows, (_, i) => i),
    },
  };
  const notes = [
    ...leftOut(table.rows - rows.length),
    ...cutNotes(encodedInput.cut + encodedOutput.cut, longest),
  ];
  return { dataset, input, output, examples: rows, series: undefined, notes };
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

function leftOut(count: number): Sentence[] {
  return count === 0
    ? []
    : [sentence`Rows left out because an input or a target is missing: ${count}.`];
}

function cutNotes(count: number, longest: number): Sentence[] {
  return count === 0 ? [] : [sentence`Sequences cut to ${longest} steps: ${count}.`];
}
