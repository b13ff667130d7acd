import {
  exportFormatNames,
  isExportFormat,
  isFolderFormat,
  isModelFormat,
  type ExportFormatName,
  type FolderFormat,
} from '../../core/exports/formats';
import { metricsWriters, modelWriters } from '../../core/exports/writers';
import { sentence } from '../../core/sentence';
import { hasBegun } from '../../core/training/checkpoint';
import { decodeMetrics } from '../../core/training/run';
import type { ExportRequest, ExportResult } from '../../protocol/engine';
import { inputError } from '../failures';
import { exportFolder } from '../export-folder';
import type { Job } from '../handler';
import type { Files } from '../platform';
import { readAnyCheckpoint, readMetrics, readRunInfo } from '../run-folder';

/** Writes a kept model, or what a run has measured, as a file of another format. */
export async function exportRun(request: ExportRequest, job: Job<'export'>): Promise<ExportResult> {
  const { files } = job.platform;
  const { format, path } = request;
  if (!isExportFormat(format)) {
    throw inputError(
      sentence`There is no format ${format} to export to.`,
      sentence`Use one of ${exportFormatNames.join(', ')}.`,
    );
  }
  if (isFolderFormat(format)) return await exportFolder(format, request, job);
  const { contents, step } = await contentsOf(files, request, format);
  const bytes = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
  if (path === undefined) return { bytes: bytes.length, step, contents: bytes };
  await files.write(path, bytes);
  return { bytes: bytes.length, step };
}

async function contentsOf(
  files: Files,
  { run, checkpoint: asked }: ExportRequest,
  format: Exclude<ExportFormatName, FolderFormat>,
): Promise<{ contents: Uint8Array<ArrayBuffer> | string; step: number }> {
  if (isModelFormat(format)) {
    const checkpoint = await readAnyCheckpoint(files, run, asked);
    const { training } = checkpoint;
    // A model from elsewhere, not trained here, is as far as it was.
    const trained = hasBegun(training)
      ? { step: training.step, ...(training.best && { best: training.best }) }
      : (await readRunInfo(files, run)).trained;
    return { contents: modelWriters[format](checkpoint, trained), step: training.step };
  }
  await readRunInfo(files, run);
  const events = decodeMetrics(await readMetrics(files, run));
  const last = events.at(-1);
  if (last === undefined) {
    throw inputError(
      sentence`${run} has measured nothing yet.`,
      sentence`Train it first: its first metrics are written after the first step.`,
    );
  }
  return { contents: metricsWriters[format](events), step: last.row.step };
}
