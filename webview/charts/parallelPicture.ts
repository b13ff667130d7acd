import { mixed, type Theme } from '../theme';
import { fitted, type Pen } from './pen';
import type { Range } from './scatterPicture';

/** One of the vertical axes. */
export interface ParallelAxis {
  readonly name: string;
  readonly range: Range;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** Lines across axes, in the order in which the keyboard goes through them. */
export interface ParallelData {
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly {
    /** On each axis; undefined: it has no value there. */
    readonly places: readonly (number | undefined)[];
    /** From 0, the colour of the best, to 1; undefined: nothing is known. */
    readonly share: number | undefined;
  }[];
}

/** Where all is, CSS pixels. */
export interface ParallelLayout {
  readonly top: number;
  readonly bottom: number;
  /** Of the axes. */
  readonly x: readonly number[];
  readonly y: (axis: number, place: number) => number;
}

const gap = 5;
const lineHeight = 15;

/** Finds places for everything: names above the axes, ticks to their right. */
export function layoutParallel(
  { axes }: ParallelData,
  { width, height }: { readonly width: number; readonly height: number },
  pen: Pen,
): ParallelLayout {
  const top = lineHeight + 2 * gap;
  const bottom = height - 2 * gap;
  const last = axes.at(-1);
  const widest = Math.max(0, ...(last?.ticks ?? []).map(({ text }) => pen.widthOf(text)));
  const left = 6;
  const room = Math.max(widest, pen.widthOf(last?.name ?? '')) + gap + 2;
  const right = Math.max(left + 1, width - Math.min(room, width / 3));
  return {
    ...{ top, bottom },
    x: axes.map((_, i) => left + ((right - left) * i) / Math.max(1, axes.length - 1)),
    y(axis, place) {
      const [low, high] = axes[axis]!.range;
      return bottom - ((place - low) / (high - low)) * (bottom - top);
    },
  };
}

/** What `paintParallel` draws with. */
export interface ParallelPainting {
  readonly data: ParallelData;
  readonly layout: ParallelLayout;
  readonly theme: Theme;
  readonly width: number;
  /** The line that stands out. */
  readonly cursor: number | undefined;
}

/** Draws lines, the best over the others, then axes with their names and ticks. */
export function paintParallel(pen: Pen, painting: ParallelPainting): void {
  const { data, theme, cursor } = painting;
  const paths = data.lines.map((_, line) => pathOf(painting, line));
  // Where many lie over each other one sees how many.
  const alpha = data.lines.length > 40 ? '88' : 'dd';
  const order = data.lines.map((_, line) => line);
  const rank = (line: number): number => data.lines[line]!.share ?? 2;
  order.sort((a, b) => rank(b) - rank(a));
  for (const line of order) {
    const stroke = colorOf(theme, data.lines[line]!.share).slice(0, 7) + alpha;
    pen.path(paths[line]!, { stroke, width: 1.5 });
  }
  paintAxes(pen, painting);
  if (cursor === undefined || paths[cursor] === undefined) return;
  pen.path(paths[cursor], { stroke: theme.foreground, width: 4 });
  pen.path(paths[cursor], { stroke: colorOf(theme, data.lines[cursor]!.share), width: 2 });
}

/** Blue is best, and orange is worst: everyone can tell them apart. */
function colorOf({ charts, muted }: Theme, share: number | undefined): string {
  return share === undefined ? muted : mixed(charts.blue, charts.orange, share);
}

/** In pieces, where an axis on the way has no value of it. */
function pathOf({ data, layout }: Pick<ParallelPainting, 'data' | 'layout'>, line: number) {
  const pieces: number[][] = [[]];
  data.lines[line]!.places.forEach((place, axis) => {
    if (place === undefined) pieces.push([]);
    else pieces.at(-1)!.push(layout.x[axis]!, layout.y(axis, place));
  });
  return pieces.filter((piece) => piece.length > 2);
}

function paintAxes(pen: Pen, { data, layout, theme, width }: ParallelPainting): void {
  const { top, bottom, x } = layout;
  data.axes.forEach(({ name, ticks }, axis) => {
    const left = Math.round(x[axis]!);
    const room = (x[axis + 1] ?? width) - left - gap;
    pen.rect(left, top, 1, bottom - top, theme.reference);
    pen.text(left, lineHeight / 2, fitted(pen, name, room), { fill: theme.foreground });
    let free = Infinity;
    for (const { at, text } of ticks) {
      const y = layout.y(axis, at);
      if (y > free) continue;
      free = y - lineHeight;
      pen.rect(left - 2, Math.round(y), 5, 1, theme.reference);
      const told = fitted(pen, text, room);
      // Lines that cross it would make it illegible.
      pen.rect(left + 4, y - 6, pen.widthOf(told) + 3, 12, `${theme.background.slice(0, 7)}cc`);
      pen.text(left + gap, y, told, { fill: theme.muted });
    }
  });
}

/** The line nearest to a place, no further than `reach` CSS pixels up or down; undefined: there is none. */
export function lineNear(
  { lines }: ParallelData,
  { x, y }: Pick<ParallelLayout, 'x' | 'y'>,
  place: { readonly x: number; readonly y: number },
  reach: number,
): number | undefined {
  const after = x.findIndex((right) => right >= place.x);
  const right = after < 0 ? x.length - 1 : Math.max(1, after);
  const left = right - 1;
  const share = Math.min(1, Math.max(0, (place.x - x[left]!) / (x[right]! - x[left]!)));
  let best: number | undefined;
  let least = reach;
  lines.forEach(({ places }, line) => {
    const [from, to] = [places[left], places[right]];
    if (from === undefined || to === undefined) return;
    const at = y(left, from) + share * (y(right, to) - y(left, from));
    const apart = Math.abs(at - place.y);
    if (apart >= least) return;
    least = apart;
    best = line;
  });
  return best;
}
