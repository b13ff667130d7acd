import * as l10n from '@vscode/l10n';
import { createLineChart } from '../../charts/lineChart';
import { createFigure } from '../figure';
import { chartColors } from '../../theme';
import type { ViewContext } from '../view';
import type { ExampleFigure, Result } from './part';

type Picture = NonNullable<Result['picture']>;

/** The probability of each class after each token, as curves over the sentence. */
export function createScore(context: ViewContext): ExampleFigure {
  const { format } = context;
  let picture: Picture | undefined;
  let file = '';
  const chart = createLineChart(context, {
    id: 'example-score',
    label: l10n.t('Probability of each class after each token'),
  });
  const figure = createFigure(context, {
    id: 'example-score',
    title: l10n.t('Score after each token'),
    unit: l10n.t('probability over tokens'),
    picture: chart,
    fileName: () => `${file} ${l10n.t('Score after each token')}`,
    csv: () => chart.toCsv(),
    table: () => ({
      header: [l10n.t('Token'), ...(picture?.rows ?? [])],
      rows: (picture?.columns ?? []).map((token, column) => [
        token,
        ...picture!.rows.map((_, row) => format.percent(valueAt(row, column))),
      ]),
    }),
    help: l10n.t(
      'At each token the answer to the beginning that ends there, by itself. Where a curve jumps, that token has changed the model’s mind.',
    ),
  });
  const valueAt = (row: number, column: number) =>
    picture!.values[row * picture!.columns.length + column]!;

  return {
    root: figure.root,
    update(result, _, name) {
      file = name;
      const isShown = result.picture?.of === 'prefixes' && result.picture.columns.length > 1;
      picture = isShown ? result.picture : undefined;
      figure.root.hidden = !picture;
      if (!picture) return;
      const { columns, rows } = picture;
      const x = columns.map((__, column) => column + 1);
      chart.draw({
        x: {
          label: l10n.t('token'),
          write: (at) => `${format.count(at)} ${columns[at - 1] ?? ''}`,
          writeTick: format.count,
          whole: true,
        },
        y: { label: l10n.t('probability'), write: format.percent, include: [0, 1] },
        lines: rows.map((id, row) => ({
          ...{ id, name: id, color: chartColors[row % chartColors.length]!, x },
          y: columns.map((__, column) => valueAt(row, column)),
          ...(row >= chartColors.length && { dash: [4, 3] }),
        })),
      });
      figure.update();
    },
    updateTheme: chart.updateTheme,
    destroy: chart.destroy,
  };
}
