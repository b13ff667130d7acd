import { joined, sentence } from '../core/sentence';
import type { NamedCheckpoint, TrainerEvent } from '../core/training/events';
import { scoresOf, type EvaluationRow } from '../core/metrics/columns';
import type { MetricsLine } from '../core/training/kept-metrics';
import type { Annotations, RunInfo } from '../core/training/run';
import {
  checkpointFileName,
  encodeRunInfo,
  runFileNames,
  type RunFiles,
} from '../core/training/run';
import type { Trainer } from '../core/training/trainer';
import {
  wholeOf,
  type Observation,
  type TrainEvent,
  type TrainingSample,
} from '../protocol/engine';
import { failureOf, FullDiskError, JobError } from './failures';
import type { KeptCheckpoints } from './kept-checkpoints';
import type { LookFile } from './look-file';

/** Between two writes of `metrics.jsonl` and the files of looks, s: rows are collected. */
const metricsInterval = 1;

/** Keeps a training in its run's folder. */
export interface RunWriter {
  /** To be called with each event of the training: of a pause all is kept, of others what is due. */
  event(event: TrainerEvent): Promise<void>;
  /** To be called between two slices: writes what is due. */
  tick(): Promise<void>;
  /**
   * Writes the last checkpoint, if the training is further than the one on the disk, and everything else.
   * @throws JobError if it cannot be written
   */
  save(): Promise<void>;
  /**
   * Keeps what the user says of the run.
   * @throws JobError if it cannot be written
   */
  annotate(change: (before: Annotations) => Annotations): Promise<Annotations>;
  /** Keeps the step that went wrong. @throws JobError if it cannot be written */
  failedStep(file: Uint8Array): Promise<void>;
  /**
   * Writes all but a checkpoint: the end of the run.
   * @throws JobError if it cannot be written
   */
  end(state: RunInfo['state'], failure: RunInfo['failure']): Promise<void>;
}

export interface RunWriterOptions {
  readonly files: RunFiles;
  readonly trainer: Trainer;
  readonly metrics: LookFile<MetricsLine>;
  readonly observations: LookFile<Observation>;
  readonly samples: LookFile<TrainingSample>;
  readonly kept: KeptCheckpoints;
  /** What `run.json` begins with. */
  readonly info: RunInfo;
  /** Step of the last checkpoint on the disk; undefined: there is none. */
  readonly savedStep: number | undefined;
  readonly emit: (event: TrainEvent) => void;
  /** A clock that never goes back, s. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly date: () => number;
}

/** A run that is kept nowhere. */
export const noWriter: RunWriter = {
  event: () => Promise.resolve(),
  tick: () => Promise.resolve(),
  save: () => Promise.resolve(),
  annotate: (change) => Promise.resolve(change({})),
  failedStep: () => Promise.resolve(),
  end: () => Promise.resolve(),
};

/**
 * While training goes on, what cannot be written is told once as a warning and tried again later; but a full
 * disk ends the training with a JobError, and so does what cannot be written at the end.
 */
export function createRunWriter({
  files,
  trainer,
  metrics,
  observations,
  samples,
  kept,
  info: initial,
  savedStep: initialStep,
  emit,
  now,
  date,
}: RunWriterOptions): RunWriter {
  const { checkpointEvery } = trainer.settings.training;
  // Earlier than asked by what it takes to write: no more is lost than the setting says.
  const interval = Math.max(0.9 * checkpointEvery, checkpointEvery - 1);
  let info = initial;
  let savedStep = initialStep;
  let savedAt = now();
  let rowsAt = now();
  let isWarned = false;
  let isFirst = initialStep === undefined;
  /** Steps up to here are in a row: a checkpoint beyond it would leave a gap where the engine dies. */
  let rowStep = trainer.step();

  async function writeInfo(): Promise<void> {
    info = { ...info, changed: date(), step: trainer.step(), seconds: trainer.seconds() };
    await files.write(runFileNames.info, encodeRunInfo(info));
  }

  async function writeRows(): Promise<void> {
    rowsAt = now();
    await metrics.write();
    await observations.write();
    await samples.write();
  }

  async function writeCheckpoint(which: NamedCheckpoint): Promise<void> {
    const step = trainer.step();
    const file = checkpointFileName(which);
    await writeRows();
    await files.write(file, trainer.checkpoint());
    if (which === 'last') savedStep = step;
    await writeInfo();
    isWarned = false;
    emit({ event: 'checkpoint', which, step, file });
  }

  async function writeLast(): Promise<void> {
    // Also after a failure, so that a full disk is not tried again at once.
    savedAt = now();
    isFirst = false;
    await writeCheckpoint('last');
  }

  async function saveLast(): Promise<void> {
    if (savedStep !== trainer.step()) await writeLast();
  }

  async function keep(): Promise<void> {
    const step = trainer.step();
    const steps = await kept.tick(step);
    if (steps !== undefined) emit({ event: 'kept', step, steps });
  }

  /** If it fails the user is told, once until a checkpoint is written again: less may find nothing to write. */
  async function attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof FullDiskError) throw stopsTraining(error);
      if (isWarned) return;
      isWarned = true;
      const message = joined(
        wholeOf(failureOf(error)),
        sentence`Training continues, and this will be tried again.`,
      );
      emit({ event: 'warning', code: 'not-saved', message });
    }
  }

  /** Nothing that is still learnt could be kept. */
  function stopsTraining(error: FullDiskError): JobError {
    if (savedStep === undefined) return error;
    const hint = sentence`Free some space, then continue the run: the checkpoint after step ${savedStep} is intact.`;
    return new JobError({ ...error.failure, hint });
  }

  async function evaluation(row: EvaluationRow): Promise<void> {
    if (!row.best) return;
    const { step, validationLoss } = row;
    info = { ...info, best: { step, validationLoss, ...scoresOf(row) } };
    await attempt(() => writeCheckpoint('best'));
  }

  return {
    async event(event) {
      if (event.event === 'paused') {
        await attempt(saveLast);
        await attempt(keep);
      }
      if (event.event === 'observation') observations.append(event.row);
      if (event.event === 'sampled') samples.append(event.row);
      if (event.event !== 'metrics' && event.event !== 'evaluation') return;
      metrics.append(event);
      if (event.event === 'metrics') {
        info = { ...info, loss: event.row.loss.mean };
        rowStep = event.row.step;
      } else await evaluation(event.row);
    },
    async tick() {
      const step = trainer.step();
      const isOld = interval > 0 && now() - savedAt >= interval && savedStep !== step;
      const isDue = isOld || (isFirst && step > 0);
      if (isDue && rowStep === step) await attempt(writeLast);
      else if (now() - rowsAt >= metricsInterval) await attempt(writeRows);
      await attempt(keep);
    },
    save: saveLast,
    async annotate(change) {
      info = annotated(info, change);
      await writeInfo();
      return annotationsOf(info);
    },
    failedStep: (file) => files.write(runFileNames.failedStep, file),
    async end(state, failure) {
      info = { ...info, state, failure };
      await writeRows();
      await writeInfo();
    },
  };
}

/** What the user says of a run; what they do not say is missing. */
export function annotationsOf({ title, tags }: Annotations): Annotations {
  return { ...(title !== undefined && { title }), ...(tags !== undefined && { tags }) };
}

/** A run's information with other annotations. */
export function annotated(info: RunInfo, change: (before: Annotations) => Annotations): RunInfo {
  return { ...bare(info), ...annotationsOf(change(info)) };
}

function bare({ title: _, tags: __, ...info }: RunInfo): RunInfo {
  return info;
}
