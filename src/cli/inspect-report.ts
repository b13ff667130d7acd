/** How an inspection is written: as a table for the eye, or as JSON Lines. */
import type { InspectResult } from '../protocol/engine';
import { table } from './format';
import { jsonLine } from './terminal';

/** What is said of one token. */
interface Row {
  readonly index: number;
  readonly token: string;
  readonly probability: number | undefined;
  readonly loss: number | undefined;
  readonly hidden: Float64Array;
  /** Lag from the last prediction; undefined of the last token, which no prediction follows. */
  readonly lag: number | undefined;
  readonly gradient: number | undefined;
  readonly top: InspectResult['top'][number];
}

function rowsOf(result: InspectResult): Row[] {
  const { tokens, probability, loss, hidden, hiddenSize, gradientByLag, top } = result;
  return tokens.map((token, index) => {
    const lag = tokens.length - 2 - index;
    return {
      index,
      token,
      probability: index === 0 ? undefined : probability[index],
      loss: index === 0 ? undefined : loss[index],
      hidden: rowOf(hidden, hiddenSize, index),
      lag: lag < 0 ? undefined : lag,
      gradient: lag < 0 ? undefined : gradientByLag[lag],
      top: top[index]!,
    };
  });
}

function rowOf(values: Float64Array, width: number, index: number): Float64Array {
  return values.subarray(index * width, (index + 1) * width);
}

/** A line a token, then one for all. */
export function inspectionJson(result: InspectResult): string {
  const rows = rowsOf(result).map(({ hidden, ...row }) => {
    const variables = result.variables.map(({ name, width, values }) => [
      name,
      [...rowOf(values, width, row.index)],
    ]);
    return jsonLine({
      event: 'token',
      ...row,
      hidden: [...hidden],
      variables: Object.fromEntries(variables) as object,
    });
  });
  const mean = meanLoss(result);
  return [...rows, jsonLine({ event: 'done', tokens: result.tokens.length, loss: mean })].join('');
}

/** Over the tokens that are predicted, nats. */
function meanLoss({ loss }: InspectResult): number {
  const predicted = loss.subarray(1);
  return predicted.reduce((sum, value) => sum + value, 0) / predicted.length;
}

/**
 * The tokens as a table, then the values of each variable that was asked for.
 * @param columns of the terminal
 */
export function inspectionText(result: InspectResult, columns: number): string {
  return [
    tokenTable(result),
    ...result.variables.map((variable) => variableTable(result.tokens, variable, columns)),
  ].join('\n');
}

function tokenTable(result: InspectResult): string {
  const number = (value: number | undefined, digits: number): string =>
    value?.toFixed(digits) ?? '–';
  const rows = rowsOf(result).map(({ token, probability, loss, hidden, lag, gradient, top }) => [
    token,
    number(probability, 4),
    number(loss, 3),
    Math.hypot(...hidden).toFixed(3),
    String(lag ?? '–'),
    gradient?.toExponential(2) ?? '–',
    top.map((next) => `${next.token} ${(100 * next.probability).toFixed(0)}%`).join('  '),
  ]);
  const heading = ['token', 'probability', 'loss', '‖hidden‖', 'lag', '‖gradient‖'];
  const isWithTop = result.top.some((top) => top.length > 0);
  return table([[...heading, isWithTop ? 'likeliest next' : ''], ...rows], [0, 6]);
}

const heights = '▁▂▃▄▅▆▇█';

/** A row a token: the least, mean and greatest value, and as many units as there is room for, as heights. */
function variableTable(
  tokens: readonly string[],
  { name, width, values }: InspectResult['variables'][number],
  columns: number,
): string {
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const floor = values.some((value) => value < 0) ? -greatest : 0;
  const columnsBefore = Math.max(5, ...tokens.map(({ length }) => length)) + 3 * 8 + 2;
  const shown = Math.max(1, Math.min(width, columns - columnsBefore));
  const height = (value: number): string => {
    const share = greatest === floor ? 0 : (value - floor) / (greatest - floor);
    return heights.charAt(Math.min(heights.length - 1, Math.floor(share * heights.length)));
  };
  const rows = tokens.map((token, index) => {
    const row = rowOf(values, width, index);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    return [
      token,
      Math.min(...row).toFixed(3),
      mean.toFixed(3),
      Math.max(...row).toFixed(3),
      Array.from(row.subarray(0, shown), height).join(''),
    ];
  });
  const units = shown === 1 ? 'unit 1' : `units 1 to ${String(shown)}`;
  const heading = `${name}: ${String(width)} ${width === 1 ? 'unit' : 'units'}, ▁ ${floor.toFixed(2)} to █ ${greatest.toFixed(2)}\n`;
  return heading + table([['token', 'minimum', 'mean', 'maximum', units], ...rows], [0, 4]);
}
