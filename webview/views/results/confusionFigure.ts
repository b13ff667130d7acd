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
import { createExamplesFigure, type OpenLine, type ToldExample } from './examplesFigure';
import { examplesText } from '../../counts';

/** Height of the cells at most, and of one, CSS pixels. */
const cellsHeight = 400;
const tallestRow = 44;
/** Few classes do not fill the width: cells stay about twice as wide as they are high. */
const widestColumn = 96;
const namesWidth = 120;

export interface ConfusionFigure {
  readonly root: HTMLElement;
  /**
   * @param examples those that are told of each cell, the worst first
   * @param isSequence answers are sequences, whose steps are counted
   */
  show(
    confusion: Confusion | undefined,
    examples: readonly ToldExample[],
    isSequence: boolean,
  ): void;
  updateTheme(): void;
  destroy(): void;
}

/** @param name of the run's data */
export function createConfusionFigure(
  context: ViewContext,
  name: () => string,
  open: OpenLine,
): ConfusionFigure {
  const { format, host } = context;
  let shown: Confusion | undefined;
  let told: readonly ToldExample[] = [];
  let marksEdits = false;
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
  const write = (value: number) =>
    quantity === 'counts' ? format.count(value) : Number.isNaN(value) ? '' : format.percent(value);
  const heatmap = createReadHeatmap({
    label: l10n.t('Confusion matrix'),
    help: l10n.t(
      'Arrow keys move through the classes, Enter lists the examples of a cell, Escape leaves. The numbers are also in the table below.',
    ),
    ...{ cellsHeight, tallestRow },
    columnTicks: 'bottom',
    writeValue: write,
    rowsAt: (cell) => (shown ? confusionRows(shown, cell, format) : []),
    onChosen: list,
  });
  const picture = element('div', { class: 'results-confusion' }, heatmap.root);
  const figure = createFigure(context, {
    id: 'results-confusion',
    title: l10n.t('Confusion matrix'),
    unit: l10n.t('true class down, answered class across'),
    picture: { root: picture, toCanvas: heatmap.toCanvas, toSvg: heatmap.toSvg },
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
      'A row is a true class, a column what was answered: what is right lies on the diagonal, and each other cell is a mistake of one kind. A click on a cell lists its examples.',
    ),
  });
  let listed = '';
  const title = l10n.t('Examples of a cell');
  const examples = createExamplesFigure(context, {
    ...{ id: 'results-kind', title, name, open },
    fileTitle: () => `${title} ${listed}`,
    help: l10n.t('The examples of the cell that was chosen, those with the greatest loss first.'),
  });
  const message = element('p', { class: 'quiet', role: 'status', hidden: '' });
  const root = element('div', { class: 'results-body' }, figure.root, message, examples.root);

  /** The examples of a cell. */
  function list({ row, column }: { readonly row: number; readonly column: number }) {
    if (!shown) return;
    const { classes, counts } = shown;
    const kind = row * classes.length + column;
    const found = told.filter(({ kinds }) => kinds.includes(kind));
    const count = counts[kind]!;
    listed = l10n.t('true {0}, answered {1}', classes[row]!, classes[column]!);
    message.hidden = found.length > 0;
    message.textContent = l10n.t('{0}: no examples.', listed);
    const isAll = marksEdits || found.length >= count;
    const number = isAll
      ? examplesText(found.length, format)
      : l10n.t('{0} of {1} examples', format.count(found.length), format.count(count));
    examples.setUnit(`${listed} · ${number}`);
    examples.show(found, marksEdits);
  }

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
    if (shown) {
      picture.style.maxWidth = `${String(namesWidth + widestColumn * shown.classes.length)}px`;
      const matrix = confusionMatrix(shown, quantity);
      const cellText = (row: number, column: number) => write(matrix.at(row, column));
      heatmap.setData({ ...matrix, cellText });
    }
    figure.update();
  }

  return {
    root,
    show(confusion, examplesByKind, isSequence) {
      shown = confusion;
      told = examplesByKind;
      marksEdits = isSequence;
      root.hidden = confusion === undefined;
      message.hidden = true;
      examples.show([], false);
      draw();
    },
    updateTheme: heatmap.updateTheme,
    destroy: heatmap.destroy,
  };
}
