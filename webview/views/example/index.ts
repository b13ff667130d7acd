import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import type { ExampleMessage } from '../../../src/protocol/panel';
import type { HeatmapData, Tick } from '../../charts/heatmap';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { element, setText } from '../../dom';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import type { View, ViewContext } from '../view';
import './example.css';

type Picture = NonNullable<NonNullable<ExampleMessage['result']>['picture']>;

const cellsHeight = 340;
const tallestRow = 28;
/** Columns are no wider, CSS pixels, so that a short sentence does not fill the panel. */
const widestColumn = 72;
const namesWidth = 160;

/** What a model of examples makes of the row at the cursor: token by token. */
export function createExample(context: ViewContext): View {
  const { format, host } = context;
  let run: Run | undefined;
  let shown: ExampleMessage | undefined;
  let picture: Picture | undefined;
  let watching = '';
  const place = element('strong');
  const input = element('p', { class: 'example-input' });
  const answer = element('p', { class: 'example-answer', role: 'status' });
  const message = element('p', {
    class: 'quiet',
    role: 'status',
    text: l10n.t('Put the cursor into a row of the data, or a line of any text.'),
  });
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
    fileName: () => `${run?.facts.name ?? ''} ${l10n.t('Token by token')}`,
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
  const body = element('div', { class: 'example-body', hidden: '' }, input, answer, figure.root);
  const root = element(
    'section',
    { class: 'example', 'aria-label': l10n.t('At the cursor') },
    place,
    message,
    body,
  );

  function show({ place: at, result, message: told }: ExampleMessage) {
    setText(place, at ? l10n.t('{0}, line {1}', at.name, format.count(at.line)) : '');
    setText(
      message,
      at ? told : l10n.t('Put the cursor into a row of the data, or a line of any text.'),
    );
    message.hidden = at !== null && told === '';
    body.hidden = !at || !result;
    if (!at || !result) return;
    setText(input, at.input);
    const sure = Number.isNaN(result.probability) ? '' : format.percent(result.probability);
    setText(answer, sure === '' ? `→ ${result.answer}` : `→ ${result.answer} (${sure})`);
    picture = result.picture ?? undefined;
    figure.root.hidden = !picture;
    if (!picture) return;
    setText(sentence, titles()[picture.of]);
    cells.style.maxWidth = `${String(namesWidth + widestColumn * picture.columns.length)}px`;
    heatmap.setData(dataOf(picture, valueAt, format.percent));
    figure.update();
  }

  function watch() {
    if (!run || run.id === watching) return;
    watching = run.id;
    host.watchExample(run.id);
  }

  function leave() {
    if (watching !== '') host.watchExample(null);
    watching = '';
  }

  return {
    root,
    update(now) {
      run = now;
      watch();
      if (!now.example || now.example === shown) return;
      shown = now.example;
      show(shown);
    },
    leave,
    updateTheme: heatmap.updateTheme,
    destroy() {
      leave();
      heatmap.destroy();
    },
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
  const ticks = (names: readonly string[]): Tick[] => names.map((text, i) => ({ at: i, text }));
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
