import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import type { ReadoutRow } from '../../charts/readout';
import { createScatter, type ScatterData } from '../../charts/scatter';
import { createChoice } from '../../controls';
import { element } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import type { OpenLine } from './examplesFigure';
import { againstTruth, overPlaces, pointsOf, type NumberPoint, type ToldNumbers } from './numbers';

const height = 280;

/** Answers against the truth, and what lies between them over the rows. */
export interface NumbersFigures {
  readonly root: HTMLElement;
  show(numbers: ToldNumbers | undefined): void;
  updateTheme(): void;
  destroy(): void;
}

export function createNumbersFigures(
  context: ViewContext,
  name: () => string,
  open: OpenLine,
): NumbersFigures {
  const { format } = context;
  let shown: ToldNumbers | undefined;
  let column = 0;
  const choice = createChoice('results-number', l10n.t('Column'), (value) => {
    column = Number(value);
    draw();
  });
  choice.root.classList.add('bare');

  function rowsOf(point: NumberPoint): readonly ReadoutRow[] {
    const { value } = format;
    return [
      ...(Number.isNaN(point.line)
        ? []
        : [{ name: l10n.t('line'), value: format.count(point.line) }]),
      { name: l10n.t('true'), value: value(point.truth) },
      { name: l10n.t('answered'), value: value(point.answer) },
      { name: l10n.t('residual'), value: value(point.residual) },
    ];
  }

  interface Sort {
    readonly id: string;
    readonly title: string;
    readonly help: string;
    readonly writeX: (value: number) => string;
    readonly sorted: (points: readonly NumberPoint[]) => readonly NumberPoint[];
    readonly picture: (points: readonly NumberPoint[]) => ScatterData;
  }

  function create({ id, title, help, writeX, sorted, picture }: Sort) {
    let points: readonly NumberPoint[] = [];
    const plot = createScatter({
      ...{ label: title, height, write: { x: writeX, y: format.value } },
      help: l10n.t(
        'Arrow keys move through the points, Enter opens the line, Escape leaves. The numbers are also in the table below.',
      ),
      rowsAt: (point) => rowsOf(points[point]!),
      onChosen(point) {
        const { line } = points[point]!;
        if (!Number.isNaN(line)) open(line);
      },
    });
    const figure = createFigure(context, {
      ...{ id, title, help, picture: plot },
      fileName: () => `${name()} ${title}`,
      csv: () =>
        csv(
          ['line', 'true', 'answer', 'residual'],
          points.map(({ line, truth, answer, residual }) => [
            ...[Number.isNaN(line) ? null : line, truth, answer, residual],
          ]),
        ),
      table: () => ({
        header: [l10n.t('line'), l10n.t('true'), l10n.t('answered'), l10n.t('residual')],
        rows: points.map(({ line, truth, answer, residual }) => [
          Number.isNaN(line) ? '–' : format.count(line),
          ...[truth, answer, residual].map(format.value),
        ]),
      }),
    });
    return {
      plot,
      figure,
      show(all: readonly NumberPoint[]) {
        points = sorted(all);
        plot.setData(picture(points));
        figure.update();
      },
    };
  }

  const predicted = create({
    id: 'results-predicted',
    title: l10n.t('Predicted against true'),
    help: l10n.t(
      'A point is an answer: across what is true, upwards what was answered. On the dashed line they are the same; a cloud that lies flatter than the line is drawn towards the mean. A click on a point opens its line.',
    ),
    writeX: format.value,
    sorted: (points) => [...points].sort((a, b) => a.truth - b.truth),
    picture: (points) => ({
      ...againstTruth(points),
      names: { x: l10n.t('true'), y: l10n.t('answered') },
    }),
  });
  predicted.plot.root.classList.add('results-square');
  const residuals = create({
    id: 'results-residuals',
    title: l10n.t('Residuals'),
    help: l10n.t(
      'What was answered minus what is true. Around zero without a pattern is what chance leaves; a drift or a season is something that the model has not learnt.',
    ),
    writeX: format.count,
    sorted: (points) => points,
    picture: (points) => ({
      ...overPlaces(points),
      names: {
        x:
          shown?.inTime === true
            ? l10n.t('steps in time')
            : l10n.t('rows in the order of the table'),
        y: l10n.t('answered − true'),
      },
    }),
  });
  const root = element(
    'div',
    { class: 'results-body' },
    choice.root,
    predicted.figure.root,
    residuals.figure.root,
  );

  function draw() {
    if (!shown) return;
    const points = pointsOf(shown, column);
    const told = shown.every === 1 ? '' : l10n.t('one in {0} is shown', format.count(shown.every));
    for (const each of [predicted, residuals]) {
      each.show(points);
      each.figure.setUnit(
        [shown.columns[column]!.name, told].filter((part) => part !== '').join(l10n.t(', ')),
      );
    }
  }

  return {
    root,
    show(numbers) {
      shown = numbers;
      root.hidden = shown === undefined;
      if (!shown) return;
      column = Math.min(column, shown.columns.length - 1);
      choice.root.hidden = shown.columns.length < 2;
      choice.setOptions(
        shown.columns.map((each, i) => [String(i), each.name]),
        String(column),
      );
      draw();
    },
    updateTheme() {
      for (const { plot } of [predicted, residuals]) plot.updateTheme();
    },
    destroy() {
      for (const { plot } of [predicted, residuals]) plot.destroy();
    },
  };
}
