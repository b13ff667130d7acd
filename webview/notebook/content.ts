/** What the pictures of an experiment show, from its figure. */
import * as l10n from '@vscode/l10n';
import type { ExperimentFigure, FigureRow } from '../../src/protocol/notebook';
import type { Format } from '../../src/protocol/format';
import type { Line, LineChartContent } from '../charts/line';
import { chartColors } from '../theme';
import { floorText } from '../floorText';

/** `gru, 64` */
export function rowName({ settings }: ExperimentFigure, { values }: FigureRow): string {
  if (settings.length === 0) return l10n.t('the experiment');
  return values.map((value, i) => `${settings[i]!} ${String(value)}`).join(', ');
}

const dashes = [undefined, [7, 4], [2, 3]] as const;

/** Mean and band over the seeds: of what is held out where there is any, and of one configuration both. */
export function curvesContent(figure: ExperimentFigure, format: Format): LineChartContent {
  const { curves, rows } = figure;
  const isHeldOut = curves.some(({ validation }) => validation.step.length > 0);
  const isOne = rows.length === 1;
  const lines = curves.flatMap(({ row, training, validation }, i): Line[] => {
    const name = rowName(figure, rows[row]!);
    const color = chartColors[i % chartColors.length]!;
    const dash = dashes[Math.floor(i / chartColors.length) % dashes.length];
    const look = { color, ...(dash && { dash }) };
    const own = (id: string, text: string, band: typeof training, more: Partial<Line>): Line => ({
      ...{ id, name: text, ...look, x: band.step, y: band.mean },
      ...(figure.seeds > 1 && { spread: band }),
      ...more,
    });
    if (!isHeldOut) return [own(String(row), name, training, {})];
    const heldOut = own(
      String(row),
      isOne ? l10n.t('validation') : name,
      validation,
      isOne ? { color: 'yellow' } : {},
    );
    return isOne ? [own('training', l10n.t('training'), training, {}), heldOut] : [heldOut];
  });
  const floors = figure.floors.filter(({ metric }) => metric === 'validationLoss');
  const highest = Math.max(...lines.flatMap(({ y }) => Array.from(y)));
  return {
    x: { label: l10n.t('step'), write: format.count, whole: true },
    y: {
      label: isHeldOut && !isOne ? l10n.t('validation loss') : l10n.t('loss'),
      write: format.loss,
    },
    lines,
    // Those far above would press the curves flat.
    references: floors
      .filter(({ value }) => value <= highest)
      .map(({ name, value }) => ({ label: floorText(name), value })),
  };
}

/** Where the values of a setting stand on an axis: few one beside the other, many as numbers. */
export interface SettingAxis {
  readonly at: (value: string | number) => number;
  readonly write: (place: number) => string;
  readonly names: readonly string[];
}

const mostNames = 12;

export function settingAxis(
  figure: ExperimentFigure,
  setting: string,
  format: Format,
): SettingAxis {
  const index = figure.settings.indexOf(setting);
  const all = [...new Set(figure.rows.map(({ values }) => values[index]!))];
  const isNumbers = all.every((value) => typeof value === 'number');
  if (isNumbers) all.sort((a, b) => a - b);
  if (!isNumbers || all.length <= mostNames) {
    const names = all.map((value) => (typeof value === 'number' ? format.rate(value) : value));
    return {
      at: (value) => all.indexOf(value),
      write: (place) => names[place] ?? '',
      names,
    };
  }
  const [least, greatest] = [Number(all[0]), Number(all.at(-1))];
  // Drawn over several powers of ten, it was drawn by its logarithm.
  const isLog = least > 0 && greatest / least > 30;
  return {
    at: (value) => (isLog ? Math.log10(Number(value)) : Number(value)),
    write: (place) => format.rate(isLog ? 10 ** place : place),
    names: [],
  };
}

/** Rows in the order of a column: of a setting, or of a metric behind them; what has no value comes last. */
export function sortedRows(
  { rows, settings }: ExperimentFigure,
  column: number,
  isReversed: boolean,
): number[] {
  const value = (row: number): string | number | null =>
    column < settings.length
      ? rows[row]!.values[column]!
      : (rows[row]!.cells[column - settings.length]?.mean ?? null);
  const sign = isReversed ? -1 : 1;
  return rows
    .map((_, row) => row)
    .sort((a, b) => {
      const [one, other] = [value(a), value(b)];
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      const order =
        typeof one === 'number' && typeof other === 'number'
          ? one - other
          : String(one).localeCompare(String(other));
      return sign * order || a - b;
    });
}

/** The column that configurations are compared by, the best first. */
export function usualOrder({ settings, better }: ExperimentFigure) {
  return { column: settings.length, isReversed: better === 'higher' };
}
