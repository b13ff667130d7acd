import { env, EventEmitter, l10n, type Event } from 'vscode';
import type { ModelSource, SettingValues, TrainEvent } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import type { Engine } from '../engine';
import type { RunsChange } from './changes';
import { createComparison } from './comparison';
import { createRunFolder, dataOf, keepDocument, readDocument, type KeptDocument } from './folder';
import { lineOf, type RunLine } from './line';
import { createList, type RunList } from './list';
import { createManagement, type RunManagement } from './management';
import { canContinue, describedRun, vanishedText, type Run } from './run';
import { createTraining, type TrainingOrder } from './training';
import { createWaiting, type TrainOptions, type WaitingTrainings } from './waiting';

export type { RunsChange } from './changes';

/** How a run goes on. */
export interface ContinueOptions {
  /** Only those that change, such as a limit that is further away. */
  readonly settings?: SettingValues;
  /** Sentences about what is odd but can go on. */
  readonly notes?: readonly string[];
  /** A text for a run that has none, such as that of a model from elsewhere. */
  readonly document?: KeptDocument | undefined;
}

/** The runs of this workspace: one is on show, one at most is trained, some may be compared. */
export interface Runs extends RunManagement, WaitingTrainings {
  /** The run on show. */
  readonly current: Run | undefined;
  /** The run that is trained in this window, which need not be the one on show. */
  readonly trained: Run | undefined;
  /** The name of the text of a run that is about to begin. */
  readonly preparing: string | undefined;
  /** Whether a training is under way in this window. */
  readonly busy: boolean;
  /** Every run, once `list` was loaded: the one that was begun last comes first. */
  readonly lines: readonly RunLine[];
  readonly list: RunList;
  /** Runs to be drawn beside the one on show, which is never among them. */
  readonly compared: readonly Run[];
  /** Which colour a run has beside the others: it keeps it, whichever is on show. */
  slotOf(run: Run): number;
  readonly onDidChange: Event<RunsChange>;
  /** Trains a new run; resolves when its training has begun, or was stopped before that. */
  train(options: TrainOptions): Promise<void>;
  /**
   * Trains a new run on a run's text, with its equations and its settings but for some, and compares the two; false:
   * the text was not kept.
   */
  retrain(run: Run, changes: SettingValues): Promise<boolean>;
  /** Goes on with the run on show from its last checkpoint, or its beginning. */
  continue(options?: ContinueOptions): Promise<void>;
  /** A run as it is now, without showing it. */
  read(folder: string): Promise<Run>;
  pause(): void;
  resume(): void;
  /** Ends the training with a checkpoint; resolves when all is on the disk. */
  stop(): Promise<void>;
  /** As `stop`, when VS Code closes: the next session may offer to go on. */
  suspend(): Promise<void>;
  /** Of the run that is trained, from its next step on; undefined: as the schedule says. */
  setLearningRate(rate: number | undefined): void;
  /** Looks at the run on show as it was at a step whose weights are kept; undefined: as it is now. */
  travel(step: number | undefined): void;
  /** Shows a run. */
  open(folder: string): Promise<void>;
  /** Shows the newest run, where none is on show; false: there is none. */
  openNewest(): Promise<boolean>;
  /** Draws these in one plot: the one on show, if it is among them, or the first becomes the one on show. */
  compare(folders: readonly string[]): Promise<void>;
  clearComparison(): void;
  /**
   * The model that samples come from, of the run on show or another: the live one if there is one, or the one that
   * `travel` chose.
   */
  model(folder?: string): ModelSource | undefined;
  dispose(): void;
}

/** Another window's training is looked at this often, milliseconds. */
const pollInterval = 2000;

/** Who hears of what goes wrong. */
export interface RunsListener {
  /** A training has failed, or another window's run can no longer be read. */
  failed(error: unknown, run: Run | undefined, document?: KeptDocument): void;
  /** Training goes on, but not quite as asked. */
  warned(warning: Extract<TrainEvent, { readonly event: 'warning' }>, run: Run | undefined): void;
  /** A new run is about to learn a document. */
  begins?(document: KeptDocument): void;
  /** Something was said of rows of what it learns. */
  toldRows?(
    rows: Extract<TrainEvent, { readonly event: 'rows' }>['rows'],
    document: KeptDocument,
  ): void;
  /** The engine has crashed, and training goes on from a step on. */
  recovered(run: Run, step: number, error: unknown): void;
}

/**
 * @param folder of this workspace's own runs, absolute
 * @param beside folders of runs beside notebooks, as they are now
 */
export function createRuns(
  engine: Engine,
  folder: string,
  listener: RunsListener,
  beside: () => readonly string[] = () => [],
): Runs {
  const changes = new EventEmitter<RunsChange>();
  const fire = (change: RunsChange) => changes.fire(change);
  const listed = () => {
    followVanished();
    fire({ kind: 'list' });
  };
  const list = createList(engine, folder, listed, beside);
  const comparison = createComparison(read, () => fire({ kind: 'compared' }));
  const training = createTraining(engine, {
    changed(run, change) {
      const isShown = run === undefined || run === current;
      fire(isShown || change.kind === 'status' ? change : { kind: 'background' });
    },
    begun(run) {
      preparing = undefined;
      show(run);
      void refreshList([run.folder]);
    },
    ended(run, wasAsked) {
      preparing = undefined;
      ending = run;
      fire({ kind: 'status' });
      if (run) void refreshList([run.folder]).then(() => (ending = undefined));
      // Who stops a training wants the machine.
      if (!wasAsked) {
        waiting.startQueued().catch((error: unknown) => listener.failed(error, undefined));
      }
    },
    failed: listener.failed,
    warned: listener.warned,
    toldRows: (rows, document) => listener.toldRows?.(rows, document),
    recovered: listener.recovered,
  });
  const management = createManagement(engine, folder, beside, list, {
    annotated(of, { title }) {
      const known = [current, training.run, ...comparison.runs].filter((run) => run?.folder === of);
      for (const run of known) run!.title = title ?? undefined;
      fire({ kind: 'status' });
      fire({ kind: 'compared' });
    },
    deleted(folders) {
      comparison.remove(folders);
      if (!current || !folders.includes(current.folder)) return;
      show(undefined);
      // Beside runs that are left, an empty panel would say that there is none.
      void openNewest().catch(() => undefined);
    },
    changed: () => fire({ kind: 'list' }),
  });
  const waiting = createWaiting({
    ...{ folder, begin, read, compare },
    isBusy: () => training.busy || preparing !== undefined,
    changed: () => fire({ kind: 'list' }),
  });
  let current: Run | undefined;
  /** Has just ended, and the list does not know it yet. */
  let ending: Run | undefined;
  let preparing: string | undefined;
  /** The order of the training that was begun last, once it is written. */
  let ordered: Promise<TrainingOrder> | undefined;
  let poll: NodeJS.Timeout | undefined;

  /** In the background: what the list cannot be told now it is told the next time. */
  function refreshList(folders: readonly string[]): Promise<void> {
    return list.refresh(folders).catch(() => undefined);
  }

  /** The run on show is one of those whose folders are gone, or is back. */
  function followVanished() {
    const run = current;
    if (!run || run === training.run) return;
    const isIt = (other: { readonly run: string }) => other.run === run.folder;
    if (list.vanished.some(isIt)) {
      const message = vanishedText(run.folder);
      Object.assign(run, { phase: 'vanished', hasCheckpoint: false, message });
      fire({ kind: 'status' });
    } else if (run.phase === 'vanished' && list.runs.some(isIt)) void refresh(run);
  }

  function show(run: Run | undefined) {
    current = run;
    if (run) comparison.replace(run);
    clearTimeout(poll);
    if (run?.phase === 'elsewhere') poll = setTimeout(() => void refresh(run), pollInterval);
    fire({ kind: 'current' });
  }

  async function refresh(run: Run) {
    try {
      const now = await read(run.folder);
      if (current !== run) return;
      show(now);
      if (now.phase !== 'elsewhere') await list.refresh([run.folder]);
    } catch (error) {
      listener.failed(error, run);
    }
  }

  /** A run as it is now; the one that is trained here is known better than from the disk. */
  async function read(runFolder: string): Promise<Run> {
    const isTrained = () => training.run?.folder === runFolder;
    if (isTrained()) return training.run!;
    const described = await engine.start({ kind: 'describe', run: runFolder }).result;
    if (isTrained()) return training.run!;
    return describedRun(described, {
      interrupted: l10n.t(
        'VS Code was closed, or ended unexpectedly, while this run was training. It continues from its last checkpoint.',
      ),
      imported: ({ step, bestValidationLoss: best }) =>
        [
          step === 0
            ? l10n.t('This model was imported. Its file does not tell how it was trained.')
            : l10n.t(
                'This model was imported, after {0} steps of training. Its file has no history of them.',
                formatFor(env.language).count(step),
              ),
          ...(best === null
            ? []
            : [l10n.t('Its best validation loss was {0}.', formatFor(env.language).loss(best))]),
        ].join(' '),
      neverSaved: l10n.t(
        'VS Code was closed, or ended unexpectedly, before this run’s first checkpoint. It starts again.',
      ),
    });
  }

  async function open(runFolder: string) {
    show(await read(runFolder));
  }

  async function openNewest(): Promise<boolean> {
    const isEmpty = () => current === undefined;
    if (!isEmpty()) return true;
    const { runs } = await engine.start({ kind: 'list', folder }).result;
    const newest = runs[0];
    const run = newest && (await read(newest.run));
    // Another one may have been opened meanwhile.
    if (run && isEmpty()) show(run);
    return newest !== undefined;
  }

  /** Takes the place of the training to come, so that no other can begin meanwhile. */
  async function begin(name: string, prepare: () => Promise<TrainingOrder>): Promise<void> {
    preparing = name;
    fire({ kind: 'status' });
    try {
      ordered = prepare();
      const order = await ordered;
      if (order.document) listener.begins?.(order.document);
      await training.start(order);
    } catch (error) {
      preparing = undefined;
      fire({ kind: 'status' });
      throw error;
    }
  }

  /** Ends a training, also one whose order is still being written. */
  async function end(action: 'stop' | 'suspend'): Promise<void> {
    if (preparing !== undefined) await ordered?.catch(() => undefined);
    await training.end(action);
  }

  async function train({ document, settings, cell }: TrainOptions): Promise<void> {
    await begin(document.name, async () => {
      const run = await createRunFolder(folder, document);
      const request = { kind: 'train', ...dataOf(document), settings, run } as const;
      const whole = cell === undefined ? request : { ...request, cell };
      return { request: whole, run: undefined, notes: [], document };
    });
  }

  async function compare(folders: readonly string[]): Promise<void> {
    const runs = await comparison.set(folders);
    const isShown = runs.some((run) => run.folder === current?.folder);
    if (!isShown && runs[0]) show(runs[0]);
  }

  const { import: importModel, annotate, delete: deleteRuns, undoDelete } = management;
  return {
    get current() {
      return current;
    },
    get trained() {
      return training.run;
    },
    get preparing() {
      return preparing;
    },
    get busy() {
      return training.busy || preparing !== undefined;
    },
    get compared() {
      return comparison.runs.filter((run) => run.folder !== current?.folder);
    },
    slotOf: comparison.slotOf,
    get lines() {
      return list.runs.map((summary) => lineOf(summary, training.run ?? ending));
    },
    foldersChanged: management.foldersChanged,
    get canUndoDelete() {
      return management.canUndoDelete;
    },
    import: importModel,
    annotate,
    delete: deleteRuns,
    undoDelete,
    list,
    onDidChange: changes.event,

    train,

    async retrain({ folder: before, facts }, changes) {
      const document = await readDocument(before);
      if (!document) return false;
      await train({ document, settings: { ...facts.settings, ...changes }, cell: facts.cell });
      // Stopped before its first step it is no run.
      if (current && current.folder !== before) await compare([before, current.folder]);
      return true;
    },

    async continue({ settings = {}, notes = [], document: given } = {}) {
      const run = current;
      if (!run || !canContinue(run)) return;
      await begin(run.facts.name, async () => {
        if (given) await keepDocument(run.folder, given);
        const document = given ?? (await readDocument(run.folder));
        const request = {
          kind: 'train',
          ...(document && dataOf(document)),
          settings,
          run: run.folder,
          resume: true,
        } as const;
        return { request, run, notes };
      });
    },

    queue: waiting.queue,
    enqueue: waiting.enqueue,
    enqueueContinuation: waiting.enqueueContinuation,
    startQueued: waiting.startQueued,
    read,

    pause: () => training.control({ action: 'pause' }),
    resume: () => training.control({ action: 'resume' }),
    stop: () => end('stop'),
    suspend: () => end('suspend'),

    setLearningRate(rate) {
      if (!training.run) return;
      training.run.fixedRate = rate;
      training.control({ action: 'setLearningRate', learningRate: rate ?? null });
      fire({ kind: 'status' });
    },

    travel(step) {
      if (!current || (step !== undefined && !current.keptSteps.includes(step))) return;
      current.traveled = step;
      fire({ kind: 'status' });
    },

    open,

    openNewest,

    compare,

    clearComparison: () => comparison.remove(comparison.runs.map((run) => run.folder)),

    model(of = current?.folder) {
      if (of === undefined) return undefined;
      const { run } = training;
      if (of === current?.folder && current.traveled !== undefined)
        return { kind: 'run', run: of, checkpoint: current.traveled };
      return run?.folder === of && run.job && run.metrics.length > 0
        ? { kind: 'live', job: run.job.id }
        : { kind: 'run', run: of };
    },

    dispose() {
      clearTimeout(poll);
      comparison.dispose();
      management.dispose();
      changes.dispose();
    },
  };
}
