import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { HeatmapData, HeatmapHead, HeatmapScale, Cell, Tick } from '../../charts/heatmap';
import type { Theme } from '../../theme';
import {
  cellValue,
  rowsFor,
  saturatedShares,
  scaleOf,
  slope,
  unitsOf,
  type Quantity,
  type Rows,
} from './matrix';
import { slopeFormula } from './names';
import type { Sorting } from './order';
import type { Candidate, Reading } from './readout';
import type { Slice } from './slice';

/** How a slice is looked at. */
export interface Look {
  readonly quantity: Quantity;
  readonly sorting: Sorting;
  /** Entry i is the unit in row i. */
  readonly order: Int32Array;
  /** More rows than that are drawn as means. */
  readonly mostRows: number;
  /** Whether every row is high enough for its name. */
  readonly allNames: boolean;
  /** Of the picture before, to be kept where it fits. */
  readonly scale: HeatmapScale | undefined;
  /** The variable's name for the eye. */
  readonly name: string;
  /** ln C, nats: bars of losses are as high as they can at one and a half times that. */
  readonly uniform: number;
}

/** A slice as a heatmap. */
export interface Picture {
  readonly slice: Slice;
  readonly look: Look;
  readonly rows: Rows;
  readonly data: HeatmapData;
  /** Share of the units that are saturated after each token; undefined where nothing can be. `[T]` */
  readonly saturated: Float64Array | undefined;
}

const headHeight = 20;

export function pictureOf(slice: Slice, look: Look, theme: Theme): Picture {
  const { activations, variable, tokens, loss } = slice;
  const { activation } = variable;
  const rows = rowsFor(activations.width, look.mostRows);
  const of = valueOf(slice, look);
  const units = Array.from({ length: rows.count }, (_, row) => unitsOf(look.order, rows, row));
  const saturated = activation === null ? undefined : saturatedShares(activations, activation);
  const heads: HeatmapHead[] = [
    {
      name: l10n.t('loss'),
      height: headHeight,
      share: (column) => loss[column]! / (1.5 * look.uniform),
      color: theme.charts.yellow,
    },
  ];
  if (saturated) {
    heads.push({
      name: l10n.t('saturated'),
      height: headHeight,
      share: (column) => saturated[column]!,
      color: theme.charts.purple,
    });
  }
  const data: HeatmapData = {
    rows: rows.count,
    columns: tokens.length,
    at: (row, column) => cellValue(activations, units[row]!, column, of),
    scale: scaleOf(activations, activation, look.quantity, look.scale),
    rowTicks: rowTicks(rows, look),
    columnTicks: tokens.map((text, at) => ({ at, text })),
    rowName: (row) => rowName(units[row]!),
    heads,
    quantity: quantityName(slice, look),
  };
  return { slice, look, rows, data, saturated };
}

function valueOf({ variable: { activation } }: Slice, { quantity }: Look) {
  return quantity === 'slope' && activation !== null
    ? (value: number) => slope(activation, value)
    : (value: number) => value;
}

function quantityName({ variable }: Slice, { quantity }: Look): string {
  return quantity === 'slope' ? slopeFormula(variable) : variable.symbol;
}

/** Units count from 1, as layers do: `17`, or `17–32` of a row that is their mean. */
function rowName(units: Int32Array): string {
  const first = String(units[0]! + 1);
  return units.length === 1 ? first : `${first}–${String(units.at(-1)! + 1)}`;
}

/** In order of index every 10th, 50th … row has its name; in other orders every row for which there is room. */
function rowTicks(rows: Rows, { order, sorting, allNames }: Look): Tick[] {
  const named = (at: number) => ({ at, text: rowName(unitsOf(order, rows, at).subarray(0, 1)) });
  const all = Array.from({ length: rows.count }, (_, row) => row);
  if (sorting !== 'index' || allNames || rows.count <= 24) return all.map(named);
  const step = [5, 10, 20, 50, 100, 200, 500, 1000].find(
    (candidate) => (rows.count * rows.each) / candidate <= 20,
  );
  return all.filter((row) => (row * rows.each + 1) % (step ?? 2000) === 0 || row === 0).map(named);
}

/** All that is known about a cell. */
export function readingOf(
  { slice, look, rows, saturated }: Picture,
  { row, column }: Cell,
  format: Format,
): Reading {
  const { activations, tokens, loss, variable } = slice;
  const units = unitsOf(look.order, rows, row);
  const names = rowNames(units, look.sorting);
  const name =
    rows.each === 1
      ? l10n.t('{0}, unit {1}', look.name, names)
      : l10n.t('{0}, mean of units {1}', look.name, names);
  const value = (of: (value: number) => number) =>
    format.value(cellValue(activations, units, column, of));
  const lines = [{ name, value: value((x) => x) }];
  const { activation } = variable;
  if (activation !== null && saturated) {
    lines.push({ name: slopeFormula(variable), value: value((x) => slope(activation, x)) });
    lines.push({ name: l10n.t('Saturated units'), value: format.percent(saturated[column]!) });
  }
  return {
    token: tokens[column]!,
    place: column + 1,
    tokens: tokens.length,
    loss: loss[column]!,
    lines,
    candidates: candidatesAfter(slice, column),
  };
}

/** The unit of a cell; of several in a row, the one with the greatest absolute value there. From 0. */
export function unitAt({ slice, look, rows }: Picture, { row, column }: Cell): number {
  const { width, values } = slice.activations;
  const strength = (unit: number) => Math.abs(values[column * width + unit]!);
  return unitsOf(look.order, rows, row).reduce((best, unit) =>
    strength(unit) > strength(best) ? unit : best,
  );
}

/** Units of a row; sorted otherwise than by number they are no range. */
function rowNames(units: Int32Array, sorting: Sorting): string {
  if (units.length === 1 || sorting === 'index') return rowName(units);
  const named = Array.from(units.subarray(0, 4), (unit) => String(unit + 1));
  return units.length > 4 ? `${named.join(', ')}, …` : named.join(', ');
}

/** The likeliest tokens after one, and the one that does come where it is not among them. */
export function candidatesAfter({ top, tokens, loss }: Slice, column: number): Candidate[] {
  const next = tokens[column + 1];
  const candidates = top[column]!.map(({ token, probability }) => ({
    ...{ token, probability },
    isNext: token === next,
  }));
  if (next === undefined || candidates.some(({ isNext }) => isNext)) return candidates;
  const probability = Math.exp(-loss[column + 1]!);
  return [...candidates, { token: next, probability, isNext: true }];
}

/** One sentence or two about the whole window. */
export function summaryOf({ slice, saturated }: Picture, format: Format): string {
  const known = slice.loss.filter((loss) => !Number.isNaN(loss));
  const sentences = [];
  if (known.length > 0) {
    sentences.push(l10n.t('Mean loss here {0} nats/token.', format.loss(mean(known))));
  }
  if (saturated) {
    const share = format.percent(mean(saturated));
    const rule =
      slice.variable.activation === 'tanh'
        ? l10n.t('tanh′ < 0.05')
        : l10n.t('below 0.1 or above 0.9');
    sentences.push(l10n.t('{0} of the values are saturated: {1}.', share, rule));
  }
  return sentences.join(' ');
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
