/**
 * Floats a row of `width` values occupies: the next multiple of 8. A row starts at a multiple of 8 floats, and
 * its lanes past `width` are always zero. Slices of a stacked row start at multiples of 8 as well. So no kernel
 * needs a remainder in the column direction.
 */
export function pad(width: number): number {
  return (width + 7) & ~7;
}
