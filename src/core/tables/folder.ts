/** A folder of images: a folder for each class, or a table with the images' names. */
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { readCsv } from './csv';
import { imageLists, isImageList } from './image-list';
import type { TableFiles } from './files';
import { decodeImage, isImageName, scaled, type Picture } from './images';
import { readJsonLines } from './json';
import { openText } from './lines';
import type { Body } from './rows';
import type { Column } from './table';
import { createColumn } from './texts';

/** How images are read; what is undefined follows from the images. */
export interface ImageOptions {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly channels?: 1 | 3 | undefined;
}

/** Images by their paths, and what is known of each. */
export interface ImageFolder {
  readonly paths: readonly string[];
  /** Without the images; a row a path. */
  readonly columns: readonly Column[];
  /** Lines of the file that lists them, where that is what is read. */
  readonly lines?: Uint32Array | undefined;
}

/** Folders of this name hold parts of the data rather than a class. */
export const partNames = /^(train|training|val|valid|validation|dev|test|testing)$/i;

/** @returns undefined if there are no images */
export async function foldersOf(files: TableFiles, path: string): Promise<ImageFolder | undefined> {
  for (const name of imageLists) {
    const list = files.join(path, name);
    if ((await files.entry(list))?.kind !== 'file') continue;
    const found = await listed(files, path, list);
    // The lines are those of another file than what was given.
    if (found !== undefined) return { paths: found.paths, columns: found.columns };
    throw new InputError(
      sentence`${files.baseName(list)} has no column file_name.`,
      sentence`Name the image of each row there, relative to the folder.`,
    );
  }
  const label = createColumn('label');
  const part = createColumn('part');
  const paths: string[] = [];

  async function addClasses(folder: string, partName: string): Promise<void> {
    for (const name of (await files.names(folder)).sort()) {
      const inside = files.join(folder, name);
      if ((await files.entry(inside))?.kind !== 'folder') continue;
      if (partName === '' && partNames.test(name)) {
        await addClasses(inside, name);
        continue;
      }
      for (const image of (await files.names(inside)).sort()) {
        if (!isImageName(image)) continue;
        paths.push(files.join(inside, image));
        label.push(name);
        part.push(partName);
      }
    }
  }

  await addClasses(path, '');
  if (paths.length === 0) return undefined;
  const parts = part.finish();
  const hasParts = parts.kind === 'text' && parts.texts.at(0) !== '';
  return { paths, columns: [label.finish(), ...(hasParts ? [parts] : [])] };
}

/** The images that a file names beside it; undefined: it names none. */
export async function listedImages(
  files: TableFiles,
  list: string,
): Promise<ImageFolder | undefined> {
  return isImageList(files.baseName(list))
    ? await listed(files, files.join(list, '..'), list)
    : undefined;
}

/** The images that a table names in its column `file_name`, as Hugging Face's ImageFolder has it. */
async function listed(
  files: TableFiles,
  folder: string,
  list: string,
): Promise<ImageFolder | undefined> {
  const text = await openText(files, { kind: 'file', path: list });
  const { columns, lines } = list.endsWith('.csv')
    ? await readCsv(text, { delimiter: ',', quotes: true, header: true })
    : await readJsonLines(text);
  const names = columns.find(({ name }) => name.toLowerCase() === 'file_name');
  if (names?.kind !== 'text') return undefined;
  const paths = Array.from({ length: names.texts.length }, (_, row) =>
    files.join(folder, names.texts.at(row)),
  );
  return { paths, columns: columns.filter((column) => column !== names), lines };
}

/** An image is no larger than this on its longer side unless it was asked for. */
const mostPixels = 64;
/** So many images tell what size and colour the others have. */
const looked = 64;
/** Most bytes of an image's file. */
const mostFile = 2 ** 26;
/** Most bytes of all pixels. */
const mostBytes = 2 ** 32;

export async function readFolder(
  files: TableFiles,
  { paths, columns, lines }: ImageFolder,
  options: ImageOptions = {},
): Promise<Body & { readonly notes: readonly Sentence[] }> {
  const first = await picturesOf(files, paths.slice(0, looked));
  const { width, height, channels } = commonForm(first, options);
  const size = width * height * channels;
  if (size * paths.length > mostBytes) {
    throw new InputError(
      sentence`${paths.length} images of ${width} × ${height} do not fit into memory.`,
      sentence`Write a smaller size into its .rnn.json, such as "image": {"width": 32, "height": 32}.`,
    );
  }
  const pixels = new Uint8Array(size * paths.length);
  const kept: number[] = [];
  const broken: string[] = [];
  let resized = 0;
  for (let row = 0; row < paths.length; row++) {
    const picture = await pictureAt(files, paths[row]!);
    if (picture === undefined) {
      broken.push(paths[row]!);
      continue;
    }
    if (picture.width !== width || picture.height !== height) resized++;
    pixels.set(scaled(picture, { width, height, channels }), size * kept.length);
    kept.push(row);
  }
  if (kept.length === 0) throw noneReadable(files.baseName(paths[0] ?? ''));
  const image: Column = {
    ...{ kind: 'image', name: 'image', width, height, channels },
    pixels: pixels.subarray(0, size * kept.length),
  };
  return {
    rows: kept.length,
    lines: lines && Uint32Array.from(kept, (row) => lines[row]!),
    columns: [
      image,
      ...columns.map((column) => (broken.length > 0 ? selected(column, kept) : column)),
    ],
    notes: [
      ...(resized === 0
        ? []
        : [
            sentence`Images of other sizes (${resized} of ${kept.length}) are scaled to ${width} × ${height}.`,
          ]),
      ...(broken.length === 0
        ? []
        : [
            sentence`Images that cannot be read are left out (${broken.length} of ${paths.length}), the first is ${broken[0]!}: replace or remove it.`,
          ]),
    ],
  };
}

function noneReadable(name: string): InputError {
  return new InputError(
    sentence`None of the images can be read, not even ${name}.`,
    sentence`Save them as PNG or JPEG.`,
  );
}

async function picturesOf(files: TableFiles, paths: readonly string[]): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const path of paths) {
    const picture = await pictureAt(files, path);
    if (picture !== undefined) pictures.push(picture);
  }
  return pictures;
}

/** undefined: there is none that can be read. */
async function pictureAt(files: TableFiles, path: string): Promise<Picture | undefined> {
  if ((await files.entry(path))?.kind !== 'file') return undefined;
  return decodeImage(await files.read(path, mostFile));
}

/** The size that most images have, made smaller if it is large; grey if all are. */
function commonForm(
  pictures: readonly Picture[],
  options: ImageOptions,
): { width: number; height: number; channels: 1 | 3 } {
  const counts = new Map<string, number>();
  let best = pictures[0] ?? { width: 1, height: 1 };
  for (const picture of pictures) {
    const key = `${String(picture.width)}×${String(picture.height)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > (counts.get(`${String(best.width)}×${String(best.height)}`) ?? 0)) best = picture;
  }
  const scale = Math.min(1, mostPixels / Math.max(best.width, best.height));
  return {
    width: options.width ?? Math.max(1, Math.round(best.width * scale)),
    height: options.height ?? Math.max(1, Math.round(best.height * scale)),
    channels: options.channels ?? (pictures.every(({ isGrey }) => isGrey) ? 1 : 3),
  };
}

/** Some rows of a column of texts. */
function selected(column: Column, rows: readonly number[]): Column {
  if (column.kind === 'image') return column;
  const made = createColumn(column.name);
  for (const row of rows) {
    if (column.kind === 'text') made.push(column.texts.at(row));
    else {
      const list: string[] = [];
      for (let i = column.starts[row]!; i < column.starts[row + 1]!; i++)
        list.push(column.texts.at(i));
      made.push(list);
    }
  }
  return made.finish();
}
