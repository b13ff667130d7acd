import { element } from '../dom';
import {
  layoutParallel,
  lineNear,
  paintParallel,
  type ParallelData,
  type ParallelLayout,
} from './parallelPicture';
import { createReadout, spoken, type ReadoutRow } from './readout';
import { savedPicture, type SavedPicture } from './savedPicture';
import './scatter.css';
import { createSliderCanvas } from './sliderCanvas';

/** What does not change while the picture lives. */
export interface ParallelOptions {
  /** What is shown, for who cannot see it. */
  readonly label: string;
  /** How it is used with the keyboard. */
  readonly help: string;
  /** CSS pixels. */
  readonly height: number;
  /** What is read out of a line. */
  readonly rowsAt: (line: number) => readonly ReadoutRow[];
  /** A click or Enter chose a line. */
  readonly onChosen: (line: number) => void;
}

/** Parallel coordinates (Inselberg 1985): a line for each thing, across an axis for each of its values. */
export interface Parallel extends SavedPicture {
  readonly root: HTMLElement;
  setData(data: ParallelData): void;
  /** The colours changed. */
  updateTheme(): void;
  destroy(): void;
}

/** How far from a line the pointer still means it, CSS pixels. */
const reach = 16;

/** Makes parallel coordinates, which take the width they are given. */
export function createParallel(options: ParallelOptions): Parallel {
  const { height } = options;
  let data: ParallelData | undefined;
  let layout: ParallelLayout | undefined;
  let keyboard: number | undefined;
  let pointer: number | undefined;
  const canvas = createSliderCanvas({
    ...options,
    paint(pen, width, _, theme) {
      if (!data || data.axes.length < 2) return;
      layout = layoutParallel(data, { width, height }, pen);
      paintParallel(pen, { data, layout, theme, width, cursor: cursor() });
    },
  });
  const { plot } = canvas;
  const readout = createReadout();
  const root = element('div', { class: 'scatter' }, plot, readout.root, canvas.help);

  function cursor(): number | undefined {
    return pointer ?? (document.activeElement === plot ? keyboard : undefined);
  }

  function moved(x: number) {
    const line = cursor();
    if (line === undefined || !data) readout.hide();
    else readout.show(options.rowsAt(line), x, plot.clientWidth);
    canvas.schedule();
  }

  function choose() {
    const line = cursor();
    if (line !== undefined) options.onChosen(line);
  }

  plot.addEventListener('pointermove', (event) => {
    if (!data || !layout) return;
    const box = plot.getBoundingClientRect();
    const place = { x: event.clientX - box.left, y: event.clientY - box.top };
    pointer = lineNear(data, layout, place, reach);
    moved(place.x);
  });
  plot.addEventListener('pointerleave', () => {
    pointer = undefined;
    moved(0);
  });
  plot.addEventListener('click', choose);
  plot.addEventListener('focus', () => moved(0));
  plot.addEventListener('blur', () => moved(0));
  plot.addEventListener('keydown', (event) => {
    if (!data || data.lines.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && cursor() !== undefined) {
      event.preventDefault();
      choose();
      return;
    }
    const last = data.lines.length - 1;
    const far = Math.max(1, Math.round(last / 20));
    const step = (by: number) => (keyboard === undefined ? 0 : keyboard + by);
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: step(-1),
      ArrowUp: step(-1),
      ArrowRight: step(1),
      ArrowDown: step(1),
      PageUp: step(-far),
      PageDown: step(far),
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    pointer = undefined;
    keyboard = Math.min(last, Math.max(0, target));
    canvas.tell(keyboard, last, spoken(options.rowsAt(keyboard)));
    moved(0);
  });

  return {
    root,
    setData(now) {
      // It follows a training: whoever reads a line goes on reading it.
      if (now.lines.length !== data?.lines.length) {
        keyboard = undefined;
        pointer = undefined;
        readout.hide();
      }
      data = now;
      canvas.draw();
    },
    updateTheme: canvas.updateTheme,
    ...savedPicture(() => [
      {
        width: plot.clientWidth,
        height,
        paint(pen, { width }, theme) {
          if (!data || !layout) return;
          paintParallel(pen, { data, layout, theme, width, cursor: undefined });
        },
      },
    ]),
    destroy: canvas.destroy,
  };
}
