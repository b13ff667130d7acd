/** The picture that a model of examples reads, and what an answer depends on in it. */
import type { Inside } from './part';

export type Image = NonNullable<Inside['image']>;

/** ∂E/∂x of each pixel, of several channels the norm over them: `[height, width]`. */
export function pixelGradient(
  values: Float64Array,
  { width, height, channels }: Image,
): Float64Array {
  return Float64Array.from({ length: width * height }, (_, pixel) =>
    channels === 1
      ? values[pixel]!
      : Math.hypot(...values.subarray(pixel * channels, (pixel + 1) * channels)),
  );
}

const mark = [229, 20, 0] as const;

/**
 * A picture as RGBA; with a gradient it is grey, and the redder a pixel, the more an answer depends on it, relative to
 * the largest.
 *
 * @param gradient `[height, width]`
 */
export function pictureOf(
  { width, height, channels, pixels }: Image,
  gradient: Float64Array | undefined,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * width * height);
  const greatest = gradient
    ? gradient.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
    : 0;
  for (let i = 0; i < width * height; i++) {
    const own = [0, 1, 2].map((c) => pixels[i * channels + (channels === 1 ? 0 : c)]!);
    const share = gradient && greatest > 0 ? Math.abs(gradient[i]!) / greatest : 0;
    // Rec. 601: how bright a colour looks.
    const grey = 0.299 * own[0]! + 0.587 * own[1]! + 0.114 * own[2]!;
    for (let c = 0; c < 3; c++) {
      rgba[4 * i + c] = gradient ? (1 - share) * grey + share * mark[c]! : own[c]!;
    }
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}
