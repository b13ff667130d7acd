/** A text file piece by piece: as strings, and as lines. */
import { fileText, memoryText, type FileBytes, type SourceText } from '../data/source';
import { largestText } from '../data/text';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { TableFiles, TableSource } from './files';

/** A line or a quoted field that is longer is no line of a table, UTF-16 units. */
export const longestLine = 1 << 26;

/** Well-formed, with LF line ends and no byte order mark; `.gz` is unpacked. */
export async function openText(files: TableFiles, source: TableSource): Promise<SourceText> {
  if (source.kind === 'text') return memoryText(source.text, source.name);
  const name = files.baseName(source.path);
  return fileText(await openBytes(files, source.path), name);
}

/** A file's bytes; of `.gz` those that were packed. */
export async function openBytes(files: TableFiles, path: string): Promise<FileBytes> {
  const file = await files.pieces(path, largestText);
  if (!/\.gz$/i.test(path)) return file;
  return { size: file.size, pieces: () => unpacked(file, files.baseName(path)) };
}

async function* unpacked(file: FileBytes, name: string): AsyncGenerator<Uint8Array> {
  const packed = file.pieces()[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const next = await packed.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value.slice());
    },
    async cancel() {
      await packed.return?.();
    },
  });
  const reader = stream.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    // What zlib says of bytes that it cannot unpack.
    if (!(error instanceof TypeError) && !(error instanceof Error && 'code' in error)) throw error;
    throw new InputError(
      sentence`${name} is damaged: it cannot be unpacked.`,
      sentence`Get it again from where it came from.`,
      { cause: error },
    );
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The text in strings of some size, none of which cuts a character. */
export async function* stringsOf(text: SourceText): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const piece of text.pieces()) yield decoder.decode(piece, { stream: true });
}

/** Each line without its end, in groups as they are read; the end of the last line may be missing. */
export async function* linesOf(text: SourceText): AsyncGenerator<readonly string[]> {
  let rest = '';
  let line = 1;
  for await (const piece of stringsOf(text)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    line += lines.length;
    if (rest.length > longestLine) throw lineTooLong(text.name, line);
    yield lines;
  }
  if (rest !== '') yield [rest];
}

export function lineTooLong(name: string, line: number): InputError {
  const most = (longestLine / 2 ** 20).toFixed(0);
  return new InputError(
    sentence`${name}: what begins on line ${line} goes on for more than ${most} million characters.`,
    sentence`Look for a quotation mark that has no second one, or train on it as plain text: --format text.`,
    { place: { file: name, line } },
  );
}
