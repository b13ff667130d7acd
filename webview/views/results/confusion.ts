/** Which class is taken for which: numbers, and how they are coloured. */
import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { Results } from '../../../src/protocol/panel';
import type { HeatmapData, Tick } from '../../charts/heatmap';
import type { ReadoutRow } from '../../charts/readout';

export type Confusion = NonNullable<Results['confusion']>;

/** What a cell tells: how many, or their share of the true class (row) or of the answered one (column). */
export const quantities = ['counts', 'row', 'column'] as const;
export type ConfusionQuantity = (typeof quantities)[number];

/** A class as it is found and named. */
export interface ClassScores {
  readonly name: string;
  readonly examples: number;
  /** NaN: it is never answered. */
  readonly precision: number;
  /** NaN: it does not occur. */
  readonly recall: number;
  readonly f1: number;
}

function countAt({ classes, counts }: Confusion, row: number, column: number): number {
  return counts[row * classes.length + column]!;
}

function sumOf(confusion: Confusion, of: (other: number) => number): number {
  return confusion.classes.reduce((sum, _, other) => sum + of(other), 0);
}

const inRow = (confusion: Confusion, row: number): number =>
  sumOf(confusion, (other) => countAt(confusion, row, other));
const inColumn = (confusion: Confusion, column: number): number =>
  sumOf(confusion, (other) => countAt(confusion, other, column));

export function classScores(confusion: Confusion): readonly ClassScores[] {
  return confusion.classes.map((name, c) => {
    const right = countAt(confusion, c, c);
    const examples = inRow(confusion, c);
    const answered = inColumn(confusion, c);
    return {
      ...{ name, examples },
      precision: right / answered,
      recall: right / examples,
      f1: (2 * right) / (answered + examples),
    };
  });
}

/** More classes have no room beside one another. */
const mostTicks = 40;

export function confusionMatrix(confusion: Confusion, quantity: ConfusionQuantity): HeatmapData {
  const { classes } = confusion;
  const n = classes.length;
  const rows = classes.map((_, row) => inRow(confusion, row));
  const columns = classes.map((_, column) => inColumn(confusion, column));
  const at = (row: number, column: number): number => {
    const count = countAt(confusion, row, column);
    if (quantity === 'counts') return count;
    return count / (quantity === 'row' ? rows[row]! : columns[column]!);
  };
  const every = Math.ceil(n / mostTicks);
  const ticks: Tick[] = classes.flatMap((text, i) => (i % every === 0 ? [{ at: i, text }] : []));
  const greatest = quantity === 'counts' ? Math.max(1, ...confusion.counts) : 1;
  return {
    ...{ rows: n, columns: n, at, rowTicks: ticks, columnTicks: ticks },
    rowName: (row) => classes[row]!,
    scale: { kind: 'sequential', least: 0, greatest },
    quantity: quantity === 'counts' ? l10n.t('examples') : l10n.t('share'),
  };
}

/** What a cell says. */
export function confusionRows(
  confusion: Confusion,
  { row, column }: { readonly row: number; readonly column: number },
  format: Format,
): readonly ReadoutRow[] {
  const { classes } = confusion;
  const count = countAt(confusion, row, column);
  const share = (of: number) => (of === 0 ? '–' : format.percent(count / of));
  return [
    { name: l10n.t('true'), value: classes[row] ?? '' },
    { name: l10n.t('answered'), value: classes[column] ?? '' },
    { name: l10n.t('examples'), value: format.count(count) },
    { name: l10n.t('of its true class'), value: share(inRow(confusion, row)) },
    { name: l10n.t('of these answers'), value: share(inColumn(confusion, column)) },
  ];
}
