import * as l10n from '@vscode/l10n';
import type { Results } from '../../../src/protocol/panel';
import { csv } from '../../../src/protocol/csv';
import type { ReadoutRow } from '../../charts/readout';
import { createScatter } from '../../charts/scatter';
import type { Format } from '../../../src/protocol/format';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';

export type Calibration = NonNullable<Results['calibration']>;

/** A bin that has answers. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly probability: number;
  readonly share: number;
}

/** Bins without an answer are left out. */
export function filledBins({ counts, probabilities, shares }: Calibration): readonly Bin[] {
  const width = 1 / counts.length;
  return Array.from(counts, (count, i) => ({
    ...{ from: i * width, to: (i + 1) * width, count },
    ...{ probability: probabilities[i]!, share: shares[i]! },
  })).filter(({ count }) => count > 0);
}

/** What is read out at a bin. */
export function binRows(bin: Bin, format: Format): readonly ReadoutRow[] {
  const { percent, count } = format;
  return [
    { name: l10n.t('probability'), value: `${percent(bin.from)} – ${percent(bin.to)}` },
    { name: l10n.t('mean probability'), value: percent(bin.probability) },
    { name: l10n.t('were right'), value: percent(bin.share) },
    { name: l10n.t('answers'), value: count(bin.count) },
  ];
}

export interface CalibrationFigure {
  readonly root: HTMLElement;
  show(calibration: Calibration | undefined): void;
  updateTheme(): void;
  destroy(): void;
}

const height = 280;
const largest = 11;
const smallest = 3;

/** Whether what is said to be 80 % sure is right in 80 %: a reliability diagram. */
export function createCalibration(context: ViewContext, name: () => string): CalibrationFigure {
  const { format } = context;
  const title = l10n.t('Calibration');
  let shown: Calibration | undefined;
  let bins: readonly Bin[] = [];
  const plot = createScatter({
    ...{ label: title, height, onChosen: () => undefined },
    help: l10n.t(
      'Arrow keys move through the bins, Escape leaves. The numbers are also in the table below.',
    ),
    write: { x: format.percent, y: format.percent },
    rowsAt: (point) => binRows(bins[point]!, format),
  });
  plot.root.classList.add('results-square');
  const figure = createFigure(context, {
    ...{ id: 'results-calibration', title, picture: plot },
    fileName: () => `${name()} ${title}`,
    csv: () =>
      csv(
        ['from', 'to', 'answers', 'probability', 'right'],
        bins.map(({ from, to, count, probability, share }) => [
          ...[from, to, count, probability, share],
        ]),
      ),
    table: () => ({
      header: [
        l10n.t('probability'),
        l10n.t('answers'),
        l10n.t('mean probability'),
        l10n.t('were right'),
      ],
      rows: bins.map((bin) => [
        `${format.percent(bin.from)} – ${format.percent(bin.to)}`,
        format.count(bin.count),
        format.percent(bin.probability),
        format.percent(bin.share),
      ]),
    }),
    help: l10n.t(
      'Answers are put into ten bins by the probability that the model gave them. On the dashed line a probability can be believed; below it the model is surer than it should be, above it less sure. The larger the point, the more answers. The expected calibration error is the mean distance from the line, over all answers.',
    ),
  });

  return {
    root: figure.root,
    show(calibration) {
      shown = calibration;
      figure.root.hidden = shown === undefined;
      if (!shown) return;
      bins = filledBins(shown);
      const most = Math.max(...bins.map(({ count }) => count));
      // Its area tells how many there are.
      const radius = (i: number) => Math.max(smallest, largest * Math.sqrt(bins[i]!.count / most));
      plot.setData({
        ...{ guide: 'identity', joined: true, radius },
        x: Float64Array.from(bins, ({ probability }) => probability),
        y: Float64Array.from(bins, ({ share }) => share),
        ranges: { x: [0, 1.02], y: [-0.02, 1.02] },
        names: { x: l10n.t('probability'), y: l10n.t('share that was right') },
      });
      figure.setUnit(l10n.t('expected calibration error {0}', format.percent(shown.error)));
      figure.update();
    },
    updateTheme: plot.updateTheme,
    destroy: plot.destroy,
  };
}
