import { EventEmitter, l10n, type Event } from 'vscode';
import type { Job } from '../../protocol/client';
import type {
  CellSource,
  ModelSource,
  Observation,
  SettingValues,
  TrainEvent,
  TrainRequest,
  TrainResult,
  TrainingSample,
} from '../../protocol/engine';
import {
  evaluationColumns,
  metricsColumns,
  toColumns,
  type EvaluationColumns,
  type MetricsColumns,
} from '../../protocol/history';
import type { Engine } from '../engine';
import {
  createRunFolder,
  readDocument,
  removeUnlessRun,
  sourceOf,
  type KeptDocument,
} from './folder';
import {
  canContinue,
  describedRun,
  evaluationOf,
  latest,
  metricsOf,
  newRun,
  type Run,
} from './run';

/** `current`: another run is on show, or the whole of it has changed. */
export type RunsChange =
  | { readonly kind: 'current' }
  | { readonly kind: 'status' }
  | {
      readonly kind: 'rows';
      readonly metrics: MetricsColumns;
      readonly evaluations: EvaluationColumns;
    }
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'sampled'; readonly sample: TrainingSample };

/** What a new run learns and how. */
export interface TrainOptions {
  readonly document: KeptDocument;
  /** What the user set; the engine fills in the defaults. */
  readonly settings: SettingValues;
  /** In place of a built-in cell. */
  readonly cell: CellSource | undefined;
}

/** The runs of this workspace: one is on show, and at most one is trained at a time. */
export interface Runs {
  readonly current: Run | undefined;
  /** The name of the text of a run that is about to begin. */
  readonly preparing: string | undefined;
  /** Whether a training is under way in this window. */
  readonly busy: boolean;
  readonly onDidChange: Event<RunsChange>;
  /** Trains a new run; resolves when its training has begun, or was stopped before that. */
  train(options: TrainOptions): Promise<void>;
  /** Goes on with the run on show from its last checkpoint; one that had ended gets `longer` in addition. */
  continue(longer: (limit: 'steps' | 'epochs' | 'seconds') => number): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends the training with a checkpoint; resolves when all is on the disk. */
  stop(): Promise<void>;
  /** Shows a run of an earlier session. */
  open(folder: string): Promise<void>;
  /** Shows the newest run, where none is on show; false: there is none. */
  openNewest(): Promise<boolean>;
  /** The model that samples come from: the live one if there is one; undefined without a run. */
  model(): ModelSource | undefined;
  dispose(): void;
}

/** Another window's training is looked at this often, milliseconds. */
const pollInterval = 2000;

/** Who hears of what goes wrong. */
export interface RunsListener {
  /** A training has failed, or another window's run can no longer be read. */
  failed(error: unknown): void;
  /** Training goes on, but not quite as asked. */
  warned(message: string): void;
}

/** @param folder of all runs, absolute */
export function createRuns(engine: Engine, folder: string, listener: RunsListener): Runs {
  const changes = new EventEmitter<RunsChange>();
  let current: Run | undefined;
  let preparing: string | undefined;
  /** The training under way; `ended` resolves when it has, well or not. */
  let active: { readonly job: Job<'train'>; readonly ended: Promise<void> } | undefined;
  let poll: NodeJS.Timeout | undefined;

  function show(run: Run) {
    current = run;
    preparing = undefined;
    clearTimeout(poll);
    if (run.phase === 'elsewhere') poll = setTimeout(() => void refresh(run), pollInterval);
    changes.fire({ kind: 'current' });
  }

  async function refresh(run: Run) {
    try {
      if (current === run) await open(run.folder);
    } catch (error) {
      listener.failed(error);
    }
  }

  async function open(runFolder: string) {
    const described = await engine.start({ kind: 'describe', run: runFolder }).result;
    const interrupted = l10n.t(
      'Its training ended without a word, as when the computer is switched off. It can be continued from its last checkpoint.',
    );
    show(describedRun(described, { interrupted }));
  }

  /** Takes the place of the training to come, so that no other can begin meanwhile. */
  async function prepared<T>(name: string, work: Promise<T>): Promise<T> {
    preparing = name;
    changes.fire({ kind: 'status' });
    try {
      return await work;
    } catch (error) {
      preparing = undefined;
      changes.fire({ kind: 'status' });
      throw error;
    }
  }

  function launch(request: TrainRequest, runFolder: string): Promise<void> {
    const warnings: string[] = [];
    return new Promise((resolve) => {
      const job = engine.start(request, (event) => {
        if (event.event === 'warning') {
          warnings.push(event.message);
          listener.warned(event.message);
        }
        if (event.event === 'started') {
          begin(event, runFolder, job, warnings);
          resolve();
        } else if (current?.job === job) follow(current, event);
      });
      const ended = job.result
        .then(
          (result) => finish(job, result),
          (error: unknown) => fail(job, error),
        )
        .then(() => removeUnlessRun(runFolder))
        .then(resolve);
      active = { job, ended };
      changes.fire({ kind: 'status' });
    });
  }

  function begin(
    { facts, step, resumed }: Extract<TrainEvent, { readonly event: 'started' }>,
    runFolder: string,
    job: Job<'train'>,
    warnings: readonly string[],
  ) {
    if (!resumed || current?.folder !== runFolder) {
      show({ ...newRun(runFolder, facts, job), warnings });
      return;
    }
    // Rows after the checkpoint will come again.
    current.metrics.truncate(step);
    current.evaluations.truncate(step);
    current.observations.truncate(step);
    current.samples.truncate(step);
    Object.assign(current, { facts, job, warnings, phase: 'training', message: '' });
    show(current);
  }

  function follow(run: Run, event: TrainEvent) {
    switch (event.event) {
      case 'metrics':
        addRows(run, metricsOf(event.row), toColumns(evaluationColumns));
        // The first row brings the first model to sample from.
        if (run.metrics.length === 1) changes.fire({ kind: 'status' });
        break;
      case 'evaluation':
        addRows(run, toColumns(metricsColumns), evaluationOf(event.row));
        break;
      case 'observation':
        run.observations.append(event.row);
        changes.fire({ kind: 'observation', observation: event.row });
        break;
      case 'sampled':
        run.samples.append(event.row);
        changes.fire({ kind: 'sampled', sample: event.row });
        break;
      case 'checkpoint':
        run.hasCheckpoint = true;
        break;
      case 'paused':
      case 'resumed':
        run.phase = event.event === 'paused' ? 'paused' : 'training';
        changes.fire({ kind: 'status' });
        break;
      case 'warning':
        // The run shares the list of warnings, which has it already.
        changes.fire({ kind: 'current' });
        break;
      case 'started':
        break;
    }
  }

  function addRows(run: Run, metrics: MetricsColumns, evaluations: EvaluationColumns) {
    run.metrics.append(metrics);
    run.evaluations.append(evaluations);
    changes.fire({ kind: 'rows', metrics, evaluations });
  }

  function finish(job: Job<'train'>, { reason }: TrainResult) {
    end(job, reason === 'stopped' ? 'stopped' : 'finished', '');
  }

  function fail(job: Job<'train'>, error: unknown) {
    end(job, 'failed', error instanceof Error ? error.message : String(error));
    listener.failed(error);
  }

  function end(job: Job<'train'>, phase: 'finished' | 'stopped' | 'failed', message: string) {
    if (active?.job === job) active = undefined;
    preparing = undefined;
    if (current?.job === job) Object.assign(current, { job: undefined, phase, message });
    changes.fire({ kind: 'status' });
  }

  return {
    get current() {
      return current;
    },
    get preparing() {
      return preparing;
    },
    get busy() {
      return active !== undefined || preparing !== undefined;
    },
    onDidChange: changes.event,

    async train({ document, settings, cell }) {
      const runFolder = await prepared(document.name, createRunFolder(folder, document));
      const source = sourceOf(document);
      const request: TrainRequest = { kind: 'train', source, settings, run: runFolder };
      await launch(cell === undefined ? request : { ...request, cell }, runFolder);
    },

    async continue(longer) {
      if (!current || !canContinue(current)) return;
      const { folder: runFolder, facts } = current;
      const document = await prepared(facts.name, readDocument(runFolder));
      await launch(
        {
          kind: 'train',
          ...(document && { source: sourceOf(document) }),
          settings: extension(current, longer),
          run: runFolder,
          resume: true,
        },
        runFolder,
      );
    },

    pause: () => active?.job.control({ action: 'pause' }),
    resume: () => active?.job.control({ action: 'resume' }),

    async stop() {
      if (!active) return;
      const { job, ended } = active;
      job.control({ action: 'stop' });
      if (current?.job === job) {
        current.phase = 'stopping';
        changes.fire({ kind: 'status' });
      }
      await ended;
    },

    open,

    async openNewest() {
      if (current) return true;
      const { runs } = await engine.start({ kind: 'list', folder }).result;
      const newest = runs[0];
      if (newest) await open(newest.run);
      return newest !== undefined;
    },

    model() {
      if (!current) return undefined;
      if (current.job && current.metrics.length > 0) return { kind: 'live', job: current.job.id };
      return { kind: 'run', run: current.folder };
    },

    dispose() {
      clearTimeout(poll);
      changes.dispose();
    },
  };
}

/** The setting that lets a run which has reached its limit go on. */
function extension(
  run: Run,
  longer: (limit: 'steps' | 'epochs' | 'seconds') => number,
): SettingValues {
  const { kind, value } = run.facts.limit;
  const column = { steps: 'step', epochs: 'epoch', seconds: 'seconds' } as const;
  const reached = run.phase === 'finished' || latest(run, column[kind]) >= value;
  return reached ? { [`training.${kind}`]: value + longer(kind) } : {};
}
