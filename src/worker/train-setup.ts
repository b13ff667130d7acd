/** What a training begins with: of a new run, or of one that goes on. */
import { InputError } from '../core/input-error';
import { parseCell } from '../core/equations/parse';
import type { Cell } from '../core/equations/syntax';
import { sentence, type Sentence } from '../core/sentence';
import { decodeAnyCheckpoint, hasBegun, type AnyCheckpoint } from '../core/training/checkpoint';
import { resumeSettings } from '../core/settings/resume';
import {
  checkpointFileName,
  checkpointsAmong,
  runFileNames,
  type RunInfo,
} from '../core/training/run';
import { parseSettings, type Settings } from '../core/settings/settings';
import type { StartingVectors } from '../core/training/starting-vectors';
import type { TrainingData } from '../core/training/trainer-setup';
import type { TextSource, TrainRequest } from '../protocol/engine';
import { refuseDisagreement } from './disagreement';
import { inputError, JobError } from './failures';
import {
  exampleModel,
  examplesOf,
  globsFor,
  openTable,
  openTableAs,
  rememberOverrides,
  type NamedExamples,
  type NamedTable,
} from './examples';
import type { Files, Platform } from './platform';
import { checkpointLimit, readRunInfo } from './run-folder';
import { openTextOrFolder, readAnyModel, readCell, stoppable, type NamedText } from './sources';
import { openVectors, withVectors } from './vectors';
import type { Work } from './work';

/** What is learnt from. */
export type NamedData =
  | { readonly kind: 'text'; readonly text: NamedText }
  | ({ readonly kind: 'examples' } & NamedExamples);

/** Everything a trainer is made from, and what the run's folder held. */
export interface TrainSetup {
  readonly settings: Settings;
  /** Of examples the whole model. */
  readonly cell: Cell;
  readonly data: NamedData;
  /** What there is to tell beside it. */
  readonly notes: readonly Sentence[];
  /** What the embedding starts with; undefined: nothing that is given, or the run has it. */
  readonly vectors: StartingVectors | undefined;
  /** Of a run that goes on; without a checkpoint it was killed before its first one, and begins again. */
  readonly before:
    | { readonly info: RunInfo; readonly checkpoint: AnyCheckpoint | undefined }
    | undefined;
}

/**
 * @throws JobError, InputError, EquationError
 */
export async function setUp(platform: Platform, request: TrainRequest): Promise<TrainSetup> {
  const { run, resume } = request;
  if (resume !== true) return await setUpNew(platform, request);
  if (run === undefined) throw inputError(sentence`Which run should continue? Give its folder.`);
  return await setUpAgain(platform, request, run);
}

async function setUpNew(platform: Platform, request: TrainRequest): Promise<TrainSetup> {
  const { run, source, settings: given, overrides } = request;
  const { files } = platform;
  if (source === undefined)
    throw inputError(sentence`No text was given. Name the file to train on.`);
  if (run !== undefined) await refuseUsed(files, run);
  const { asked, vectors } = await withVectors(platform, parseSettings(given));
  const width = { 'model.embedding': asked.model.embedding };
  const cellSource = request.cell ?? asked.model.cell;
  const table = await openTable(files, source, { settings: given, overrides });
  if (table === undefined) {
    const said = { settings: given, overrides };
    const globs = await globsFor(files, source, said);
    const cell = await readCell(files, cellSource);
    const text = await openTextOrFolder(platform, source, globs);
    refuseForText(request, text);
    const settings = parseSettings({ ...given, ...width, 'model.cell': cell.name });
    const data = { kind: 'text', text } as const;
    const notes = request.remember === true ? [await rememberOverrides(files, source, said)] : [];
    return { settings, cell, data, notes, vectors, before: undefined };
  }
  refuseForTable(request);
  const examples = examplesOf(table, asked.training.seed, platform.createHash);
  const cell = await readAnyModel(files, cellSource);
  const settings = parseSettings({ ...given, ...width, 'model.cell': cell.name });
  const model = await exampleModel(files, examples, cell, settings);
  const data = { kind: 'examples', ...examples } as const;
  const notes =
    request.remember === true
      ? [await rememberOverrides(files, source, { settings: given, overrides })]
      : [];
  return { settings, cell: model, data, notes, vectors, before: undefined };
}

/** @throws JobError if a text is to be read as only a table can be */
function refuseForText({ overrides = {}, remember }: TrainRequest, { corpus }: NamedText): void {
  // What says itself that the file is plain text is no mistake.
  const ofTables = overrides['format'] === 'text' ? [] : Object.keys(overrides);
  const flags = [...ofTables, ...(remember === true ? ['remember'] : [])];
  const ofFolders = new Set(corpus === undefined ? [] : [...globNames, 'remember']);
  const flag = flags.find((name) => !ofFolders.has(name));
  if (flag === undefined) return;
  if (globNames.some((name) => name === flag)) throw noFolder(flag);
  throw inputError(
    sentence`The file is read as plain text, and --${flag} is for tables.`,
    sentence`Leave it out, or say what the file is (--format).`,
  );
}

const globNames = ['include', 'exclude'] as const;

/** @throws JobError if files are chosen that a table does not have */
function refuseForTable({ overrides = {} }: TrainRequest): void {
  const flag = globNames.find((name) => overrides[name] !== undefined);
  if (flag !== undefined) throw noFolder(flag);
}

function noFolder(flag: string): JobError {
  return inputError(
    sentence`--${flag} chooses among the files of a folder of texts, and this is none.`,
    sentence`Leave it out, or say --format text if the folder is one text.`,
  );
}

/** @throws JobError if a run is kept there, or it is no folder */
export async function refuseUsed(files: Files, run: string): Promise<void> {
  if ((await files.entry(files.join(run, runFileNames.info))) !== undefined) {
    throw inputError(
      sentence`${run} already holds a run.`,
      sentence`Continue it (--resume), or choose another folder.`,
    );
  }
  const entry = await files.entry(run);
  if (entry !== undefined && entry.kind !== 'folder') {
    throw inputError(sentence`${run} is a file.`, sentence`Choose a folder to keep the run in.`);
  }
}

const giveText = sentence`Give the text: rnn-lab train FILE --resume RUN.`;
const putBack = sentence`Put the checkpoint’s value back into run.json.`;

async function setUpAgain(
  platform: Platform,
  request: TrainRequest,
  run: string,
): Promise<TrainSetup> {
  const { files } = platform;
  const info = await readRunInfo(files, run);
  const checkpoint = await checkpointToGoOn(files, run);
  if (request.cell !== undefined) {
    const { source } = await readCell(files, request.cell);
    if (source !== info.cell.source) {
      throw inputError(
        sentence`The run's cell is ${info.cell.name} and cannot change.`,
        sentence`Leave out --cell, or start a new run.`,
      );
    }
  }
  const data = await dataOfRun(platform, request.source, info, giveText);
  const begun = checkpoint !== undefined && hasBegun(checkpoint.training);
  if (checkpoint !== undefined) refuseDisagreement(info, checkpoint, 'fixed', putBack);
  const settings = resumeSettings(info.settings, request.settings, begun);
  const cell = checkpoint?.model.spec.cell ?? parseCell(info.cell.source, info.cell.name);
  // A run that was killed before its first checkpoint begins again.
  const vectors =
    checkpoint === undefined && settings.model.vectors !== ''
      ? await openVectors(platform, settings.model.vectors)
      : undefined;
  return { settings, cell, data, notes: [], vectors, before: { info, checkpoint } };
}

/** The last checkpoint; if it is missing, the best; undefined: there is none yet. */
async function checkpointToGoOn(files: Files, run: string): Promise<AnyCheckpoint | undefined> {
  const found = checkpointsAmong(await files.names(run));
  const which = found.includes('last') ? 'last' : found[0];
  if (which === undefined) return undefined;
  const file = files.join(run, checkpointFileName(which));
  try {
    return decodeAnyCheckpoint(await files.read(file, checkpointLimit), file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const hint =
      which === 'last' && found.includes('best')
        ? sentence`Delete that file to continue from the best checkpoint.`
        : sentence`Start a new run.`;
    throw inputError(error.problem, hint);
  }
}

/**
 * What a run learns from, read as it was.
 * @param hint how to give it where it is not at its place
 */
export async function dataOfRun(
  { files, createHash }: Pick<Platform, 'files' | 'createHash'>,
  given: TextSource | undefined,
  info: RunInfo,
  hint: Sentence,
): Promise<NamedData> {
  const { task, settings } = info;
  return await fromRunsFile(given, info, hint, async (source) => {
    if (task === undefined) {
      const text = await openTextOrFolder({ files, createHash }, source, info.documents);
      return { kind: 'text', text };
    }
    const table = await openTableAs(files, source, task.description.understanding);
    return { kind: 'examples', ...examplesOf(table, settings.training.seed, createHash) };
  });
}

/** The table that a run of examples learns from, as it was understood. */
export async function tableOfRun(
  files: Files,
  given: TextSource | undefined,
  info: RunInfo,
  hint: Sentence,
): Promise<NamedTable> {
  const { task } = info;
  if (task === undefined) throw new Error('A run of examples has a task.');
  return await fromRunsFile(given, info, hint, (source) =>
    openTableAs(files, source, task.description.understanding),
  );
}

/** Reads what is given, or the run's own file. */
async function fromRunsFile<T>(
  given: TextSource | undefined,
  { source, name, text }: RunInfo,
  hint: Sentence,
  read: (source: TextSource) => Promise<T>,
): Promise<T> {
  if (given !== undefined) return await read(given);
  if (text.tokens === 0) {
    throw inputError(
      sentence`The model ${name} was imported, without a text to train it on.`,
      hint,
    );
  }
  if (source === null) {
    throw inputError(
      sentence`The run's text, ${name}, was not a file.`,
      sentence`Give the text again.`,
    );
  }
  try {
    return await read({ kind: 'file', path: source });
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    throw new JobError({
      ...error.failure,
      hint,
    });
  }
}

/** @param stopped what is said where the job is stopped while a text is read */
export function trainingData(
  data: NamedData,
  job: Pick<Work, 'stopped'>,
  stopped: Sentence,
): TrainingData {
  if (data.kind === 'examples') return { kind: 'examples', ...data.data };
  return { kind: 'text', text: stoppable(data.text, job, stopped) };
}

/** Name and place of what is learnt from. */
export function placeOf(data: NamedData): { readonly name: string; readonly path: string | null } {
  return data.kind === 'text' ? data.text : data;
}
