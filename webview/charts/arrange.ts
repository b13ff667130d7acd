import {
  onScale,
  type Axis,
  type Line,
  type LineChartContent,
  type Numbers,
  type Reference,
  type Span,
} from './line';
import { firstAtLeast, joinColumns, reduceLine, type ReducedLine } from './reduce';
import { powerTicks, roundTicks } from './ticks';

/** What is drawn of a line: its points, converted as the axis says. */
export interface DrawnLine extends ReducedLine {
  readonly line: Line;
}

/** All that a picture of a chart needs to be drawn at a width. */
export interface Arranged {
  readonly content: LineChartContent;
  readonly lines: readonly DrawnLine[];
  /** References in the axis's unit, the uppermost first. */
  readonly references: readonly Reference[];
  /** The ends of the axes. */
  readonly x: Span;
  readonly y: Span;
  /** The lines' points on one x; of each line its values, then, with a spread, greatest and least. */
  readonly table: {
    readonly x: readonly number[];
    readonly columns: readonly (readonly (number | null | undefined)[])[];
  };
}

/**
 * Chooses what is drawn.
 *
 * @param hidden the lines, by their ids, that are left out
 * @param zoom the stretch of x on show; undefined: all
 * @param pixels width of the plot, CSS pixels: no line has more points
 */
export function arrange(
  content: LineChartContent,
  hidden: ReadonlySet<string>,
  zoom: Span | undefined,
  pixels: number,
): Arranged {
  const lines = content.lines.filter(({ id }) => !hidden.has(id));
  const x = zoom ?? wholeSpan(content, lines);
  const { convert = same, log = false } = content.y;
  const value = (y: number | null, { scale }: Line) => {
    const converted = y === null ? null : convert(scale ? onScale(scale, y) : y);
    return converted !== null && Number.isFinite(converted) && !(log && converted <= 0)
      ? converted
      : null;
  };
  // Lines that share their x share it reduced, too, where no values are left out.
  const axes = new Map<Line['x'], readonly number[]>();
  const drawn = lines.map((line): DrawnLine => {
    const reduced = reduceLine(content.x.log === true ? positive(line) : line, x, pixels);
    const known = axes.get(line.x);
    const sameX = known?.length === reduced.x.length && known.every((v, i) => v === reduced.x[i]);
    if (!sameX) axes.set(line.x, reduced.x);
    const values = (column: readonly (number | null)[]) => column.map((y) => value(y, line));
    return {
      line,
      x: sameX ? known : reduced.x,
      y: values(reduced.y),
      ...(reduced.least && { least: values(reduced.least) }),
      ...(reduced.greatest && { greatest: values(reduced.greatest) }),
    };
  });
  const references = (content.references ?? [])
    .map(({ label, value: height }) => ({ label, value: convert(height) }))
    .filter(({ value: height }) => Number.isFinite(height))
    .sort((a, b) => b.value - a.value);
  const table = joinColumns(
    drawn.map(({ x: steps, y, least, greatest }) => ({
      x: steps,
      columns: least && greatest ? [y, greatest, least] : [y],
    })),
  );
  return {
    content,
    lines: drawn,
    references,
    x,
    y: heights(content.y, drawn, x, zoom !== undefined),
    table,
  };
}

/** A line from its first positive x on. */
function positive(line: Line): Line {
  const start = firstAtLeast(line.x, Number.MIN_VALUE);
  if (start === 0) return line;
  const rest = (values: Numbers) => Array.prototype.slice.call(values, start) as number[];
  const { x, y, weights, spread } = line;
  return {
    ...line,
    x: rest(x),
    y: rest(y),
    ...(weights && { weights: rest(weights) }),
    ...(spread && { spread: { least: rest(spread.least), greatest: rest(spread.greatest) } }),
  };
}

const same = (value: number) => value;

/** From the first to the last x of all lines. */
function wholeSpan({ x: axis, rugs = [] }: LineChartContent, lines: readonly Line[]): Span {
  const log = axis.log === true;
  let from = Infinity;
  let to = -Infinity;
  const take = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || (log && value <= 0)) return;
    from = Math.min(from, value);
    to = Math.max(to, value);
  };
  for (const { x } of [...lines, ...rugs]) {
    take(x[log ? firstAtLeast(x, Number.MIN_VALUE) : 0]);
    take(x[x.length - 1]);
  }
  axis.include?.forEach(take);
  if (from > to) return log ? { from: 1, to: 10 } : { from: 0, to: 1 };
  return from < to ? { from, to } : { from, to: log ? from * 10 : from + 1 };
}

/** From the least to the greatest value on show, with some air. */
function heights(
  axis: Axis,
  lines: readonly DrawnLine[],
  { from, to }: Span,
  zoomed: boolean,
): Span {
  const { log = false, floor, convert = same } = axis;
  let low = Infinity;
  let high = -Infinity;
  const take = (value: number | null | undefined) => {
    if (value == null) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const { x, y, least, greatest } of lines) {
    for (let i = 0; i < x.length; i++) {
      if (x[i]! < from || x[i]! > to) continue;
      take(y[i]);
      take(least?.[i]);
      take(greatest?.[i]);
    }
  }
  const included = (axis.include ?? []).map(convert).filter((value) => !log || value > 0);
  if (!zoomed || low > high) included.forEach(take);
  if (low > high) return log ? { from: 0.1, to: 10 } : { from: 0, to: 1 };
  if (log) {
    const air = Math.max(1.05, (high / low) ** 0.05);
    return { from: low / air, to: high * air };
  }
  const air = 0.06 * (high - low) || 0.06 * Math.abs(high) || 0.5;
  return { from: Math.max(floor ?? -Infinity, low - air), to: high + air };
}

/** Where an axis has its ticks, about `wanted` of them. */
export function axisTicks(axis: Axis, { from, to }: Span, wanted: number): number[] {
  if (axis.log === true) return logTicks(from, to, wanted);
  const step = axis.tickSteps?.find((size) => size >= (to - from) / wanted);
  if (step === undefined) {
    let ticks = roundTicks(from, to, wanted);
    if (ticks.length < 2) ticks = roundTicks(from, to, 2 * wanted);
    return axis.whole === true ? ticks.filter(Number.isInteger) : ticks;
  }
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

function logTicks(from: number, to: number, wanted: number): number[] {
  const decades = Math.log10(to / from);
  if (decades < 0.8) return roundTicks(from, to, wanted).filter((tick) => tick > 0);
  if (decades * 3 > wanted) return powerTicks(from, to, wanted);
  const powers = powerTicks(from / 10, to, Infinity);
  const ticks = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  return ticks.map((tick) => Number(tick.toPrecision(12))).filter((t) => t >= from && t <= to);
}

/** Where a value is on an axis: 0 at its beginning, 1 at its end. */
export function placeOn({ log }: Axis, { from, to }: Span, value: number): number {
  return log === true ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/** The entry of a line that holds at x: its last until then; undefined where it has none, or a gap. */
export function entryAt({ line, x, y }: DrawnLine, at: number): number | undefined {
  const last = x.length - 1;
  // A measurement after the last step is some milliseconds later: the curve's end is still what holds there.
  const end = x[last]! + 0.01 * (x[last]! - x[0]!);
  if (at > end && line.dots !== true) return undefined;
  let i = firstAtLeast(x, at);
  if (i > last || x[i] !== at) i--;
  return i < 0 || y[i] === null ? undefined : i;
}
