import { parseCell } from '../../core/equations/parse';
import { sentence } from '../../core/sentence';
import { decodeAnyCheckpoint, stageUpTo, type AnyCheckpoint } from '../../core/training/checkpoint';
import { stagesBefore, type Stage } from '../../core/training/course';
import { compareMetrics, compareTensors, type Comparison } from '../../core/training/reproduction';
import {
  checkpointsAmong,
  decodeMetrics,
  runFileNames,
  type RunInfo,
} from '../../core/training/run';
import { limitOf, parseSettings, type Settings } from '../../core/settings/settings';
import type { StartingVectors } from '../../core/training/starting-vectors';
import { createTrainer, type Trainer } from '../../core/training/trainer';
import type { ReproduceRequest, ReproduceResult } from '../../protocol/engine';
import { createBackend } from '../backends';
import { refuseDisagreement } from '../disagreement';
import { inputError, JobError } from '../failures';
import type { Job } from '../handler';
import { dotted, readAnyCheckpoint, readMetrics, readRunInfo } from '../run-folder';
import { dataOfRun, placeOf, trainingData } from '../train-setup';
import { openVectors } from '../vectors';

/** Longest time without letting messages in, s. */
const sliceSeconds = 0.02;
const giveText = sentence`Give the text: rnn-lab reproduce RUN FILE.`;
const giveVectors = sentence`Give the file that it was: rnn-lab reproduce RUN --vectors FILE.`;
const putBack = sentence`Put the checkpoint’s value back into run.json. To continue training with the new one: rnn-lab train --resume RUN.`;
const stopped = sentence`The run was not trained again to its end.`;

/** What a run's folder keeps of its training. */
interface Kept {
  readonly info: RunInfo;
  readonly checkpoint: AnyCheckpoint | undefined;
  readonly comparison: Comparison;
  /** The last one ends where there is no more to compare. */
  readonly stages: readonly Stage[];
  /** Lines after this step were recorded after the last checkpoint, by a clock that cannot be turned back. */
  readonly comparable: number;
}

/** Trains a run again from its settings, seed and text, and compares all that was recorded. */
export async function reproduce(
  request: ReproduceRequest,
  job: Job<'reproduce'>,
): Promise<ReproduceResult> {
  const { now } = job.platform;
  const start = now();
  const kept = await readKept(job, request.run);
  let resume: AnyCheckpoint | undefined;
  let found: Found | undefined;
  for (const stage of kept.stages) {
    const trainer = await trainAgain(stage, resume, request, kept, job);
    try {
      const next = await compare(trainer, stage, kept, job);
      found = { ...next, tensors: next.tensors ?? found?.tensors ?? null };
      if (found.difference !== null || stage === kept.stages.at(-1)) break;
      resume = decodeAnyCheckpoint(trainer.checkpoint(), runFileNames.info);
    } finally {
      trainer.close();
    }
  }
  const beyond = kept.comparison.after(kept.comparable);
  return { ...found!, beyond, seconds: now() - start };
}

/** @throws JobError, InputError if there is nothing to compare, or not all that it takes */
async function readKept({ platform: { files } }: Job<'reproduce'>, run: string): Promise<Kept> {
  const info = await readRunInfo(files, run);
  const lines = decodeMetrics(await readMetrics(files, run));
  const comparison = compareMetrics(lines, info.exactAfter ?? Infinity);
  const has = checkpointsAmong(await files.names(run)).includes('last');
  const checkpoint = has ? await readAnyCheckpoint(files, run, 'last') : undefined;
  const saved = checkpoint?.training.step ?? 0;
  // What ended as it should has its last step in the checkpoint; what the clock has decided is known up to there.
  const hasEnded = saved > 0 && (info.state === 'finished' || info.state === 'stopped');
  const byTime = limitOf(info.settings.training).kind === 'seconds';
  const until = byTime || hasEnded ? saved : Math.max(saved, comparison.lastStep);
  if (until === 0) {
    throw inputError(
      sentence`${run} has recorded nothing to compare with.`,
      sentence`Train it first.`,
    );
  }
  const stages = stagesOf(info, checkpoint, until);
  refuseOthers(stages, info);
  if (checkpoint !== undefined) refuseDisagreement(info, checkpoint, 'all', putBack);
  return { info, checkpoint, comparison, stages, comparable: hasEnded ? Infinity : until };
}

function stagesOf(
  { settings, text, software }: RunInfo,
  checkpoint: AnyCheckpoint | undefined,
  until: number,
): readonly Stage[] {
  const kernels = checkpoint?.training.kernels ?? software?.kernels;
  const last: Stage = { until, settings, textHash: text.hash, ...(kernels && { kernels }) };
  if (checkpoint === undefined) return [last];
  const before = stagesBefore(checkpoint.training.stages, stageUpTo(checkpoint), last);
  return [...before, last].filter((stage, i, all) => stage.until > (all[i - 1]?.until ?? -1));
}

/** @throws JobError if a stage began with what the run does not keep */
function refuseOthers(stages: readonly Stage[], { text: { hash } }: RunInfo): void {
  if (stages.some(({ kernels }) => kernels === 'pytorch')) {
    throw inputError(
      sentence`The run was trained by PyTorch in part: it cannot be trained again here to the bit.`,
      sentence`Reproduce a run that was trained by RNN Lab alone.`,
    );
  }
  const other = stages.find(({ textHash }) => textHash !== hash);
  if (other === undefined) return;
  throw inputError(
    other.textHash === ''
      ? sentence`The run started from the weights of an imported model: it cannot be reproduced from its start.`
      : sentence`Up to step ${other.until} the run was trained on another text (SHA-256 ${other.textHash}): it cannot be trained again from its start.`,
  );
}

/** @throws JobError, InputError if the text or the kernels are not those of the run */
async function trainAgain(
  stage: Stage,
  resume: AnyCheckpoint | undefined,
  { source, threads, vectors: moved }: ReproduceRequest,
  { info, checkpoint, comparison }: Kept,
  job: Job<'reproduce'>,
): Promise<Trainer> {
  const { platform } = job;
  const data = await dataOfRun(platform, source, info, giveText);
  const vectors = resume === undefined ? await vectorsOf(platform, moved, info) : undefined;
  const trainer = await createTrainer({
    settings: settingsAgain(stage, threads),
    cell: parseCell(info.cell.source, info.cell.name),
    data: trainingData(data, job, stopped),
    vectors,
    createHash: platform.createHash,
    availableMemory: platform.availableMemory,
    createBackend: async (model, count, kernels) => {
      await platform.beforeComputing();
      return createBackend(platform, model, count, kernels);
    },
    ...(resume && { resume }),
    replay: {
      course: checkpoint?.training.course ?? [],
      measured: comparison.measured,
      until: stage.until,
    },
    now: everyStep(),
  });
  try {
    refuseOtherTools(trainer, stage, placeOf(data).name);
    if (vectors !== undefined) refuseOtherVectors(trainer, info, vectors.name);
  } catch (error) {
    trainer.close();
    throw error;
  }
  return trainer;
}

/** The word vectors that a run started with. */
async function vectorsOf(
  platform: Job<'reproduce'>['platform'],
  moved: string | undefined,
  { settings }: RunInfo,
): Promise<StartingVectors | undefined> {
  if (settings.model.vectors === '') return undefined;
  try {
    return await openVectors(platform, moved ?? settings.model.vectors);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    throw new JobError({ ...error.failure, hint: giveVectors });
  }
}

function refuseOtherVectors(trainer: Trainer, { vectors }: RunInfo, name: string): void {
  const [now, before] = [trainer.vectors?.hash, vectors?.hash];
  if (now === undefined || before === undefined || now === before) return;
  throw inputError(
    sentence`The word vectors ${name} are not those that the run started with: their SHA-256 is ${now}; it was ${before}.`,
    giveVectors,
  );
}

function refuseOtherTools(trainer: Trainer, { textHash, kernels }: Stage, text: string): void {
  if (trainer.textHash !== textHash) {
    throw inputError(
      sentence`The text ${text} is not the one that the run was trained on: its SHA-256 is ${trainer.textHash}; it was ${textHash}.`,
      giveText,
    );
  }
  if (kernels !== undefined && kernels !== trainer.facts.backend) {
    throw inputError(
      sentence`The run was trained with ${kernels} kernels, but only ${trainer.facts.backend} kernels are available here.`,
      sentence`Use Node 22 or newer.`,
    );
  }
}

/** A run's own settings, with the kernels that it had, without what costs time and changes nothing. */
function settingsAgain({ settings, kernels }: Stage, threads: number | undefined): Settings {
  return parseSettings({
    ...dotted(settings),
    ...(threads !== undefined && { 'training.threads': threads }),
    ...(kernels === 'strict' && { 'training.kernels': kernels }),
    'inspection.observeEvery': 0,
    'inspection.sampleEvery': 0,
  });
}

/** A clock that makes each step a row of metrics. */
function everyStep(): () => number {
  let time = 0;
  return () => (time += 0.1);
}

type Found = Omit<ReproduceResult, 'seconds' | 'beyond'>;

/** Trains to the end of a stage. */
async function compare(
  trainer: Trainer,
  { until }: Stage,
  { comparison, checkpoint, stages, comparable }: Kept,
  job: Job<'reproduce'>,
): Promise<Found> {
  const { now } = job.platform;
  const lastStep = stages.at(-1)!.until;
  const found = (difference: Found['difference'], tensors: boolean | null): Found => ({
    steps: trainer.step(),
    ...comparison.agreed(),
    tensors,
    difference,
  });
  let tensors: boolean | null = null;
  let end = now() + sliceSeconds;
  while (!trainer.hasEnded()) {
    const before = trainer.step();
    for (const event of trainer.runFor(0)) {
      const difference =
        event.event === 'metrics'
          ? comparison.step(event.row)
          : event.event === 'evaluation'
            ? comparison.evaluation(event.row)
            : undefined;
      if (difference !== undefined) return found(difference, null);
    }
    const step = trainer.step();
    if (step > before && step === checkpoint?.training.step) {
      const again = decodeAnyCheckpoint(trainer.checkpoint(), runFileNames.info);
      const difference = compareTensors(checkpoint, again);
      tensors = difference === undefined;
      if (difference !== undefined) return found(difference, tensors);
    }
    if (now() >= end) {
      job.emit({ event: 'progress', done: step / lastStep });
      await job.breathe();
      if (job.stopped()) throw inputError(stopped);
      end = now() + sliceSeconds;
    }
  }
  const step = trainer.step();
  const ended = { step, what: 'end', name: '', recorded: until, got: step } as const;
  if (step !== until) return found(ended, tensors);
  const missing = until === lastStep ? comparison.missing(comparable) : undefined;
  return found(missing ?? null, tensors);
}
