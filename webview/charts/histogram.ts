import { element } from '../dom';
import {
  layoutHistogram,
  paintHistogram,
  type HistogramData,
  type HistogramLayout,
  type HistogramWriting,
} from './histogramPicture';
import './histogram.css';
import { canvasPen, svgPen, type Pen } from './pen';
import { createSliderCanvas } from './sliderCanvas';

export { binStart, type Bins, type HistogramData, type HistogramWriting } from './histogramPicture';

/** What does not change while a histogram lives. */
export interface HistogramOptions {
  /** What is shown, for who cannot see it. */
  readonly label: string;
  /** How it is used with the keyboard. */
  readonly help: string;
  /** CSS pixels. */
  readonly height: number;
  readonly write: HistogramWriting;
  /** A bin in words; spoken when the keyboard's cursor comes to it. */
  readonly describe: (bin: number) => string;
  /** Called when the pointer or the keyboard moves to another bin, `x` being its middle, CSS pixels. */
  readonly onCursor: (bin: number | undefined, x: number) => void;
}

/** Counts as bars on a canvas, with a cursor for pointer and keyboard. */
export interface HistogramChart {
  readonly root: HTMLElement;
  setData(data: HistogramData): void;
  /** The colours changed. */
  updateTheme(): void;
  /** The picture as it is on show, without a cursor. */
  toCanvas(ratio: number): HTMLCanvasElement;
  toSvg(): string;
  destroy(): void;
}

/** Makes a histogram, which takes the width it is given. */
export function createHistogram(options: HistogramOptions): HistogramChart {
  const { write, height } = options;
  const canvas = createSliderCanvas({
    ...options,
    paint(pen, width, ratio) {
      if (!data) return;
      layout = layoutHistogram(data, { width, height }, write, pen);
      paint(pen, pointer ?? keyboard, ratio);
    },
  });
  const { plot } = canvas;
  const root = element('div', { class: 'histogram' }, plot, canvas.help);
  let data: HistogramData | undefined;
  let layout: HistogramLayout | undefined;
  let keyboard: number | undefined;
  let pointer: number | undefined;

  function paint(pen: Pen, cursor: number | undefined, ratio: number) {
    if (data && layout) {
      paintHistogram(pen, { data, layout, theme: canvas.theme(), write, cursor, ratio });
    }
  }

  function moved() {
    const cursor = pointer ?? keyboard;
    options.onCursor(cursor, cursor === undefined ? 0 : middleOf(cursor));
    canvas.schedule();
  }

  function middleOf(bin: number): number {
    if (!data || !layout) return 0;
    const { least, greatest, counts } = data.bins;
    return layout.x(least + ((bin + 0.5) * (greatest - least)) / counts.length);
  }

  function setKeyboard(bin: number | undefined) {
    if (!data) return;
    const last = data.bins.counts.length - 1;
    keyboard = bin === undefined ? undefined : Math.min(last, Math.max(0, bin));
    if (keyboard !== undefined) {
      canvas.tell(keyboard, last, options.describe(keyboard));
    }
    moved();
  }

  function binUnder(event: MouseEvent): number | undefined {
    if (!data || !layout) return undefined;
    const x = event.clientX - plot.getBoundingClientRect().left;
    const { least, greatest, counts } = data.bins;
    const [from, to] = [layout.x(least), layout.x(greatest)];
    const bin = Math.floor(((x - from) / (to - from)) * counts.length);
    return bin >= 0 && bin < counts.length ? bin : undefined;
  }

  plot.addEventListener('pointermove', (event) => {
    const bin = binUnder(event);
    if (bin === pointer) return;
    pointer = bin;
    moved();
  });
  plot.addEventListener('pointerleave', () => {
    pointer = undefined;
    moved();
  });
  plot.addEventListener('keydown', (event) => {
    if (!data || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = data.bins.counts.length - 1;
    const now = keyboard ?? Math.round(last / 2);
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      PageDown: now - 10,
      PageUp: now + 10,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    const leaves = event.key === 'Escape' && keyboard !== undefined;
    if (target === undefined && !leaves) return;
    event.preventDefault();
    pointer = undefined;
    setKeyboard(target);
  });
  plot.addEventListener('blur', () => {
    if (keyboard !== undefined) setKeyboard(undefined);
  });

  return {
    root,
    setData(newData) {
      data = newData;
      if (keyboard !== undefined && keyboard >= data.bins.counts.length) keyboard = undefined;
      canvas.draw();
    },
    updateTheme: canvas.updateTheme,
    toCanvas(ratio) {
      const copy = document.createElement('canvas');
      if (!layout) return copy;
      const theme = canvas.theme();
      copy.width = Math.round(layout.width * ratio);
      copy.height = Math.round(layout.height * ratio);
      const ctx = copy.getContext('2d')!;
      ctx.scale(ratio, ratio);
      const pen = canvasPen(ctx, theme.font);
      pen.rect(0, 0, layout.width, layout.height, theme.background);
      paint(pen, undefined, ratio);
      return copy;
    },
    toSvg() {
      if (!layout) return '';
      const theme = canvas.theme();
      const pen = svgPen(layout, theme.font, canvas.measure());
      pen.rect(0, 0, layout.width, layout.height, theme.background);
      paint(pen, undefined, 1);
      return pen.source();
    },
    destroy: canvas.destroy,
  };
}
