import type { TableFiles } from '../../../src/core/tables/files';
import { recognise } from '../../../src/core/tables/recognise';
import type { FormatName } from '../../../src/core/tables/kinds';
import type { Column, Table } from '../../../src/core/tables/table';
import { listAt } from '../../../src/core/tables/texts';

/** A disk of some files by their paths, read in pieces of so many bytes. */
export function disk(
  contents: Readonly<Record<string, string | Uint8Array>>,
  pieceBytes = 64,
): TableFiles {
  const files = new Map(
    Object.entries(contents).map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
  const bytesOf = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`no file ${path}`);
    return bytes;
  };
  const inside = (folder: string): string[] =>
    [...files.keys()].flatMap((path) =>
      path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0]!] : [],
    );
  return {
    entry(path) {
      const bytes = files.get(path)?.length;
      if (bytes !== undefined) return Promise.resolve({ kind: 'file', bytes });
      const isFolder = inside(path).length > 0;
      return Promise.resolve(isFolder ? { kind: 'folder', bytes: 0 } : undefined);
    },
    names: (folder) => Promise.resolve([...new Set(inside(folder))]),
    read: (path) => Promise.resolve(bytesOf(path).slice()),
    pieces(path) {
      const bytes = bytesOf(path);
      return Promise.resolve({
        size: bytes.length,
        async *pieces() {
          // One buffer for all pieces, as of a real file.
          const buffer = new Uint8Array(pieceBytes);
          for (let at = 0; at < bytes.length; at += pieceBytes) {
            const part = bytes.subarray(at, at + pieceBytes);
            buffer.set(part);
            yield await Promise.resolve(buffer.subarray(0, part.length));
          }
        },
      });
    },
    join: (...parts) => parts.join('/').replace(/\/[^/]+\/\.\.(?=\/|$)/, ''),
    baseName: (path) => path.slice(path.lastIndexOf('/') + 1),
  };
}

/** Reads a file of a disk with no other, unless some are given. */
export async function read(
  path: string,
  content: string | Uint8Array,
  others: Readonly<Record<string, string | Uint8Array>> = {},
  format?: FormatName,
): Promise<Table | undefined> {
  const files = disk({ ...others, [path]: content });
  return (await recognise(files, { kind: 'file', path }, { format }))?.read();
}

/** A column's cells as plain values. */
export function cells(column: Column | undefined): (string | string[] | number[])[] {
  if (column === undefined) return [];
  switch (column.kind) {
    case 'text':
      return Array.from({ length: column.texts.length }, (_, row) => column.texts.at(row));
    case 'list':
      return Array.from({ length: column.starts.length - 1 }, (_, row) => listAt(column, row));
    case 'image': {
      const size = column.width * column.height * column.channels;
      return Array.from({ length: column.pixels.length / size }, (_, row) => [
        ...column.pixels.subarray(row * size, (row + 1) * size),
      ]);
    }
  }
}

/** All columns by name. */
export function plain(table: Table | undefined): Record<string, unknown> | undefined {
  return table && Object.fromEntries(table.columns.map((column) => [column.name, cells(column)]));
}
