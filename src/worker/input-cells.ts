/** An input as a user gives it, as cells that a codec reads. */
import { InputError } from '../core/input-error';
import { sentence } from '../core/sentence';
import { decodeImage } from '../core/tables/images';
import type { Cell, Codec, Pixels } from '../core/task/codecs';
import type { Files } from './platform';

/**
 * @param folder where names of images begin; they are as they stand if not given
 * @throws InputError if their number is not that of the columns, or an image cannot be read
 */
export async function inputCells(
  { data, columns }: Codec,
  cells: readonly string[],
  files: Files,
  folder?: string,
): Promise<readonly Cell[]> {
  if (columns.length !== cells.length) {
    throw new InputError(
      sentence`An input has ${columns.length} values (${columns.join(', ')}), not ${cells.length}.`,
    );
  }
  if (data.kind !== 'image') return cells;
  const [name = ''] = cells;
  const isWhole = folder === undefined || /^([/\\]|[A-Za-z]:)/.test(name);
  return [await pixelsAt(files, isWhole ? name : files.join(folder, name))];
}

/** Bytes of an image's file. */
const imageLimit = 64 * 2 ** 20;

/**
 * The pixels of a PNG or JPEG file.
 *
 * @throws InputError for what is no image
 */
export async function pixelsAt(files: Files, path: string): Promise<Pixels> {
  const picture = decodeImage(await files.read(path, imageLimit));
  if (picture === undefined) {
    throw new InputError(
      sentence`${files.baseName(path)} cannot be read as an image.`,
      sentence`Give the path of a PNG or JPEG image.`,
    );
  }
  const { width, height, pixels } = picture;
  return { width, height, channels: 3, pixels };
}
