import uPlot from 'uplot';
import type { Theme } from '../theme';
import { entryAt, type Arranged } from './arrange';
import type { Line, Span } from './line';
import { paintLabels, paintReferences } from './lineLabels';
import type { Plot } from './linePlaces';
import { paintAxes, paintEndValues, paintLonePoints, paintRugs, type Margins } from './linePicture';
import { canvasPen, type Pen } from './pen';

/** The lines on the screen: uPlot draws them and has the pointer's cursor, our pen paints the rest. */
export interface LinePlot {
  /** @param arranged with the same lines as before, as to their looks: see `looks` */
  setData(arranged: Arranged): void;
  setSize(width: number, height: number): void;
  /** Puts the cursor on an x without a call of `onCursor`; undefined takes it away. */
  setCursor(x: number | undefined): void;
  /** Left edge and width of the plot, CSS pixels. */
  area(): { readonly left: number; readonly width: number };
  /** The place of an x in the plot, CSS pixels. */
  placeOf(x: number): number;
  destroy(): void;
}

export interface LinePlotOptions {
  readonly theme: Theme;
  readonly margins: Margins;
  readonly ticksBelow: boolean;
  /** The pointer is at this x of the table; undefined: it left. */
  readonly onCursor: (x: number | undefined) => void;
  /** The pointer has marked a stretch. */
  readonly onSelect: (span: Span) => void;
  readonly onDoubleClick: () => void;
}

/** What a plot has to be made again for, when it changes. */
export function looks({ content, lines }: Arranged): string {
  const line = ({ id, color, dash, width, dots, spread }: Line) => {
    return [id, color, dash, width, dots, spread !== undefined];
  };
  const logs = [content.x.log === true, content.y.log === true];
  return JSON.stringify([logs, lines.map((drawn) => line(drawn.line))]);
}

export function createLinePlot(
  parent: HTMLElement,
  initial: Arranged,
  options: LinePlotOptions,
): LinePlot {
  const { theme, margins, ticksBelow, onCursor, onSelect, onDoubleClick } = options;
  let arranged = initial;
  const paint =
    (...paints: readonly ((pen: Pen, arranged: Arranged, plot: Plot, theme: Theme) => void)[]) =>
    (plot: uPlot) => {
      const { ctx, bbox } = plot;
      const ratio = ctx.canvas.width / plot.width;
      ctx.save();
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      const area = {
        left: bbox.left / ratio,
        top: bbox.top / ratio,
        width: bbox.width / ratio,
        height: bbox.height / ratio,
      };
      const pen = canvasPen(ctx, theme.font);
      for (const one of paints) one(pen, arranged, area, theme);
      ctx.restore();
    };
  const scale = (axis: 'x' | 'y'): uPlot.Scale => ({
    time: false,
    distr: arranged.content[axis].log === true ? 3 : 1,
    range: (): [number, number] => [arranged[axis].from, arranged[axis].to],
  });
  const { series, bands } = seriesOf(initial, theme);
  const plot = new uPlot(
    {
      width: 300,
      height: 150,
      padding: [margins.top, margins.right, margins.bottom, margins.left],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 5 },
        points: { size: 9, width: 2, fill: theme.background },
        dataIdx: (_, index, row) => heldEntry(arranged, index, row),
        bind: {
          dblclick: () => () => {
            onDoubleClick();
            return null;
          },
        },
      },
      scales: { x: scale('x'), y: scale('y') },
      axes: [{ show: false }, { show: false }],
      series,
      bands,
      hooks: {
        drawAxes: [
          paint(
            (pen, now, area) => paintAxes(pen, now, area, theme, ticksBelow),
            paintReferences,
            paintRugs,
          ),
        ],
        draw: [paint(paintLabels, paintLonePoints, paintEndValues)],
        setCursor: [
          ({ cursor: { idx, left } }) => {
            onCursor(
              idx != null && left !== undefined && left >= 0 ? arranged.table.x[idx] : undefined,
            );
          },
        ],
        setSelect: [
          ({ select: { left, width } }) => {
            if (width === 0) return;
            const [from, to] = [left, left + width].map((place) => plot.posToVal(place, 'x'));
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onSelect({ from: from!, to: to! });
          },
        ],
      },
    },
    dataOf(initial),
    parent,
  );
  /** uPlot takes new data, sizes and scales over at the end of a task, unless it is asked to do so at once. */
  let isPending = true;
  return {
    setData(now) {
      arranged = now;
      isPending = true;
      plot.setData(dataOf(now));
    },
    setSize(width, height) {
      if (plot.width === width && plot.height === height) return;
      isPending = true;
      plot.setSize({ width, height });
    },
    setCursor(x) {
      if (isPending) {
        isPending = false;
        plot.batch(() => undefined);
      }
      const isShown = x !== undefined && x >= arranged.x.from && x <= arranged.x.to;
      const left = isShown ? plot.valToPos(x, 'x') : -10;
      plot.setCursor({ left, top: isShown ? 0 : -10 }, false);
    },
    area: () => ({ left: plot.over.offsetLeft, width: plot.over.clientWidth }),
    placeOf: (x) => plot.valToPos(x, 'x'),
    destroy() {
      plot.destroy();
    },
  };
}

function dataOf({ table }: Arranged): uPlot.AlignedData {
  return [table.x, ...table.columns] as uPlot.AlignedData;
}

function seriesOf(
  { lines }: Arranged,
  theme: Theme,
): { series: uPlot.Series[]; bands: uPlot.Band[] } {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const { line, least } of lines) {
    const stroke = theme.charts[line.color];
    series.push({
      stroke,
      width: line.width ?? 1.75,
      ...(line.dash && { dash: [...line.dash] }),
      points:
        line.dots === true
          ? { size: 7, width: 2, stroke, fill: theme.background }
          : { show: false },
    });
    if (!least) continue;
    const place = series.length;
    series.push({ width: 0, points: { show: false } }, { width: 0, points: { show: false } });
    bands.push({ series: [place, place + 1], fill: theme.areas[line.color], dir: -1 });
  }
  return { series, bands };
}

/** The entry of uPlot's data where a series holds at a row, for the cursor's dot; null: none. */
function heldEntry({ lines, table }: Arranged, index: number, row: number): number | null {
  if (index === 0) return row;
  let column = 0;
  for (const drawn of lines) {
    if (column === index - 1) {
      const entry = entryAt(drawn, table.x[row]!);
      if (entry === undefined) return null;
      return drawn.x === table.x ? entry : heldRow(table.columns[column]!, row);
    }
    column += drawn.least ? 3 : 1;
    // The spread's two edges have no dots of their own.
    if (index - 1 < column) return null;
  }
  return null;
}

function heldRow(column: readonly (number | null | undefined)[], row: number): number | null {
  for (let i = row; i >= 0; i--) if (column[i] != null) return i;
  return null;
}
