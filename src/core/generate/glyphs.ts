/** Shapes of one colour, drawn small. */
import type { Picture } from './task';

/** Whether a place is within a shape; x to the right and y upwards, each from −1 to 1. */
type Shape = (x: number, y: number) => boolean;

const fivePoints = Math.PI / 5;

export const shapes = {
  circle: (x, y) => x * x + y * y <= 0.9,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.82,
  triangle: (x, y) => y >= -0.8 && Math.abs(x) <= (0.95 - y) * 0.55,
  diamond: (x, y) => Math.abs(x) / 0.75 + Math.abs(y) <= 1,
  cross: (x, y) => {
    const [near, far] = [Math.min(Math.abs(x), Math.abs(y)), Math.max(Math.abs(x), Math.abs(y))];
    return near <= 0.3 && far <= 0.95;
  },
  // (x² + y² − 1)³ = x² y³
  heart: (x, y) => {
    const [u, v] = [1.2 * x, 1.15 * y + 0.12];
    return (u * u + v * v - 1) ** 3 <= u * u * v ** 3;
  },
  // Between each point and its neighbours the edge is a straight line.
  star: (x, y) => {
    const turned = Math.atan2(x, y) + 10 * fivePoints;
    const angle = Math.abs(((turned + fivePoints) % (2 * fivePoints)) - fivePoints);
    const [outer, inner] = [1, 0.42];
    const [px, py] = [Math.hypot(x, y) * Math.cos(angle), Math.hypot(x, y) * Math.sin(angle)];
    const [ex, ey] = [inner * Math.cos(fivePoints), inner * Math.sin(fivePoints)];
    return (px - outer) * ey - py * (ex - outer) <= 0;
  },
  moon: (x, y) => x * x + y * y <= 0.9 && (x - 0.45) ** 2 + (y - 0.1) ** 2 > 0.6,
} as const satisfies Readonly<Record<string, Shape>>;

export type ShapeName = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as readonly ShapeName[];

/** Red, green, blue. */
export const colors = {
  red: [220, 38, 38],
  orange: [245, 140, 30],
  yellow: [235, 200, 20],
  green: [40, 160, 60],
  blue: [40, 90, 220],
  purple: [140, 60, 190],
} as const satisfies Readonly<Record<string, readonly [number, number, number]>>;

export type ColorName = keyof typeof colors;
export const colorNames = Object.keys(colors) as readonly ColorName[];

/** A pixel is looked at in so many places a side. */
const fineness = 4;

/** A white canvas. */
export function emptyPicture(width: number, height: number): Picture {
  return { width, height, pixels: new Uint8Array(3 * width * height).fill(255) };
}

/**
 * Draws a shape with smooth edges.
 * @param x centre, pixels from the left; `y` from above
 */
export function drawShape(
  { width, pixels }: Picture,
  { shape, color }: { readonly shape: ShapeName; readonly color: ColorName },
  { x, y, radius }: { readonly x: number; readonly y: number; readonly radius: number },
): void {
  const isInside: Shape = shapes[shape];
  const paint = colors[color];
  for (let row = Math.floor(y - radius); row < y + radius; row++) {
    for (let column = Math.floor(x - radius); column < x + radius; column++) {
      let covered = 0;
      for (let i = 0; i < fineness * fineness; i++) {
        const across = column + ((i % fineness) + 0.5) / fineness;
        const down = row + (Math.floor(i / fineness) + 0.5) / fineness;
        if (isInside((across - x) / radius, (y - down) / radius)) covered++;
      }
      const share = covered / (fineness * fineness);
      const at = 3 * (row * width + column);
      paint.forEach((value, i) => {
        pixels[at + i] = Math.round(pixels[at + i]! * (1 - share) + value * share);
      });
    }
  }
}
