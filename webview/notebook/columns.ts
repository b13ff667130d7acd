/** The columns of an experiment's table: what they are called, what rows have in them, and which rows are meant. */
import type { ExperimentFigure, FigureRow } from '../../src/protocol/notebook';

export function columnNames({ settings, metrics }: ExperimentFigure): readonly string[] {
  return [...settings, ...metrics];
}

/** What a row has in a column: of a metric its mean. */
export function valueIn(
  { settings }: ExperimentFigure,
  row: FigureRow,
  column: number,
): string | number | null {
  return column < settings.length
    ? row.values[column]!
    : (row.cells[column - settings.length]?.mean ?? null);
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/**
 * The rows that all words mean: `hidden=64`, `validationLoss<1.6`, or any part of what stands in a row.
 *
 * @param said what else a row says in words
 */
export function meantRows(
  figure: ExperimentFigure,
  wanted: string,
  said: (row: FigureRow) => string,
): number[] {
  const words = wanted
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const names = columnNames(figure).map((name) => name.toLowerCase());
  return figure.rows.flatMap((row, index) => {
    const isMeant = words.every((word) => {
      const [, name = '', sign = '', value = ''] = /^([^<>=]+)(<=|>=|[<>=])(.+)$/.exec(word) ?? [];
      const column = names.indexOf(name);
      if (column < 0) return textOf(figure, row, said).includes(word);
      const own = valueIn(figure, row, column);
      if (sign !== '=') return own !== null && comparisons[sign]!(Number(own), Number(value));
      return String(own).toLowerCase() === value || (own !== null && Number(own) === Number(value));
    });
    return isMeant ? [index] : [];
  });
}

function textOf(
  figure: ExperimentFigure,
  row: FigureRow,
  said: (row: FigureRow) => string,
): string {
  const values = columnNames(figure).map((name, i) => `${name}=${String(valueIn(figure, row, i))}`);
  return [...values, said(row)].join('\n').toLowerCase();
}

/** A table of GitHub's Markdown: means with their deviations. */
export function markdownOf(
  figure: ExperimentFigure,
  rows: readonly number[],
  columns: readonly number[],
  said: (row: FigureRow) => string,
): string {
  const { settings } = figure;
  const escaped = (text: string) => text.replaceAll('|', '\\|');
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const names = columnNames(figure);
  const cellOf = (row: FigureRow, column: number) => {
    if (column < settings.length) return String(row.values[column]!);
    const { text, deviation } = row.cells[column - settings.length]!;
    return deviation === null || deviation === 0 ? text : `${text} ± ${deviation.toPrecision(2)}`;
  };
  return [
    line([...columns.map((column) => names[column]!), '']),
    line([...columns.map((column) => (column < settings.length ? '---' : '---:')), '---']),
    ...rows.map((index) => {
      const row = figure.rows[index]!;
      return line([...columns.map((column) => cellOf(row, column)), said(row)]);
    }),
    '',
  ].join('\n');
}
