import { describeChanges } from '../core/data/text';
import type { Sentence } from '../core/sentence';
import type { TextSource } from '../protocol/engine';
import type { Platform } from './platform';
import { openText } from './sources';

/** A text as one string. */
export interface WholeText {
  readonly name: string;
  readonly text: string;
  /** SHA-256 of its UTF-8, as a run has it of the text it learns from. */
  readonly hash: string;
  /** What reading has changed in it, in a sentence; undefined: nothing. */
  readonly changes: Sentence | undefined;
}

/** Larger, it would not fit into a string; bytes. */
const largestWhole = 2 ** 28;

/**
 * Reads a text for what needs it whole.
 * @throws JobError if the file cannot be read, or is too large
 * @throws InputError if it is no text
 */
export async function readWhole(
  { files, createHash }: Platform,
  source: TextSource,
): Promise<WholeText> {
  const text = await openText(files, source, largestWhole);
  const decoder = new TextDecoder();
  const hash = createHash();
  const parts: string[] = [];
  for await (const piece of text.pieces()) {
    hash.update(piece);
    parts.push(decoder.decode(piece, { stream: true }));
  }
  return {
    name: text.name,
    text: parts.join(''),
    hash: hash.hex(),
    changes: describeChanges(text.changes()),
  };
}
