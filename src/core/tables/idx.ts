/** The format of MNIST: a header of big-endian numbers, then the values. */
import { joinedBytes } from '../bytes';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { TableFiles } from './files';
import { openBytes } from './lines';
import type { Body } from './rows';
import type { Column } from './table';
import { createColumn } from './texts';

/** Most bytes of a file once it is unpacked: what an array of this runtime holds at most. */
const mostBytes = 2 ** 32;

interface Idx {
  readonly sizes: readonly number[];
  /** Bytes. */
  readonly values: Uint8Array;
}

/** Types of values by their code: bytes each. */
const byteValues = 0x08;

export function isIdx(head: Uint8Array): boolean {
  const [a, b, type = 0, dimensions = 0] = head;
  const types = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];
  return a === 0 && b === 0 && types.includes(type) && dimensions > 0 && dimensions <= 4;
}

async function readIdx(files: TableFiles, path: string): Promise<Idx> {
  const name = files.baseName(path);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of (await openBytes(files, path)).pieces()) {
    parts.push(piece.slice());
    length += piece.length;
    if (length > mostBytes) throw tooLarge(name);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts.splice(0)) {
    bytes.set(part, at);
    at += part.length;
  }
  const view = new DataView(bytes.buffer);
  const dimensions = bytes[3] ?? 0;
  const start = 4 + 4 * dimensions;
  if (!isIdx(bytes) || length < start) throw damaged(name);
  if (bytes[2] !== byteValues) {
    throw new InputError(
      sentence`${name} has values of a kind that is not read.`,
      sentence`Write it with values of one byte (type 08).`,
    );
  }
  const sizes = Array.from({ length: dimensions }, (_, d) => view.getUint32(4 + 4 * d));
  if (sizes.reduce((product, size) => product * size, 1) !== length - start) throw damaged(name);
  return { sizes, values: bytes.subarray(start) };
}

function damaged(name: string): InputError {
  return new InputError(
    sentence`${name} is damaged: it has not as many values as its header says.`,
    sentence`Get it again from where it came from.`,
  );
}

function tooLarge(name: string): InputError {
  return new InputError(sentence`${name} is too large.`, sentence`Use a part of it.`);
}

/** Files of images and of labels that belong together, and the part that they are. */
export interface IdxPair {
  readonly part: string;
  readonly images: string;
  readonly labels: string;
}

/** What is in the names of MNIST's files. */
const images = /images([-._])idx3/i;
const testing = /^(t10k|test)/i;
const training = /^train/i;

/** The pairs that a file, or the files of a folder, make up: training before test. */
export async function idxPairs(files: TableFiles, path: string): Promise<readonly IdxPair[]> {
  const isFolder = (await files.entry(path))?.kind === 'folder';
  const folder = isFolder ? path : files.join(path, '..');
  const own = files.baseName(path);
  const names = (await files.names(folder)).sort();
  const found = names.flatMap((name) => {
    if (!images.test(name)) return [];
    const label = name.replace(images, 'labels$1idx1');
    const packed = label.endsWith('.gz') ? label.slice(0, -3) : `${label}.gz`;
    const other = [label, packed].find((candidate) => names.includes(candidate));
    return other === undefined ? [] : [{ images: name, labels: other }];
  });
  const asked = found.filter((pair) => isFolder || pair.images === own || pair.labels === own);
  const stem = (name: string): string =>
    name.replace(/\.gz$/, '').replace(testing, '').replace(training, '');
  const all = found.filter(
    (pair) =>
      asked.includes(pair) || asked.some((other) => stem(other.images) === stem(pair.images)),
  );
  const pairs = all.map((pair) => ({
    part: testing.test(pair.images) ? 'test' : 'train',
    images: files.join(folder, pair.images),
    labels: files.join(folder, pair.labels),
  }));
  return pairs.sort((a, b) => Number(a.part === 'test') - Number(b.part === 'test'));
}

/** @throws InputError if images differ in size, or labels in number */
export async function readIdxPairs(files: TableFiles, pairs: readonly IdxPair[]): Promise<Body> {
  const label = createColumn('label');
  const part = createColumn('part');
  const read: Idx[] = [];
  for (const pair of pairs) {
    const [pictures, names] = [
      await readIdx(files, pair.images),
      await readIdx(files, pair.labels),
    ];
    const [count, ...size] = pictures.sizes;
    if (count !== names.values.length || names.sizes.length !== 1) {
      throw new InputError(
        sentence`${files.baseName(pair.images)} has ${count ?? 0} images and ${files.baseName(pair.labels)} ${names.values.length} labels.`,
        sentence`Give two files that belong together.`,
      );
    }
    if (size.join() !== (read[0] ?? pictures).sizes.slice(1).join() || size.length < 2) {
      throw new InputError(
        sentence`${files.baseName(pair.images)} has values of shape ${size.join(' × ')}, which are not the images of the other file.`,
        sentence`Put files that belong together into a folder of their own.`,
      );
    }
    read.push(pictures);
    for (const name of names.values) {
      label.push(String(name));
      part.push(pair.part);
    }
  }
  const [height = 0, width = 0, channels = 1] = read[0]?.sizes.slice(1) ?? [];
  if (channels !== 1 && channels !== 3) throw damaged(files.baseName(pairs[0]!.images));
  const pixels = joinedBytes(read.map(({ values }) => values));
  const picture: Column = { kind: 'image', name: 'image', width, height, channels, pixels };
  const parts = new Set(pairs.map((pair) => pair.part)).size > 1 ? [part.finish()] : [];
  const rows = label.finish();
  return {
    rows: rows.kind === 'text' ? rows.texts.length : 0,
    columns: [picture, rows, ...parts],
  };
}
