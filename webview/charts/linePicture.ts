import type { Theme } from '../theme';
import { axisTicks, placeOn, type Arranged, type DrawnLine } from './arrange';
import type { Axis, Rug, Span } from './line';
import type { Pen } from './pen';
import { writeTicks } from './ticks';

/** Distances from the edges of the picture to the plot, CSS pixels. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The plot: the area within the axes, CSS pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Margins of a chart; the lower one is smaller where another chart's x axis serves it. */
export function margins(hasEndValues: boolean, hasTicksBelow: boolean): Margins {
  return { left: 48, right: hasEndValues ? 74 : 46, top: 22, bottom: hasTicksBelow ? 24 : 6 };
}

/** How many ticks suit a length. */
export const tickCounts = {
  x: (width: number) => Math.max(2, width / 84),
  y: (height: number) => Math.max(2, height / 36),
};

const lineHeight = 14;
const markRadius = 3.5;

/** Places on the screen of values on the axes. */
function placing({ content, x, y }: Arranged, { left, top, width, height }: Plot) {
  return {
    x: (value: number) => left + placeOn(content.x, x, value) * width,
    y: (value: number) => top + (1 - placeOn(content.y, y, value)) * height,
  };
}

/** Axes with their ticks, grid and names. The ticks of x are left out where `ticksBelow` is false. */
export function paintAxes(
  pen: Pen,
  arranged: Arranged,
  plot: Plot,
  theme: Theme,
  ticksBelow: boolean,
): void {
  const { content, x, y } = arranged;
  const at = placing(arranged, plot);
  const right = plot.left + plot.width;
  const bottom = plot.top + plot.height;
  for (const [tick, text] of written(content.y, y, tickCounts.y(plot.height))) {
    const height = Math.round(at.y(tick));
    pen.rect(plot.left, height, plot.width, 1, theme.grid);
    pen.text(plot.left - 7, height, text, { fill: theme.muted, align: 'end' });
  }
  let free = -Infinity;
  for (const [tick, text] of written(content.x, x, tickCounts.x(plot.width))) {
    const place = Math.round(at.x(tick));
    pen.rect(place, plot.top, 1, plot.height, theme.grid);
    const half = pen.widthOf(text) / 2;
    // The name of the axis stands right of its last tick.
    if (!ticksBelow || place - half < free || place + half > right + 4) continue;
    free = place + half + 8;
    pen.text(place, bottom + 7, text, { fill: theme.muted, align: 'middle', baseline: 'top' });
  }
  pen.text(plot.left - 7, plot.top - 14, content.y.label, { fill: theme.muted });
  if (!ticksBelow) return;
  pen.text(right + 10, bottom + 7, content.x.label, { fill: theme.muted, baseline: 'top' });
}

/** The ticks of an axis with their texts. */
function written(axis: Axis, span: Span, wanted: number): (readonly [number, string])[] {
  const ticks = axisTicks(axis, span, wanted);
  const texts = writeTicks(ticks, axis.writeTick ?? axis.write);
  return ticks.map((tick, i) => [tick, texts[i]!]);
}

/** Areas and lines, as the screen has them from uPlot. */
export function paintLines(pen: Pen, arranged: Arranged, plot: Plot, theme: Theme): void {
  const at = placing(arranged, plot);
  pen.clipped(plot.left, plot.top - 2, plot.width, plot.height + 4, () => {
    for (const { line, x, least, greatest } of arranged.lines) {
      if (!least || !greatest) continue;
      const upper = stretches(x, greatest, at);
      const lower = stretches(x, least, at);
      const areas = upper.map((points, i) => [...points, ...backwards(lower[i] ?? [])]);
      pen.path(areas, { fill: theme.areas[line.color] });
    }
    for (const { line, x, y } of arranged.lines) {
      const style = { stroke: theme.charts[line.color], width: line.width ?? 1.75 };
      pen.path(stretches(x, y, at), { ...style, ...(line.dash && { dash: line.dash }) });
      if (line.dots !== true || x.length > plot.width / 14) continue;
      const dot = { ...style, width: 2, fill: theme.background };
      x.forEach((value, i) => {
        if (y[i] !== null) pen.disc(at.x(value), at.y(y[i]!), markRadius - 1, dot);
      });
    }
  });
}

/** A point between gaps, through which no line goes, unless it is marked anyhow. */
export function paintLonePoints(pen: Pen, arranged: Arranged, plot: Plot, theme: Theme): void {
  const at = placing(arranged, plot);
  for (const { line, x, y } of arranged.lines) {
    if (line.dots === true) continue;
    const color = theme.charts[line.color];
    for (const [left, top, ...more] of stretches(x, y, at)) {
      const isInside = left! >= plot.left && left! <= plot.left + plot.width;
      if (more.length > 0 || !isInside) continue;
      pen.disc(left!, top!, markRadius - 1, { stroke: color, fill: color, width: 1 });
    }
  }
}

/** The points between gaps. */
function stretches(
  x: readonly number[],
  y: readonly (number | null)[],
  at: { readonly x: (value: number) => number; readonly y: (value: number) => number },
): number[][] {
  const lines: number[][] = [];
  let line: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const value = y[i];
    if (value == null) {
      if (line.length > 0) lines.push(line);
      line = [];
    } else line.push(at.x(x[i]!), at.y(value));
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

function backwards(points: readonly number[]): number[] {
  const turned: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) turned.push(points[i]!, points[i + 1]!);
  return turned;
}

/**
 * Reference lines that lie within the plot, dashed, each with its name above its right end; and marks, whose names
 * stand at the bottom, or above the lines and names that are there.
 */
export function paintReferences(pen: Pen, arranged: Arranged, plot: Plot, theme: Theme): void {
  const at = placing(arranged, plot);
  const right = plot.left + plot.width;
  const bottom = plot.top + plot.height;
  const labels: Label[] = [];
  const lineHeights: number[] = [];
  let lowestLabel = -Infinity;
  for (const { label, value } of arranged.references) {
    const y = Math.round(at.y(value)) + 0.5;
    if (!(y >= plot.top && y <= bottom)) continue;
    pen.path([[plot.left, y, right, y]], { stroke: theme.reference, dash: [5, 4] });
    lineHeights.push(y);
    const middle = y - 8;
    // Of lines of nearly the same height the upper one's name stays; in a narrow plot there is room for none.
    if (middle - lineHeight + 2 < lowestLabel || pen.widthOf(label) > plot.width - 8) continue;
    lowestLabel = middle;
    labels.push({ x: right - 4, y: middle, text: label, align: 'end' });
  }
  for (const { label, x } of arranged.content.marks ?? []) {
    const place = Math.round(at.x(x)) + 0.5;
    if (!(place >= plot.left && place <= right + 1)) continue;
    pen.path([[place, plot.top, place, bottom]], { stroke: theme.reference, dash: [1, 3] });
    const wide = pen.widthOf(label) + 8;
    const isLeft = place + wide > right;
    const [from, to] = isLeft ? [place - wide, place] : [place, place + wide];
    const taken = [
      ...[...lineHeights, ...labels.map(({ y }) => y)].map((y) => [y, y] as const),
      ...arranged.lines.flatMap((line) => heightsBetween(line, at, from, to)),
    ];
    const room = lineHeight;
    const isFree = (y: number) => taken.every(([top, low]) => y <= top - room || y >= low + room);
    const lowest = bottom - 9;
    let y = lowest;
    while (!isFree(y) && y > plot.top + lineHeight) y--;
    if (!isFree(y)) y = lowest;
    const align = isLeft ? ('end' as const) : ('start' as const);
    labels.push({ x: place + (isLeft ? -5 : 5), y, text: label, align });
  }
  for (const label of labels) paintLabel(pen, label, theme);
}

/** From which height to which a line runs between two places across; empty where it does not. */
function heightsBetween(
  { x, y }: DrawnLine,
  at: ReturnType<typeof placing>,
  from: number,
  to: number,
): (readonly [top: number, bottom: number])[] {
  const heights = stretches(x, y, at).flatMap((points) => {
    const found: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const [left, height, right = left, next = height] = points.slice(i, i + 4) as [
        number,
        number,
      ];
      if (right < from || left > to) continue;
      const share = (place: number) =>
        right > left ? Math.min(1, Math.max(0, (place - left) / (right - left))) : 0;
      for (const place of [from, to]) found.push(height + share(place) * (next - height));
    }
    return found;
  });
  return heights.length === 0 ? [] : [[Math.min(...heights), Math.max(...heights)]];
}

/** A name at a height of its middle, before or after x. */
interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly align: 'start' | 'end';
}

/** A name over lines, with the background around it so that it can be read. */
function paintLabel(pen: Pen, { x, y, text, align }: Label, theme: Theme): void {
  const width = pen.widthOf(text) + 4;
  const left = align === 'end' ? x - width + 2 : x - 2;
  pen.rect(left, y - lineHeight / 2, width, lineHeight, `${theme.background.slice(0, 7)}e0`);
  pen.text(x, y, text, { fill: theme.muted, align });
}

/** Ticks along the bottom of the plot, a pixel each: as opaque as the most that happened there. */
export function paintRugs(pen: Pen, arranged: Arranged, plot: Plot, theme: Theme): void {
  const at = placing(arranged, plot);
  const rugs = arranged.content.rugs ?? [];
  rugs.forEach((rug, place) => {
    const y = plot.top + plot.height - 7 * (rugs.length - place);
    for (const [column, share] of columnsOf(rug, plot.width, (value) => at.x(value) - plot.left)) {
      const opacity = Math.round(255 * Math.max(0.15, Math.min(1, share)));
      const fill = theme.charts[rug.color] + opacity.toString(16).padStart(2, '0');
      pen.rect(plot.left + column, y, 1, 6, fill);
    }
  });
}

function columnsOf({ x, share }: Rug, width: number, at: (x: number) => number) {
  const columns = new Map<number, number>();
  for (let i = 0; i < x.length; i++) {
    const column = Math.round(at(x[i]!));
    const now = share ? share[i]! : 1;
    if (!(now > 0) || column < 0 || column > width) continue;
    columns.set(column, Math.max(columns.get(column) ?? 0, now));
  }
  return columns;
}

/** Marks the last point of each line that asks for it and writes its value right of the plot. */
export function paintEndValues(pen: Pen, arranged: Arranged, plot: Plot, theme: Theme): void {
  const at = placing(arranged, plot);
  const right = plot.left + plot.width;
  const bottom = plot.top + plot.height;
  const placed = arranged.lines
    .filter(({ line }) => line.endValue === true)
    .flatMap((drawn) => {
      const last = lastEntry(drawn, arranged.x.to);
      if (last === undefined) return [];
      const y = Math.min(bottom, Math.max(plot.top, at.y(drawn.y[last]!)));
      return [{ drawn, value: drawn.y[last]!, x: at.x(drawn.x[last]!), y, textY: y }];
    })
    .sort((a, b) => a.y - b.y);
  spreadOut(placed, lineHeight, bottom);
  for (const { drawn, value, x, y, textY } of placed) {
    const stroke = theme.charts[drawn.line.color];
    const fill = drawn.line.dots === true ? theme.background : stroke;
    const style = { stroke, fill, width: 1.75 };
    if (x >= plot.left) pen.disc(x, y, markRadius, style);
    pen.disc(right + 13, textY, markRadius, style);
    pen.text(right + 21, textY, arranged.content.y.write(value), { fill: theme.foreground });
  }
}

function lastEntry({ x, y }: DrawnLine, to: number): number | undefined {
  for (let i = x.length - 1; i >= 0; i--) if (x[i]! <= to && y[i] !== null) return i;
  return undefined;
}

/** Moves labels, sorted by height, apart until they are `gap` from each other. */
function spreadOut(placed: { textY: number }[], gap: number, bottom: number): void {
  for (let i = 1; i < placed.length; i++) {
    placed[i]!.textY = Math.max(placed[i]!.textY, placed[i - 1]!.textY + gap);
  }
  const last = placed.at(-1);
  if (last) last.textY = Math.min(last.textY, bottom);
  for (let i = placed.length - 2; i >= 0; i--) {
    placed[i]!.textY = Math.min(placed[i]!.textY, placed[i + 1]!.textY - gap);
  }
}

const swatchWidth = 18;

/** Names of lines and rugs with how they are drawn, in rows; returns the height taken. */
function paintLegend(pen: Pen, arranged: Arranged, box: Plot, theme: Theme): number {
  const start = box.left + 10;
  const end = box.left + box.width - 10;
  const { rugs = [] } = arranged.content;
  const entries = [
    ...arranged.lines.map(({ line }) => ({
      name: line.name,
      color: line.color,
      dash: line.dash,
      area: line.spread !== undefined,
    })),
    ...rugs.map(({ name, color }) => ({ name, color, dash: undefined, area: false })),
  ];
  let x = start;
  let y = box.top + 12;
  for (const { name, color, dash, area } of entries) {
    const wide = swatchWidth + 6 + pen.widthOf(name);
    if (x > start && x + wide > end) {
      x = start;
      y += lineHeight + 4;
    }
    if (area) pen.rect(x, y - 5, swatchWidth, 10, theme.areas[color]);
    const style = { stroke: theme.charts[color], width: 2 };
    pen.path([[x, y, x + swatchWidth, y]], { ...style, ...(dash && { dash }) });
    pen.text(x + swatchWidth + 6, y, name, { fill: theme.foreground });
    x += wide + 16;
  }
  return entries.length === 0 ? 0 : y - box.top + lineHeight / 2 + 2;
}

/** The whole picture, as it is saved. */
export function paintLineChart(
  pen: Pen,
  arranged: Arranged,
  box: Plot,
  theme: Theme,
  hasLegend: boolean,
): void {
  const legend = hasLegend ? paintLegend(pen, arranged, box, theme) : 0;
  const { left, right, top, bottom } = margins(hasEndValues(arranged), true);
  const plot = {
    left: box.left + left,
    top: box.top + legend + top,
    width: box.width - left - right,
    height: box.height - legend - top - bottom,
  };
  paintAxes(pen, arranged, plot, theme, true);
  paintReferences(pen, arranged, plot, theme);
  paintRugs(pen, arranged, plot, theme);
  paintLines(pen, arranged, plot, theme);
  paintLonePoints(pen, arranged, plot, theme);
  paintEndValues(pen, arranged, plot, theme);
}

/** Whether there are values to write right of the plot. */
export function hasEndValues({ content }: Pick<Arranged, 'content'>): boolean {
  return content.lines.some(({ endValue }) => endValue === true);
}
