import * as l10n from '@vscode/l10n';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { createChoice } from '../../controls';
import { csv } from '../../../src/protocol/csv';
import { element } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import {
  confusionMatrix,
  confusionRows,
  quantities,
  type Confusion,
  type ConfusionQuantity,
} from './confusion';

/** Height of the cells at most, CSS pixels. */
const cellsHeight = 360;

export interface ConfusionFigure {
  readonly root: HTMLElement;
  show(confusion: Confusion | undefined): void;
  updateTheme(): void;
  destroy(): void;
}

/** @param name of the run's data */
export function createConfusionFigure(context: ViewContext, name: () => string): ConfusionFigure {
  const { format, host } = context;
  let shown: Confusion | undefined;
  let quantity: ConfusionQuantity =
    quantities.find((each) => each === host.memory.get('results.quantity')) ?? 'counts';
  const choice = createChoice<ConfusionQuantity>('results-quantity', l10n.t('Shown'), (value) => {
    quantity = value;
    host.memory.set('results.quantity', value);
    draw();
  });
  choice.setOptions(
    [
      ['counts', l10n.t('counts')],
      ['row', l10n.t('shares of the true class')],
      ['column', l10n.t('shares of the answered class')],
    ],
    quantity,
  );
  choice.root.classList.add('bare');
  const heatmap = createReadHeatmap({
    label: l10n.t('Confusion matrix'),
    help: l10n.t(
      'Arrow keys move through the classes, Escape leaves. The numbers are also in the table below.',
    ),
    cellsHeight,
    columnTicks: 'bottom',
    writeValue: (value) => (quantity === 'counts' ? format.count(value) : format.percent(value)),
    rowsAt: (cell) => (shown ? confusionRows(shown, cell, format) : []),
    onChosen: () => undefined,
  });
  const figure = createFigure(context, {
    id: 'results-confusion',
    title: l10n.t('Confusion matrix'),
    unit: l10n.t('true class down, answered class across'),
    picture: {
      root: element('div', { class: 'results-confusion' }, heatmap.root),
      toCanvas: heatmap.toCanvas,
      toSvg: heatmap.toSvg,
    },
    controls: [choice.root],
    fileName: () => `${name()} ${l10n.t('Confusion matrix')}`,
    csv: () =>
      csv(
        ['true', ...(shown?.classes ?? [])],
        rowsOf((count) => count),
      ),
    table: () => ({
      header: [l10n.t('true'), ...(shown?.classes ?? [])],
      rows: rowsOf(format.count),
    }),
    help: l10n.t(
      'A row is a true class, a column what was answered: what is right lies on the diagonal, and each other cell is a mistake of one kind.',
    ),
  });

  function rowsOf<Value>(write: (count: number) => Value): (string | Value)[][] {
    if (!shown) return [];
    const { classes, counts } = shown;
    const n = classes.length;
    return classes.map((title, row) => [
      title,
      ...Array.from(counts.subarray(row * n, (row + 1) * n), write),
    ]);
  }

  function draw() {
    if (shown) heatmap.setData(confusionMatrix(shown, quantity));
    figure.update();
  }

  return {
    root: figure.root,
    show(confusion) {
      shown = confusion;
      figure.root.hidden = confusion === undefined;
      draw();
    },
    updateTheme: heatmap.updateTheme,
    destroy: heatmap.destroy,
  };
}
