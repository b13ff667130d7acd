import type { Theme } from '../theme';
import { fitted, type Pen } from './pen';
import { roundTicks, writeTicks } from './ticks';

/** Points, in the order in which the keyboard goes through them. */
export interface ScatterData {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** What the axes show. */
  readonly ranges: { readonly x: Range; readonly y: Range };
  readonly names: { readonly x: string; readonly y: string };
  /** Where the points should lie: y = x, or y = 0. */
  readonly guide: 'identity' | 'zero';
  /** Radius of a point, CSS pixels; default: as many points leave room for. */
  readonly radius?: (point: number) => number;
  /** Of the axis of x; default: round numbers. */
  readonly xTicks?: readonly number[];
  /** A line joins the points. */
  readonly joined?: boolean;
}

export type Range = readonly [low: number, high: number];

export interface ScatterWriting {
  readonly x: (value: number) => string;
  readonly y: (value: number) => string;
}

/** Where all is, CSS pixels. */
export interface ScatterLayout {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

const gap = 6;
const lineHeight = 15;

/** Finds places for everything. */
export function layoutScatter(
  { ranges, xTicks }: ScatterData,
  { width, height }: { readonly width: number; readonly height: number },
  write: ScatterWriting,
  pen: Pen,
): ScatterLayout {
  const top = lineHeight + gap;
  const bottom = height - 2 * lineHeight - gap;
  const yTicks = roundTicks(...ranges.y, Math.max(2, (bottom - top) / 45));
  const widest = Math.max(0, ...writeTicks(yTicks, write.y).map(pen.widthOf));
  const left = Math.ceil(widest) + 2 * gap;
  const right = width - gap;
  const share = (value: number, [low, high]: Range) => (value - low) / (high - low);
  return {
    ...{ left, right, top, bottom, yTicks },
    x: (value) => left + share(value, ranges.x) * (right - left),
    y: (value) => bottom - share(value, ranges.y) * (bottom - top),
    xTicks: xTicks ?? roundTicks(...ranges.x, Math.max(2, (right - left) / 80)),
  };
}

/** What `paintScatter` draws with. */
export interface ScatterPainting {
  readonly data: ScatterData;
  readonly layout: ScatterLayout;
  readonly theme: Theme;
  readonly write: ScatterWriting;
  /** The point that stands out. */
  readonly cursor: number | undefined;
}

/** Draws axes, the guide, and the points. */
export function paintScatter(pen: Pen, painting: ScatterPainting): void {
  paintAxes(pen, painting);
  const { data, layout, theme, cursor } = painting;
  const { left, right, top, bottom } = layout;
  pen.clipped(left, top, right - left, bottom - top, () => paintGuide(pen, painting));
  const places = Array.from(data.x, (x, i) => [layout.x(x), layout.y(data.y[i]!)] as const);
  if (data.joined === true) {
    pen.path([places.flat()], { stroke: theme.training, width: 1.5 });
  }
  const radiusOf = data.radius ?? (() => (places.length > 500 ? 2 : 3));
  // Where many lie over each other one sees how many.
  const fill = places.length > 40 ? `${theme.training.slice(0, 7)}99` : theme.training;
  places.forEach(([x, y], point) => pen.disc(x, y, radiusOf(point), { fill }));
  const here = cursor === undefined ? undefined : places[cursor];
  if (!here) return;
  const style = { fill: theme.training, stroke: theme.foreground, width: 2 };
  pen.disc(...here, radiusOf(cursor!) + 2, style);
}

function paintGuide(pen: Pen, { data, layout, theme }: ScatterPainting): void {
  const [low, high] = data.ranges.x;
  const ends = data.guide === 'identity' ? [low, high] : [0, 0];
  const line = [layout.left, layout.y(ends[0]!), layout.right, layout.y(ends[1]!)];
  pen.path([line], { stroke: theme.reference, dash: [5, 4] });
}

function paintAxes(pen: Pen, { data, layout, theme, write }: ScatterPainting): void {
  const { left, right, top, bottom, xTicks, yTicks } = layout;
  const fill = theme.muted;
  const yTexts = writeTicks(yTicks, write.y);
  for (const [i, tick] of yTicks.entries()) {
    const y = Math.round(layout.y(tick));
    pen.rect(left, y, right - left, 1, theme.grid);
    pen.text(left - gap, y, yTexts[i]!, { fill, align: 'end' });
  }
  const xTexts = writeTicks(xTicks, write.x);
  let free = -Infinity;
  for (const [i, tick] of xTicks.entries()) {
    const x = Math.round(layout.x(tick));
    pen.rect(x, top, 1, bottom - top, theme.grid);
    const half = pen.widthOf(xTexts[i]!) / 2;
    const middle = Math.min(x, right - half);
    if (middle - half < free) continue;
    free = middle + half + 8;
    pen.text(middle, bottom + 4, xTexts[i]!, { fill, align: 'middle', baseline: 'top' });
  }
  pen.text(0, lineHeight / 2, fitted(pen, data.names.y, right), { fill });
  const name = fitted(pen, data.names.x, right - left);
  pen.text(right, bottom + lineHeight + gap, name, { fill, align: 'end', baseline: 'top' });
}

/** The point nearest to a place, no further than `reach` CSS pixels; undefined: there is none. */
export function pointNear(
  { x, y }: Pick<ScatterData, 'x' | 'y'>,
  layout: Pick<ScatterLayout, 'x' | 'y'>,
  place: { readonly x: number; readonly y: number },
  reach: number,
): number | undefined {
  let best: number | undefined;
  let least = reach ** 2;
  for (let i = 0; i < x.length; i++) {
    const apart = (layout.x(x[i]!) - place.x) ** 2 + (layout.y(y[i]!) - place.y) ** 2;
    if (apart > least) continue;
    least = apart;
    best = i;
  }
  return best;
}

/** From the least to the greatest of some numbers, with some air; of none, or all the same, one that has a width. */
export function rangeOf(values: Iterable<number>): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const air = high > low ? (high - low) / 40 : Math.max(Math.abs(low) / 2, 1e-12);
  return [low - air, high + air];
}
