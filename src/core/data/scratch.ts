/** Bytes that are put aside while memory is short, in a file that only this process sees and that ends with it. */

export interface Scratch {
  /** Appends bytes and says where they begin; undefined: there is no room, so they must stay in memory. */
  append(bytes: Uint8Array): number | undefined;
  /** Fills an array with what begins there. */
  read(from: number, into: Uint8Array): void;
}

/** Bytes that are kept in memory before more of them are put aside. */
const standardRoom = 64 * 2 ** 20;

let openScratch: (() => Scratch | undefined) | undefined;

/** Says how such a file is opened here, for all that is read from now on; without it all stays in memory. */
export function takeScratch(open: () => Scratch | undefined): void {
  openScratch = open;
}

/** What lies in memory, or in the file. */
export type Stretch = Uint8Array | { readonly from: number; readonly length: number };

export interface Room {
  /** Keeps bytes, which no longer change, in memory if there is room, else in the file. */
  keep(bytes: Uint8Array): Stretch;
  /** Copies what was kept to the beginning of an array. */
  copy(stretch: Stretch, into: Uint8Array): void;
}

/** Room for what belongs together and is forgotten together. */
export function createRoom(bytes = standardRoom): Room {
  let left = bytes;
  let scratch: Scratch | undefined;
  return {
    keep(stretch) {
      left -= stretch.length;
      if (left >= 0) return stretch;
      scratch ??= openScratch?.();
      const from = scratch?.append(stretch);
      return from === undefined ? stretch : { from, length: stretch.length };
    },
    copy(stretch, into) {
      if (stretch instanceof Uint8Array) into.set(stretch);
      else scratch!.read(stretch.from, into.subarray(0, stretch.length));
    },
  };
}
