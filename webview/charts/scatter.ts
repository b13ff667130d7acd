import { element } from '../dom';
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
import { createSliderCanvas } from './sliderCanvas';

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
  /** @param keep the keyboard stays at its point: the points are the same ones */
  setData(data: ScatterData, keep?: boolean): void;
  /** The keyboard goes to a point, which is read out. */
  goTo(point: number): void;
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
  const canvas = createSliderCanvas({
    ...options,
    paint(pen, width, _, theme) {
      if (!data) return;
      layout = layoutScatter(data, { width, height }, write, pen);
      paintScatter(pen, { data, layout, theme, write, cursor: cursor() });
    },
  });
  const { plot } = canvas;
  const readout = createReadout();
  const root = element('div', { class: 'scatter' }, plot, readout.root, canvas.help);
  let data: ScatterData | undefined;
  let layout: ScatterLayout | undefined;
  let keyboard: number | undefined;
  let pointer: number | undefined;

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
    canvas.schedule();
  }

  function setKeyboard(point: number | undefined) {
    if (!data || data.x.length === 0) return;
    const last = data.x.length - 1;
    keyboard = point === undefined ? undefined : Math.min(last, Math.max(0, point));
    if (keyboard !== undefined) {
      canvas.tell(keyboard, last, spoken(options.rowsAt(keyboard)));
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
    setData(newData, keep = false) {
      data = newData;
      if (!keep || (keyboard ?? 0) >= newData.x.length) keyboard = undefined;
      pointer = undefined;
      readout.hide();
      canvas.draw();
    },
    goTo(point) {
      plot.focus();
      setKeyboard(point);
    },
    updateTheme: canvas.updateTheme,
    toCanvas: saved.toCanvas,
    toSvg: saved.toSvg,
    destroy: canvas.destroy,
  };
}
