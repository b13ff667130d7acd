import type { Theme } from '../theme';
import type { Pen } from './pen';
import { powerTicks, roundTicks, writeTicks } from './ticks';

/** Counts of values in equally wide bins from the least to the greatest. */
export interface Bins {
  readonly least: number;
  readonly greatest: number;
  readonly counts: Float64Array;
}

/** What a histogram shows. */
export interface HistogramData {
  readonly bins: Bins;
  /** Drawn as an outline behind, as if it had bins of the same width. */
  readonly before: Bins | undefined;
  /** Limits of the axis of values, which hold all bins. */
  readonly range: readonly [number, number];
  readonly logCount: boolean;
  /** What the values are: `W`, `∂E/∂W`. */
  readonly quantity: string;
}

/** Where all is, CSS pixels. */
export interface HistogramLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Place of a value and height of a count on the screen. */
  readonly x: (value: number) => number;
  readonly y: (count: number) => number;
  readonly valueTicks: readonly number[];
  readonly countTicks: readonly number[];
}

export interface HistogramWriting {
  readonly value: (value: number) => string;
  readonly count: (count: number) => string;
}

const gap = 6;
const lineHeight = 15;
/** A log axis of counts begins here, so that a bin of one value is seen. */
const logFloor = 0.5;

/** Width of a bin; a parameter whose values are all the same has one bin of this share of the axis. */
function binWidth({ least, greatest, counts }: Bins, range: readonly [number, number]): number {
  const width = (greatest - least) / counts.length;
  return width > 0 ? width : (range[1] - range[0]) / 50;
}

/** Left edge of a bin. */
export function binStart(bins: Bins, bin: number): number {
  return bins.least + (bin * (bins.greatest - bins.least)) / bins.counts.length;
}

/** The counts of `before` as they would be in bins as wide as those of `bins`. */
function scaledBefore({ bins, before, range }: HistogramData): Float64Array | undefined {
  if (!before) return undefined;
  const factor = binWidth(bins, range) / binWidth(before, range);
  return before.counts.map((count) => count * factor);
}

/** Finds places for everything. */
export function layoutHistogram(
  data: HistogramData,
  size: { readonly width: number; readonly height: number },
  write: HistogramWriting,
  pen: Pen,
): HistogramLayout {
  const most = Math.max(1, largest(data.bins.counts), largest(scaledBefore(data) ?? []));
  const top = gap;
  const bottom = size.height - lineHeight - 2;
  const countTicks = data.logCount
    ? powerTicks(1, most, 5)
    : roundTicks(0, most, 4).filter((tick) => tick > 0);
  const widest = Math.max(...countTicks.map((tick) => pen.widthOf(write.count(tick))), 0);
  const left = Math.ceil(widest) + gap;
  const right = size.width - 1;
  const [low, high] = widened(data.range);
  const logMost = Math.log10(most / logFloor);
  const heightOf = (count: number) =>
    data.logCount ? Math.max(0, Math.log10(count / logFloor)) / logMost : count / most;
  return {
    ...size,
    left,
    right,
    top,
    bottom,
    x: (value) => left + ((value - low) / (high - low)) * (right - left),
    y: (count) => bottom - heightOf(count) * (bottom - top),
    valueTicks: roundTicks(low, high, Math.max(2, (right - left) / 70)),
    countTicks,
  };
}

/** A range that has a width, even where all values are the same. */
function widened([low, high]: readonly [number, number]): readonly [number, number] {
  if (high > low) return [low, high];
  const air = Math.max(Math.abs(low) / 2, 1e-12);
  return [low - air, high + air];
}

function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** What `paintHistogram` draws with. */
export interface HistogramPainting {
  readonly data: HistogramData;
  readonly layout: HistogramLayout;
  readonly theme: Theme;
  readonly write: HistogramWriting;
  /** The bin that stands out; undefined: none. */
  readonly cursor: number | undefined;
  /** Device pixels of a CSS pixel: edges of bars fall on them. */
  readonly ratio: number;
}

/** Draws a histogram: axes, bars, the outline of an earlier one. */
export function paintHistogram(pen: Pen, painting: HistogramPainting): void {
  paintAxes(pen, painting);
  paintBars(pen, painting);
  paintBefore(pen, painting);
}

function paintAxes(pen: Pen, { data, layout, theme, write }: HistogramPainting): void {
  const { left, right, top, bottom, x, y, valueTicks, countTicks } = layout;
  for (const tick of countTicks) {
    const height = Math.round(y(tick));
    pen.rect(left, height, right - left, 1, theme.grid);
    pen.text(left - gap, height, write.count(tick), { fill: theme.muted, align: 'end' });
  }
  // What the values are stands where the axis ends.
  const room = right - pen.widthOf(data.quantity) - 8;
  pen.text(right, bottom + 4, data.quantity, { fill: theme.muted, align: 'end', baseline: 'top' });
  let free = -Infinity;
  const texts = writeTicks(valueTicks, write.value);
  for (const [i, tick] of valueTicks.entries()) {
    const text = texts[i]!;
    const half = pen.widthOf(text) / 2;
    const middle = Math.max(x(tick), half);
    if (middle - half < free || middle + half > room) continue;
    free = middle + half + 8;
    pen.rect(Math.round(x(tick)), top, 1, bottom - top, theme.grid);
    pen.text(middle, bottom + 4, text, { fill: theme.muted, align: 'middle', baseline: 'top' });
  }
  pen.rect(left, bottom, right - left, 1, theme.reference);
}

function paintBars(pen: Pen, { data, layout, theme, cursor, ratio }: HistogramPainting): void {
  const snap = (value: number) => Math.round(value * ratio) / ratio;
  const { bins, range } = data;
  const width = binWidth(bins, range);
  const isPoint = !(bins.greatest > bins.least);
  bins.counts.forEach((count, bin) => {
    if (!(count > 0)) return;
    const start = isPoint ? bins.least - width / 2 : binStart(bins, bin);
    const from = snap(layout.x(start));
    const to = Math.max(snap(layout.x(start + width)), from + 1 / ratio);
    const top = Math.min(layout.y(count), layout.bottom - 1);
    const isWide = to - from > 4;
    const fill = cursor === bin ? theme.foreground : theme.training;
    pen.rect(from, top, to - from - (isWide ? 1 : 0), layout.bottom - top, fill);
  });
}

/** The outline runs along the tops of the earlier bars, from one edge to the next. */
function paintBefore(pen: Pen, { data, layout, theme }: HistogramPainting): void {
  const counts = scaledBefore(data);
  const bins = data.before;
  if (!counts || !bins || !(bins.greatest > bins.least)) return;
  const points = [layout.x(bins.least), layout.bottom];
  counts.forEach((count, bin) => {
    const height = Math.min(layout.bottom, layout.y(count));
    points.push(layout.x(binStart(bins, bin)), height, layout.x(binStart(bins, bin + 1)), height);
  });
  points.push(layout.x(bins.greatest), layout.bottom);
  pen.path([points], { stroke: theme.validation, width: 1.25 });
}
