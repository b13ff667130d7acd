import { element, setAttribute } from '../dom';
import { readTheme, type Theme } from '../theme';
import { canvasPen, type Pen } from './pen';
import { createSlider } from './slider';
import './sliderCanvas.css';

/** A canvas behind a slider: one of many things is chosen by pointer and keyboard. It is painted once a frame at most. */
export interface SliderCanvas {
  /** The slider, which takes the width it is given. */
  readonly plot: HTMLElement;
  /** What says how it is used, for who cannot see it. */
  readonly help: HTMLElement;
  /** A pen with which nothing is painted, to measure texts. */
  readonly measure: () => Pen;
  /** The colours of what was painted last. */
  readonly theme: () => Theme;
  draw(): void;
  schedule(): void;
  /** The colours changed. */
  updateTheme(): void;
  /** Says which of them the keyboard is at. */
  tell(value: number, last: number, text: string): void;
  destroy(): void;
}

export function createSliderCanvas(options: {
  readonly label: string;
  readonly help: string;
  /** CSS pixels. */
  readonly height: number;
  /** Paints on an empty canvas, CSS pixels; `ratio`: the screen's pixels in each. */
  readonly paint: (pen: Pen, width: number, ratio: number, theme: Theme) => void;
}): SliderCanvas {
  const { height, paint } = options;
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const { slider: plot, help } = createSlider({ ...options, class: 'slider-canvas' }, canvas);
  plot.style.height = `${String(height)}px`;
  let known: Theme | undefined;
  let scheduled = 0;
  const context = () => canvas.getContext('2d')!;
  const theme = () => (known ??= readTheme());

  function draw() {
    cancelAnimationFrame(scheduled);
    scheduled = 0;
    const width = plot.clientWidth;
    if (width === 0) return;
    const ctx = context();
    const ratio = window.devicePixelRatio;
    const [wide, tall] = [width * ratio, height * ratio].map(Math.round);
    if (canvas.width !== wide || canvas.height !== tall) {
      canvas.width = wide!;
      canvas.height = tall!;
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    paint(canvasPen(ctx, theme().font), width, ratio, theme());
  }

  function schedule() {
    if (scheduled === 0) scheduled = requestAnimationFrame(draw);
  }

  const observer = new ResizeObserver(schedule);
  observer.observe(plot);

  return {
    ...{ plot, help, theme, draw, schedule },
    measure: () => canvasPen(context(), theme().font),
    updateTheme() {
      known = readTheme();
      draw();
    },
    tell(value, last, text) {
      setAttribute(plot, 'aria-valuemax', String(last));
      setAttribute(plot, 'aria-valuenow', String(value));
      setAttribute(plot, 'aria-valuetext', text);
    },
    destroy() {
      observer.disconnect();
      cancelAnimationFrame(scheduled);
    },
  };
}
