import { createRoom, type Stretch } from '../data/scratch';
import type { ChannelData, Ids } from './dataset';

type Numbers = (Int8Array | Int16Array | Int32Array | Uint32Array | Float32Array) & {
  readonly buffer: ArrayBufferLike;
};

/** Elements that are taken from the system, or put aside, at once. */
const chunkLength = 1 << 20;

/** Numbers that are added one by one or by many: in pieces, so that a long list is copied once and not as it grows. */
function growing<Values extends Numbers>(
  make: (length: number) => Values,
): { push(value: number): void; append(values: ArrayLike<number>): void; finish(): Values } {
  const room = createRoom();
  const full: Stretch[] = [];
  let chunk = make(256);
  let filled = 0;
  let length = 0;

  /** Makes room for so many. */
  function require(more: number): void {
    if (filled + more <= chunk.length) return;
    const most = Math.max(more, Math.min(chunkLength, 2 * chunk.length));
    if (filled > 0) full.push(room.keep(bytesOf(chunk, filled)));
    chunk = make(most);
    filled = 0;
  }

  return {
    push(value) {
      if (filled === chunk.length) require(1);
      chunk[filled++] = value;
      length++;
    },
    append(values) {
      require(values.length);
      chunk.set(values, filled);
      filled += values.length;
      length += values.length;
    },
    finish() {
      const all = make(length);
      const bytes = bytesOf(all, length);
      let at = 0;
      for (const part of [...full.splice(0), bytesOf(chunk, filled)]) {
        room.copy(part, bytes.subarray(at));
        at += part.length;
      }
      return all;
    },
  };
}

function bytesOf({ buffer, byteOffset, BYTES_PER_ELEMENT }: Numbers, length: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length * BYTES_PER_ELEMENT);
}

/** An array for ids below a number of classes. */
function idsFor(classes: number): (length: number) => Ids {
  if (classes <= 0x80) return (length) => new Int8Array(length);
  return classes <= 0x8000
    ? (length) => new Int16Array(length)
    : (length) => new Int32Array(length);
}

/** A channel whose rows are added one by one. */
export interface ChannelBuilder {
  /** A symbol. */
  push(id: number): void;
  /** A row of numbers. */
  add(row: ArrayLike<number>): void;
  /** Ends an example of a sequence. */
  end(): void;
  /** Rows of the example so far. */
  readonly rows: number;
  finish(): ChannelData;
}

export interface ChannelForm {
  readonly kind: 'symbols' | 'numbers' | 'labels';
  /** Classes, or numbers a row. */
  readonly width: number;
  /** Examples are sequences. */
  readonly sequence: boolean;
}

export function createChannel({ kind, width, sequence }: ChannelForm): ChannelBuilder {
  const ids = growing(idsFor(width));
  const numbers = growing((length) => new Float32Array(length));
  const ends = growing((length) => new Uint32Array(length));
  ends.push(0);
  let rows = 0;
  let last = 0;
  return {
    get rows() {
      return rows - last;
    },
    push(id) {
      ids.push(id);
      rows++;
    },
    add(row) {
      numbers.append(row);
      rows++;
    },
    end() {
      ends.push(rows);
      last = rows;
    },
    finish() {
      const starts = ends.finish();
      return {
        values:
          kind === 'symbols'
            ? { kind, classes: width, ids: ids.finish() }
            : {
                kind: 'numbers',
                width,
                values: numbers.finish(),
                ...(kind === 'labels' && ({ labels: true } as const)),
              },
        ...(sequence && { starts }),
      };
    },
  };
}
