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
  /** Where the points should lie: y = x, or y = 0; or anywhere. */
  readonly guide: 'identity' | 'zero' | 'none';
  /** A unit is as long across as upwards: distances can be compared. */
  readonly isometric?: boolean;
  /** `#rrggbb`; default: that of training. */
  readonly color?: (point: number, theme: Theme) => string;
  /** Written beside a point where there is room. */
  readonly label?: (point: number) => string | undefined;
  /** Those that stand out, with their labels. */
  readonly marked?: ReadonlySet<number>;
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
  data: ScatterData,
  { width, height }: { readonly width: number; readonly height: number },
  write: ScatterWriting,
  pen: Pen,
): ScatterLayout {
  const top = lineHeight + gap;
  const bottom = height - 2 * lineHeight - gap;
  const { xTicks } = data;
  const ranges =
    data.isometric === true ? isometric(data.ranges, width, bottom - top) : data.ranges;
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

/** What the axes write at their left takes about so much, CSS pixels. */
const writing = 40;

/** Widens one of the ranges so that a unit is as long across as upwards. */
function isometric({ x, y }: ScatterData['ranges'], width: number, height: number) {
  const unit = Math.max((x[1] - x[0]) / Math.max(1, width - writing), (y[1] - y[0]) / height);
  const around = ([low, high]: Range, pixels: number): Range => {
    const [middle, half] = [(low + high) / 2, (unit * pixels) / 2];
    return [middle - half, middle + half];
  };
  return { x: around(x, Math.max(1, width - writing)), y: around(y, height) };
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
  const opacity = places.length > 40 && !theme.highContrast ? '99' : '';
  const colorOf = (point: number) => (data.color?.(point, theme) ?? theme.training).slice(0, 7);
  places.forEach(([x, y], point) =>
    pen.disc(x, y, radiusOf(point), { fill: `${colorOf(point)}${opacity}` }),
  );
  const standing = [...(data.marked ?? []), ...(cursor === undefined ? [] : [cursor])];
  for (const point of standing) {
    const style = { fill: colorOf(point), stroke: theme.foreground, width: 2 };
    pen.disc(...places[point]!, radiusOf(point) + 2, style);
  }
  paintLabels(pen, painting, places);
}

/** More would not be read. */
const mostLabels = 200;

/** Labels where none is written yet: first of those that stand out, then of the others in their order. */
function paintLabels(
  pen: Pen,
  { data, layout, theme }: ScatterPainting,
  places: readonly (readonly [x: number, y: number])[],
): void {
  const { label, marked = new Set<number>() } = data;
  if (!label) return;
  const boxes: { left: number; right: number; y: number }[] = [];
  for (const point of new Set([...marked, ...places.keys()])) {
    if (boxes.length === mostLabels) break;
    const text = label(point);
    const [x, y] = places[point]!;
    if (text === undefined || text === '') continue;
    const left = x + gap;
    const right = left + pen.widthOf(text);
    const isTaken = boxes.some(
      (box) => box.left < right + 2 && left < box.right + 2 && Math.abs(box.y - y) < lineHeight - 2,
    );
    if (isTaken || right > layout.right) continue;
    boxes.push({ left, right, y });
    const isMarked = marked.has(point);
    pen.text(left, y, text, { fill: isMarked ? theme.foreground : theme.muted, bold: isMarked });
  }
}

function paintGuide(pen: Pen, { data, layout, theme }: ScatterPainting): void {
  if (data.guide === 'none') return;
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
