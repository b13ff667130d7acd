import { sentence } from '../sentence';
import { InputError } from '../input-error';
import type { TokenIds } from './tokenizer';

/** Watches for numbers of what is not known. */
export interface Watch {
  /** By number: 0 where it is watched for. */
  readonly isKnown: Uint8Array;
  readonly found: (number: number, place: number) => void;
}

/** A growing list of numbers that become ids, in as few bytes as hold them; it is never copied as a whole. */
export interface NumberStore {
  readonly length: number;
  /** Adds the first `count` of some numbers, all below `bound`. */
  append(numbers: TokenIds, count: number, bound: number): void;
  /** What gives the numbers as they are, some at a time: it fills an array for `numbersAtOnce`, and says how many. */
  read(): (numbers: Uint32Array) => number;
  /** Replaces each number n by `table[n]`, all below `vocabulary`. Ends the list. */
  finish(table: Uint32Array, vocabulary: number, watch?: Watch): TokenIds;
}

/** One whose numbers can be seen. */
export interface IdStore extends NumberStore {
  /** The numbers as they are, valid until more are added. */
  numbers(): TokenIds;
}

/** A buffer grows by so many bytes at least. */
const growth = 16 * 2 ** 20;
/** Below this one of the final size costs nothing. */
const small = 2 ** 16;

/** Bytes that a number below `bound` takes. */
function widthOf(bound: number): 1 | 2 | 4 {
  return bound <= 0x100 ? 1 : bound <= 0x10000 ? 2 : 4;
}

function viewOf(buffer: ArrayBuffer, width: 1 | 2 | 4, from: number, length: number): TokenIds {
  const offset = from * width;
  if (width === 1) return new Uint8Array(buffer, offset, length);
  return width === 2
    ? new Uint16Array(buffer, offset, length)
    : new Uint32Array(buffer, offset, length);
}

/**
 * A buffer that can grow to `most` bytes where it is, or as far as the runtime lets one: what is in it takes
 * much less than `most` as a rule.
 */
function growingBuffer(most: number): ArrayBuffer {
  if (most <= small) return new ArrayBuffer(most);
  for (let bytes = most; ; bytes = Math.ceil(bytes / 2)) {
    try {
      return new ArrayBuffer(0, { maxByteLength: bytes });
    } catch (error) {
      if (bytes <= small) throw outOfMemory(error, most);
    }
  }
}

function grow(buffer: ArrayBuffer, bytes: number): void {
  if (bytes <= buffer.byteLength) return;
  try {
    buffer.resize(Math.min(buffer.maxByteLength, Math.max(bytes, buffer.byteLength + growth)));
  } catch (error) {
    throw outOfMemory(error, bytes);
  }
}

function outOfMemory(error: unknown, bytes: number): unknown {
  if (!(error instanceof RangeError)) return error;
  const megabytes = Math.ceil(bytes / 2 ** 20).toLocaleString('en');
  return new InputError(
    sentence`There is not enough memory for the text: its tokens take ${megabytes} MB or more.`,
    sentence`Close other programs, or train on a part of it.`,
  );
}

/**
 * Numbers all of the same width, which widens where it must.
 * @param most numbers that will come
 */
export function createIdStore(most: number): IdStore {
  const buffer = growingBuffer(most * 4);
  let width: 1 | 2 | 4 = 1;
  let length = 0;

  /** From the last to the first, so that none is overwritten before it is read. */
  function widen(to: 1 | 2 | 4): void {
    grow(buffer, length * to);
    const narrow = viewOf(buffer, width, 0, length);
    const wide = viewOf(buffer, to, 0, length);
    for (let i = length - 1; i >= 0; i--) wide[i] = narrow[i]!;
    width = to;
  }

  return {
    get length() {
      return length;
    },
    numbers: () => viewOf(buffer, width, 0, length),
    read: () => plainly(viewOf(buffer, width, 0, length)),
    append(numbers, count, bound) {
      if (widthOf(bound) > width) widen(widthOf(bound));
      grow(buffer, (length + count) * width);
      viewOf(buffer, width, length, count).set(numbers.subarray(0, count));
      length += count;
    },
    finish(table, vocabulary, watch) {
      if (widthOf(vocabulary) > width) widen(widthOf(vocabulary));
      const numbers = viewOf(buffer, width, 0, length);
      const ids = viewOf(buffer, widthOf(vocabulary), 0, length);
      if (numbers instanceof Uint8Array && watch === undefined) {
        replaceBytes(numbers, table);
      } else {
        replaceAll(ids, table, watch, plainly(numbers));
      }
      return ended(buffer, ids);
    },
  };
}

/** So many elements are worked on at once. */
export const numbersAtOnce = 1 << 14;

/**
 * Most texts have few characters: for them a loop of its own. Elements of a buffer that can be resized are
 * read slowly one by one, and quickly by many.
 */
function replaceBytes(numbers: Uint8Array, table: Uint32Array): void {
  const ids = new Uint8Array(256);
  ids.set(table.subarray(0, 256));
  const chunk = new Uint8Array(numbersAtOnce);
  for (let at = 0; at < numbers.length; at += numbersAtOnce) {
    const part = numbers.subarray(at, at + numbersAtOnce);
    chunk.set(part);
    translate(chunk, ids);
    part.set(part.length === numbersAtOnce ? chunk : chunk.subarray(0, part.length));
  }
}

function translate(bytes: Uint8Array, ids: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = ids[bytes[i]!]!;
}

/** Gives numbers as they are, some at a time. */
function plainly(all: TokenIds): (numbers: Uint32Array) => number {
  let at = 0;
  return (numbers) => {
    const part = all.subarray(at, at + numbersAtOnce);
    numbers.set(part);
    at += part.length;
    return part.length;
  };
}

/** Makes numbers ids, some at a time; each is read before its place is written. */
function replaceAll(
  ids: TokenIds,
  table: Uint32Array,
  watch: Watch | undefined,
  next: (numbers: Uint32Array) => number,
): void {
  const numbers = new Uint32Array(numbersAtOnce);
  const made = new Uint32Array(numbersAtOnce);
  for (let at = 0; at < ids.length;) {
    const count = next(numbers);
    for (let i = 0; i < count; i++) made[i] = table[numbers[i]!]!;
    ids.set(made.subarray(0, count), at);
    if (watch !== undefined) {
      const { isKnown, found } = watch;
      for (let i = 0; i < count; i++) if (isKnown[numbers[i]!] === 0) found(numbers[i]!, at + i);
    }
    at += count;
  }
}

/** Stands before a number that does not fit into two bytes, whose lower and upper half follow. */
const escape = 0xffff;

/**
 * Two bytes a number and six for the few that do not fit: for words, of which a long text has very many
 * different ones, and of which no more than 65,536 will remain.
 *
 * @param most numbers that will come
 */
export function createEscapedStore(most: number): NumberStore {
  const buffer = growingBuffer(most * 6);
  let units = 0;
  let length = 0;

  return {
    get length() {
      return length;
    },
    append(numbers, count, bound) {
      length += count;
      if (bound <= escape) {
        grow(buffer, (units + count) * 2);
        new Uint16Array(buffer, units * 2, count).set(numbers.subarray(0, count));
        units += count;
        return;
      }
      grow(buffer, (units + 3 * count) * 2);
      const room = new Uint16Array(buffer, units * 2, 3 * count);
      let at = 0;
      for (let i = 0; i < count; i++) {
        const number = numbers[i]!;
        if (number < escape) {
          room[at++] = number;
        } else {
          room[at++] = escape;
          room[at++] = number & 0xffff;
          room[at++] = number >>> 16;
        }
      }
      units += at;
    },
    read() {
      const packed = new Uint16Array(buffer, 0, units);
      return units === length ? plainly(packed) : unpacked(packed);
    },
    finish(table, vocabulary, watch) {
      const ids = viewOf(buffer, vocabulary <= 0x100 ? 1 : 2, 0, length);
      replaceAll(ids, table, watch, this.read());
      return ended(buffer, ids);
    },
  };
}

/** Gives escaped numbers, some at a time. */
function unpacked(packed: Uint16Array): (numbers: Uint32Array) => number {
  const chunk = new Uint16Array(numbersAtOnce);
  let at = 0;
  return (numbers) => {
    const part = packed.subarray(at, at + numbersAtOnce);
    chunk.set(part);
    const { used, count } = unpack(chunk, part.length, numbers);
    at += used;
    return count;
  };
}

/** The numbers that are whole among the first `length` units. */
function unpack(
  units: Uint16Array,
  length: number,
  numbers: Uint32Array,
): { readonly used: number; readonly count: number } {
  let used = 0;
  let count = 0;
  while (used < length) {
    const unit = units[used]!;
    if (unit !== escape) {
      numbers[count++] = unit;
      used++;
      continue;
    }
    if (used + 3 > length) break;
    numbers[count++] = units[used + 1]! + units[used + 2]! * 0x10000;
    used += 3;
  }
  return { used, count };
}

/** What grew beyond the ids is given back. */
function ended(buffer: ArrayBuffer, ids: TokenIds): TokenIds {
  if (buffer.resizable) buffer.resize(ids.byteLength);
  return ids;
}
