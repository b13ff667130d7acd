/** What others keep in a ZIP archive (APPNOTE 6.3): PyTorch's and Keras' files. Nothing is ever written to a disk. */
import { inflateSync } from 'fflate';
import { Damage } from '../../formats/damage';
import { crcOf } from '../../crc32';
import { sentence } from '../../sentence';

export interface Archive {
  readonly names: readonly string[];
  /**
   * The contents of an entry; undefined: there is none of that name.
   * @throws Damage if they are not what the archive says
   */
  read(name: string): Uint8Array | undefined;
}

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its local header is. */
  readonly at: number;
}

const stored = 0;
const deflated = 8;

/** Weights hardly become smaller; what says that it becomes so much larger is there to fill memory. */
const mostGrowth = 100;
const alwaysAllowed = 2 ** 24;
/** A PyTorch archive has an entry for each tensor. */
const mostEntries = 100_000;

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;
const endOfDirectory64 = 0x06064b50;
const locator64 = 0x07064b50;
const all32 = 0xffffffff;
const all16 = 0xffff;

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === localHeader;
}

/**
 * Reads the directory of an archive.
 * @throws Damage if it is cut off or malformed, says where to unpack to outside a folder, or would fill memory
 */
export function openZip(bytes: Uint8Array): Archive {
  const view = viewOf(bytes);
  const entries = withinBounds(() => readDirectory(bytes, view));
  let size = 0;
  for (const [name, entry] of entries) {
    if (/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/.test(name)) {
      throw new Damage(sentence`its entry ${JSON.stringify(name)} leads out of it`);
    }
    size += entry.size;
  }
  if (size > Math.max(alwaysAllowed, mostGrowth * bytes.length)) {
    throw new Damage(
      sentence`it says that its ${bytes.length} bytes become ${size}, which no model’s do`,
    );
  }
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name);
      return entry && withinBounds(() => contentsOf(name, entry, bytes, view));
    },
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What is read beyond the end is missing. */
function withinBounds<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new Damage(sentence`a part of it is missing`);
    throw error;
  }
}

function readDirectory(bytes: Uint8Array, view: DataView): Map<string, Entry> {
  const { count, start } = findDirectory(view);
  if (count > mostEntries) throw new Damage(sentence`it says that it has ${count} entries`);
  const entries = new Map<string, Entry>();
  let at = start;
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== centralHeader) {
      throw new Damage(sentence`its list of entries is malformed`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    ) as [number, number, number];
    const name = new TextDecoder().decode(slice(bytes, at + 46, nameLength));
    if ((view.getUint16(at + 8, true) & 1) !== 0) throw new Damage(sentence`${name} is encrypted`);
    if (entries.has(name)) throw new Damage(sentence`it has two entries ${name}`);
    const extra = slice(bytes, at + 46 + nameLength, extraLength);
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...sizesOf(view, at, extra),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function slice(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (at < 0 || at + length > bytes.length) throw new RangeError('Beyond the end.');
  return bytes.subarray(at, at + length);
}

function findDirectory(view: DataView): { count: number; start: number } {
  const least = Math.max(0, view.byteLength - 22 - all16);
  for (let at = view.byteLength - 22; at >= least; at--) {
    if (view.getUint32(at, true) !== endOfDirectory) continue;
    const [count, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
    const is64 = at >= 20 && view.getUint32(at - 20, true) === locator64;
    if (!is64 || (count !== all16 && start !== all32)) return { count, start };
    const whole = long(view, at - 12);
    if (view.getUint32(whole, true) !== endOfDirectory64) break;
    return { count: long(view, whole + 32), start: long(view, whole + 48) };
  }
  throw new Damage(sentence`its list of entries is missing, as if its end were cut off`);
}

/** The sizes and the place, which stand behind the name where they are large. */
function sizesOf(
  view: DataView,
  at: number,
  extra: Uint8Array,
): Pick<Entry, 'packed' | 'size' | 'at'> {
  const told = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  let [large, left] = largeSizes(extra);
  const [size, packed, place] = told.map((value) => {
    if (value !== all32 || left < 8) return value;
    const whole = long(viewOf(extra), large);
    [large, left] = [large + 8, left - 8];
    return whole;
  }) as [number, number, number];
  return { size, packed, at: place };
}

/** Where the field of large sizes (number 1) is in the extra field, and how long. */
function largeSizes(extra: Uint8Array): [at: number, length: number] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) return [at + 4, Math.min(length, extra.length - at - 4)];
  }
  return [0, 0];
}

function long(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function contentsOf(name: string, entry: Entry, bytes: Uint8Array, view: DataView): Uint8Array {
  const { at, packed, size, method, crc } = entry;
  if (view.getUint32(at, true) !== localHeader) {
    throw new Damage(sentence`its entry ${name} is not where it should be`);
  }
  const behind = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const kept = slice(bytes, behind, packed);
  if (method !== stored && method !== deflated) {
    throw new Damage(
      sentence`its entry ${name} is packed in a way that cannot be read (${method})`,
    );
  }
  const contents = method === stored ? kept : inflate(name, kept, size);
  if (contents.length !== size || checksum(contents) !== crc) {
    throw new Damage(sentence`its entry ${name} is not what was put in`);
  }
  return contents;
}

function inflate(name: string, packed: Uint8Array, size: number): Uint8Array {
  try {
    // Into the size that was announced and no larger; what goes beyond is not kept, and its checksum is wrong.
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch {
    throw new Damage(sentence`its entry ${name} is not what was put in`);
  }
}

const checksum = crcOf(0xedb88320);
