/** The different pairs of neighbours, numbered in the order in which they are first seen. */

export interface PairTable {
  /** The pair's number; one that was never seen gets the next. */
  numberOf(left: number, right: number): number;
  /** The pair's number, -1 if it was never seen. */
  find(left: number, right: number): number;
  /** How many there are. */
  size(): number;
  left(number: number): number;
  right(number: number): number;
}

/** A hash table with open addressing, at most half full. */
export function createPairTable(expected = 1024): PairTable {
  let room = 2 ** Math.ceil(Math.log2(Math.max(16, expected)));
  let lefts = new Int32Array(room);
  let rights = new Int32Array(room);
  /** Numbers plus 1; 0: free. */
  let slots = new Int32Array(2 * room);
  let shift = 32 - Math.log2(slots.length);
  let size = 0;

  /** Where a pair is, or would be. */
  function slotOf(left: number, right: number): number {
    const mask = slots.length - 1;
    const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ (right + 1), 0x85ebca6b);
    for (let slot = hash >>> shift; ; slot = (slot + 1) & mask) {
      const number = slots[slot]! - 1;
      if (number < 0 || (lefts[number] === left && rights[number] === right)) return slot;
    }
  }

  function grow(): void {
    const [wasLeft, wasRight] = [lefts, rights];
    room *= 2;
    lefts = new Int32Array(room);
    rights = new Int32Array(room);
    slots = new Int32Array(2 * room);
    shift = 32 - Math.log2(slots.length);
    lefts.set(wasLeft);
    rights.set(wasRight);
    for (let number = 0; number < size; number++) {
      slots[slotOf(lefts[number]!, rights[number]!)] = number + 1;
    }
  }

  return {
    numberOf(left, right) {
      let slot = slotOf(left, right);
      const known = slots[slot]! - 1;
      if (known >= 0) return known;
      if (size === room) {
        grow();
        slot = slotOf(left, right);
      }
      lefts[size] = left;
      rights[size] = right;
      slots[slot] = size + 1;
      return size++;
    },
    find: (left, right) => slots[slotOf(left, right)]! - 1,
    size: () => size,
    left: (number) => lefts[number]!,
    right: (number) => rights[number]!,
  };
}
