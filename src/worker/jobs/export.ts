import { modelFormats } from '../../core/formats/model-formats';
import type { ExportRequest, ExportResult } from '../../protocol/engine';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { readCheckpoint } from '../run-folder';

/** Writes a kept model to a file of another format. */
export async function exportModel(
  { run, checkpoint: asked, format: name, path }: ExportRequest,
  { platform: { files } }: Job<'export'>,
): Promise<ExportResult> {
  const format = modelFormats.get(name);
  if (format === undefined) {
    throw inputError(
      `There is no format ${name} to export to.`,
      `Use one of ${[...modelFormats.keys()].join(', ')}.`,
    );
  }
  const checkpoint = await readCheckpoint(files, run, asked);
  const written = format.write(checkpoint);
  const bytes = typeof written === 'string' ? new TextEncoder().encode(written) : written;
  await files.write(path, bytes);
  return { path, bytes: bytes.length, step: checkpoint.training.step };
}
