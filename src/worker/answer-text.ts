/** Inputs, targets and answers as people read them. */
import { isPixels, type Cell, type Codec } from '../core/task/codecs';
import { firstRow, rowsOf, type ChannelData } from '../core/task/dataset';
import type { Answer } from '../core/task/predict-examples';
import { cellAt } from '../core/task/table-cells';
import type { Understanding, UsedColumn } from '../core/task/understanding';
import type { Table } from '../core/tables/table';
import type { Prediction } from '../protocol/engine';

/** Digits of a number that is told. */
const digits = 6;

/** The cells of some columns of a row. */
export function cellsText(table: Table, columns: readonly UsedColumn[], row: number): string {
  return columns.map((column) => cellText(cellAt(table, column, row))).join(' · ');
}

export function cellText(cell: Cell): string {
  if (isPixels(cell)) return `${String(cell.width)}×${String(cell.height)}`;
  return typeof cell === 'string' ? cell : cell.join(' ');
}

/** What an example should be answered with, as the data has it. */
export function targetText(channel: ChannelData, example: number, output: Codec): string {
  const { values, starts } = channel;
  const first = firstRow(channel, example);
  const rows = Array.from({ length: rowsOf(channel, example) }, (_, i) => first + i);
  if (values.kind === 'symbols') {
    const ids = rows.map((row) => values.ids[row]!);
    return starts === undefined ? output.name(ids[0]!) : output.decode(ids);
  }
  const { width } = values;
  const of = (row: number): Float32Array => values.values.subarray(row * width, (row + 1) * width);
  return rows
    .map((row) => (values.labels ? labelsIn(of(row), output) : numbersIn(of(row), output)))
    .join('; ');
}

function labelsIn(row: ArrayLike<number>, output: Codec): string {
  return Array.from(row)
    .flatMap((value, id) => (value > 0.5 ? [output.name(id)] : []))
    .join(', ');
}

function numbersIn(row: ArrayLike<number>, output: Codec): string {
  return numbersText(output.restore(row), output);
}

/** Numbers in their units, without what single precision makes of those that are small beside their deviation. */
export function numbersText(
  numbers: readonly number[],
  { deviations }: Pick<Codec, 'deviations'>,
): string {
  return numbers.map((value, i) => numberText(value, deviations[i] ?? 1)).join(', ');
}

function numberText(value: number, deviation: number): string {
  const places = digits - 1 - Math.floor(Math.log10(deviation));
  const scale = 10 ** places;
  const rounded = Number.isFinite(scale) ? Math.round(value * scale) / scale : value;
  return String(Number(rounded.toPrecision(digits)));
}

/** An answer in the data's words and units. */
export function answerText(
  answer: Answer,
  output: Codec,
): Omit<Prediction, 'example' | 'input' | 'attention'> {
  switch (answer.kind) {
    case 'symbols': {
      const chosen = answer.steps.map(([first]) => first!);
      const steps = chosen.map(({ id, probability }) => ({
        symbol: output.describe(id),
        probability,
      }));
      const isOne = !output.form.sequence;
      return {
        answer: isOne ? output.name(chosen[0]!.id) : output.decode(chosen.map(({ id }) => id)),
        probability: chosen.reduce((product, { probability }) => product * probability, 1),
        others: isOne
          ? answer.steps[0]!.map(({ id, probability }) => ({
              answer: output.name(id),
              probability,
            }))
          : [],
        steps: isOne ? [] : steps,
        numbers: [],
      };
    }
    case 'labels': {
      const [row = new Float64Array()] = answer.steps;
      return {
        answer: labelsIn(row, output),
        probability: row.reduce((product, p) => product * Math.max(p, 1 - p), 1),
        others: Array.from(row, (probability, id) => ({ answer: output.name(id), probability })),
        steps: [],
        numbers: [],
      };
    }
    case 'numbers':
      return {
        answer: answer.steps.map((row) => numbersIn(row, output)).join('; '),
        probability: NaN,
        others: [],
        steps: [],
        numbers: answer.steps.map((row) => output.restore(row)),
      };
  }
}

/** The columns that go in. */
export function inputText(table: Table, { inputs }: Understanding, row: number): string {
  return cellsText(table, inputs, row);
}
