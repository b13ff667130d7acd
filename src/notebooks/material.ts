/** What a notebook's experiments are made of: data, equations and files, read and hashed. */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { builtinCells } from '../core/cells';
import { closest } from '../core/suggest';
import { joined, sentence, type Sentence } from '../core/sentence';
import type { Axis } from '../core/notebooks/axes';
import type { Experiment } from '../core/notebooks/experiment';
import {
  isGenerated,
  isSentence,
  readGenerated,
  type Generated,
} from '../core/notebooks/generated';
import { isFile, type Fingerprints } from '../core/notebooks/plan';
import type { Block } from '../core/notebooks/markdown';
import type { Notebook } from '../core/notebooks/notebook';
import type { Problem } from '../core/notebooks/problems';
import { placeIn } from '../core/notebooks/yaml';
import { codeOf } from '../files/write';
import type { CellSource, TextSource } from '../protocol/engine';
import { dataFile } from './data';

export interface Material {
  readonly fingerprints: Fingerprints;
  /** What a training is asked with. */
  source(data: string): TextSource;
  /** The file that a text is a block of; undefined: it is a file of its own. */
  origin(data: string): string | undefined;
  cell(value: string): CellSource;
  /** The absolute path of a file that a setting names. */
  file(path: string): string;
  /** What is to be made before anything is trained. */
  readonly generated: readonly Generated[];
  /** What is missing, at the places that name it. */
  readonly problems: readonly Problem[];
}

/**
 * Reads all that a notebook names.
 * @param file the notebook's own, absolute
 * @param runs where its runs are kept, and data that are made for it
 */
export async function readMaterial(
  notebook: Notebook,
  file: string,
  runs: string,
): Promise<Material> {
  const hashes = new Map<string, string>();
  const generated = new Map<string, Generated>();
  const problems: Problem[] = [];
  const at = (name: string): string => path.resolve(path.dirname(file), name);
  for (const step of notebook.steps) {
    if (step.kind !== 'experiment') continue;
    for (const { axis, value, range } of namesIn(step)) {
      const kind = axis.key === undefined ? 'data' : axis.name;
      const key = `${kind} ${value}`;
      const inside = insideOf(notebook, kind, value);
      if (inside !== undefined) {
        hashes.set(key, hash(inside));
        continue;
      }
      if (hashes.has(key)) continue;
      if (kind === 'data' && isGenerated(value)) {
        const read = readGenerated(value);
        if (isSentence(read)) {
          problems.push({ ...placeIn(step.block, range[0], range[1]), message: read });
          continue;
        }
        generated.set(value, read);
        hashes.set(key, hash(`generate ${read.name}`));
        continue;
      }
      try {
        hashes.set(key, await hashOf(at(value), kind));
      } catch (error) {
        const place = placeIn(step.block, range[0], range[1]);
        problems.push({ ...place, message: missing(notebook, kind, value, error) });
      }
    }
  }
  const hashAt = (kind: string) => (value: string) => hashes.get(`${kind} ${value}`) ?? '';
  return {
    fingerprints: {
      data: hashAt('data'),
      cell: (value) => hashes.get(`cell ${value}`) ?? hash(builtinCells.get(value) ?? ''),
      file: (value) => hashes.get(`vectors ${value}`) ?? hashes.get(`decoder ${value}`) ?? '',
      hash,
    },
    source(data) {
      const block = notebook.texts.get(data);
      const made = generated.get(data);
      if (made !== undefined) return { kind: 'file', path: dataFile(runs, made) };
      if (block === undefined) return { kind: 'file', path: at(data) };
      return { kind: 'text', name: data, text: corpusOf(block) };
    },
    origin: (data) => (notebook.texts.has(data) ? file : undefined),
    cell(value) {
      const block = notebook.cells.get(value);
      if (block !== undefined) return { name: value, source: block.body };
      return value.endsWith('.rnn') ? { path: at(value) } : value;
    },
    file: at,
    generated: [...generated.values()],
    problems,
  };
}

/** Every name of something that is read, with its place. */
function namesIn(experiment: Experiment) {
  return experiment.axes.flatMap((axis: Axis) => {
    const { key, choice, ranges } = axis;
    if (choice.kind !== 'list') return [];
    const isNamed = (value: string | number): boolean =>
      key === undefined || key === 'model.cell' || isFile(key, value);
    return choice.values.flatMap((value, i) =>
      isNamed(value) ? [{ axis, value: String(value), range: ranges[i]! }] : [],
    );
  });
}

/** What stands in the notebook or in the product under a name; undefined: it is a file. */
function insideOf({ texts, cells }: Notebook, kind: string, value: string): string | undefined {
  if (kind === 'data') {
    const block = texts.get(value);
    return block === undefined ? undefined : corpusOf(block);
  }
  if (kind === 'cell') return cells.get(value)?.body ?? builtinCells.get(value);
  return undefined;
}

/** The line end before the closing fence is the fence's. */
function corpusOf({ body }: Block): string {
  return body.replace(/(?:\r\n|\r|\n)$/, '');
}

/** Of a table with what was said of it, and with its kind, by which its format is found. */
async function hashOf(file: string, kind: string): Promise<string> {
  const bytes = await hashOfFile(file);
  if (kind !== 'data') return bytes;
  const said = await fs.readFile(`${file}.rnn.json`).catch(() => '');
  return hash(JSON.stringify([bytes, hash(said), path.extname(file)]));
}

/** Of files as they were read last: an editor asks at each pause in typing. */
const hashed = new Map<string, { readonly stamp: string; readonly hash: string }>();

async function hashOfFile(file: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await fs.stat(file, { bigint: true });
  const stamp = [ino, size, mtimeNs, ctimeNs].join(' ');
  const known = hashed.get(file);
  if (known?.stamp === stamp) return known.hash;
  const found = hash(await fs.readFile(file));
  hashed.set(file, { stamp, hash: found });
  return found;
}

function hash(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}

function missing(
  { texts, cells }: Notebook,
  kind: string,
  value: string,
  error: unknown,
): Sentence {
  if (codeOf(error) === '') throw error;
  const known =
    kind === 'data'
      ? [...texts.keys()]
      : kind === 'cell'
        ? [...cells.keys(), ...builtinCells.keys()]
        : [];
  const near = closest(value, known);
  const hint = near === undefined ? undefined : sentence`Did you mean ${near}?`;
  const isUnknown = codeOf(error) === 'ENOENT';
  if (kind === 'data') {
    const problem = isUnknown
      ? sentence`There is no file ${value} beside the notebook, and no text block of that name.`
      : sentence`${value} cannot be read (${codeOf(error)}).`;
    return joined(problem, hint);
  }
  if (kind === 'cell') {
    return joined(
      sentence`There is no cell ${value}: neither an rnn block, nor built in, nor a file beside the notebook.`,
      hint,
    );
  }
  return isUnknown
    ? sentence`There is no file ${value} beside the notebook.`
    : sentence`${value} cannot be read (${codeOf(error)}).`;
}
