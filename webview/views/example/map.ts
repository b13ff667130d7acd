import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import type { HeatmapData } from '../../charts/heatmap';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { element, setText } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { ticks, widthOf, type ExampleFigure, type Result } from './part';

type Picture = NonNullable<Result['picture']>;

const cellsHeight = 340;
const tallestRow = 28;

/** Classes, tags or symbols of the answer over the tokens that are read. */
export function createMap(context: ViewContext): ExampleFigure {
  const { format } = context;
  let picture: Picture | undefined;
  let file = '';
  const titles = (): Record<Picture['of'], string> => ({
    prefixes: l10n.t('Probability after each token'),
    steps: l10n.t('Probability of each tag'),
    attention: l10n.t('Where the answer looked'),
  });
  const valueAt = (row: number, column: number) =>
    picture?.values[row * picture.columns.length + column] ?? NaN;
  const heatmap = createReadHeatmap({
    label: l10n.t('The example at the cursor, token by token'),
    help: l10n.t(
      'Left and right arrow keys move through the tokens, up and down arrow keys through the rows, Escape leaves. The numbers are also in the table below.',
    ),
    ...{ cellsHeight, tallestRow },
    columnTicks: 'top',
    writeValue: format.percent,
    rowsAt: ({ row, column }) =>
      picture
        ? [
            { name: l10n.t('Token'), value: picture.columns[column] ?? '' },
            { name: rowName(picture.of), value: picture.rows[row] ?? '' },
            {
              name: picture.of === 'attention' ? l10n.t('weight') : l10n.t('probability'),
              value: format.percent(valueAt(row, column)),
            },
          ]
        : [],
    onChosen: () => undefined,
  });
  const sentence = element('p', { class: 'example-title' });
  const cells = element('div', {}, heatmap.root);
  const rowsOf = <Value>(write: (value: number) => Value): (string | Value)[][] =>
    (picture?.columns ?? []).map((token, column) => [
      token,
      ...picture!.rows.map((_, row) => write(valueAt(row, column))),
    ]);
  const figure = createFigure(context, {
    id: 'example-map',
    title: l10n.t('Token by token'),
    sentence,
    picture: { root: cells, toCanvas: heatmap.toCanvas, toSvg: heatmap.toSvg },
    fileName: () => `${file} ${l10n.t('Token by token')}`,
    csv: () =>
      csv(
        ['token', ...(picture?.rows ?? [])],
        rowsOf((value) => value),
      ),
    table: () => ({
      header: [l10n.t('Token'), ...(picture?.rows ?? [])],
      rows: rowsOf(format.percent),
    }),
    help: l10n.t(
      'Of one answer a column is the answer to the beginning that ends with its token: where it changes, that token has decided. Of tags it is the answer at the token. Of a sequence that attends, a row is a symbol of the answer, and its cells are the weights with which it looked at the source; they add up to 1.',
    ),
  });

  return {
    root: figure.root,
    update(result, _, name) {
      file = name;
      picture = result.picture ?? undefined;
      figure.root.hidden = !picture;
      if (!picture) return;
      setText(sentence, titles()[picture.of]);
      cells.style.maxWidth = widthOf(picture.columns.length);
      heatmap.setData(dataOf(picture, valueAt, format.percent));
      figure.update();
    },
    updateTheme: heatmap.updateTheme,
    destroy: heatmap.destroy,
  };
}

function rowName(of: Picture['of']): string {
  switch (of) {
    case 'prefixes':
      return l10n.t('class');
    case 'steps':
      return l10n.t('tag');
    case 'attention':
      return l10n.t('symbol of the answer');
  }
}

function dataOf(
  { columns, rows, of }: Picture,
  at: (row: number, column: number) => number,
  write: (value: number) => string,
): HeatmapData {
  return {
    ...{ rows: rows.length, columns: columns.length, at },
    rowTicks: ticks(rows),
    columnTicks: ticks(columns),
    rowName: (row) => rows[row] ?? '',
    cellText: (row, column) => write(at(row, column)),
    scale: { kind: 'sequential', least: 0, greatest: 1 },
    quantity: of === 'attention' ? l10n.t('weight') : l10n.t('probability'),
  };
}
