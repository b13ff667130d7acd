/** An input as a user gives it, as cells that a codec reads. */
import { InputError } from '../core/input-error';
import { sentence } from '../core/sentence';
import { decodeImage } from '../core/tables/images';
import type { Cell, Codec } from '../core/task/codecs';
import type { Files } from './platform';

/** Bytes of an image's file. */
const imageLimit = 64 * 2 ** 20;

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
  const bytes = await files.read(isWhole ? name : files.join(folder, name), imageLimit);
  const picture = decodeImage(bytes);
  if (picture === undefined) throw new InputError(sentence`${name} is no PNG or JPEG image.`);
  const { width, height, pixels } = picture;
  return [{ width, height, channels: 3, pixels }];
}
