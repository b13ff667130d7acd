import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { element, setText } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import {
  indexed,
  partName,
  stepNames,
  ticks,
  widthOf,
  type ExampleFigure,
  type Inside,
} from './part';
import { pixelGradient, type Image } from './pixels';

const cellsHeight = 320;
const tallestRow = 28;
/** Of a picture's pixel, CSS pixels. */
const largestPixel = 20;
const namesWidth = 60;

/** Numbers as rows and columns: pixels of a picture, or what is read at each step. */
interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `[rows, columns]` */
  readonly values: Float64Array;
}

/** ∂E/∂x of the numbers that are read: over the pixels of a picture, or number by number. */
export function createGradient(context: ViewContext): ExampleFigure {
  const { format } = context;
  let matrix: Matrix | undefined;
  let quantity = '';
  let isImage = false;
  let file = '';
  const valueAt = (row: number, column: number) =>
    matrix?.values[row * matrix.columns.length + column] ?? NaN;
  const heatmap = createReadHeatmap({
    label: l10n.t('Gradient with respect to what is read'),
    help: l10n.t(
      'Left and right arrow keys move through the columns, up and down arrow keys through the rows, Escape leaves. The numbers are also in the table below.',
    ),
    ...{ cellsHeight, tallestRow },
    columnTicks: 'bottom',
    writeValue: format.value,
    rowsAt: ({ row, column }) =>
      matrix
        ? [
            isImage
              ? {
                  name: l10n.t('Pixel'),
                  value: l10n.t(
                    'row {0}, column {1}',
                    format.count(row + 1),
                    format.count(column + 1),
                  ),
                }
              : { name: matrix.columns[column] ?? '', value: matrix.rows[row] ?? '' },
            { name: quantity, value: format.value(valueAt(row, column)) },
          ]
        : [],
    onChosen: () => undefined,
  });
  const cells = element('div', { class: 'example-cells' }, heatmap.root);
  const sentence = element('p', { class: 'example-title' });
  const rowsOf = <Value>(write: (value: number) => Value): (string | Value)[][] =>
    (matrix?.rows ?? []).map((name, row) => [
      name,
      ...matrix!.columns.map((_, column) => write(valueAt(row, column))),
    ]);
  const figure = createFigure(context, {
    id: 'example-gradient',
    title: l10n.t('Gradient with respect to what is read'),
    sentence,
    picture: { root: cells, toCanvas: heatmap.toCanvas, toSvg: heatmap.toSvg },
    fileName: () => `${file} ${l10n.t('Gradient with respect to what is read')}`,
    csv: () =>
      csv(
        ['', ...(matrix?.columns ?? [])],
        rowsOf((value) => value),
      ),
    table: () => ({ header: ['', ...(matrix?.columns ?? [])], rows: rowsOf(format.value) }),
    help: l10n.t(
      'Red: were this number greater, E would be too; blue: E would be less. Where E is a loss, blue speaks for the answer. Of a picture in colour it is the norm over red, green and blue. The numbers are standardised, as the model reads them.',
    ),
  });

  function adopt(inside: Inside): void {
    const { gradient, image, units } = inside;
    isImage = image !== null;
    matrix = undefined;
    if (!gradient) return;
    if (image) matrix = pixelsOf(gradient.values, image);
    else {
      const columns = stepNames(inside, gradient.domain);
      matrix = { rows: units, columns, values: transposed(gradient.values, units.length) };
    }
    const name = indexed(gradient.name, gradient.domain);
    quantity = image && image.channels > 1 ? `‖∂E/∂${name}‖` : `∂E/∂${name}`;
  }

  function draw(inside: Inside, part: number) {
    const { rows, columns, values } = matrix!;
    const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const isSigned = values.some((value) => value < 0);
    setText(sentence, l10n.t('E of {0}', partName(inside, part)));
    cells.style.maxWidth = isImage
      ? `${String(namesWidth + largestPixel * columns.length)}px`
      : widthOf(columns.length);
    heatmap.setData({
      ...{ rows: rows.length, columns: columns.length, at: valueAt, quantity },
      rowTicks: isImage ? [] : ticks(rows),
      columnTicks: isImage ? [] : ticks(columns),
      rowName: (row) => rows[row] ?? '',
      scale: isSigned
        ? { kind: 'diverging', least: -greatest, greatest }
        : { kind: 'positive', least: 0, greatest },
    });
    figure.update();
  }

  return {
    root: figure.root,
    update(result, part, name) {
      file = name;
      if (result.inside) adopt(result.inside);
      else matrix = undefined;
      figure.root.hidden = !matrix;
      if (matrix) draw(result.inside!, part);
    },
    updateTheme: heatmap.updateTheme,
    destroy: heatmap.destroy,
  };
}

/** One number a pixel. */
function pixelsOf(values: Float64Array, image: Image): Matrix {
  const number = (_: unknown, i: number) => String(i + 1);
  return {
    rows: Array.from({ length: image.height }, number),
    columns: Array.from({ length: image.width }, number),
    values: pixelGradient(values, image),
  };
}

/** A row a unit. */
function transposed(values: Float64Array, width: number): Float64Array {
  const steps = values.length / width;
  return Float64Array.from(values, (_, i) => values[(i % steps) * width + Math.floor(i / steps)]!);
}
