/** Which rows of a table are examples: the same of the table that is learnt from and of any other. */
import { joined, sentence, type Sentence } from '../sentence';
import type { DataPlace } from '../input-error';
import type { Table } from '../tables/table';
import { isMissing, parseNumber } from './cells';
import { isPixels, type Cell, type Codec } from './codecs';
import type { ChannelData } from './dataset';
import { cellAt, examplesOf, isEmpty } from './table-cells';
import type { Remarks } from './remarks';
import type { Understanding, UsedColumn } from './understanding';

/** Rows that have an input and a target; the others are counted. */
export function usableRows(
  table: Table,
  { inputs, outputs }: Understanding,
  { notes, onRow }: Remarks,
): Uint32Array {
  const rows: number[] = [];
  const left = { count: 0, first: -1, column: '' };
  for (let row = 0; row < table.rows; row++) {
    const hasNothing = inputs.every(
      ({ type }, i) => type !== 'number' && isEmpty(cellAt(table, inputs[i]!, row)),
    );
    const lacking = hasNothing
      ? inputs[0]
      : outputs.find((column) => lacks(cellAt(table, column, row), column));
    if (lacking === undefined) {
      rows.push(row);
      const odd = inputs.find((column) => isNoNumber(cellAt(table, column, row), column));
      if (odd) onRow(row, sentence`${odd.name} is no number here, and is read as missing.`);
      continue;
    }
    onRow(row, sentence`This row is left out: ${lacking.name} is missing.`);
    if (left.count++ === 0) Object.assign(left, { first: row, column: lacking.name });
  }
  if (left.count > 0) {
    const line = table.lines?.[left.first];
    notes.push(
      line === undefined
        ? sentence`Rows left out because a value is missing: ${left.count}, the first is row ${left.first + 1} (${left.column}).`
        : sentence`Rows left out because a value is missing: ${left.count}, the first is on line ${line} (${left.column}).`,
    );
  }
  return Uint32Array.from(rows);
}

/** Whether there is no target; several labels may well be none. */
function lacks(cell: Cell, { type, comma }: UsedColumn): boolean {
  if (type === 'labels' || isPixels(cell)) return false;
  if (type !== 'number' || typeof cell !== 'string') return isEmpty(cell);
  return isMissing(cell) || isNoNumber(cell, { type, comma });
}

/** Whether something else stands where a number should. */
function isNoNumber(cell: Cell, { type, comma }: Pick<UsedColumn, 'type' | 'comma'>): boolean {
  if (type !== 'number' || typeof cell !== 'string') return false;
  return !isMissing(cell) && Number.isNaN(parseNumber(cell, comma));
}

/** Rows as ids and numbers. */
export interface EncodedRows {
  readonly input: ChannelData;
  readonly output: ChannelData;
  /** Whether an example, by its place among the rows, is not left out because its answer is too long. */
  isWhole(example: number): boolean;
}

/**
 * Encodes rows: an input that is too long is cut, an answer that is makes its row one that is left out.
 *
 * @param hint what could be done about either; undefined: nothing
 * @throws InputError for a cell that cannot be read
 */
export function encodeRows(
  table: Table,
  { inputs, outputs, longest, alignment }: Understanding,
  rows: Uint32Array,
  [input, output]: readonly [Codec, Codec],
  { notes, onRow }: Remarks,
  hint?: Sentence,
): EncodedRows {
  const where = (example: number): DataPlace | undefined => {
    const line = table.lines?.[rows[example]!];
    return line === undefined ? undefined : { file: table.name, line };
  };
  const goesIn = input.encode(examplesOf(table, inputs, rows), where);
  const comesOut = output.encode(examplesOf(table, outputs, rows), where);
  if (goesIn.cut.length > 0) {
    for (const example of goesIn.cut) {
      onRow(rows[example]!, sentence`The input of this row is cut to ${longest} steps.`);
    }
    const note = sentence`Inputs cut to ${longest} steps: ${goesIn.cut.length} of ${rows.length}, the longest has ${goesIn.longest}.`;
    notes.push(joined(note, hint));
  }
  const channels = { input: goesIn.channel, output: comesOut.channel };
  if (comesOut.cut.length === 0 || alignment === 'synced')
    return { ...channels, isWhole: () => true };
  // An answer that was cut would teach to end where it does not.
  for (const example of comesOut.cut) {
    const message = sentence`This row is left out: its answer is longer than ${longest} steps.`;
    onRow(rows[example]!, message);
  }
  const note = sentence`Rows left out because the answer is longer than ${longest} steps: ${comesOut.cut.length} of ${rows.length}, the longest has ${comesOut.longest}.`;
  notes.push(joined(note, hint));
  const { starts } = comesOut.channel;
  const lengthOf = (row: number): number =>
    output.encode([[cellAt(table, outputs[0]!, row)]]).longest;
  return {
    ...channels,
    isWhole: (example) =>
      starts === undefined ||
      starts[example + 1]! - starts[example]! < longest ||
      lengthOf(rows[example]!) <= longest,
  };
}
