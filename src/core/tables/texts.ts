import type { Column, ColumnOf, Texts } from './table';

/** Bytes that are taken from the system at once. */
const chunkBytes = 1 << 20;

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

function createTexts(): TextsBuilder {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const chunks: Uint8Array[] = [];
  /** Where each text begins, in its chunk, and the chunk's number; a text never goes across chunks. */
  const offsets = createNumbers();
  const places = createNumbers();
  /** Bytes of the last chunk that are taken. */
  let taken = chunkBytes;

  function push(text: string): void {
    const chunk = chunks.at(-1);
    if (chunk !== undefined) {
      const { read, written } = encoder.encodeInto(text, chunk.subarray(taken));
      if (read === text.length) {
        add(taken, written);
        return;
      }
      // What is cut off here ends the chunk.
      chunks[chunks.length - 1] = chunk.slice(0, taken);
    }
    const bytes = encoder.encode(text);
    const next = new Uint8Array(Math.max(chunkBytes, bytes.length));
    next.set(bytes);
    chunks.push(next);
    add(0, bytes.length);
  }

  function add(offset: number, length: number): void {
    places.push(chunks.length - 1);
    offsets.push(offset);
    taken = offset + length;
  }

  return {
    get length() {
      return offsets.length;
    },
    push,
    finish() {
      const [last] = chunks.splice(-1);
      if (last !== undefined) chunks.push(last.slice(0, taken));
      const [from, where] = [offsets.finish(), places.finish()];
      return {
        length: from.length,
        at(index) {
          const place = where[index];
          if (place === undefined) return '';
          const chunk = chunks[place]!;
          const to = where[index + 1] === place ? from[index + 1]! : chunk.length;
          return decoder.decode(chunk.subarray(from[index], to));
        },
      };
    },
  };
}

/** A column whose rows are added one by one. */
export interface ColumnBuilder {
  readonly name: string;
  /** A row's cell: a text, or a list. */
  push(cell: string | readonly string[]): void;
  finish(): Column;
}

/** A column of texts, or of lists once there is one: a text among lists is then a list of one. */
export function createColumn(name: string): ColumnBuilder {
  const texts = createTexts();
  const starts = createNumbers();
  starts.push(0);
  let isList = false;

  return {
    name,
    push(cell) {
      if (typeof cell !== 'string') isList = true;
      for (const part of typeof cell === 'string' ? [cell] : cell) texts.push(part);
      starts.push(texts.length);
    },
    finish() {
      const all = texts.finish();
      if (!isList) return { kind: 'text', name, texts: all };
      const places = starts.finish();
      return { kind: 'list', name, texts: all, starts: places };
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
