/** A notebook's file, read and planned. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../core/input-error';
import { narrowed, readNotebook, type Notebook } from '../core/notebooks/notebook';
import { planOf, type Plan } from '../core/notebooks/plan';
import { NotebookError } from '../core/notebooks/problems';
import { sentence } from '../core/sentence';
import { codeOf } from '../files/write';
import { readMaterial, type Material } from './material';

export interface OpenNotebook {
  /** Its path, absolute. */
  readonly file: string;
  readonly notebook: Notebook;
  readonly material: Material;
  /** Of its experiments, by their names. */
  readonly plans: ReadonlyMap<string, Plan>;
  /** Where its runs are kept, each in a folder by its address. */
  readonly runs: string;
}

/** More than a person reads in an hour. */
const largest = 16 * 2 ** 20;

/**
 * @param file a path, as the user gave it
 * @throws NotebookError with everything that is wrong; InputError where it cannot be read
 */
export async function openNotebook(file: string): Promise<OpenNotebook> {
  return planNotebook(file, await readNotebook(await readFile(file)));
}

/**
 * The same of one that has been read, of a text that is not in its file, or not yet.
 * @param only these parts and what they name; what is wrong elsewhere is passed over. Default: all
 */
export async function planNotebook(
  file: string,
  whole: Notebook,
  only?: ReadonlySet<number>,
): Promise<OpenNotebook> {
  const notebook = only === undefined ? whole : narrowed(whole, only);
  if (notebook.problems.length > 0) throw new NotebookError(file, notebook.problems);
  const absolute = path.resolve(file);
  const runs = `${absolute}.runs`;
  const material = await readMaterial(notebook, absolute, runs);
  if (material.problems.length > 0) throw new NotebookError(file, material.problems);
  const plans = new Map(
    notebook.steps.flatMap((step) =>
      step.kind === 'experiment' ? [[step.name, planOf(step, material.fingerprints)] as const] : [],
    ),
  );
  return { file: absolute, notebook, material, plans, runs };
}

async function readFile(file: string): Promise<string> {
  try {
    const { size } = await fs.stat(file);
    if (size > largest) {
      throw new InputError(
        sentence`${file} is larger than ${largest / 2 ** 20} MB, too large for a notebook.`,
        sentence`Put long texts into files of their own.`,
      );
    }
    // A byte order mark stays: the file is written back as it was.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await fs.readFile(file),
    );
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (error instanceof TypeError) {
      throw new InputError(sentence`${file} is not UTF-8.`, sentence`Save it as UTF-8.`);
    }
    const hint = sentence`Give the path of a notebook, such as NAME.rnnlab.md.`;
    if (codeOf(error) === 'ENOENT') throw new InputError(sentence`There is no file ${file}.`, hint);
    throw new InputError(sentence`${file} cannot be read (${codeOf(error)}).`, hint);
  }
}
