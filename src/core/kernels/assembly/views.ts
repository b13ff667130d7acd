/** Encoded views: address, time stride, row stride (bytes), width (values). */

/** Words of an encoded view. */
export const VIEW_BYTES: usize = 16;

/** Address of row (t, b) of the view encoded at `view`. */
// @ts-ignore: decorator
@inline
export function rowAddress(view: usize, t: i32, b: i32): usize {
  return (
    load<usize>(view) + <usize>t * load<usize>(view, 4) + <usize>b * load<usize>(view, 8)
  );
}

// @ts-ignore: decorator
@inline
export function timeStride(view: usize): usize {
  return load<usize>(view, 4);
}

// @ts-ignore: decorator
@inline
export function rowStride(view: usize): usize {
  return load<usize>(view, 8);
}

// @ts-ignore: decorator
@inline
export function widthOf(view: usize): i32 {
  return load<i32>(view, 12);
}

/** Bytes of a row, padding included. */
// @ts-ignore: decorator
@inline
export function rowBytes(view: usize): usize {
  return <usize>((widthOf(view) + 7) & ~7) << 2;
}

/** Sets the lanes of a row past `width` to zero. */
// @ts-ignore: decorator
@inline
export function clearPadding(row: usize, width: i32): void {
  const end = row + (<usize>((width + 7) & ~7) << 2);
  for (let p = row + (<usize>width << 2); p < end; p += 4) store<f32>(p, 0);
}

/** Lanes of the four at column `i` that are inside `width`. */
// @ts-ignore: decorator
@inline
export function inside(i: i32, width: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)), i32x4.splat(width));
}
