import { importModel, type ImportedModel } from '../../core/exports/import-model';
import { parameterCount } from '../../core/engine/parameters';
import { describe } from '../../core/task/describe';
import { isOfExamples, type ExampleCheckpoint } from '../../core/training/checkpoint';
import {
  checkpointFileName,
  checkpointsAmong,
  encodeRunInfo,
  runFileNames,
  stepsAmong,
  type RunInfo,
} from '../../core/training/run';
import type { ImportRequest, ImportResult } from '../../protocol/engine';
import type { Job } from '../handler';
import type { Files } from '../platform';
import { checkpointLimit } from '../run-folder';
import { refuseUsed } from '../train-setup';

/** Makes a run of a model's file. The file is read whole before anything is written. */
export async function importRun(
  { source, run, ...request }: ImportRequest,
  { platform: { files, date } }: Job<'import'>,
): Promise<ImportResult> {
  await refuseUsed(files, run);
  const { name: file, bytes } = await read(files, source, checkpointLimit);
  const tokens = request.vocabulary && (await read(files, request.vocabulary, vocabularyLimit));
  const told = { nonlinearity: request.nonlinearity, vocabulary: tokens };
  const imported = importModel(bytes, file, told);
  const info = infoOf(imported, nameOf(files, source), date());
  await writeRun(files, run, imported, info);
  const { name, cell, parameters, vocabulary, step, task } = info;
  const of = task === undefined ? 'text' : 'examples';
  return { run, name, cell: cell.name, of, parameters, vocabulary, step };
}

/** A vocabulary may be the text that was trained on; bytes. */
const vocabularyLimit = 2 ** 28;

async function read(
  files: Files,
  source: ImportRequest['source'],
  limit: number,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  if (source.kind === 'contents') return { name: source.name, bytes: source.contents };
  return { name: source.path, bytes: await files.read(source.path, limit) };
}

/** The file's name, but of a run's checkpoint that of the run. */
function nameOf(files: Files, source: ImportRequest['source']): string {
  if (source.kind === 'contents') return withoutEnd(source.name);
  const name = files.baseName(source.path);
  const isCheckpoint = checkpointsAmong([name]).length + stepsAmong([name]).length > 0;
  return isCheckpoint ? files.baseName(files.join(source.path, '..')) : withoutEnd(name);
}

function withoutEnd(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, '');
}

function infoOf({ checkpoint, trained }: ImportedModel, name: string, now: number): RunInfo {
  const { model, settings, training } = checkpoint;
  const { cell } = model.spec;
  const { batch, sequence, step, seconds, best, textHash } = training;
  const task = isOfExamples(checkpoint) ? taskOf(checkpoint) : undefined;
  const vocabulary = isOfExamples(checkpoint)
    ? checkpoint.model.spec.input.width
    : checkpoint.tokenizer.vocabulary;
  return {
    version: 1,
    title: name,
    name,
    source: null,
    text: { hash: textHash, tokens: 0, validationTokens: 0 },
    cell: { name: cell.name, source: cell.source },
    settings,
    parameters: parameterCount(model.parameters),
    vocabulary,
    chunk: { batch, sequence },
    // The entropies are the text's, which is not here.
    baselines: { uniform: task ? NaN : Math.log(vocabulary), unigram: NaN, bigram: NaN },
    ...(task && { task }),
    created: now,
    changed: now,
    state: 'stopped',
    step,
    seconds,
    loss: null,
    best: best ?? null,
    ...(trained && { trained }),
    failure: null,
  };
}

/** What a model of examples tells of its task, whose examples are not here. */
function taskOf({ model: { spec }, task }: ExampleCheckpoint): NonNullable<RunInfo['task']> {
  const { hidden, dropout, input, answer, output } = spec;
  return {
    line: describe(task.understanding),
    examples: { train: 0, validation: 0, test: 0 },
    sizes: { hidden, dropout, input, output, ...(answer && { answer }) },
    description: task,
    floors: [],
  };
}

/** `run.json` last: a folder without it is no run. What was written before an error is removed. */
async function writeRun(
  files: Files,
  run: string,
  { file }: ImportedModel,
  info: RunInfo,
): Promise<void> {
  const isNew = (await files.entry(run)) === undefined;
  const contents = new Map<string, Uint8Array | string>([
    [checkpointFileName('last'), file],
    [runFileNames.cell, info.cell.source],
    [runFileNames.info, encodeRunInfo(info)],
  ]);
  const written: string[] = [];
  try {
    await files.makeFolder(run);
    for (const [name, content] of contents) {
      await files.write(files.join(run, name), content);
      written.push(name);
    }
  } catch (error) {
    if (isNew) await files.removeFolder(run);
    else for (const name of written) await files.remove(files.join(run, name));
    throw error;
  }
}
