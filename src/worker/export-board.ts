/** The folder for TensorBoard. */
import { writeTensorBoard } from '../core/exports/tensorboard/write';
import { sentence } from '../core/sentence';
import { checkpointsAmong, decodeMetrics, runFileNames } from '../core/training/run';
import { decodeObservations, decodeSamples } from '../core/training/run-looks';
import type { ExportRequest, ExportResult } from '../protocol/engine';
import { inputError } from './failures';
import type { Files, Platform } from './platform';
import { checkpointLimit, readAnyCheckpoint, readMetrics, readRunInfo } from './run-folder';
import { writeFolder } from './write-folder';

/** @throws JobError if nothing has been measured */
export async function exportForTensorBoard(
  { run, checkpoint: asked }: ExportRequest,
  path: string,
  { files }: Platform,
): Promise<ExportResult> {
  const info = await readRunInfo(files, run);
  const events = decodeMetrics(await readMetrics(files, run));
  const last = events.at(-1);
  if (last === undefined) {
    throw inputError(
      sentence`${run} has measured nothing yet.`,
      sentence`Train it first: its first metrics are written after the first step.`,
    );
  }
  const hasModel = checkpointsAmong(await files.names(run)).length > 0;
  const written = writeTensorBoard({
    ...{ info, events },
    observations: decodeObservations(await textIn(files, run, runFileNames.observations)),
    samples: decodeSamples(await textIn(files, run, runFileNames.samples)),
    checkpoint: hasModel ? await readAnyCheckpoint(files, run, asked) : undefined,
  });
  const bytes = await writeFolder(files, path, written);
  return { bytes, step: last.row.step };
}

/** A file of a run; empty where there is none. */
async function textIn(files: Files, run: string, name: string): Promise<string> {
  const path = files.join(run, name);
  if ((await files.entry(path)) === undefined) return '';
  return new TextDecoder().decode(await files.read(path, checkpointLimit));
}
