import { readTheme, type Theme } from '../theme';

/** The colours of a heatmap: a table from a value's share of its scale to a colour. */
export interface HeatmapColors {
  readonly theme: Theme;
  /** `[256]`, each as ImageData keeps a pixel. */
  readonly diverging: Uint32Array;
  readonly sequential: Uint32Array;
  /** The upper half of `diverging`: what cannot be below zero looks as it does where it can. `[128]` */
  readonly positive: Uint32Array;
  /** Of a cell without a value. */
  readonly none: number;
}

/** Number of colours in a table: odd for a diverging one, so that 0 has a colour of its own. */
export const shades = 255;

/**
 * Reads the tables from the theme. Zero is the editor's background; away from it the colour comes in and
 * then moves on to the text's colour, so that lightness is monotone in every theme. Blue and red can be
 * told apart by everyone, as red and green cannot.
 */
export function readHeatmapColors(): HeatmapColors {
  const theme = readTheme();
  const css = getComputedStyle(document.documentElement);
  const variable = (name: string) => css.getPropertyValue(`--vscode-charts-${name}`).trim();
  const blue = variable('blue') || theme.training;
  const red = variable('red') || theme.validation;
  const arm = (color: string, share: number) =>
    share < 0.75
      ? mix(color, theme.background, share / 0.75)
      : mix(theme.foreground, color, ((share - 0.75) / 0.25) * 0.35);
  const middle = (shades - 1) / 2;
  const diverging = Array.from({ length: shades }, (_, i) => {
    const share = Math.abs(i - middle) / middle;
    return arm(i < middle ? blue : red, share);
  });
  const sequential = Array.from({ length: shades }, (_, i) => arm(blue, i / (shades - 1)));
  const none = mix(theme.foreground, theme.background, 0.14);
  const table = toPixels([...diverging, ...sequential, none]);
  return {
    theme,
    diverging: table.subarray(0, shades),
    sequential: table.subarray(shades, 2 * shades),
    positive: table.subarray(middle, shades),
    none: table[2 * shades]!,
  };
}

function mix(color: string, other: string, share: number): string {
  return `color-mix(in oklab, ${color} ${String(Math.round(share * 1000) / 10)}%, ${other})`;
}

/** What the browser makes of CSS colours. */
function toPixels(colors: readonly string[]): Uint32Array {
  const canvas = document.createElement('canvas');
  canvas.width = colors.length;
  canvas.height = 1;
  const ctx = canvas.getContext('2d', { willReadFrequently: true })!;
  colors.forEach((color, x) => {
    ctx.fillStyle = color;
    ctx.fillRect(x, 0, 1, 1);
  });
  return new Uint32Array(ctx.getImageData(0, 0, colors.length, 1).data.buffer);
}
