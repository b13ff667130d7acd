import type { HeatmapColors } from './heatmapColors';
import type { Pen } from './pen';

/** Cells with their texts, where they are and what colours they have. */
interface CellTexts {
  readonly data: {
    readonly cellText?: (row: number, column: number) => string;
    readonly at: (row: number, column: number) => number;
    readonly scale: {
      readonly kind: 'diverging' | 'positive' | 'sequential';
      readonly least: number;
      readonly greatest: number;
    };
  };
  readonly layout: Readonly<
    Record<'left' | 'top' | 'columnWidth' | 'rowHeight' | 'rows' | 'columns' | 'firstRow', number>
  >;
  readonly colors: HeatmapColors;
}

/** Lower rows have no room for a line of text, CSS pixels. */
const lowest = 14;
const margin = 6;

/** Writes the values into the cells, where all of them fit. */
export function paintCellTexts(pen: Pen, { data, layout, colors }: CellTexts): void {
  const { left, top, columnWidth, rowHeight, rows, columns, firstRow } = layout;
  const { cellText, at, scale } = data;
  // Cells that are too low or too narrow are not even asked for their texts: there may be thousands.
  if (!cellText || rowHeight < lowest || columnWidth < lowest) return;
  const cells = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [firstRow + Math.floor(i / columns), i % columns];
    return { row, column, text: cellText(row, column) };
  });
  if (cells.some(({ text }) => pen.widthOf(text) > columnWidth - margin)) return;
  const table = colors[scale.kind];
  const { foreground, background } = colors.theme;
  const [light, dark] = [luminance(rgbOf(foreground)), luminance(rgbOf(background))];
  const factor =
    scale.greatest > scale.least ? (table.length - 1) / (scale.greatest - scale.least) : 0;
  for (const { row, column, text } of cells) {
    const value = at(row, column);
    const shade = Math.round((value - scale.least) * factor);
    const pixel = Number.isNaN(value)
      ? colors.none
      : table[Math.min(table.length - 1, Math.max(0, shade))]!;
    const cell = luminance([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);
    const fill = contrast(light, cell) >= contrast(dark, cell) ? foreground : background;
    const x = left + (column + 0.5) * columnWidth;
    const y = top + (row - firstRow + 0.5) * rowHeight;
    pen.text(x, y, text, { fill, align: 'middle' });
  }
}

type Rgb = readonly [number, number, number];

function rgbOf(hex: string): Rgb {
  const part = (at: number) => parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
