/** Exports that are folders, which must not be there yet. */
import type { FolderFormat } from '../core/exports/formats';
import { sentence } from '../core/sentence';
import type { ExportRequest, ExportResult } from '../protocol/engine';
import { exportForTensorBoard } from './export-board';
import { exportForPyTorch } from './export-pytorch';
import { inputError } from './failures';
import type { Files, Platform } from './platform';

const writers: Readonly<
  Record<
    FolderFormat,
    (request: ExportRequest, path: string, platform: Platform) => Promise<ExportResult>
  >
> = {
  pytorch: exportForPyTorch,
  tensorboard: exportForTensorBoard,
};

/** @throws JobError if there is no path, something is there already, or the format cannot hold the run */
export async function exportFolder(
  format: FolderFormat,
  request: ExportRequest,
  platform: Platform,
): Promise<ExportResult> {
  const { path } = request;
  const { files } = platform;
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
  return await writers[format](request, path, platform);
}

async function isFile(files: Files, path: string): Promise<boolean> {
  const entry = await files.entry(path);
  return entry !== undefined && entry.kind !== 'folder';
}
