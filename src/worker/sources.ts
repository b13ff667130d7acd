/** Texts and cells, from wherever a request says they come. */
import { loadCell } from '../core/equations/load-cell';
import type { Globs } from '../core/data/globs';
import { fileText, memoryText, type SourceText } from '../core/data/source';
import { decodeText, largestText } from '../core/data/text';
import { parseCell } from '../core/equations/parse';
import { responseOf } from '../core/equations/model-shape';
import { expanded, isTextModel, requireTextModel } from '../core/equations/text-model';
import type { Cell } from '../core/equations/syntax';
import { sentence, type Sentence } from '../core/sentence';
import type { CellSource, TextSource } from '../protocol/engine';
import { inputError } from './failures';
import type { Work } from './work';
import { openCorpus, type Corpus } from './documents/corpus';
import type { Files, Platform } from './platform';

const cellLimit = 2 ** 20;

/** A text for training or evaluation, not read yet. */
export interface NamedText extends SourceText {
  /** Where it was read; null if it was given. */
  readonly path: string | null;
  /** Of a folder: the documents in it, and what there is to tell of them. */
  readonly corpus?: Pick<Corpus, 'facts' | 'notes'>;
}

/**
 * A file, or a folder of text files as one text.
 *
 * @param globs which files of a folder
 * @throws as `openText`, and `openCorpus`
 */
export async function openTextOrFolder(
  platform: Pick<Platform, 'files' | 'createHash'>,
  source: TextSource,
  globs: Globs = {},
): Promise<NamedText> {
  if (!(await isFolder(platform.files, source))) return await openText(platform.files, source);
  const { path } = source as { readonly path: string };
  const corpus = await openCorpus(platform, path, globs);
  return { ...corpus, path, corpus };
}

async function isFolder(files: Files, source: TextSource): Promise<boolean> {
  return source.kind === 'file' && (await files.entry(source.path))?.kind === 'folder';
}

/**
 * @param largest bytes of a file
 * @throws JobError if the file cannot be read, or is larger
 */
export async function openText(
  files: Files,
  source: TextSource,
  largest = largestText,
): Promise<NamedText> {
  if (source.kind === 'text') {
    return { ...memoryText(source.text, source.name), path: null };
  }
  const file = await files.pieces(source.path, largest);
  return { ...fileText(file, files.baseName(source.path)), path: source.path };
}

/**
 * The same text, whose reading ends with a JobError once the job is asked to stop.
 * @param stopped what it then says
 */
export function stoppable(
  text: SourceText,
  job: Pick<Work, 'stopped'>,
  stopped: Sentence,
): SourceText {
  return {
    ...text,
    async *pieces() {
      for await (const piece of text.pieces()) {
        if (job.stopped()) throw inputError(stopped);
        yield piece;
      }
    },
  };
}

/**
 * @throws JobError if the file cannot be read
 * @throws InputError if no built-in cell has the name, or the file is not text
 * @throws EquationError if the equations have an error
 */
export async function readCell(files: Files, source: CellSource): Promise<Cell> {
  return textModel(await readEquations(files, source));
}

/**
 * A cell, or a model of examples: a file whose `y` asks for what no text has.
 *
 * @throws as `readCell`
 */
export async function readAnyModel(files: Files, source: CellSource): Promise<Cell> {
  const cell = await readEquations(files, source);
  return responseOf(cell) !== undefined && !isTextModel(cell) ? expanded(cell) : textModel(cell);
}

/** The equations as they are written, applied cells by their names. @throws as `readCell` */
export const readWrittenCell = readEquations;

async function readEquations(files: Files, source: CellSource): Promise<Cell> {
  if (typeof source !== 'string') {
    if ('source' in source) return parseCell(source.source, source.name);
    // The cell is called as its file is, so that errors say `my-cell.rnn:3:5`.
    const name = files.baseName(source.path);
    const bytes = await files.read(source.path, cellLimit);
    if (bytes.length === 0) {
      throw inputError(
        sentence`${name} is empty.`,
        sentence`Write the equations of a cell into it, such as s[t] = tanh(U x[t] + W s[t-1] + b).`,
      );
    }
    return parseCell(decodeText(bytes, name).text, name);
  }
  // The setting model.cell may be a path as well.
  if (source.endsWith('.rnn')) return readEquations(files, { path: source });
  return loadCell(source);
}

function textModel(cell: Cell): Cell {
  return expanded(requireTextModel(cell));
}
