import { parseCell } from '../../core/equations/parse';
import { sentence } from '../../core/sentence';
import { decodeCheckpoint, type Checkpoint } from '../../core/training/checkpoint';
import { compareMetrics, compareTensors, type Comparison } from '../../core/training/reproduction';
import {
  checkpointsAmong,
  decodeMetrics,
  runFileNames,
  type RunInfo,
} from '../../core/training/run';
import { limitOf, parseSettings, type Settings } from '../../core/training/settings';
import { createTrainer, type Trainer } from '../../core/training/trainer';
import type { ReproduceRequest, ReproduceResult } from '../../protocol/engine';
import { createBackend } from '../backends';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { dotted, readCheckpoint, readMetrics, readRunInfo } from '../run-folder';
import { stoppable } from '../sources';
import { textOfRun } from '../train-setup';

/** Longest time without letting messages in, s. */
const sliceSeconds = 0.02;
/** Longer than any training: the course tells how far the clock was. */
const endless = 1_000_000_000;
const giveText = sentence`Give the text: rnn-lab reproduce RUN FILE.`;
const stopped = sentence`The run was not trained again to its end.`;

/** What a run's folder keeps of its training. */
interface Kept {
  readonly info: RunInfo;
  readonly checkpoint: Checkpoint | undefined;
  readonly comparison: Comparison;
  /** How far there is anything to compare. */
  readonly lastStep: number;
}

/** Trains a run again from its settings, seed and text, and compares all that was recorded. */
export async function reproduce(
  request: ReproduceRequest,
  job: Job<'reproduce'>,
): Promise<ReproduceResult> {
  const { platform } = job;
  const start = platform.now();
  const { run, source, threads } = request;
  const kept = await readKept(job, run);
  const text = await textOfRun(platform.files, source, kept.info, giveText);
  const { info, checkpoint } = kept;
  const trainer = await createTrainer({
    settings: settingsAgain(info.settings, threads),
    cell: parseCell(info.cell.source, info.cell.name),
    text: stoppable(text, job, stopped),
    createHash: platform.createHash,
    availableMemory: platform.availableMemory,
    createBackend: async (model, count, kernels) => {
      await platform.beforeComputing();
      return createBackend(platform, model, count, kernels);
    },
    replay: checkpoint?.training.course ?? [],
    now: everyStep(),
  });
  try {
    if (trainer.textHash !== info.text.hash) {
      throw inputError(
        sentence`The text ${text.name} is not the one that the run was trained on: its SHA-256 is ${trainer.textHash}, and it was ${info.text.hash}.`,
        giveText,
      );
    }
    const found = await compare(trainer, kept, job);
    return { ...found, seconds: platform.now() - start };
  } finally {
    trainer.close();
  }
}

/** @throws JobError, InputError if there is nothing to compare, or not all that it takes */
async function readKept({ platform: { files } }: Job<'reproduce'>, run: string): Promise<Kept> {
  const info = await readRunInfo(files, run);
  const comparison = compareMetrics(decodeMetrics(await readMetrics(files, run)));
  const has = checkpointsAmong(await files.names(run)).includes('last');
  const checkpoint = has ? await readCheckpoint(files, run, 'last') : undefined;
  // What the clock has decided is known up to the last checkpoint.
  const byTime = limitOf(info.settings.training).kind === 'seconds';
  const saved = checkpoint?.training.step ?? 0;
  const lastStep = byTime ? saved : Math.max(saved, comparison.lastStep);
  if (lastStep === 0) {
    throw inputError(
      sentence`${run} has recorded nothing to compare with.`,
      sentence`Train it first.`,
    );
  }
  return { info, checkpoint, comparison, lastStep };
}

/** A run's own settings, without what costs time and changes nothing. */
function settingsAgain(settings: Settings, threads: number | undefined): Settings {
  const byTime = limitOf(settings.training).kind === 'seconds';
  return parseSettings({
    ...dotted(settings),
    ...(byTime && { 'training.seconds': endless }),
    ...(threads !== undefined && { 'training.threads': threads }),
    'inspection.observeEvery': 0,
    'inspection.sampleEvery': 0,
  });
}

/** A clock that makes each step a row of metrics. */
function everyStep(): () => number {
  let time = 0;
  return () => (time += 0.1);
}

async function compare(
  trainer: Trainer,
  { comparison, checkpoint, lastStep }: Kept,
  job: Job<'reproduce'>,
): Promise<Omit<ReproduceResult, 'seconds'>> {
  const { now } = job.platform;
  const results = (
    difference: ReproduceResult['difference'],
    tensors: boolean | null,
  ): Omit<ReproduceResult, 'seconds'> => ({
    steps: trainer.step(),
    ...comparison.agreed(),
    tensors,
    difference,
  });
  let tensors: boolean | null = null;
  let end = now() + sliceSeconds;
  for (;;) {
    const before = trainer.step();
    for (const event of trainer.runFor(0)) {
      const difference =
        event.event === 'metrics'
          ? comparison.step(event.row.step, event.row.loss.mean)
          : event.event === 'evaluation'
            ? comparison.evaluation(event.row.step, event.row.validationLoss)
            : undefined;
      if (difference !== undefined) return results(difference, null);
    }
    const step = trainer.step();
    if (step > before && step === checkpoint?.training.step) {
      const again = decodeCheckpoint(trainer.checkpoint(), runFileNames.info);
      const difference = compareTensors(checkpoint, again);
      tensors = difference === undefined;
      if (difference !== undefined) return results(difference, tensors);
    }
    // One step more: a measurement comes after its step.
    if (step > lastStep) return results(null, tensors);
    if (trainer.hasEnded()) {
      if (step === lastStep) return results(null, tensors);
      const difference = { what: 'end', name: '', recorded: lastStep, got: step } as const;
      return results({ step, ...difference }, tensors);
    }
    if (now() >= end) {
      job.emit({ event: 'progress', done: step / lastStep });
      await job.breathe();
      if (job.stopped()) throw inputError(stopped);
      end = now() + sliceSeconds;
    }
  }
}
