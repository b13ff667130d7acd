/** A text that is read piece by piece, so that it may be larger than a string can be. */
import { createPreparer } from './prepare';
import { prepareText, textError, type TextChanges } from './text';
import { refuseEmpty } from './worth-learning';

/** A text to learn from or to be measured: well-formed UTF-8, LF line ends, no byte order mark. */
export interface SourceText {
  /** What messages call it. */
  readonly name: string;
  /** It has so many bytes at most. */
  readonly bytes: number;
  /** It is made of documents, with a mark before each and behind the last (`documents.ts`). */
  readonly ofDocuments?: boolean;
  /** From the beginning, each piece of whole characters and valid until the next is asked for. */
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** What was changed to make it so, once all has been read. */
  changes(): TextChanges;
}

/** A file's bytes, as often as they are asked for. */
export interface FileBytes {
  readonly size: number;
  /** Each piece is valid until the next is asked for. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Of UTF-8 for a byte of UTF-16, at most. */
const utf8PerUtf16 = 1.5;

/**
 * A file as a text: UTF-8, or UTF-16 with a byte order mark. Its pieces throw an InputError where it is
 * empty, binary or not UTF-8, as `decodeText` does.
 */
export function fileText(file: FileBytes, name: string): SourceText {
  let changes: TextChanges = prepareText('').changes;

  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const preparer = createPreparer();
    for await (const piece of file.pieces()) {
      const prepared = preparer.push(piece);
      if (prepared.length > 0) yield prepared;
    }
    const { rest, problem } = preparer.end();
    if (problem?.kind === 'invalid') {
      const line = 1 + (await lineFeeds(file, problem.first.offset));
      throw textError({ ...problem, first: { ...problem.first, line } }, name);
    }
    if (problem !== undefined) throw textError(problem, name);
    if (rest.length > 0) yield rest;
    ({ changes } = preparer);
  }

  return { name, bytes: Math.ceil(file.size * utf8PerUtf16), pieces, changes: () => changes };
}

/** How many lines end before `offset`. */
async function lineFeeds(file: FileBytes, offset: number): Promise<number> {
  let count = 0;
  let at = 0;
  for await (const piece of file.pieces()) {
    const end = Math.min(piece.length, offset - at);
    for (let i = 0; i < end; i++) if (piece[i] === 10) count++;
    at += piece.length;
    if (at >= offset) break;
  }
  return count;
}

/** UTF-16 units of a text in memory that are encoded at once. */
const unitsAtOnce = 1 << 18;

/** A text in memory, as a document holds it. */
export function memoryText(original: string, name: string): SourceText {
  const { text, changes } = prepareText(original);
  return {
    name,
    bytes: 3 * text.length,
    changes: () => changes,
    *pieces() {
      refuseEmpty(text.length);
      const encoder = new TextEncoder();
      for (let from = 0; from < text.length;) {
        let to = Math.min(text.length, from + unitsAtOnce);
        // Not between the two halves of a character.
        if (to < text.length && (text.charCodeAt(to) & 0xfc00) === 0xdc00) to++;
        yield encoder.encode(text.slice(from, to));
        from = to;
      }
    },
  };
}
