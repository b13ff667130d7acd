import { checkGradients, sweepSteps } from '../../core/inspection/gradient-check';
import { isTextModel } from '../../core/equations/text-model';
import { sentence } from '../../core/sentence';
import { parseSettings } from '../../core/settings/settings';
import type { GradcheckRequest, GradcheckResult } from '../../protocol/engine';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { inSlices } from '../slices';
import { readAnyModel } from '../sources';

/** What the gradient check of a cell has to stay below. */
const defaultTolerance = 1e-7;
/** A check takes a minute at most; what it begins is brought to its end. */
const defaultSeconds = 50;

/** Checks a cell's gradients; it passes if every error is below the tolerance. */
export async function gradcheck(
  request: GradcheckRequest,
  job: Job<'gradcheck'>,
): Promise<GradcheckResult> {
  const { cell: source, tolerance = defaultTolerance, seconds = defaultSeconds } = request;
  const { hidden, layers, embedding, sequence, batch, seed, entries } = request;
  const sizes = { hidden, layers, embedding, sequence, batch, seed, entries };
  const start = job.platform.now();
  checkSizes(request);
  const cell = await readAnyModel(job.platform.files, source);
  const checking = checkGradients({
    cell,
    of: isTextModel(cell) ? 'text' : 'examples',
    seconds,
    now: job.platform.now,
    ...withoutUndefined(sizes),
  });
  const result = await inSlices(job, checking, (row) => {
    if (row !== undefined) job.emit({ event: 'parameter', row });
  });
  if (result === undefined)
    throw inputError(sentence`The gradient check was stopped before its end.`);
  const { rows, maxRelativeError } = result;
  return {
    rows,
    maxRelativeError,
    steps: [...sweepSteps],
    tolerance,
    // NaN is below nothing.
    passed: maxRelativeError < tolerance,
    seconds: job.platform.now() - start,
  };
}

/** @throws SettingsError if a size is out of its range */
function checkSizes({ hidden, layers, embedding, sequence, batch, seed }: GradcheckRequest): void {
  parseSettings({ model: { hidden, layers, embedding }, training: { sequence, batch, seed } });
}

function withoutUndefined<T extends object>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
