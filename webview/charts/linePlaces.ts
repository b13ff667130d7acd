import { placeOn, type Arranged } from './arrange';

/** The plot: the area within the axes, CSS pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Of a line of text, CSS pixels. */
export const lineHeight = 14;

/** Places on the screen of values on the axes. */
export function placing({ content, x, y }: Arranged, { left, top, width, height }: Plot) {
  return {
    x: (value: number) => left + placeOn(content.x, x, value) * width,
    y: (value: number) => top + (1 - placeOn(content.y, y, value)) * height,
  };
}

/** The points between gaps. */
export function stretches(
  x: readonly number[],
  y: readonly (number | null)[],
  at: { readonly x: (value: number) => number; readonly y: (value: number) => number },
): number[][] {
  const lines: number[][] = [];
  let line: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const value = y[i];
    if (value == null) {
      if (line.length > 0) lines.push(line);
      line = [];
    } else line.push(at.x(x[i]!), at.y(value));
  }
  if (line.length > 0) lines.push(line);
  return lines;
}
