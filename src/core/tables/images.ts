import { decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';

/** A picture without transparency, over white. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue are the same everywhere. */
  readonly isGrey: boolean;
  /** 0 … 255, `[height, width, 3]` */
  readonly pixels: Uint8Array;
}

export function isImageName(name: string): boolean {
  return /\.(png|jpe?g)$/i.test(name);
}

/** Larger pictures are not decoded: so many megapixels, and megabytes for decoding. */
const megapixels = 100;

/** PNG or JPEG; undefined: it is neither, or damaged. */
export function decodeImage(bytes: Uint8Array): Picture | undefined {
  try {
    if (bytes[0] === 0x89) return fromPng(bytes);
    if (bytes[0] !== 0xff) return undefined;
    const options = {
      useTArray: true,
      maxResolutionInMP: megapixels,
      maxMemoryUsageInMB: 1024,
    } as const;
    const { width, height, data } = decodeJpeg(bytes, options);
    return overWhite(width, height, 4, (index) => data[index] ?? 0);
  } catch {
    // The decoders throw whatever they stumble over.
    return undefined;
  }
}

/** Width and height stand at a fixed place: a small file may claim to be a very large picture. */
function fromPng(bytes: Uint8Array): Picture | undefined {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.getUint32(16) * header.getUint32(20) > megapixels * 1e6) return undefined;
  const { width, height, data, channels, depth, palette } = decodePng(bytes);
  if (palette !== undefined) {
    return overWhite(width, height, 4, (index) => {
      const color = palette[pixelAt(data, width, depth, index >> 2)];
      return color?.[index & 3] ?? ((index & 3) === 3 ? 255 : 0);
    });
  }
  if (depth < 8) {
    const most = (1 << depth) - 1;
    return overWhite(
      width,
      height,
      1,
      (index) => (255 * pixelAt(data, width, depth, index)) / most,
    );
  }
  const scale = depth === 16 ? 1 / 257 : 1;
  return overWhite(width, height, channels, (index) => (data[index] ?? 0) * scale);
}

/** Of pixels that share bytes, each row beginning with a new one. */
function pixelAt(data: ArrayLike<number>, width: number, depth: number, pixel: number): number {
  const perByte = 8 / depth;
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  const byte = data[row * Math.ceil(width / perByte) + Math.floor(column / perByte)] ?? 0;
  const shift = 8 - depth * (1 + (column % perByte));
  return (byte >> shift) & ((1 << depth) - 1);
}

/** @param channels 1 grey, 2 grey and opacity, 3 colours, 4 colours and opacity */
function overWhite(
  width: number,
  height: number,
  channels: number,
  at: (index: number) => number,
): Picture {
  const pixels = new Uint8Array(3 * width * height);
  const colors = channels < 3 ? 1 : 3;
  let isGrey = true;
  for (let i = 0; i < width * height; i++) {
    const opacity = channels === colors ? 1 : at(i * channels + colors) / 255;
    for (let c = 0; c < 3; c++) {
      const value = at(i * channels + Math.min(c, colors - 1));
      pixels[3 * i + c] = Math.round(255 + opacity * (value - 255));
    }
    isGrey &&= pixels[3 * i] === pixels[3 * i + 1] && pixels[3 * i] === pixels[3 * i + 2];
  }
  return { width, height, isGrey, pixels };
}

/** Weights of red, green and blue in a grey value (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * A picture in another size: each pixel the mean of the area that it covers.
 * @returns `[height, width, channels]`
 */
export function scaled(
  picture: Omit<Picture, 'isGrey'>,
  form: { readonly width: number; readonly height: number; readonly channels: 1 | 3 },
): Uint8Array {
  const { width, height, channels } = form;
  const across = areas(picture.width, width);
  const down = areas(picture.height, height);
  const made = new Uint8Array(width * height * channels);
  const sum = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sum.fill(0);
      for (const [row, tall] of down[y]!) {
        for (const [column, wide] of across[x]!) {
          const at = 3 * (row * picture.width + column);
          for (let c = 0; c < 3; c++) sum[c]! += tall * wide * picture.pixels[at + c]!;
        }
      }
      const at = channels * (y * width + x);
      if (channels === 3) made.set(sum.map(Math.round), at);
      else made[at] = Math.round(luma.reduce((grey, weight, c) => grey + weight * sum[c]!, 0));
    }
  }
  return made;
}

/** Of each of `to` equal parts of a line of `from` pixels: which it covers, and their shares. */
function areas(from: number, to: number): (readonly [pixel: number, share: number])[][] {
  return Array.from({ length: to }, (_, part) => {
    const [start, end] = [(part * from) / to, ((part + 1) * from) / to];
    const covered: (readonly [number, number])[] = [];
    for (let pixel = Math.floor(start); pixel < end; pixel++) {
      const length = Math.min(end, pixel + 1) - Math.max(start, pixel);
      covered.push([pixel, length / (end - start)]);
    }
    return covered;
  });
}
