import * as l10n from '@vscode/l10n';
import { createButton } from '../controls';
import { createSlider } from './slider';
import { element, setAttribute, setText } from '../dom';
import { readTheme, type Theme } from '../theme';
import type { ViewContext } from '../views/view';
import { arrange, type Arranged } from './arrange';
import type { ChartGroup, ChartMember } from './chartGroup';
import { createLegend } from './legend';
import type { LineChartContent, Span } from './line';
import './lineChart.css';
import { hasEndValues, margins, paintLineChart } from './linePicture';
import { createLinePlot, looks, type LinePlot } from './linePlot';
import { chartCsv, readLines } from './lineTable';
import { createReadout, type ReadoutRow } from './readout';
import { savedPicture, type PicturePart, type SavedPicture } from './savedPicture';
import { panned, scaled } from './zoom';

export type { Axis, Line, LineChartContent, Mark, Numbers, Reference, Rug, Span } from './line';

/** While the plot has the focus, its text follows the training this often at most, milliseconds. */
const speechInterval = 20_000;

/** Of a saved picture, CSS pixels. */
const legendHeight = 24;
const minimalHeight = 120;

/** What does not change while a chart lives. */
export interface LineChartOptions {
  /** Unique in the panel: what is remembered of the chart is kept under it. */
  readonly id: string;
  /** What is shown, for who cannot see it. */
  readonly label: string;
  /** Charts one below the other with the same x: they share their cursor and their zoom. */
  readonly group?: ChartGroup;
  /** False of a chart that stands above another one of its group. Default true. */
  readonly ticksBelow?: boolean;
  /** Default true. */
  readonly legend?: boolean;
  /** Keeps room for the last values right of the plot although there are none, as a chart above has them. */
  readonly roomForEndValues?: boolean;
  /** More lines of the read-out at an x. */
  readonly describe?: (x: number) => readonly ReadoutRow[];
}

/**
 * Lines on a canvas: hover or arrow keys read values out, dragging or the plus key zooms, the legend
 * hides lines. It takes the room it is given, and draws no more points than there are pixels.
 */
export interface LineChart extends SavedPicture {
  /** The legend and the plot; the plot grows with it. */
  readonly root: HTMLElement;
  /** Shows data; may be called as often as there are frames. */
  draw(content: LineChartContent): void;
  /** The colours changed. */
  updateTheme(): void;
  /** The stretch of x that is zoomed to; undefined: all is on show. */
  readonly zoom: Span | undefined;
  /** As it is on show, legend included, without a cursor; for a picture of several charts. */
  parts(): readonly PicturePart[];
  /** All values of the lines on show within the zoom, in the units of the axes. */
  toCsv(): string;
  destroy(): void;
}

export function createLineChart(
  { host }: Pick<ViewContext, 'host'>,
  options: LineChartOptions,
): LineChart {
  const { id, label, group, ticksBelow = true, describe } = options;
  const memoryKey = `${id}.hiddenLines`;
  const canvas = element('div', { class: 'canvas', 'aria-hidden': 'true' });
  const readout = createReadout();
  const keys = l10n.t(
    'Arrow keys read out the values, Page Up and Page Down move further, Home and End go to the ends. Plus and minus zoom, or drag with the pointer; Escape leaves, then shows all again. The same values are in the table below.',
  );
  const { slider: plotRoot, help } = createSlider(
    { class: 'plot', id, label, help: keys },
    canvas,
    readout.root,
  );
  const reset = createButton({
    text: l10n.t('Reset zoom'),
    onClick: () => zoomTo(undefined),
  });
  reset.classList.add('reset');
  reset.hidden = true;
  const legend = createLegend((line) => {
    if (!hidden.delete(line)) hidden.add(line);
    host.memory.set(memoryKey, [...hidden].join('\n'));
    redraw();
  });
  const head = element('div', { class: 'chart-head' }, legend.root, reset);
  const root = element('div', { class: 'chart' }, head, plotRoot, help);

  const remembered = host.memory.get(memoryKey);
  const hidden = new Set(typeof remembered === 'string' ? remembered.split('\n') : []);
  let theme: Theme | undefined;
  let content: LineChartContent | undefined;
  let arranged: Arranged | undefined;
  let plot: LinePlot | undefined;
  /** What the plot was made for. */
  let made = '';
  let zoom: Span | undefined;
  /** The pointer's cursor, while it is in the plot, and the keyboard's, which stays while the axis grows. */
  let pointer: number | undefined;
  let keyboard: number | undefined;
  let pointerInside = false;
  let spokenAt = -Infinity;

  function currentMargins() {
    const room = options.roomForEndValues === true || (content ? hasEndValues({ content }) : false);
    return margins(room, ticksBelow);
  }

  function redraw() {
    if (!content) return;
    const { left, right } = currentMargins();
    const width = canvas.clientWidth > 0 ? canvas.clientWidth - left - right : 600;
    arranged = arrange(content, hidden, zoom, Math.max(50, width));
    const wanted = `${looks(arranged)} ${String(right)}`;
    if (!plot || made !== wanted) remake(arranged, wanted);
    else plot.setData(arranged);
    head.hidden = options.legend === false && zoom === undefined;
    if (options.legend !== false) legend.update(content, hidden);
    // The legend may have taken another line.
    fit();
    if (keyboard !== undefined) plot?.setCursor(keyboard);
    if (pointer === undefined && keyboard !== undefined) show(keyboard);
    follow();
    const { references, content: shown } = arranged;
    const named = [...references, ...(shown.marks ?? [])].map((line) => line.label);
    setText(help, [...named, keys].join('. '));
  }

  function remake(now: Arranged, wanted: string) {
    plot?.destroy();
    made = wanted;
    theme ??= readTheme();
    plot = createLinePlot(canvas, now, {
      theme,
      margins: currentMargins(),
      ticksBelow,
      onCursor(x) {
        // uPlot also calls as data comes; the keyboard's cursor is not its business.
        if (!pointerInside && x !== undefined) return;
        pointer = pointerInside ? x : undefined;
        show(pointer ?? keyboard);
        group?.moveCursor(member, pointer ?? keyboard);
      },
      onSelect: zoomTo,
      onDoubleClick: () => zoomTo(undefined),
    });
    fit();
  }

  function fit() {
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth > 0 && clientHeight > 0) plot?.setSize(clientWidth, clientHeight);
  }

  function show(x: number | undefined) {
    if (x === undefined || !arranged || !plot) {
      readout.hide();
      return;
    }
    readout.show(rowsAt(x), plot.area().left + plot.placeOf(x), plotRoot.clientWidth);
    if (document.activeElement === plotRoot) speak(x);
  }

  function rowsAt(x: number): readonly ReadoutRow[] {
    return arranged ? [...readLines(arranged, x), ...(describe?.(x) ?? [])] : [];
  }

  function speak(x: number) {
    if (!arranged) return;
    spokenAt = performance.now();
    setAttribute(plotRoot, 'aria-valuemin', String(arranged.x.from));
    setAttribute(plotRoot, 'aria-valuemax', String(arranged.x.to));
    setAttribute(plotRoot, 'aria-valuenow', String(x));
    const text = rowsAt(x).map(({ name, value, note }) => {
      return note === undefined
        ? `${name} ${value}`
        : l10n.t('{0} ({1})', `${name} ${value}`, note);
    });
    setAttribute(plotRoot, 'aria-valuetext', text.join(l10n.t(', ')));
  }

  /** Without a cursor the plot's text is that of the newest values. */
  function follow() {
    const last = arranged?.table.x.at(-1);
    if (last === undefined || pointer !== undefined || keyboard !== undefined) return;
    const quiet = document.activeElement !== plotRoot;
    if (quiet || performance.now() - spokenAt > speechInterval) speak(last);
  }

  function zoomTo(span: Span | undefined, fromGroup = false) {
    if (span !== undefined && !(span.to - span.from > 1e-9 * Math.abs(span.to))) return;
    zoom = span;
    const hadFocus = document.activeElement === reset;
    reset.hidden = zoom === undefined || fromGroup;
    if (hadFocus && reset.hidden) plotRoot.focus();
    if (!fromGroup) group?.zoomTo(member, span);
    redraw();
  }

  function moveKeyboard(x: number | undefined) {
    keyboard = x;
    pointer = undefined;
    if (x !== undefined && zoom && (x < zoom.from || x > zoom.to)) {
      zoomTo(panned(zoom, x, content?.x.log === true));
    }
    plot?.setCursor(x);
    show(x);
    group?.moveCursor(member, x);
  }

  function moveTo(index: number) {
    const steps = arranged?.table.x ?? [];
    moveKeyboard(steps[Math.min(steps.length - 1, Math.max(0, index))]);
  }

  function scaleAround(factor: number) {
    if (!arranged || !content) return;
    const whole = arrange(content, hidden, undefined, 50).x;
    const center = keyboard ?? arranged.x.to;
    zoomTo(scaled(arranged.x, whole, center, factor, content.x.log === true));
  }

  function escape() {
    if (keyboard !== undefined) moveKeyboard(undefined);
    else zoomTo(undefined);
  }

  plotRoot.addEventListener('keydown', (event) => {
    const steps = arranged?.table.x ?? [];
    if (steps.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = keyboard === undefined ? -1 : steps.indexOf(keyboard);
    const nearest = keyboard === undefined ? -1 : steps.findIndex((step) => step >= keyboard!);
    const now = at >= 0 ? at : nearest >= 0 ? nearest : steps.length - 1;
    const small = Math.max(1, Math.round(steps.length / 200));
    const actions: Partial<Record<string, () => void>> = {
      ArrowLeft: () => moveTo(now - small),
      ArrowDown: () => moveTo(now - small),
      ArrowRight: () => moveTo(now + small),
      ArrowUp: () => moveTo(now + small),
      PageDown: () => moveTo(now - 10 * small),
      PageUp: () => moveTo(now + 10 * small),
      Home: () => moveTo(0),
      End: () => moveTo(steps.length - 1),
      '+': () => scaleAround(0.5),
      '=': () => scaleAround(0.5),
      '-': () => scaleAround(2),
      Escape: escape,
    };
    const action = actions[event.key];
    if (!action || (event.key === 'Escape' && keyboard === undefined && !zoom)) return;
    event.preventDefault();
    action();
  });
  plotRoot.addEventListener('blur', () => {
    if (keyboard !== undefined) moveKeyboard(undefined);
  });
  plotRoot.addEventListener('pointerenter', () => {
    pointerInside = true;
  });
  plotRoot.addEventListener('pointerleave', () => {
    pointerInside = false;
    pointer = undefined;
    plot?.setCursor(keyboard);
    show(keyboard);
    group?.moveCursor(member, keyboard);
  });

  const member: ChartMember = {
    showCursor(x) {
      plot?.setCursor(x);
    },
    showZoom(span) {
      zoomTo(span, true);
    },
  };
  group?.join(member);

  let seenWidth = 0;
  const observer = new ResizeObserver(() => {
    fit();
    if (canvas.clientWidth !== seenWidth && canvas.clientWidth > 0) redraw();
    seenWidth = canvas.clientWidth;
  });
  observer.observe(canvas);

  /** A saved picture is as large as it is on the screen, but large enough to be read. */
  function parts(): readonly PicturePart[] {
    if (!content) return [];
    const width = Math.max(480, canvas.clientWidth);
    const hasLegend = options.legend !== false;
    const now = arrange(content, hidden, zoom, width);
    return [
      {
        width,
        height: Math.max(minimalHeight, canvas.clientHeight + (hasLegend ? legendHeight : 0)),
        paint: (pen, box, colors) => paintLineChart(pen, now, box, colors, hasLegend),
      },
    ];
  }

  return {
    root,
    draw(now) {
      content = now;
      redraw();
    },
    updateTheme() {
      theme = readTheme();
      made = '';
      redraw();
    },
    get zoom() {
      return zoom;
    },
    parts,
    ...savedPicture(parts),
    toCsv: () => (arranged ? chartCsv(arranged) : ''),
    destroy() {
      observer.disconnect();
      group?.leave(member);
      plot?.destroy();
    },
  };
}
