import type { EvaluationRow, MetricsRow } from '../../core/training/events';
import {
  checkpointsAmong,
  decodeMetrics,
  runFileNames,
  type RunInfo,
} from '../../core/training/run';
import type {
  DescribeRequest,
  DescribeResult,
  History,
  ListRequest,
  ListResult,
  RunState,
  RunSummary,
} from '../../protocol/engine';
import { observationLimit, sampleLimit, thinned } from '../../protocol/thinned';
import { failureOf } from '../failures';
import type { Job } from '../handler';
import type { Files } from '../platform';
import { readLooks } from '../look-file';
import {
  factsOf,
  observationFile,
  readMetrics,
  readRunInfo,
  runFiles,
  sampleFile,
} from '../run-folder';

/** All that a run's folder tells. */
export async function describe(
  { run }: DescribeRequest,
  { platform: { files } }: Job<'describe'>,
): Promise<DescribeResult> {
  const info = await readRunInfo(files, run);
  const events = decodeMetrics(await readMetrics(files, run));
  const { failure } = info;
  const folder = runFiles(files, run);
  return {
    summary: await summarise(files, run, info),
    facts: await factsOf(files, run, info),
    history: historyOf(
      events.flatMap((event) => (event.event === 'metrics' ? [event.row] : [])),
      events.flatMap((event) => (event.event === 'evaluation' ? [event.row] : [])),
    ),
    observations: thinned(observationLimit, await readLooks(folder, observationFile)).items,
    samples: thinned(sampleLimit, await readLooks(folder, sampleFile)).items,
    checkpoints: checkpointsAmong(await files.names(run)),
    failure: failure === null ? null : { code: 'failure', ...failure },
  };
}

/** The runs among a folder's subfolders. */
export async function list(
  { folder }: ListRequest,
  { platform: { files } }: Job<'list'>,
): Promise<ListResult> {
  const runs: RunSummary[] = [];
  const damaged: { run: string; message: string }[] = [];
  for (const name of await files.names(folder)) {
    const run = files.join(folder, name);
    if ((await files.entry(files.join(run, runFileNames.info))) === undefined) continue;
    try {
      runs.push(await summarise(files, run, await readRunInfo(files, run)));
    } catch (error) {
      damaged.push({ run, message: failureOf(error).message });
    }
  }
  runs.sort((a, b) => b.changed - a.changed);
  return { runs, damaged };
}

async function summarise(files: Files, run: string, info: RunInfo): Promise<RunSummary> {
  const { name, source, cell, created, changed, step, loss, best } = info;
  return {
    run,
    name,
    source,
    cell: cell.name,
    state: await stateOf(files, run, info),
    created,
    changed,
    step,
    loss,
    bestValidationLoss: best?.validationLoss ?? null,
  };
}

/** `run.json` says `training` even after its process was killed. */
async function stateOf(files: Files, run: string, { state }: RunInfo): Promise<RunState> {
  if (await files.isLocked(run)) return 'training';
  return state === 'training' ? 'interrupted' : state;
}

function historyOf(rows: readonly MetricsRow[], evaluations: readonly EvaluationRow[]): History {
  const metric = (of: (row: MetricsRow) => number): Float64Array<ArrayBuffer> =>
    Float64Array.from(rows, of);
  const evaluation = (of: (row: EvaluationRow) => number): Float64Array<ArrayBuffer> =>
    Float64Array.from(evaluations, of);
  return {
    metrics: {
      step: metric((row) => row.step),
      steps: metric((row) => row.steps),
      epoch: metric((row) => row.epoch),
      tokens: metric((row) => row.tokens),
      seconds: metric((row) => row.seconds),
      lossMean: metric((row) => row.loss.mean),
      lossMin: metric((row) => row.loss.min),
      lossMax: metric((row) => row.loss.max),
      gradientNormMean: metric((row) => row.gradientNorm.mean),
      gradientNormMin: metric((row) => row.gradientNorm.min),
      gradientNormMax: metric((row) => row.gradientNorm.max),
      clipped: metric((row) => row.clipped),
      learningRate: metric((row) => row.learningRate),
      tokensPerSecond: metric((row) => row.tokensPerSecond),
    },
    evaluations: {
      step: evaluation((row) => row.step),
      epoch: evaluation((row) => row.epoch),
      seconds: evaluation((row) => row.seconds),
      validationLoss: evaluation((row) => row.validationLoss),
      best: evaluation((row) => Number(row.best)),
    },
  };
}
