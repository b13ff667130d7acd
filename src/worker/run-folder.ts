/** A run's folder: the core's view of its files, and what the worker reads out of them. */
import { structureOf, structureOfExamples } from '../core/engine/structure';
import { parseCell } from '../core/equations/parse';
import { modelShapes } from '../core/model-shapes';
import { sentence } from '../core/sentence';
import { automaticLearningRate } from '../core/settings/automatic';
import {
  decodeAnyCheckpoint,
  decodeCheckpoint,
  type AnyCheckpoint,
  type Checkpoint,
} from '../core/training/checkpoint';
import { decodeFailedStep, type FailedStep } from '../core/training/failed-step';
import { keptMetrics, type MetricsLine } from '../core/training/kept-metrics';
import {
  checkpointFileName,
  chooseCheckpoint,
  decodeMetrics,
  decodeRunInfo,
  encodeMetrics,
  runFileNames,
  type RunFiles,
  type RunInfo,
} from '../core/training/run';
import {
  decodeObservations,
  decodeSamples,
  encodeObservation,
  encodeSample,
} from '../core/training/run-looks';
import { limitOf, type Settings } from '../core/settings/settings';
import type {
  KeptFacts,
  NetworkFacts,
  Observation,
  SettingValues,
  TaskFacts,
  TrainingSample,
  WhichCheckpoint,
} from '../protocol/engine';
import { observationLimit, sampleLimit, thinned } from '../protocol/thinned';
import { inputError } from './failures';
import type { Files } from './platform';

/** No model that a person trains here is larger. */
export const checkpointLimit = 2 ** 31;
const infoLimit = 16 * 2 ** 20;
/** Of a file of lines: metrics, looks. */
const linesLimit = 256 * 2 ** 20;
/** More than a panel has pixels, and at ten a second more than an hour. */
const metricsLines = 25_000;

/** The files of looks at a training, as `openLookFile` and `readLooks` want them. */
export const observationFile = {
  name: runFileNames.observations,
  limit: observationLimit,
  keep: thinned<Observation>,
  stepOf: ({ step }: Observation) => step,
  encode: encodeObservation,
  decode: decodeObservations,
};
export const sampleFile = {
  name: runFileNames.samples,
  limit: sampleLimit,
  keep: thinned<TrainingSample>,
  stepOf: ({ step }: TrainingSample) => step,
  encode: encodeSample,
  decode: decodeSamples,
};

/** The rows of metrics: over an hour of them one by one, then merged. */
export const metricsFile = {
  name: runFileNames.metrics,
  limit: metricsLines,
  keep: keptMetrics,
  stepOf: ({ row }: MetricsLine) => row.step,
  encode: encodeMetrics,
  decode: decodeMetrics,
};

/** The files of one folder, for the core. */
export function runFiles(files: Files, folder: string): RunFiles {
  const at = (name: string): string => files.join(folder, name);
  return {
    async read(name) {
      const entry = await files.entry(at(name));
      if (entry === undefined) return undefined;
      if (entry.bytes > linesLimit) {
        throw inputError(
          sentence`${at(name)} has ${Math.round(entry.bytes / 2 ** 20)} MB, more than RNN Lab ever writes.`,
          sentence`Delete it or move it away: the run continues without it.`,
        );
      }
      return await files.read(at(name), linesLimit);
    },
    write: (name, contents) => files.write(at(name), contents),
    append: (name, text) => files.append(at(name), text),
    remove: (name) => files.remove(at(name)),
    list: () => files.names(folder),
  };
}

/**
 * Reads `run.json`.
 * @throws JobError, InputError if the folder is not that of a run
 */
export async function readRunInfo(files: Files, run: string): Promise<RunInfo> {
  const file = files.join(run, runFileNames.info);
  if ((await files.entry(run)) === undefined) {
    throw inputError(
      sentence`There is no run ${run}.`,
      sentence`Give the folder of a run, such as one under runs/.`,
    );
  }
  if ((await files.entry(file)) === undefined) {
    throw inputError(
      sentence`${run} is not the folder of a run: it has no ${runFileNames.info}.`,
      sentence`Give the folder that rnn-lab train or RNN Lab made.`,
    );
  }
  return decodeRunInfo(await files.read(file, infoLimit), run);
}

/**
 * Reads one of a run's checkpoints.
 * @param asked undefined: the best, else the last
 * @throws JobError, InputError if there is none, or it is damaged
 */
export async function readCheckpoint(
  files: Files,
  run: string,
  asked: WhichCheckpoint | undefined,
): Promise<Checkpoint> {
  const { file, bytes } = await checkpointFile(files, run, asked);
  return decodeCheckpoint(bytes, file);
}

/** The same, whatever the model. */
export async function readAnyCheckpoint(
  files: Files,
  run: string,
  asked: WhichCheckpoint | undefined,
): Promise<AnyCheckpoint> {
  const { file, bytes } = await checkpointFile(files, run, asked);
  return decodeAnyCheckpoint(bytes, file);
}

/**
 * Reads the step at which a run's numbers went wrong.
 * @throws JobError, InputError if there is none, or its file is damaged
 */
export async function readFailedStep(files: Files, run: string): Promise<FailedStep> {
  const file = files.join(run, runFileNames.failedStep);
  if ((await files.entry(file)) === undefined) {
    throw inputError(
      sentence`${run} keeps no step that failed.`,
      sentence`Where the loss of a run on a text stops being a number, its step is kept. Train it again.`,
    );
  }
  return decodeFailedStep(await files.read(file, checkpointLimit), file);
}

async function checkpointFile(
  files: Files,
  run: string,
  asked: WhichCheckpoint | undefined,
): Promise<{ file: string; bytes: Uint8Array }> {
  await readRunInfo(files, run);
  const which = chooseCheckpoint(await files.names(run), run, asked);
  const file = files.join(run, checkpointFileName(which));
  return { file, bytes: await files.read(file, checkpointLimit) };
}

/** The text of `metrics.jsonl`; empty if there is none yet. */
export async function readMetrics(files: Files, run: string): Promise<string> {
  const bytes = await runFiles(files, run).read(runFileNames.metrics);
  return new TextDecoder().decode(bytes);
}

/** What a run's folder tells of it. */
export async function factsOf(files: Files, run: string, info: RunInfo): Promise<KeptFacts> {
  const { name, settings, cell, parameters, vocabulary, text, baselines } = info;
  const { optimizer, learningRate } = settings.training;
  return {
    name,
    run,
    settings: dotted(settings),
    cell,
    parameters,
    vocabulary,
    tokens: text.tokens,
    validationTokens: text.validationTokens,
    ...(info.chunk ?? (await chunkOf(files, run, settings))),
    learningRate: learningRate === 0 ? automaticLearningRate(cell.source, optimizer) : learningRate,
    limit: limitOf(settings.training),
    baselines,
    network: networkOf(info),
    ...(info.documents && { documents: shownDocuments(info.documents) }),
    ...(info.task && { task: taskFacts(info.task) }),
  };
}

/** What clients are told of the documents. */
export function shownDocuments({
  count,
  last,
}: NonNullable<RunInfo['documents']>): NonNullable<KeptFacts['documents']> {
  return { count, last };
}

function networkOf({ task, cell: { name, source }, settings, vocabulary }: RunInfo): NetworkFacts {
  const cell = parseCell(source, name);
  if (task === undefined) return structureOf({ ...settings.model, cell, vocabulary });
  const { answer, ...sizes } = task.sizes;
  return structureOfExamples({ cell, ...sizes, ...(answer && { answer }) });
}

/** What clients are told of a task. */
export function taskFacts(task: NonNullable<RunInfo['task']>): TaskFacts;
export function taskFacts(task: RunInfo['task']): TaskFacts | undefined;
export function taskFacts(task: RunInfo['task']): TaskFacts | undefined {
  if (task === undefined) return undefined;
  const { line, examples, floors, description } = task;
  const { inputs, outputs, response, series, shape } = description.understanding;
  const names = (columns: typeof inputs): string[] => columns.map(({ name }) => name);
  return {
    ...{ line, inputs: names(inputs), outputs: names(outputs), response, examples, floors },
    // What an imported model says of itself need not tell.
    ...(modelShapes.includes(shape) && { shape }),
    ...(series && series.horizon > 0 && response === 'none' && { horizon: series.horizon }),
  };
}

/** Batch and sequence as used, of a run whose `run.json` does not tell: its checkpoint does; before the first, as asked. */
async function chunkOf(
  files: Files,
  run: string,
  { training: { batch, sequence } }: Settings,
): Promise<{ batch: number; sequence: number }> {
  try {
    const { training } = await readAnyCheckpoint(files, run, 'last');
    return { batch: training.batch, sequence: training.sequence };
  } catch {
    return { batch, sequence };
  }
}

/** `{ model: { hidden: 8 } }` as `{ 'model.hidden': 8 }`. */
export function dotted(settings: Settings): SettingValues {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => [`${group}.${name}`, value] as const),
    ),
  );
}
