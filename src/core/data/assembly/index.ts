/**
 * Cuts ASCII into words (UAX #29) and numbers them in the order of their first appearance, 16 bytes at a
 * time. What is beyond ASCII comes as runs up to a space or a line end; each run is cut by the caller once,
 * and is remembered with the symbols it was cut into.
 *
 * A hash table with linear probing holds addresses of records and their hashes, so that a record is looked
 * at only where it is, all but surely, the right one; records lie one behind the other.
 */
import { ByteClass, Key, Place, Size, Status } from './layout';

let slots: usize = 0;
let mask: u32 = 0;
let records: u32 = 0;
let symbols: u32 = 0;
let top: usize = 0;

/** Prepares an empty table of `count` slots, a power of two; once. */
export function begin(count: u32): void {
  for (let length: usize = 0; length <= 16; length++) {
    for (let i: usize = 0; i < 16; i++) {
      store<u8>(<usize>Place.masks + length * 16 + i, i < length ? 0xff : 0);
    }
  }
  slots = Place.free;
  mask = count - 1;
  top = <usize>Place.free + (<usize>count << 3);
}

export function recordCount(): u32 {
  return records;
}

export function symbolCount(): u32 {
  return symbols;
}

/** Where the next record goes. */
export function end(): usize {
  return top;
}

/** Moves to a table of `count` slots, a power of two, behind the records; new records come behind that. */
export function rehash(count: u32): void {
  const from = slots;
  const before = mask + 1;
  slots = top;
  top += <usize>count << 3;
  mask = count - 1;
  memory.fill(slots, 0, <usize>count << 3);
  for (let i: u32 = 0; i < before; i++) {
    const entry = load<u64>(from + (<usize>i << 3));
    if (entry != 0) put(entry);
  }
}

/** An entry is a record's address, and above it its hash. */
function put(entry: u64): void {
  let slot = <u32>(entry >> 32) & mask;
  while (load<u64>(slots + (<usize>slot << 3)) != 0) slot = (slot + 1) & mask;
  store<u64>(slots + (<usize>slot << 3), entry);
}

// @ts-ignore: decorator
@inline
function masked(at: usize, length: u32): v128 {
  return v128.and(v128.load(at), v128.load(<usize>Place.masks + (<usize>min<u32>(length, 16) << 4)));
}

// @ts-ignore: decorator
@inline
function mix(hash: u64, block: v128): u64 {
  let h = (hash ^ i64x2.extract_lane(block, 0)) * 0x9e3779b97f4a7c15;
  h = (h ^ (h >> 29) ^ i64x2.extract_lane(block, 1)) * 0xbf58476d1ce4e5b9;
  return h ^ (h >> 32);
}

/** Where `search` looked last: the slot of what it found, or the free one where that would go. */
let place: usize = 0;
let hash: u32 = 0;

/** The record of some bytes; 0 if there is none. Up to 16 bytes behind them are read. */
function search(at: usize, key: u32): u32 {
  const length = key & Key.length;
  const head = masked(at, length);
  let h = mix(key, head);
  for (let i: u32 = 16; i < length; i += 16) h = mix(h, masked(at + i, length - i));
  hash = <u32>h;
  let slot = hash & mask;
  place = slots + (<usize>slot << 3);
  let entry = load<u64>(place);
  while (entry != 0) {
    if (<u32>(entry >> 32) == hash) {
      const record = <u32>entry;
      if (load<u32>(record, 8) == key && same(record, at, length, head)) return record;
    }
    slot = (slot + 1) & mask;
    place = slots + (<usize>slot << 3);
    entry = load<u64>(place);
  }
  return 0;
}

/** The record of some bytes, made if there is none. */
export function find(at: usize, key: u32): u32 {
  const found = search(at, key);
  if (found != 0) return found;
  const length = key & Key.length;
  const record = <u32>top;
  store<u64>(place, (<u64>hash << 32) | record);
  store<u32>(record, 0);
  store<u32>(record, (key & Key.run) != 0 ? 0 : symbols++, 4);
  store<u32>(record, key, 8);
  store<u32>(record, 0, 12);
  for (let i: u32 = 0; i < length; i += 16) {
    v128.store(record + Size.head + i, masked(at + i, length - i));
  }
  top = record + Size.head + padded(length);
  records++;
  return record;
}

// @ts-ignore: decorator
@inline
function padded(length: u32): u32 {
  return (length + 15) & ~15;
}

// @ts-ignore: decorator
@inline
function same(record: u32, at: usize, length: u32, head: v128): bool {
  if (!i8x16.all_true(i8x16.eq(head, v128.load(record, Size.head)))) return false;
  for (let i: u32 = 16; i < length; i += 16) {
    const block = masked(at + i, length - i);
    if (!i8x16.all_true(i8x16.eq(block, v128.load(record + i, Size.head)))) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function classOf(at: usize): i32 {
  return load<u8>(<usize>load<u8>(at) + <usize>Place.classes);
}

/** Which of the 16 bytes at `at` are no ASCII letters, digits or `_`, a bit each. */
// @ts-ignore: decorator
@inline
function othersAt(at: usize): i32 {
  const bytes = v128.load(at);
  const lower = v128.or(bytes, i8x16.splat(0x20));
  const letter = i8x16.lt_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(26));
  const digit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  const joiner = i8x16.eq(bytes, i8x16.splat(0x5f));
  return ~i8x16.bitmask(v128.or(v128.or(letter, digit), joiner)) & 0xffff;
}

/** The first place from `from` on that is no ASCII letter, digit or `_`. */
// @ts-ignore: decorator
@inline
function wordEnd(from: usize): usize {
  let at = from;
  let others = othersAt(at);
  while (others == 0) {
    at += 16;
    others = othersAt(at);
  }
  return at + ctz(others);
}

/** Whether the word goes on at `at`, behind its last byte: a mark between two letters or two digits. */
// @ts-ignore: decorator
@inline
function joins(at: usize): bool {
  const mark = classOf(at);
  if (mark < ByteClass.midLetter || mark > ByteClass.midBoth) return false;
  const before = classOf(at - 1);
  if (before != classOf(at + 1)) return false;
  return (
    (before == ByteClass.letter && mark != ByteClass.midNumber) ||
    (before == ByteClass.digit && mark != ByteClass.midLetter)
  );
}

// @ts-ignore: decorator
@inline
function count(record: u32): u32 {
  store<u32>(record, load<u32>(record, 12) + 1, 12);
  return load<u32>(record, 4);
}

/** Cuts ASCII; returns the end of the output. */
function scanPlain(from: usize, to: usize, output: usize): usize {
  let at = from;
  let out = output;
  while (at < to) {
    const kind = classOf(at);
    let behind = at + 1;
    if (kind <= ByteClass.connector) {
      behind = wordEnd(behind);
      while (joins(behind)) behind = wordEnd(behind + 1);
    } else if (kind == ByteClass.space) {
      while (classOf(behind) == ByteClass.space) behind++;
    }
    let record: u32;
    if (behind - at == 1) {
      const single = <usize>Place.singles + (<usize>load<u8>(at) << 2);
      record = load<u32>(single);
      if (record == 0) {
        record = find(at, 1);
        store<u32>(single, record);
      }
    } else {
      record = find(at, <u32>(behind - at));
    }
    store<u32>(out, count(record));
    out += 4;
    at = behind;
  }
  return out;
}

/** The next byte of a character beyond ASCII, or `to`. */
function nextHigh(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const bits = i8x16.bitmask(v128.load(at));
    if (bits != 0) return min(at + ctz(bits), to);
  }
  return to;
}

// @ts-ignore: decorator
@inline
function parts(at: usize): bool {
  const byte = load<u8>(at);
  return byte == 0x20 || byte == 0x0a;
}

/**
 * Cuts the input `[from, to)` into symbols, the first of which becomes the output's number `done`.
 * @returns how many symbols there are then; the place, the run's end and the status are in memory
 */
export function scan(from: usize, to: usize, done: u32): u32 {
  let at = from;
  let out = <usize>Place.output + (<usize>done << 2);
  let status: u32 = Status.done;
  while (at < to) {
    const high = nextHigh(at, to);
    let run = high;
    if (high < to) while (run > at && !parts(run - 1)) run--;
    out = scanPlain(at, run, out);
    at = run;
    if (high == to) break;
    let behind = high;
    while (behind < to && !parts(behind)) behind++;
    store<u32>(Place.runEnd, <u32>behind);
    const length = <u32>(behind - run);
    const record = <i32>length > Size.run ? 0 : search(run, length | Key.run);
    if (record == 0) {
      status = Status.strange;
      break;
    }
    const list = record + Size.head + padded(length);
    const many = load<u32>(list);
    for (let i: u32 = 1; i <= many; i++) {
      store<u32>(out, count(load<u32>(list + (i << 2))));
      out += 4;
    }
    at = behind;
  }
  store<u32>(Place.position, <u32>at);
  store<u32>(Place.status, status);
  return <u32>((out - Place.output) >> 2);
}

/** The record of the token of `length` bytes at `Place.token`, with one more counted of it. */
export function add(length: u32): u32 {
  const record = find(Place.token, length);
  count(record);
  return record;
}

/** Takes back what `scan` has counted last. */
export function takeBack(at: usize, length: u32): void {
  const record = find(at, length);
  store<u32>(record, load<u32>(record, 12) - 1, 12);
}

export function symbolOf(record: u32): u32 {
  return load<u32>(record, 4);
}

/** Puts an ASCII word to `Place.token`, its letters small; false if it is beyond ASCII, or was so already. */
function lowered(record: u32, length: u32): bool {
  let changed = false;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(record + i, Size.head);
    if (byte >= 0x80) return false;
    const isCapital = byte >= 0x41 && byte <= 0x5a;
    changed = changed || isCapital;
    store<u8>(<usize>Place.token + i, isCapital ? byte | 0x20 : byte);
  }
  return changed;
}

/** Puts a word to `Place.token` with a capital first letter; false if that is no small ASCII letter. */
function capitalised(record: u32, length: u32): bool {
  const first = load<u8>(record, Size.head);
  if (first < 0x61 || first > 0x7a) return false;
  memory.copy(Place.token, record + Size.head, length);
  store<u8>(Place.token, first & 0xdf);
  return true;
}

/**
 * Gives ASCII words without an id that of the same word in small letters, or with a capital, among the
 * records `[from, to)`. There is a u32 a symbol at `ids`, 0 for none; those found get `found` added, so that
 * nobody takes them for words with an id of their own.
 */
export function fold(from: usize, to: usize, ids: usize, found: u32): void {
  for (let at = from; at < to;) {
    const record = <u32>at;
    const key = load<u32>(record, 8);
    const length = key & Key.length;
    at += Size.head + padded(length);
    if ((key & Key.run) != 0) {
      at += padded(4 + (load<u32>(at) << 2));
      continue;
    }
    const id = ids + (<usize>load<u32>(record, 4) << 2);
    if (load<u32>(id) != 0) continue;
    let variant: u32 = 0;
    if (lowered(record, length)) variant = idOf(length, ids);
    if ((variant == 0 || variant >= found) && capitalised(record, length)) variant = idOf(length, ids);
    if (variant != 0 && variant < found) store<u32>(id, variant + found);
  }
}

/** The id of the word at `Place.token`, 0 if it has none. */
function idOf(length: u32, ids: usize): u32 {
  const record = search(Place.token, length);
  return record == 0 ? 0 : load<u32>(ids + (<usize>load<u32>(record, 4) << 2));
}

/** Remembers a run of the input; `many` records of its tokens are at `Place.token`. */
export function remember(at: usize, length: u32, many: u32): void {
  const record = find(at, length | Key.run);
  const list = top;
  store<u32>(list, many);
  memory.copy(list + 4, Place.token, <usize>many << 2);
  top = list + padded(4 + (many << 2));
  store<u32>(record, many, 4);
}
