import { readTheme, type Theme } from '../theme';
import type { Plot } from './linePlaces';
import { canvasPen, svgPen, type Pen } from './pen';

/** A part of a picture that is saved: parts stand one below the other. */
export interface PicturePart {
  readonly width: number;
  readonly height: number;
  paint(pen: Pen, box: Plot, theme: Theme): void;
}

/** A picture in every format, from parts that are painted. */
export interface SavedPicture {
  /** @param ratio pixels of a CSS pixel */
  toCanvas(ratio: number): HTMLCanvasElement;
  toSvg(): string;
}

/** @param read gives the parts as they are on show now */
export function savedPicture(read: () => readonly PicturePart[]): SavedPicture {
  function paintAll(pen: Pen, parts: readonly PicturePart[], theme: Theme) {
    const { width, height } = sizeOf(parts);
    pen.rect(0, 0, width, height, theme.background);
    let top = 0;
    for (const part of parts) {
      part.paint(pen, { left: 0, top, width, height: part.height }, theme);
      top += part.height;
    }
  }

  return {
    toCanvas(ratio) {
      const parts = read();
      const theme = readTheme();
      const { width, height } = sizeOf(parts);
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const ctx = canvas.getContext('2d')!;
      ctx.scale(ratio, ratio);
      paintAll(canvasPen(ctx, theme.font), parts, theme);
      return canvas;
    },
    toSvg() {
      const parts = read();
      const theme = readTheme();
      const measure = canvasPen(document.createElement('canvas').getContext('2d')!, theme.font);
      const pen = svgPen(sizeOf(parts), theme.font, measure);
      paintAll(pen, parts, theme);
      return pen.source();
    },
  };
}

function sizeOf(parts: readonly PicturePart[]) {
  return {
    width: Math.max(0, ...parts.map(({ width }) => width)),
    height: parts.reduce((sum, { height }) => sum + height, 0),
  };
}
