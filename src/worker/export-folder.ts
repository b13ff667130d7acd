/** Exports that are folders, which must not be there yet. */
import type { FolderFormat } from '../core/exports/formats';
import { sentence } from '../core/sentence';
import type { ExportRequest, ExportResult } from '../protocol/engine';
import { exportForTensorBoard } from './export-board';
import { exportForHuggingFace } from './export-huggingface';
import { exportForPyTorch } from './export-pytorch';
import { inputError } from './failures';
import type { Job } from './handler';
import type { Files } from './platform';

const writers: Readonly<
  Record<
    FolderFormat,
    (request: ExportRequest, path: string, job: Job<'export'>) => Promise<ExportResult>
  >
> = {
  pytorch: (request, path, { platform }) => exportForPyTorch(request, path, platform),
  huggingface: exportForHuggingFace,
  tensorboard: (request, path, { platform }) => exportForTensorBoard(request, path, platform),
};

/** @throws JobError if there is no path, something is there already, or the format cannot hold the run */
export async function exportFolder(
  format: FolderFormat,
  request: ExportRequest,
  job: Job<'export'>,
): Promise<ExportResult> {
  const { path } = request;
  const { files } = job.platform;
  if (path === undefined) {
    throw inputError(
      sentence`A folder can only be written to a disk of this machine.`,
      sentence`Choose another place.`,
    );
  }
  if ((await files.names(path)).length > 0 || (await isFile(files, path))) {
    throw inputError(
      sentence`${path} is there already.`,
      sentence`Choose a folder that does not exist yet: a run may have been trained in this one.`,
    );
  }
  return await writers[format](request, path, job);
}

async function isFile(files: Files, path: string): Promise<boolean> {
  const entry = await files.entry(path);
  return entry !== undefined && entry.kind !== 'folder';
}
