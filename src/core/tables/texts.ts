import { firstWhere } from '../numerics';
import { createRoom, type Room, type Stretch } from '../data/scratch';
import type { Column, ColumnOf, Texts } from './table';

/** Bytes that are taken from the system, or put aside, at once. */
const chunkBytes = 1 << 20;
/** Chunks of those put aside that are kept in memory once they were read again. */
const chunksAtHand = 8;

/** A list of numbers that grows. */
export function createNumbers(): {
  readonly length: number;
  push(value: number): void;
  finish(): Uint32Array<ArrayBuffer>;
} {
  let values = new Uint32Array(256);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const wider = new Uint32Array(2 * length);
        wider.set(values);
        values = wider;
      }
      values[length++] = value;
    },
    finish: () => values.slice(0, length),
  };
}

/** Texts that are added one by one: their bytes, and eight for each; no object an element. */
export interface TextsBuilder {
  readonly length: number;
  push(text: string): void;
  finish(): Texts;
}

function createTexts(room: Room): TextsBuilder {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const chunks: Stretch[] = [];
  /** The chunk that is being filled. */
  let chunk: Uint8Array | undefined;
  /** Where each text begins in its chunk; a text never goes across chunks. */
  const offsets = createNumbers();
  /** The first text of each chunk. */
  const firsts = createNumbers();
  /** Bytes of the last chunk that are taken. */
  let taken = chunkBytes;

  function push(text: string): void {
    if (chunk !== undefined) {
      const { read, written } = encoder.encodeInto(text, chunk.subarray(taken));
      if (read === text.length) {
        add(taken, written);
        return;
      }
      end();
    }
    const bytes = encoder.encode(text);
    chunk = new Uint8Array(Math.max(chunkBytes, bytes.length));
    chunk.set(bytes);
    firsts.push(offsets.length);
    add(0, bytes.length);
  }

  function add(offset: number, length: number): void {
    offsets.push(offset);
    taken = offset + length;
  }

  /** What is not taken is given back. */
  function end(): void {
    if (chunk !== undefined) chunks.push(room.keep(chunk.slice(0, taken)));
    chunk = undefined;
  }

  return {
    get length() {
      return offsets.length;
    },
    push,
    finish() {
      end();
      const [from, first] = [offsets.finish(), firsts.finish()];
      const chunkAt = reader(chunks, room);
      return {
        length: from.length,
        at(index) {
          if (index < 0 || index >= from.length) return '';
          const place = firstWhere(0, first.length, (i) => first[i]! > index) - 1;
          const chunk = chunkAt(place);
          const isLast = index + 1 === from.length || index + 1 === first[place + 1];
          return decoder.decode(chunk.subarray(from[index], isLast ? undefined : from[index + 1]));
        },
      };
    },
  };
}

/** Gives chunks by their number, a few of those put aside from memory: most who ask go from row to row. */
function reader(chunks: readonly Stretch[], room: Room): (place: number) => Uint8Array {
  const atHand = new Map<number, Uint8Array>();
  return (place) => {
    const chunk = chunks[place]!;
    if (chunk instanceof Uint8Array) return chunk;
    const known = atHand.get(place);
    if (known !== undefined) return known;
    const [oldest] = atHand.keys();
    if (atHand.size === chunksAtHand) atHand.delete(oldest!);
    const bytes = new Uint8Array(chunk.length);
    room.copy(chunk, bytes);
    atHand.set(place, bytes);
    return bytes;
  };
}

/** A column whose rows are added one by one. */
export interface ColumnBuilder {
  readonly name: string;
  /** A row's cell: a text, or a list. */
  push(cell: string | readonly string[]): void;
  finish(): Column;
}

/**
 * A column of texts, or of lists once there is one: a text among lists is then a list of one.
 * @param room that it shares with other columns of its table
 */
export function createColumn(name: string, room: Room = createRoom()): ColumnBuilder {
  const texts = createTexts(room);
  let starts: ReturnType<typeof createNumbers> | undefined;

  return {
    name,
    push(cell) {
      if (typeof cell === 'string') {
        texts.push(cell);
        starts?.push(texts.length);
        return;
      }
      if (starts === undefined) {
        starts = createNumbers();
        for (let row = 0; row <= texts.length; row++) starts.push(row);
      }
      for (const part of cell) texts.push(part);
      starts.push(texts.length);
    },
    finish() {
      const all = texts.finish();
      if (starts === undefined) return { kind: 'text', name, texts: all };
      return { kind: 'list', name, texts: all, starts: starts.finish() };
    },
  };
}

/** The texts of a row of a column of lists. */
export function listAt({ texts, starts }: ColumnOf<'list'>, row: number): string[] {
  const list: string[] = [];
  for (let i = starts[row]!; i < starts[row + 1]!; i++) list.push(texts.at(i));
  // A missing cell among lists.
  return list.length === 1 && list[0] === '' ? [] : list;
}
