/** What a training begins with: of a new run, or of one that goes on. */
import { InputError } from '../core/input-error';
import { parseCell } from '../core/equations/parse';
import type { Cell } from '../core/equations/syntax';
import { sentence, type Sentence } from '../core/sentence';
import { decodeCheckpoint, hasBegun, type Checkpoint } from '../core/training/checkpoint';
import { resumeSettings } from '../core/settings/resume';
import {
  checkpointFileName,
  checkpointsAmong,
  runFileNames,
  type RunInfo,
} from '../core/training/run';
import { parseSettings, type Settings } from '../core/settings/settings';
import type { TextSource, TrainRequest } from '../protocol/engine';
import { refuseDisagreement } from './disagreement';
import { inputError, JobError } from './failures';
import type { Files } from './platform';
import { checkpointLimit, readRunInfo } from './run-folder';
import { openText, readCell, type NamedText } from './sources';

/** Everything a trainer is made from, and what the run's folder held. */
export interface TrainSetup {
  readonly settings: Settings;
  readonly cell: Cell;
  readonly text: NamedText;
  /** Of a run that goes on; without a checkpoint it was killed before its first one, and begins again. */
  readonly before:
    { readonly info: RunInfo; readonly checkpoint: Checkpoint | undefined } | undefined;
}

/**
 * @throws JobError, InputError, EquationError
 */
export async function setUp(files: Files, request: TrainRequest): Promise<TrainSetup> {
  const { run, resume } = request;
  if (resume !== true) return await setUpNew(files, request);
  if (run === undefined) throw inputError(sentence`Which run should continue? Give its folder.`);
  return await setUpAgain(files, request, run);
}

async function setUpNew(files: Files, request: TrainRequest): Promise<TrainSetup> {
  const { run, source, settings: given } = request;
  if (source === undefined)
    throw inputError(sentence`No text was given. Name the file to train on.`);
  if (run !== undefined) await refuseUsed(files, run);
  const asked = parseSettings(given);
  const cell = await readCell(files, request.cell ?? asked.model.cell);
  const text = await openText(files, source);
  const settings = parseSettings({ ...given, 'model.cell': cell.name });
  return { settings, cell, text, before: undefined };
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

async function setUpAgain(files: Files, request: TrainRequest, run: string): Promise<TrainSetup> {
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
  const text = await textOfRun(files, request.source, info, giveText);
  const begun = checkpoint !== undefined && hasBegun(checkpoint.training);
  if (checkpoint !== undefined) refuseDisagreement(info, checkpoint, 'fixed', putBack);
  const settings = resumeSettings(info.settings, request.settings, begun);
  const cell = checkpoint?.model.spec.cell ?? parseCell(info.cell.source, info.cell.name);
  return { settings, cell, text, before: { info, checkpoint } };
}

/** The last checkpoint; if it is missing, the best; undefined: there is none yet. */
async function checkpointToGoOn(files: Files, run: string): Promise<Checkpoint | undefined> {
  const found = checkpointsAmong(await files.names(run));
  const which = found.includes('last') ? 'last' : found[0];
  if (which === undefined) return undefined;
  const file = files.join(run, checkpointFileName(which));
  try {
    return decodeCheckpoint(await files.read(file, checkpointLimit), file);
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
 * The text of a run.
 * @param hint how to give it where it is not at its place
 */
export async function textOfRun(
  files: Files,
  given: TextSource | undefined,
  { source, name, text }: RunInfo,
  hint: Sentence,
): Promise<NamedText> {
  if (given !== undefined) return await openText(files, given);
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
    return await openText(files, { kind: 'file', path: source });
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    throw new JobError({
      ...error.failure,
      hint,
    });
  }
}
