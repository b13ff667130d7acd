import type { RunFiles } from '../core/training/run';
import { thinned } from '../protocol/thinned';

/** A file with a line for each look at a training, bounded in size however long that goes on. */
export interface LookFile<Item> {
  /** Takes an item for the next `write`. */
  append(item: Item): void;
  /**
   * Writes what is new.
   * @throws JobError if it cannot be written; it is then tried again the next time
   */
  write(): Promise<void>;
}

/** Which file, and how it is written and read. */
export interface LookFormat<Item> {
  readonly name: string;
  /** Most items that are kept. */
  readonly limit: number;
  readonly encode: (item: Item) => string;
  readonly decode: (text: string) => Item[];
}

export interface LookFileOptions<Item> extends LookFormat<Item> {
  readonly files: RunFiles;
  /** Of a run that goes on: the step it goes on from; later items are dropped. */
  readonly after?: number | undefined;
}

/**
 * New items are added at the file's end; when it has twice as many lines as shall be kept, it is replaced
 * by one of those that `thinned` keeps.
 *
 * @throws JobError if the file cannot be read or replaced
 */
export async function openLookFile<Item extends { readonly step: number }>(
  options: LookFileOptions<Item>,
): Promise<LookFile<Item>> {
  const { files, name, limit, encode, after = 0 } = options;
  const found = await readLooks(files, options);
  const kept = thinned(
    limit,
    found?.filter(({ step }) => step <= after),
  );
  let waiting: Item[] = [];
  let lines = 0;

  async function replace(): Promise<void> {
    const { items } = kept;
    await files.write(name, items.map(encode).join(''));
    lines = items.length;
  }

  // Whatever a crash left in it is gone before the first line is added.
  if (found !== undefined) await replace();
  return {
    append(item) {
      kept.append(item);
      waiting.push(item);
    },
    async write() {
      const count = waiting.length;
      if (count === 0) return;
      if (lines + count > 2 * limit) {
        await replace();
      } else {
        const added = lines + count;
        // What cannot be added may be there in part: the next time the whole file is replaced.
        lines = Infinity;
        await files.append(name, waiting.slice(0, count).map(encode).join(''));
        lines = added;
      }
      waiting = waiting.slice(count);
    },
  };
}

/** All that a file of looks holds, damaged lines left out; undefined if it is missing. */
export async function readLooks<Item>(
  files: RunFiles,
  { name, decode }: Pick<LookFormat<Item>, 'name' | 'decode'>,
): Promise<Item[] | undefined> {
  const bytes = await files.read(name);
  return bytes === undefined ? undefined : decode(new TextDecoder().decode(bytes));
}
