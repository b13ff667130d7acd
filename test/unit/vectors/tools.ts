import type { FileBytes } from '../../../src/core/data/source';
import { vectorsHead, type VectorsHead } from '../../../src/core/vectors/head';
import { readVectors, type FoundVectors } from '../../../src/core/vectors/read-vectors';

/** A file in memory, read in pieces of so many bytes from one buffer, as a real one is. */
export function bytesFile(content: string | Uint8Array, pieceBytes = 7): FileBytes {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    size: bytes.length,
    async *pieces() {
      const buffer = new Uint8Array(pieceBytes);
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const part = bytes.subarray(at, at + pieceBytes);
        buffer.set(part);
        yield await Promise.resolve(buffer.subarray(0, part.length));
      }
    },
  };
}

export interface ReadFile extends FoundVectors {
  readonly head: VectorsHead;
  /** Each word's vector; undefined: it has none. */
  readonly rows: readonly (readonly number[] | undefined)[];
}

/** Reads the vectors of some words, whatever the file is. */
export async function readFile(
  content: string | Uint8Array,
  words: readonly (string | undefined)[],
  pieceBytes?: number,
): Promise<ReadFile> {
  const file = bytesFile(content, pieceBytes);
  const head = await vectorsHead(file, 'file.vec');
  const read = await readVectors(file, head, words);
  const rows = words.map((_, i) =>
    read.found[i] === 1
      ? Array.from(read.values.subarray(i * head.width, (i + 1) * head.width))
      : undefined,
  );
  return { ...read, head, rows };
}

/** word2vec’s binary form, with or without an end of line behind each row. */
export function binary(
  rows: readonly (readonly [word: string, values: readonly number[]])[],
  lineEnds: boolean,
): Uint8Array {
  const width = rows[0]![1].length;
  const parts: Buffer[] = [Buffer.from(`${String(rows.length)} ${String(width)}\n`)];
  for (const [word, values] of rows) {
    parts.push(Buffer.from(`${word} `), Buffer.from(Float32Array.from(values).buffer));
    if (lineEnds) parts.push(Buffer.from('\n'));
  }
  return Uint8Array.from(Buffer.concat(parts));
}
