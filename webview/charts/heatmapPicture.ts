import type { HeatmapColors } from './heatmapColors';
import { paintCellTexts } from './heatmapText';
import { fitted, type Pen } from './pen';

/** A row's or column's name beside the picture. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * Which colour a value has; values beyond the range have those of its ends. `diverging`: blue below the middle of
 * the range and red above it; `positive`: its red half; `sequential`: of an amount, such as a number of values.
 */
export interface HeatmapScale {
  readonly kind: 'diverging' | 'positive' | 'sequential';
  readonly least: number;
  readonly greatest: number;
}

/** A matrix to look at, and what its rows and columns are called. */
export interface HeatmapData {
  readonly rows: number;
  readonly columns: number;
  /**
   * The value of a cell; NaN: there is none. Where colours are to go by a logarithm, this gives it, and
   * `HeatmapOptions.writeValue` turns it back.
   */
  readonly at: (row: number, column: number) => number;
  readonly scale: HeatmapScale;
  readonly rowTicks: readonly Tick[];
  readonly columnTicks: readonly Tick[];
  /** The name of any row, which stands beside it while the cursor is there. */
  readonly rowName?: (row: number) => string;
  /** What is written into a cell, where there is room for it in all of them. */
  readonly cellText?: (row: number, column: number) => string;
  /** Pictures above the columns, from the top downwards. */
  readonly heads?: readonly HeatmapHead[];
  /**
   * Where a line runs through the cells, in rows from the upper edge; NaN: it does not cross this column.
   */
  readonly contour?: (column: number) => number;
  /** A column that stands out. */
  readonly marked?: number | undefined;
  /** What the values are: `s`, `tanh′`. */
  readonly quantity: string;
}

/** A row of bars above the columns: one number a column, as a share of the row's height. */
export interface HeatmapHead {
  readonly name: string;
  readonly height: number;
  /** From 0 to 1; NaN: no bar. */
  readonly share: (column: number) => number;
  readonly color: string;
}

/** Where all is, CSS pixels. */
export interface HeatmapLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly columnWidth: number;
  readonly rowHeight: number;
  readonly firstRow: number;
  /** As many as are on show. */
  readonly rows: number;
  readonly columns: number;
  /** Ticks of columns are written upwards. */
  readonly upwards: boolean;
  readonly ticksHeight: number;
  readonly ticksAtTop: boolean;
}

/** What a layout is made for. */
export interface HeatmapSize {
  readonly width: number;
  /** Height of the cells at most. */
  readonly cellsHeight: number;
  /** Undefined: all rows share the height; else rows of this height, as many as there is place for. */
  readonly rowHeight: number | undefined;
  /** No row is higher than that. */
  readonly tallestRow?: number | undefined;
  readonly firstRow: number;
  readonly ticksAtTop: boolean;
}

const gap = 6;
const headGap = 4;
const lineHeight = 15;
/** Of the bar of colours with its values below. */
const barRow = 36;
/** What there is above and below the cells where ticks are in a line: that, and the bar of colours. */
export const roomBeside = lineHeight + 2 + barRow;
/** No row is higher than that, or a picture of three units would be one of three boxes. */
const tallestRow = 22;
const longestUpwards = 84;
const barWidth = 132;
const barHeight = 8;
/** Room for its name, which is higher. */
const barTop = 5;

/** Finds places for everything. */
export function layoutHeatmap(data: HeatmapData, size: HeatmapSize, pen: Pen): HeatmapLayout {
  const widest = (ticks: readonly { readonly text: string }[]) =>
    ticks.reduce((width, { text }) => Math.max(width, pen.widthOf(text)), 0);
  const heads = data.heads ?? [];
  const names = [...data.rowTicks, ...heads.map(({ name }) => ({ text: name }))];
  const left = Math.ceil(Math.min(widest(names), size.width / 3)) + gap;
  const columnWidth = Math.max(0, size.width - left) / Math.max(1, data.columns);
  const widestTick = widest(data.columnTicks);
  const everyColumn = data.columnTicks.length === data.columns;
  // Single characters may touch; words that would are written upwards.
  const fits = ({ text }: Tick): boolean =>
    pen.widthOf(text) <= (Array.from(text).length === 1 ? 1.4 : 0.9) * columnWidth;
  // A few that do not fit, such as the name of a character that cannot be seen, are cut instead.
  const wide = data.columnTicks.filter((tick) => !fits(tick)).length;
  const upwards = everyColumn && columnWidth >= 10 && wide > data.columns / 5;
  const ticksHeight = upwards ? Math.min(widestTick, longestUpwards) + 5 : lineHeight + 2;
  const rowHeight =
    size.rowHeight ??
    Math.min(size.tallestRow ?? tallestRow, size.cellsHeight / Math.max(1, data.rows));
  const rows = Math.min(data.rows, Math.max(1, Math.floor(size.cellsHeight / rowHeight + 1e-6)));
  const headsHeight = heads.reduce((sum, { height }) => sum + height + headGap, 0);
  const top = Math.round(barRow + headsHeight + (size.ticksAtTop ? ticksHeight : 0));
  const below = size.ticksAtTop ? 0 : ticksHeight;
  return {
    width: size.width,
    height: Math.ceil(top + rows * rowHeight + below) + 2,
    left,
    top,
    columnWidth,
    rowHeight,
    firstRow: Math.min(Math.max(0, size.firstRow), data.rows - rows),
    rows,
    columns: data.columns,
    upwards,
    ticksHeight,
    ticksAtTop: size.ticksAtTop,
  };
}

/** Writes the visible cells' colours, a pixel each, into a canvas that is made as large. */
export function fillCells(
  target: HTMLCanvasElement,
  data: HeatmapData,
  { firstRow, rows, columns }: HeatmapLayout,
  colors: HeatmapColors,
): void {
  if (target.width !== columns || target.height !== rows) {
    target.width = columns;
    target.height = rows;
  }
  if (rows === 0 || columns === 0) return;
  const ctx = target.getContext('2d')!;
  const image = ctx.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const { kind, least, greatest } = data.scale;
  const table = colors[kind];
  const last = table.length - 1;
  const factor = greatest > least ? last / (greatest - least) : 0;
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, pixel++) {
      const value = data.at(firstRow + row, column);
      const shade = Math.round((value - least) * factor);
      pixels[pixel] = Number.isNaN(value)
        ? colors.none
        : table[Math.min(last, Math.max(0, shade))]!;
    }
  }
  ctx.putImageData(image, 0, 0);
}

/** What `paintHeatmap` draws besides the data. */
export interface HeatmapPainting {
  readonly data: HeatmapData;
  readonly layout: HeatmapLayout;
  readonly colors: HeatmapColors;
  /** As `fillCells` left it. */
  readonly cells: HTMLCanvasElement;
  readonly cursor: { readonly row: number; readonly column: number } | undefined;
  readonly writeValue: (value: number) => string;
  /** Device pixels of a CSS pixel: edges of cells fall on them. */
  readonly ratio: number;
}

/** Draws a heatmap: heads, names, cells, cursor, and the bar of colours with its range. */
export function paintHeatmap(pen: Pen, painting: HeatmapPainting): void {
  const { layout, cells, cursor, colors, ratio } = painting;
  const { left, top, columnWidth, rowHeight, rows, columns, firstRow } = layout;
  const snap = (value: number) => Math.round(value * ratio) / ratio;
  const right = snap(left + columnWidth * columns);
  const bottom = snap(top + rowHeight * rows);
  paintHeads(pen, painting);
  if (rows > 0 && columns > 0) pen.pixels(cells, left, top, right - left, bottom - top);
  paintCellTexts(pen, painting);
  paintRowTicks(pen, painting);
  paintColumnTicks(pen, painting);
  pen.frame(left, top, right - left, bottom - top, colors.theme.grid, 1 / ratio);
  paintContour(pen, painting);
  paintMarked(pen, painting);
  if (cursor && cursor.row >= firstRow && cursor.row < firstRow + rows) {
    const x = snap(left + cursor.column * columnWidth);
    const y = snap(top + (cursor.row - firstRow) * rowHeight);
    const width = Math.max(3, columnWidth);
    const height = Math.max(3, rowHeight);
    pen.frame(x - 2, y - 2, width + 4, height + 4, colors.theme.background, 1);
    pen.frame(x - 1, y - 1, width + 2, height + 2, colors.theme.foreground, 1);
  }
  paintBar(pen, painting);
}

function paintHeads(pen: Pen, { data, layout, colors, cursor }: HeatmapPainting): void {
  const { left, columnWidth, columns } = layout;
  let top = barRow;
  const inset = columnWidth > 5 ? 1 : 0;
  for (const { name, height, share, color } of data.heads ?? []) {
    pen.text(left - gap, top + height / 2, name, { fill: colors.theme.muted, align: 'end' });
    for (let column = 0; column < columns; column++) {
      const value = share(column);
      if (!(value > 0)) continue;
      const tall = Math.max(1, Math.min(1, value) * height);
      const fill = cursor?.column === column ? colors.theme.foreground : color;
      pen.rect(
        left + column * columnWidth + inset / 2,
        top + height - tall,
        columnWidth - inset,
        tall,
        fill,
      );
    }
    pen.rect(left, top + height, columnWidth * columns, 1, colors.theme.grid);
    top += height + headGap;
  }
}

/** In the text's colour between two edges of the background's, so that it is seen on every colour. */
function paintContour(pen: Pen, { data, layout, colors }: HeatmapPainting): void {
  if (!data.contour) return;
  const { left, top, columnWidth, rowHeight, rows, columns, firstRow } = layout;
  const lines: number[][] = [[]];
  for (let column = 0; column < columns; column++) {
    const row = data.contour(column) - firstRow;
    const x = left + column * columnWidth;
    const y = top + row * rowHeight;
    if (row >= 0 && row <= rows) lines.at(-1)!.push(x, y, x + columnWidth, y);
    else lines.push([]);
  }
  const drawn = lines.filter(({ length }) => length > 0);
  pen.path(drawn, { stroke: colors.theme.background, width: 3 });
  pen.path(drawn, { stroke: colors.theme.foreground, width: 1.25 });
}

function paintMarked(pen: Pen, { data, layout, colors }: HeatmapPainting): void {
  if (data.marked === undefined) return;
  const { left, top, columnWidth, rowHeight, rows } = layout;
  const width = Math.max(3, columnWidth);
  const x = left + (data.marked + 0.5) * columnWidth - width / 2;
  pen.frame(x - 1, top, width + 2, rows * rowHeight, colors.theme.background, 1);
  pen.frame(x, top, width, rows * rowHeight, colors.theme.foreground, 1);
}

function paintRowTicks(pen: Pen, { data, layout, colors, cursor }: HeatmapPainting): void {
  const { left, top, rowHeight, rows, firstRow } = layout;
  const middle = (row: number) => top + (row - firstRow + 0.5) * rowHeight;
  const isOnShow = (row: number) => row >= firstRow && row < firstRow + rows;
  const here = cursor && data.rowName && isOnShow(cursor.row) ? cursor.row : undefined;
  const write = (row: number, text: string) => {
    const fill = row === here ? colors.theme.foreground : colors.theme.muted;
    const place = { fill, align: 'end', bold: row === here } as const;
    pen.text(left - gap, middle(row), fitted(pen, text, left - gap), place);
  };
  let free = -Infinity;
  for (const { at, text } of data.rowTicks) {
    if (!isOnShow(at) || at === here) continue;
    const y = middle(at);
    if (y - lineHeight / 2 < free) continue;
    if (here !== undefined && Math.abs(y - middle(here)) < lineHeight) continue;
    free = y + lineHeight / 2;
    write(at, text);
  }
  if (here !== undefined && data.rowName) write(here, data.rowName(here));
}

function paintColumnTicks(pen: Pen, { data, layout, colors, cursor }: HeatmapPainting): void {
  const { left, top, columnWidth, rowHeight, rows, columns, upwards, ticksAtTop } = layout;
  const right = left + columnWidth * columns;
  const y = ticksAtTop ? top - 4 : top + rows * rowHeight + 4;
  const baseline = ticksAtTop ? 'bottom' : 'top';
  const everyColumn = data.columnTicks.length === columns;
  let free = -Infinity;
  for (const { at, text } of data.columnTicks) {
    const here = cursor?.column === at;
    const fill = here ? colors.theme.foreground : colors.theme.muted;
    const x = left + (at + 0.5) * columnWidth;
    if (upwards) {
      const written = fitted(pen, text, longestUpwards);
      pen.text(x, y, written, { fill, upwards, bold: here });
      continue;
    }
    const isCrowded = everyColumn && Array.from(text).length > 1;
    const shown = isCrowded ? fitted(pen, text, columnWidth) : text;
    const half = pen.widthOf(shown) / 2;
    const middle = Math.min(Math.max(x, left + half), right - half);
    if (middle - half < free) continue;
    free = middle + half + (everyColumn ? -columnWidth / 2 : 8);
    pen.text(middle, y, shown, { fill, align: 'middle', baseline, bold: here });
  }
}

/** What the colours mean, above the picture: the range's ends and its middle. */
function paintBar(pen: Pen, { data, layout, colors, writeValue }: HeatmapPainting): void {
  const { kind, least, greatest } = data.scale;
  const { muted, grid } = colors.theme;
  const right = layout.left + layout.columnWidth * layout.columns;
  const left = right - barWidth;
  pen.pixels(colorStrip(colors[kind]), left, barTop, barWidth, barHeight);
  pen.frame(left, barTop, barWidth, barHeight, grid, 1);
  const write = (x: number, value: number, align: 'start' | 'middle' | 'end') =>
    pen.text(x, barTop + barHeight + 9, writeValue(value), { fill: muted, align });
  write(left, least, 'start');
  write((left + right) / 2, (least + greatest) / 2, 'middle');
  write(right, greatest, 'end');
  const nameRight = left - 2 * gap;
  pen.text(nameRight, barTop + barHeight / 2, fitted(pen, data.quantity, nameRight), {
    fill: muted,
    align: 'end',
  });
}

const strips = new WeakMap<Uint32Array, HTMLCanvasElement>();

/** A table of colours as a picture of one row, made once for each table. */
function colorStrip(table: Uint32Array): HTMLCanvasElement {
  const known = strips.get(table);
  if (known) return known;
  const strip = document.createElement('canvas');
  strip.width = table.length;
  strip.height = 1;
  const ctx = strip.getContext('2d')!;
  const image = ctx.createImageData(table.length, 1);
  new Uint32Array(image.data.buffer).set(table);
  ctx.putImageData(image, 0, 0);
  strips.set(table, strip);
  return strip;
}
