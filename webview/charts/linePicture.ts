import type { Theme } from '../theme';
import { axisTicks, type Arranged, type DrawnLine } from './arrange';
import type { Axis, Rug, Span } from './line';
import { paintLabels, paintReferences } from './lineLabels';
import { lineHeight, placing, stretches, type Plot } from './linePlaces';
import type { Pen } from './pen';
import { writeTicks } from './ticks';

/** Distances from the edges of the picture to the plot, CSS pixels. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
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

const markRadius = 3.5;

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

function backwards(points: readonly number[]): number[] {
  const turned: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) turned.push(points[i]!, points[i + 1]!);
  return turned;
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
  paintLabels(pen, arranged, plot, theme);
  paintLonePoints(pen, arranged, plot, theme);
  paintEndValues(pen, arranged, plot, theme);
}

/** Whether there are values to write right of the plot. */
export function hasEndValues({ content }: Pick<Arranged, 'content'>): boolean {
  return content.lines.some(({ endValue }) => endValue === true);
}
