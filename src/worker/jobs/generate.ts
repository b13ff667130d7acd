import {
  generatedTask,
  generatedTaskNames,
  isGeneratedTask,
  type GeneratedTaskName,
} from '../../core/generate';
import { csvLine, headOf, lineOf, pngOf, rowsOf, type Asked } from '../../core/generate/rows';
import type { GeneratedTask } from '../../core/generate/task';
import { sentence } from '../../core/sentence';
import { didYouMean } from '../../core/suggest';
import type { GenerateRequest, GenerateResult } from '../../protocol/engine';
import { brokenError, inputError } from '../failures';
import type { Job } from '../handler';
import { inSlices } from '../slices';

/** Most bytes of a file that is made: it is kept in memory until it is whole. */
const mostBytes = 2 ** 30;

/** Writes the data of a task to a file, to a folder, or to whoever listens. */
export async function generate(
  request: GenerateRequest,
  job: Job<'generate'>,
): Promise<GenerateResult> {
  const { path } = request;
  const task = generatedTask(nameOf(request.task));
  const asked = askedOf(task, request);
  if (task.format === 'images') {
    if (path === undefined) {
      throw inputError(
        sentence`${request.task} makes pictures, which are files.`,
        sentence`Say where: --out FOLDER.`,
      );
    }
    return {
      ...(await makeFolder(job, task, asked, path)),
      floors: [...task.floors(asked.length)],
    };
  }
  const pieces: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let waiting = headOf(task);
  let bytes = 0;
  let rows = 0;
  const flush = (): void => {
    const piece = encoder.encode(waiting);
    bytes += piece.length;
    if (path === undefined) job.emit({ event: 'chunk', text: waiting });
    else if (bytes > mostBytes) throw tooLarge(path);
    else pieces.push(piece);
    waiting = '';
  };
  const end = await inSlices(
    job,
    ended(rowsOf(task, asked)),
    (row) => {
      waiting += lineOf(task, row);
      rows++;
    },
    flush,
  );
  if (path !== undefined) {
    if (end === undefined) throw stopped();
    await job.platform.files.write(path, joined(pieces, bytes));
  }
  return { rows, bytes, floors: [...task.floors(asked.length)] };
}

/** A generator that tells that it has come to its end. */
function* ended<T>(generator: Generator<T, void, undefined>): Generator<T, true, undefined> {
  yield* generator;
  return true;
}

function nameOf(name: string): GeneratedTaskName {
  if (isGeneratedTask(name)) return name;
  const list = sentence`Use one of ${generatedTaskNames.join(', ')}.`;
  const near = didYouMean(name, generatedTaskNames);
  throw inputError(
    sentence`There is no task ${name}.`,
    near === undefined ? list : sentence`${near} ${list}`,
  );
}

function askedOf(task: GeneratedTask, { task: name, rows, length, seed }: GenerateRequest): Asked {
  const { length: limits } = task;
  if (limits === undefined) {
    if (length !== undefined) {
      throw inputError(sentence`${name} has no length to choose.`, sentence`Leave out --length.`);
    }
    return { rows: rows ?? task.rows, length: 0, seed };
  }
  const { least, most, standard } = limits;
  if (length !== undefined && (length < least || length > most)) {
    throw inputError(
      sentence`The length of ${name} is a whole number from ${least} to ${most}; ${length} was given.`,
      sentence`Give another --length.`,
    );
  }
  return { rows: rows ?? task.rows, length: length ?? standard, seed };
}

/** A folder under another name until it is whole. */
async function makeFolder(
  job: Job<'generate'>,
  task: GeneratedTask,
  asked: Asked,
  path: string,
): Promise<Pick<GenerateResult, 'rows' | 'bytes'>> {
  const { files } = job.platform;
  if ((await files.entry(path)) !== undefined) {
    throw inputError(sentence`${path} exists already.`, sentence`Choose another folder.`);
  }
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const folder = `${path}.${random.toString(16)}.tmp`;
  const digits = String(asked.rows - 1).length;
  let list = headOf(task);
  let rows = 0;
  try {
    await files.makeFolder(folder);
    for (const row of rowsOf(task, asked)) {
      const name = `${String(rows++).padStart(digits, '0')}.png`;
      await files.write(files.join(folder, name), pngOf(row.picture!));
      list += csvLine([name, ...row.cells.map(String)]);
      if (job.stopped()) throw stopped();
    }
    await files.write(files.join(folder, 'metadata.csv'), list);
    await files.move(folder, path);
  } catch (error) {
    await files.removeFolder(folder);
    throw error;
  }
  return { rows, bytes: new TextEncoder().encode(list).length };
}

function stopped() {
  return brokenError(sentence`Stopped before all rows were made; nothing was written.`);
}

function tooLarge(path: string) {
  return inputError(
    sentence`${path} would be larger than 1 GB.`,
    sentence`Ask for fewer rows with --rows, or for shorter ones with --length.`,
  );
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
