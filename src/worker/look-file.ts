import type { RunFiles } from '../core/training/run';

/** A file with a line for each thing a training tells, bounded in size however long that goes on. */
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
  /** What chooses them. */
  readonly keep: (limit: number, initial?: readonly Item[]) => Kept<Item>;
  readonly stepOf: (item: Item) => number;
  readonly encode: (item: Item) => string;
  readonly decode: (text: string) => Item[];
}

/** Items in bounded number. */
export interface Kept<Item> {
  readonly items: readonly Item[];
  append(item: Item): void;
}

export interface LookFileOptions<Item> extends LookFormat<Item> {
  readonly files: RunFiles;
  /** Of a run that goes on: the step it goes on from; later items are dropped. */
  readonly after?: number | undefined;
}

/**
 * New items are added at the file's end; when it has twice as many lines as should be kept, it is replaced
 * by one of those that are kept.
 *
 * @throws JobError if the file cannot be read or replaced
 */
export async function openLookFile<Item>(options: LookFileOptions<Item>): Promise<LookFile<Item>> {
  const { files, name, limit, keep, stepOf, encode, after = 0 } = options;
  const found = await readLooks(files, options);
  const kept = keep(
    limit,
    found?.filter((item) => stepOf(item) <= after),
  );
  let waiting: Item[] = [];
  let lines = 0;
  /** Whether the file has to be replaced before anything is added to it. */
  let isStale = false;

  async function replace(): Promise<void> {
    const { items } = kept;
    await files.write(name, items.map(encode).join(''));
    lines = items.length;
    isStale = false;
  }

  // Whatever a crash left in it is gone before the first line is added.
  if (found !== undefined) await replace();
  return {
    append(item) {
      kept.append(item);
      waiting.push(item);
      // Where nothing can be written for hours.
      if (waiting.length > limit) {
        waiting = [];
        isStale = true;
      }
    },
    async write() {
      const count = waiting.length;
      if (count === 0 && !isStale) return;
      if (isStale || lines + count > 2 * limit) {
        await replace();
      } else {
        // What cannot be added may be there in part: the next time the whole file is replaced.
        isStale = true;
        await files.append(name, waiting.slice(0, count).map(encode).join(''));
        isStale = false;
        lines += count;
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
