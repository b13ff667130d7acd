import { createSlider } from './slider';
import { element, setAttribute } from '../dom';
import { readHeatmapColors, type HeatmapColors } from './heatmapColors';
import {
  fillCells,
  layoutHeatmap,
  paintHeatmap,
  roomBeside,
  type HeatmapData,
  type HeatmapLayout,
} from './heatmapPicture';
import './heatmap.css';
import { canvasPen, svgPen } from './pen';

export type { HeatmapColors } from './heatmapColors';
export type { HeatmapData, HeatmapHead, HeatmapScale, Tick } from './heatmapPicture';

/** A place in the matrix. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** What does not change while a heatmap lives. */
export interface HeatmapOptions {
  /** What is shown, for who cannot see it. */
  readonly label: string;
  /** How it is used with the keyboard. */
  readonly help: string;
  /** Height of the cells at most, CSS pixels. */
  readonly cellsHeight: number;
  /** Of one row at most; default: as of a line of text. */
  readonly tallestRow?: number;
  /** Where the columns' names are: above, as of tokens, or below, as of an axis. */
  readonly columnTicks: 'top' | 'bottom';
  /** A value as the bar of colours has it at its ends. */
  readonly writeValue: (value: number) => string;
  /** A cell in words; spoken when the keyboard's cursor comes to it. */
  readonly describe: (cell: Cell) => string;
  /**
   * Called when the pointer or the keyboard moves to another cell, when the picture is drawn again, and with
   * undefined when there is no cursor. `place` is the cell's within the heatmap, CSS pixels.
   */
  readonly onCursor: (cell: Cell | undefined, place: DOMRect) => void;
}

/** A matrix as colours on a canvas, with a cursor for pointer and keyboard. */
export interface Heatmap {
  readonly root: HTMLElement;
  /** Shows a matrix; one that changes may be given as often as there are frames. */
  setData(data: HeatmapData): void;
  /** Rows of this height, with a scroll bar where they need it; undefined: all rows share the height. */
  setRowHeight(height: number | undefined): void;
  /** The cell that the pointer is on, else the keyboard's. */
  readonly cursor: Cell | undefined;
  /** Moves the keyboard's cursor; undefined takes it away. */
  setCursor(cell: Cell | undefined): void;
  /** The colours changed. */
  updateTheme(): void;
  /** The picture as it is on show, without a cursor. */
  toCanvas(ratio: number): HTMLCanvasElement;
  toSvg(): string;
  destroy(): void;
}

/** Makes a heatmap, which takes the width it is given. */
export function createHeatmap(options: HeatmapOptions): Heatmap {
  const canvas = element('canvas', { class: 'heatmap-canvas', 'aria-hidden': 'true' });
  const spacer = element('div', { class: 'heatmap-spacer' });
  const { slider: scroller, help } = createSlider(
    { class: 'heatmap-cells', label: options.label, help: options.help },
    spacer,
  );
  const root = element('div', { class: 'heatmap' }, canvas, scroller, help);
  // As high as most are, so that a page keeps its length while its pictures come into sight.
  root.style.height = `${String(options.cellsHeight + roomBeside)}px`;
  const cells = document.createElement('canvas');
  let colors: HeatmapColors | undefined;
  let data: HeatmapData | undefined;
  let layout: HeatmapLayout | undefined;
  let rowHeight: number | undefined;
  let keyboard: Cell | undefined;
  let pointer: Cell | undefined;
  let scheduled = 0;

  const ticksAtTop = options.columnTicks === 'top';

  /** Finds the layout again and draws all: after new data, another size, scrolling. */
  function draw() {
    cancelAnimationFrame(scheduled);
    scheduled = 0;
    if (!data || root.clientWidth === 0) return;
    const scrolls = rowHeight !== undefined && data.rows * rowHeight > options.cellsHeight;
    const width = root.clientWidth - (scrolls ? scrollBar : 0);
    const ctx = canvas.getContext('2d')!;
    colors ??= readHeatmapColors();
    const firstRow = rowHeight === undefined ? 0 : Math.round(scroller.scrollTop / rowHeight);
    const { cellsHeight, tallestRow } = options;
    const size = { width, cellsHeight, tallestRow, rowHeight, firstRow, ticksAtTop };
    layout = layoutHeatmap(data, size, canvasPen(ctx, colors.theme.font));
    fillCells(cells, data, layout, colors);
    place(layout, data.rows);
    paint();
    tell();
    // New data are told where the keyboard stands, as the hint there tells them.
    speak();
  }

  function place(found: HeatmapLayout, all: number) {
    const { width, height, top, left, rows, rowHeight: each } = found;
    canvas.style.width = `${String(width)}px`;
    root.style.height = `${String(height)}px`;
    scroller.style.top = `${String(top)}px`;
    scroller.style.left = `${String(left)}px`;
    scroller.style.height = `${String(rows * each)}px`;
    // A fraction of a pixel must not make a scroll bar.
    spacer.style.height = rows === all ? '0' : `${String(all * each)}px`;
  }

  /** Draws what is laid out already. */
  function paint() {
    if (!data || !layout || !colors) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [layout.width * ratio, layout.height * ratio].map(Math.round);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width!;
      canvas.height = height!;
    }
    const ctx = canvas.getContext('2d')!;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, layout.width, layout.height);
    const { writeValue } = options;
    const pen = canvasPen(ctx, colors.theme.font);
    const cursor = pointer ?? keyboard;
    paintHeatmap(pen, { data, layout, colors, cells, cursor, writeValue, ratio });
  }

  function schedule() {
    if (scheduled === 0) scheduled = requestAnimationFrame(draw);
  }

  function placeOf(cell: Cell | undefined): DOMRect {
    if (!cell || !layout) return new DOMRect();
    const { left, top, columnWidth, rowHeight: each, firstRow } = layout;
    const x = left + cell.column * columnWidth;
    return new DOMRect(x, top + (cell.row - firstRow) * each, columnWidth, each);
  }

  /** The keyboard's cursor counts while the keyboard is here. */
  function tell() {
    const cursor = pointer ?? (document.activeElement === scroller ? keyboard : undefined);
    options.onCursor(cursor, placeOf(cursor));
  }

  function moved() {
    tell();
    schedule();
  }

  function speak() {
    if (!keyboard || !data) return;
    setAttribute(scroller, 'aria-valuemax', String(Math.max(0, data.rows * data.columns - 1)));
    const now = keyboard.row * data.columns + keyboard.column;
    setAttribute(scroller, 'aria-valuenow', String(now));
    setAttribute(scroller, 'aria-valuetext', options.describe(keyboard));
  }

  function setKeyboard(cell: Cell | undefined) {
    if (!data || data.rows === 0 || data.columns === 0) return;
    keyboard = cell && {
      row: clamp(cell.row, data.rows),
      column: clamp(cell.column, data.columns),
    };
    if (keyboard) reveal(keyboard.row);
    speak();
    moved();
  }

  /** Scrolls a row into sight. */
  function reveal(row: number) {
    if (rowHeight === undefined || !layout) return;
    const { firstRow, rows } = layout;
    if (row < firstRow) scroller.scrollTop = row * rowHeight;
    else if (row >= firstRow + rows) scroller.scrollTop = (row - rows + 1) * rowHeight;
  }

  function cellUnder(event: MouseEvent): Cell | undefined {
    if (!data || !layout) return undefined;
    const box = root.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - layout.left) / layout.columnWidth);
    const row = Math.floor((event.clientY - box.top - layout.top) / layout.rowHeight);
    const inside = column >= 0 && column < data.columns && row >= 0 && row < layout.rows;
    return inside ? { row: layout.firstRow + row, column } : undefined;
  }

  scroller.addEventListener('pointermove', (event) => {
    const cell = cellUnder(event);
    if (cell?.row === pointer?.row && cell?.column === pointer?.column) return;
    pointer = cell;
    moved();
  });
  scroller.addEventListener('pointerleave', () => {
    pointer = undefined;
    moved();
  });
  scroller.addEventListener('focus', tell);
  scroller.addEventListener('blur', tell);
  scroller.addEventListener('click', (event) => {
    setKeyboard(cellUnder(event));
  });
  scroller.addEventListener('scroll', () => {
    pointer = undefined;
    schedule();
  });
  scroller.addEventListener('keydown', (event) => {
    if (!data || !layout || event.metaKey || event.altKey) return;
    const target = moveOf(event, keyboard, data, layout.rows);
    if (target === 'none') return;
    event.preventDefault();
    pointer = undefined;
    setKeyboard(target);
  });

  const observer = new ResizeObserver(schedule);
  observer.observe(root);

  /** The picture alone, laid out as on the screen. */
  function painting(ratio: number) {
    colors ??= readHeatmapColors();
    const { writeValue } = options;
    return { data: data!, layout: layout!, colors, cells, cursor: undefined, writeValue, ratio };
  }

  return {
    root,
    setData(newData) {
      data = newData;
      if (keyboard && (keyboard.row >= data.rows || keyboard.column >= data.columns)) {
        keyboard = undefined;
      }
      draw();
    },
    setRowHeight(height) {
      rowHeight = height;
      draw();
    },
    get cursor() {
      return pointer ?? keyboard;
    },
    setCursor: setKeyboard,
    updateTheme() {
      colors = readHeatmapColors();
      draw();
    },
    toCanvas(ratio) {
      const copy = document.createElement('canvas');
      if (!layout || !data) return copy;
      copy.width = Math.round(layout.width * ratio);
      copy.height = Math.round(layout.height * ratio);
      const ctx = copy.getContext('2d')!;
      ctx.scale(ratio, ratio);
      const { theme } = painting(ratio).colors;
      const pen = canvasPen(ctx, theme.font);
      pen.rect(0, 0, layout.width, layout.height, theme.background);
      paintHeatmap(pen, painting(ratio));
      return copy;
    },
    toSvg() {
      if (!layout || !data) return '';
      const { theme } = painting(1).colors;
      const pen = svgPen(layout, theme.font, canvasPen(canvas.getContext('2d')!, theme.font));
      pen.rect(0, 0, layout.width, layout.height, theme.background);
      paintHeatmap(pen, painting(1));
      return pen.source();
    },
    destroy() {
      observer.disconnect();
      cancelAnimationFrame(scheduled);
    },
  };
}

/** Room for the scroll bar that VS Code gives its pages, CSS pixels. */
const scrollBar = 14;

/** Where a key moves the cursor; undefined: away, `none`: it is no key of ours. */
function moveOf(
  { key, ctrlKey }: KeyboardEvent,
  from: Cell | undefined,
  { rows, columns }: HeatmapData,
  page: number,
): Cell | undefined | 'none' {
  const at = from ?? { row: 0, column: 0 };
  const first = from === undefined;
  const step = (row: number, column: number): Cell =>
    first ? at : { row: at.row + row, column: at.column + column };
  const far = Math.max(1, Math.round(Math.min(page, rows) / 8));
  switch (key) {
    case 'ArrowLeft':
      return step(0, -1);
    case 'ArrowRight':
      return step(0, 1);
    case 'ArrowUp':
      return step(-1, 0);
    case 'ArrowDown':
      return step(1, 0);
    case 'PageUp':
      return step(-far, 0);
    case 'PageDown':
      return step(far, 0);
    case 'Home':
      return { row: ctrlKey ? 0 : at.row, column: 0 };
    case 'End':
      return { row: ctrlKey ? rows - 1 : at.row, column: columns - 1 };
    case 'Escape':
      return from === undefined ? 'none' : undefined;
    default:
      return 'none';
  }
}

function clamp(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}
