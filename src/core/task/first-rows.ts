/** Which rows have the same key, in a table of eight bytes a row or less: a `Map` takes forty, and 16 million at most. */

/**
 * The first row with the key of each row.
 *
 * @param keys of up to 53 bits, one a row
 * @returns one a row; a row that is the first of its key has itself
 */
export function firstRows(keys: Float64Array): Uint32Array<ArrayBuffer> {
  // Open addressing (Knuth, The Art of Computer Programming 6.4), at most half full; 0 is free.
  const bits = Math.max(1, Math.ceil(Math.log2(2 * keys.length + 1)));
  const mask = 2 ** bits - 1;
  const slots = new Uint32Array(mask + 1);
  const first = new Uint32Array(keys.length);
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row]!;
    let slot = hashOf(key) & mask;
    let other = slots[slot]!;
    while (other !== 0 && keys[other - 1] !== key) {
      slot = (slot + 1) & mask;
      other = slots[slot]!;
    }
    if (other === 0) slots[slot] = row + 1;
    first[row] = other === 0 ? row : other - 1;
  }
  return first;
}

/** How many rows have the key of each row that is the first of its key; 0 for the others. */
export function countsOf(first: Uint32Array): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(first.length);
  for (const row of first) counts[row]!++;
  return counts;
}

/** MurmurHash3's last step, over both halves of the number. */
function hashOf(key: number): number {
  let h = ((key % 4294967296) | 0) ^ Math.imul((key / 4294967296) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
