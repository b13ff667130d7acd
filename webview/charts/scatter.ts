import { element, setAttribute } from '../dom';
import { readTheme, type Theme } from '../theme';
import { canvasPen } from './pen';
import { createReadout, placeBeside, spoken, type ReadoutRow } from './readout';
import { savedPicture } from './savedPicture';
import './scatter.css';
import {
  layoutScatter,
  paintScatter,
  pointNear,
  type ScatterData,
  type ScatterLayout,
  type ScatterWriting,
} from './scatterPicture';
import { createSlider } from './slider';

export { rangeOf, type ScatterData } from './scatterPicture';

/** What does not change while a scatter plot lives. */
export interface ScatterOptions {
  /** What is shown, for who cannot see it. */
  readonly label: string;
  /** How it is used with the keyboard. */
  readonly help: string;
  /** CSS pixels. */
  readonly height: number;
  readonly write: ScatterWriting;
  /** What is read out at a point. */
  readonly rowsAt: (point: number) => readonly ReadoutRow[];
  /** A click or Enter chose a point. */
  readonly onChosen: (point: number) => void;
}

/** Points on a canvas, with a cursor for pointer and keyboard. */
export interface Scatter {
  readonly root: HTMLElement;
  setData(data: ScatterData): void;
  /** The colours changed. */
  updateTheme(): void;
  /** The picture as it is on show, without a cursor. */
  toCanvas(ratio: number): HTMLCanvasElement;
  toSvg(): string;
  destroy(): void;
}

/** How far from a point the pointer still means it, CSS pixels. */
const reach = 20;

/** Makes a scatter plot, which takes the width it is given. */
export function createScatter(options: ScatterOptions): Scatter {
  const { write, height } = options;
  const canvas = element('canvas', { class: 'scatter-canvas', 'aria-hidden': 'true' });
  const { slider: plot, help } = createSlider(
    { class: 'scatter-plot', label: options.label, help: options.help },
    canvas,
  );
  plot.style.height = `${String(height)}px`;
  const readout = createReadout();
  const root = element('div', { class: 'scatter' }, plot, readout.root, help);
  let theme: Theme | undefined;
  let data: ScatterData | undefined;
  let layout: ScatterLayout | undefined;
  let keyboard: number | undefined;
  let pointer: number | undefined;
  let scheduled = 0;

  function draw() {
    cancelAnimationFrame(scheduled);
    scheduled = 0;
    const width = plot.clientWidth;
    if (!data || width === 0) return;
    theme ??= readTheme();
    const ctx = canvas.getContext('2d')!;
    const pen = canvasPen(ctx, theme.font);
    layout = layoutScatter(data, { width, height }, write, pen);
    const ratio = window.devicePixelRatio;
    const [wide, tall] = [width * ratio, height * ratio].map(Math.round);
    if (canvas.width !== wide || canvas.height !== tall) {
      canvas.width = wide!;
      canvas.height = tall!;
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    paintScatter(canvasPen(ctx, theme.font), { data, layout, theme, write, cursor: cursor() });
  }

  function schedule() {
    if (scheduled === 0) scheduled = requestAnimationFrame(draw);
  }

  function cursor(): number | undefined {
    return pointer ?? (document.activeElement === plot ? keyboard : undefined);
  }

  function moved() {
    const point = cursor();
    if (point === undefined || !data || !layout) readout.hide();
    else {
      const place = new DOMRect(layout.x(data.x[point]!) - 4, layout.y(data.y[point]!) - 4, 8, 8);
      readout.show(options.rowsAt(point), place.x, plot.clientWidth);
      placeBeside(readout.root, place, plot.clientWidth);
    }
    schedule();
  }

  function setKeyboard(point: number | undefined) {
    if (!data || data.x.length === 0) return;
    const last = data.x.length - 1;
    keyboard = point === undefined ? undefined : Math.min(last, Math.max(0, point));
    if (keyboard !== undefined) {
      setAttribute(plot, 'aria-valuemax', String(last));
      setAttribute(plot, 'aria-valuenow', String(keyboard));
      setAttribute(plot, 'aria-valuetext', spoken(options.rowsAt(keyboard)));
    }
    moved();
  }

  function choose() {
    const point = cursor();
    if (point !== undefined) options.onChosen(point);
  }

  plot.addEventListener('pointermove', (event) => {
    if (!data || !layout) return;
    const box = plot.getBoundingClientRect();
    const place = { x: event.clientX - box.left, y: event.clientY - box.top };
    const point = pointNear(data, layout, place, reach);
    if (point === pointer) return;
    pointer = point;
    moved();
  });
  plot.addEventListener('pointerleave', () => {
    pointer = undefined;
    moved();
  });
  plot.addEventListener('click', choose);
  plot.addEventListener('focus', moved);
  plot.addEventListener('blur', moved);
  plot.addEventListener('keydown', (event) => {
    if (!data || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && cursor() !== undefined) {
      event.preventDefault();
      choose();
      return;
    }
    const last = data.x.length - 1;
    const far = Math.max(1, Math.round(last / 20));
    const step = (by: number) => (keyboard === undefined ? 0 : keyboard + by);
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: step(-1),
      ArrowDown: step(-1),
      ArrowRight: step(1),
      ArrowUp: step(1),
      PageDown: step(-far),
      PageUp: step(far),
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

  const observer = new ResizeObserver(schedule);
  observer.observe(plot);
  const saved = savedPicture(() => [
    {
      width: plot.clientWidth,
      height,
      paint(pen, _, colors) {
        if (!data || !layout) return;
        paintScatter(pen, { data, layout, theme: colors, write, cursor: undefined });
      },
    },
  ]);

  return {
    root,
    setData(newData) {
      data = newData;
      keyboard = undefined;
      pointer = undefined;
      readout.hide();
      draw();
    },
    updateTheme() {
      theme = readTheme();
      draw();
    },
    toCanvas: saved.toCanvas,
    toSvg: saved.toSvg,
    destroy() {
      observer.disconnect();
      cancelAnimationFrame(scheduled);
    },
  };
}
