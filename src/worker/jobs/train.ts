import { describeChanges } from '../../core/data/text';
import { sentence, type Sentence } from '../../core/sentence';
import { channelsOf } from '../../core/task/channels';
import { floorsOf } from '../../core/task/floors';
import type { DoneEvent, FailedEvent, TrainerEvent } from '../../core/training/events';
import { hasBegun } from '../../core/training/checkpoint';
import { checkpointFileName, runFileNames, type RunInfo } from '../../core/training/run';
import { createTrainer, type Trainer } from '../../core/training/trainer';
import type { Control, TrainRequest, TrainResult } from '../../protocol/engine';
import { createBackend } from '../backends';
import { JobError, failureOf } from '../failures';
import type { Job } from '../handler';
import { openKeptCheckpoints } from '../kept-checkpoints';
import { openLookFile } from '../look-file';
import type { Platform } from '../platform';
import {
  dotted,
  metricsFile,
  observationFile,
  runFiles,
  sampleFile,
  shownDocuments,
  taskFacts,
} from '../run-folder';
import { annotationsOf, createRunWriter, noWriter, type RunWriter } from '../run-writer';
import { placeOf, setUp, trainingData, type NamedData, type TrainSetup } from '../train-setup';

/** Longest time without letting messages in, s. */
const sliceSeconds = 0.02;

/** Trains a model to the end that its settings set, or until it is stopped. */
export async function train(request: TrainRequest, job: Job<'train'>): Promise<TrainResult> {
  const { platform } = job;
  const { files } = platform;
  const { run, resume } = request;
  let unlock: (() => Promise<void>) | undefined;
  let trainer: Trainer | undefined;
  try {
    // A run that goes on is taken before it is read; a new one's folder is made only once all is well.
    if (run !== undefined && resume === true && (await files.entry(run)) !== undefined) {
      unlock = await files.lock(run);
    }
    const setup = await setUp(platform, request);
    const { settings, cell, data, before } = setup;
    trainer = await createTrainer({
      settings,
      cell,
      data: trainingData(data, job, sentence`The training was stopped before its first step.`),
      createHash: platform.createHash,
      availableMemory: platform.availableMemory,
      createBackend: async (model, threads, kernels) => {
        await platform.beforeComputing();
        return createBackend(platform, model, threads, kernels);
      },
      now: platform.now,
      vectors: setup.vectors,
      ...(before?.checkpoint && { resume: before.checkpoint }),
    });
    const ready: Ready = { ...setup, trainer, task: keptTask(data, trainer) };
    if (run === undefined) return await runTraining(job, ready, null, noWriter);
    await files.makeFolder(run);
    unlock ??= await files.lock(run);
    await files.clean(run);
    const writer = await openRun(job, ready, run, request);
    return await runTraining(job, ready, run, writer);
  } finally {
    job.live.delete(job.id);
    trainer?.close();
    await unlock?.();
  }
}

/** A training before its first step. */
interface Ready extends TrainSetup {
  readonly trainer: Trainer;
  readonly task: RunInfo['task'];
}

/** What a run keeps of its task. */
function keptTask(data: NamedData, trainer: Trainer): RunInfo['task'] {
  const { examples } = trainer;
  if (data.kind === 'text' || examples === undefined) return undefined;
  const { dataset, task: description } = data.data;
  const sizes = channelsOf(dataset);
  const { hidden, dropout } = trainer.settings.model;
  return {
    line: data.line,
    examples,
    sizes: { hidden, dropout, ...sizes },
    description,
    floors: floorsOf({
      table: data.table,
      understanding: data.understanding,
      encoded: data.encoded,
    }),
  };
}

/** Writes what a run's folder holds before the first step. */
async function openRun(
  { platform, emit }: Job<'train'>,
  { settings, data, before, trainer, task }: Ready,
  run: string,
  { about, source: given, origin }: TrainRequest,
): Promise<RunWriter> {
  const { now, date, software } = platform;
  const files = runFiles(platform.files, run);
  const { cell, parameters, vocabulary, tokens, validationTokens, baselines } = trainer.facts;
  const { batch, sequence, backend } = trainer.facts;
  const { name, path: source } = placeOf(data);
  const vectors = trainer.vectors ?? before?.info.vectors;
  const documents = documentsOf(data);
  const experiment = before?.info.experiment ?? about?.experiment;
  const learnt = given?.kind === 'text' ? { path: origin, text: given.text } : { path: source };
  const git = before?.info.git ?? (await gitOf(platform, learnt));
  const info: RunInfo = {
    version: 1,
    ...annotationsOf(
      before?.info ?? (about && { title: about.title, tags: [...about.tags] }) ?? {},
    ),
    ...(experiment !== undefined && { experiment }),
    name,
    source,
    ...(git && { git }),
    text: { hash: trainer.textHash, tokens, validationTokens },
    ...(documents && { documents }),
    ...(vectors && { vectors }),
    cell,
    settings,
    software: { ...software, kernels: backend },
    exactAfter: before?.checkpoint === undefined ? 0 : (before.info.exactAfter ?? trainer.step()),
    parameters,
    vocabulary,
    chunk: { batch, sequence },
    baselines,
    ...(task && { task }),
    created: before?.info.created ?? date(),
    changed: date(),
    state: 'training',
    step: trainer.step(),
    seconds: trainer.seconds(),
    loss: before?.info.loss ?? null,
    best: before?.info.best ?? null,
    failure: null,
  };
  const savedStep = before?.checkpoint?.training.step;
  await files.remove(runFileNames.failedStep);
  const writer = createRunWriter({
    files,
    trainer,
    info,
    savedStep,
    metrics: await openLookFile({ files, ...metricsFile, after: savedStep }),
    observations: await openLookFile({ files, ...observationFile, after: savedStep }),
    samples: await openLookFile({ files, ...sampleFile, after: savedStep }),
    kept: await openKeptCheckpoints({
      files,
      limit: trainer.settings.training.keepCheckpoints * 2 ** 20,
      after: savedStep,
      encode: () => trainer.modelCheckpoint(),
      now,
    }),
    emit,
    now,
    date,
  });
  await files.write(runFileNames.cell, cell.source);
  // run.json and the checkpoint always say the same settings, also of a run that goes on for no step.
  if (before?.checkpoint !== undefined && hasBegun(before.checkpoint.training)) {
    const isSame = JSON.stringify(before.checkpoint.settings) === JSON.stringify(settings);
    if (!isSame) await files.write(checkpointFileName('last'), trainer.checkpoint());
  }
  await writer.end('training', null);
  return writer;
}

async function gitOf(
  { git }: Platform,
  { path, text }: { readonly path?: string | null | undefined; readonly text?: string },
): Promise<RunInfo['git']> {
  return path == null ? undefined : await git?.({ path, text });
}

function documentsOf(data: NamedData): RunInfo['documents'] {
  if (data.kind === 'examples' || data.text.corpus === undefined) return undefined;
  const { count, last, include, exclude } = data.text.corpus.facts;
  return {
    ...{ count, last },
    ...(include && { include: [...include] }),
    ...(exclude && { exclude: [...exclude] }),
  };
}

/** What is worth knowing of how the data was read. */
function notesOf(data: NamedData): readonly Sentence[] {
  if (data.kind === 'examples') return [...data.understanding.notes, ...data.encoded.notes];
  const message = describeChanges(data.text.changes());
  return [...(data.text.corpus?.notes ?? []), ...(message === undefined ? [] : [message])];
}

async function runTraining(
  job: Job<'train'>,
  { data, notes, settings, trainer, task }: Ready,
  run: string | null,
  writer: RunWriter,
): Promise<TrainResult> {
  const { language } = trainer;
  job.live.set(job.id, {
    run,
    language,
    step: () => trainer.step(),
    annotate: (change) => writer.annotate(change),
  });
  const controls = obeyControls(job, trainer);
  const facts = taskFacts(task);
  const documents = documentsOf(data);
  const outside = {
    name: placeOf(data).name,
    run,
    settings: dotted(settings),
    ...(documents && { documents: shownDocuments(documents) }),
    ...(facts && { task: facts }),
  };
  const emit = (event: Exclude<TrainerEvent, DoneEvent | FailedEvent>): void => {
    if (event.event !== 'started') {
      job.emit(event);
      return;
    }
    job.emit({ ...event, facts: { ...event.facts, ...outside } });
    for (const message of [...notesOf(data), ...notes]) {
      job.emit({ event: 'warning', code: 'text-changed', message });
    }
    const rows = data.kind === 'examples' ? data.encoded.rows : [];
    if (rows.length > 0) job.emit({ event: 'rows', rows: [...rows] });
  };
  try {
    // The event `started` comes alone, so that the client has it before the first step's time is spent.
    for (let seconds = 0; ; seconds = sliceSeconds) {
      controls.obeyed();
      for (const event of trainer.runFor(seconds)) {
        if (event.event === 'done') return await finish(event, run, writer, controls.suspended());
        if (event.event === 'failed') throw diverged(event);
        // Who is told of a pause may close the engine: by then all is kept.
        if (event.event === 'paused') await writer.event(event);
        emit(event);
        if (event.event !== 'paused') await writer.event(event);
      }
      await writer.tick();
      await (trainer.isPaused() ? controls.next() : job.breathe());
    }
  } catch (error) {
    await keepFailure(error, trainer, writer);
    throw error;
  }
}

async function finish(
  { event: _, ...result }: DoneEvent,
  run: string | null,
  writer: RunWriter,
  suspended: boolean,
): Promise<TrainResult> {
  await writer.save();
  // A run that says `training` though nobody has it is one that was interrupted.
  const stopped = suspended ? 'training' : 'stopped';
  await writer.end(result.reason === 'stopped' ? stopped : 'finished', null);
  return { ...result, run };
}

/** What tells a training that is paused to look up. */
interface Controls {
  /** All that came so far is taken into account. */
  obeyed(): void;
  /** Resolves at the next control, or at once if one came since `obeyed`. */
  next(): Promise<void>;
  /** Whether it was asked to suspend. */
  suspended(): boolean;
}

function obeyControls(job: Job<'train'>, trainer: Trainer): Controls {
  let isNew = false;
  let isSuspended = false;
  let wake: () => void = () => undefined;
  job.onControl((control: Control) => {
    obey(trainer, control);
    isSuspended ||= control.action === 'suspend';
    isNew = true;
    wake();
  });
  return {
    obeyed() {
      isNew = false;
    },
    next: () =>
      new Promise((resolve) => {
        if (isNew) resolve();
        else wake = resolve;
      }),
    suspended: () => isSuspended,
  };
}

function obey(trainer: Trainer, control: Control): void {
  switch (control.action) {
    case 'pause':
      trainer.pause();
      break;
    case 'resume':
      trainer.resume();
      break;
    case 'stop':
    case 'suspend':
      trainer.stop();
      break;
    case 'setLearningRate':
      trainer.setLearningRate(control.learningRate ?? undefined);
      break;
  }
}

function diverged({ message, hint, step, parameter }: FailedEvent): JobError {
  return new JobError({ code: 'failure', message, hint, step, parameter });
}

/** So that the run's folder tells how it ended. The last checkpoint stays the one before. */
async function keepFailure(error: unknown, trainer: Trainer, writer: RunWriter): Promise<void> {
  const { message, hint, step = trainer.step(), parameter = '' } = failureOf(error);
  try {
    await writer.end('failed', { message, hint, step, parameter });
    const failed = trainer.failedStep();
    if (failed) await writer.failedStep(failed);
  } catch {
    // What is thrown on says more than that its traces cannot be kept either.
  }
}
