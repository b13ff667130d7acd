import { sentence } from '../../core/sentence';
import type { Job } from '../../protocol/client';
import {
  EngineError,
  type Control,
  type DescribeResult,
  type TrainEvent,
  type TrainRequest,
} from '../../protocol/engine';
import { evaluationsOf, metricsOf } from '../../protocol/history';
import type { Engine } from '../engine';
import { messageOf, translated } from '../translate';
import type { RunsChange } from './changes';
import {
  dataOf,
  markUnderWay,
  readDocument,
  removeUnlessRun,
  unmarkUnderWay,
  type KeptDocument,
} from './folder';
import { isLive, newRun, refill, type Run } from './run';

type Event<Name extends TrainEvent['event']> = Extract<TrainEvent, { readonly event: Name }>;

/** After a crash of the engine training goes on by itself, but for so many in a row without a checkpoint in between. */
const mostCrashes = 3;

/** Who hears of the training. */
export interface TrainingListener {
  /** Something about the run, which is `undefined` before it has begun. */
  changed(run: Run | undefined, change: RunsChange): void;
  /** A run has begun, or goes on. */
  begun(run: Run): void;
  /**
   * It is over, well or not.
   * @param wasAsked whether the user has ended it
   */
  ended(run: Run | undefined, wasAsked: boolean): void;
  /** It has gone wrong. */
  failed(error: unknown, run: Run | undefined, document?: KeptDocument): void;
  /** The engine has crashed, and the run goes on from a step on. */
  recovered(run: Run, step: number, error: unknown): void;
  warned(warning: Event<'warning'>, run: Run | undefined): void;
  /** Something was said of rows of what is learnt. */
  toldRows(rows: Event<'rows'>['rows'], document: KeptDocument): void;
}

/** What is to be trained. */
export interface TrainingOrder {
  readonly request: TrainRequest & { readonly run: string };
  /** A run that goes on. */
  readonly run: Run | undefined;
  /** Sentences about what is odd but can go on. */
  readonly notes: readonly string[];
  /** As it is now: what a new run learns. */
  readonly document?: KeptDocument | undefined;
}

/** The training of this window: one at most at a time. */
export interface Training {
  /** The run that is trained; undefined before its first step and where nothing is trained. */
  readonly run: Run | undefined;
  /** Whether one is under way, begun or not. */
  readonly busy: boolean;
  /** Resolves when the training has begun, or has ended before that. */
  start(order: TrainingOrder): Promise<void>;
  control(control: Control): void;
  /** Ends it with a checkpoint; `suspend`: so that the next session may offer to go on. Resolves when all is kept. */
  end(action: 'stop' | 'suspend'): Promise<void>;
}

/** A training under way, from its order to its end; a crash of the engine in between is part of it. */
interface Session {
  readonly folder: string;
  readonly warnings: string[];
  readonly document: KeptDocument | undefined;
  run: Run | undefined;
  job: Job<'train'> | undefined;
  /** What it was asked to do last. */
  asked: 'go on' | 'pause' | 'stop' | 'suspend';
  /** Why the engine ended, until the run goes on. */
  crash: unknown;
  /** What the folder told of the run then: rows too that the engine had kept, but did not live to tell. */
  kept: DescribeResult | undefined;
  /** How often it has since the last checkpoint. */
  crashes: number;
  /** The step of that checkpoint. */
  savedStep: number;
  ended: Promise<void>;
  /** The last write of the mark that tells the next session of it. */
  marked: Promise<unknown>;
}

/** Whether a run's folder has the step that failed: a number of a model of texts was none. */
function keepsStep(error: unknown, { facts }: Run): boolean {
  const isDiverged = error instanceof EngineError && error.failure.parameter !== undefined;
  return isDiverged && facts.task === undefined;
}

/** That the engine was started again in vain. */
function inVain(death: unknown): unknown {
  if (!(death instanceof EngineError)) return death;
  const { message, hint } = death.failure;
  return new EngineError({
    code: 'failure',
    message: sentence`Training has stopped: the engine ended ${mostCrashes} times in a row before it could save a checkpoint. ${message}`,
    hint,
  });
}

export function createTraining(engine: Engine, listener: TrainingListener): Training {
  let session: Session | undefined;

  function receive(of: Session, job: Job<'train'>, event: TrainEvent, begun: () => void) {
    switch (event.event) {
      case 'started':
        begin(of, job, event);
        begun();
        break;
      case 'warning':
        of.warnings.push(translated(event.message));
        listener.warned(event, of.run);
        // The run shares the list of warnings, which has it already.
        if (of.run?.job === job) listener.changed(of.run, { kind: 'current' });
        break;
      case 'rows':
        if (of.document) listener.toldRows(event.rows, of.document);
        break;
      default:
        if (event.event === 'checkpoint' && event.which === 'last')
          Object.assign(of, { crashes: 0, savedStep: event.step });
        if (of.run) follow(of.run, event);
    }
  }

  function begin(of: Session, job: Job<'train'>, { facts, step, fixedRate }: Event<'started'>) {
    const known = of.run;
    const { warnings, crash } = of;
    // A checkpoint of which the engine did not live to tell.
    if (step > of.savedStep) of.crashes = 0;
    of.savedStep = step;
    if (known) {
      if (of.kept) refill(known, of.kept);
      of.kept = undefined;
      // Rows after the checkpoint will come again.
      for (const rows of [known.metrics, known.evaluations, known.observations, known.samples])
        rows.truncate(step);
      const wanted = crash === undefined ? fixedRate : known.fixedRate;
      Object.assign(known, { facts, job, warnings, phase: 'training', message: '' });
      known.fixedRate = wanted;
      if (wanted !== fixedRate)
        job.control({ action: 'setLearningRate', learningRate: wanted ?? null });
    }
    const run = known ?? { ...newRun(of.folder, facts, job), warnings };
    of.run = run;
    of.marked = of.marked.then(() => markUnderWay(of.folder));
    if (crash === undefined) {
      listener.begun(run);
      return;
    }
    of.crash = undefined;
    if (of.asked === 'pause') job.control({ action: 'pause' });
    listener.changed(run, { kind: 'current' });
    listener.recovered(run, step, crash);
  }

  function follow(run: Run, event: Exclude<TrainEvent, Event<'started' | 'warning' | 'rows'>>) {
    switch (event.event) {
      case 'metrics': {
        const metrics = metricsOf([event.row]);
        const evaluations = evaluationsOf([]);
        run.metrics.append(metrics);
        listener.changed(run, { kind: 'rows', metrics, evaluations });
        // The first row brings the first model to sample from.
        if (run.metrics.length === 1) listener.changed(run, { kind: 'status' });
        break;
      }
      case 'evaluation': {
        const metrics = metricsOf([]);
        const evaluations = evaluationsOf([event.row]);
        run.evaluations.append(evaluations);
        listener.changed(run, { kind: 'rows', metrics, evaluations });
        break;
      }
      case 'observation':
        run.observations.append(event.row);
        listener.changed(run, { kind: 'observation', observation: event.row });
        break;
      case 'sampled':
        run.samples.append(event.row);
        listener.changed(run, { kind: 'sampled', sample: event.row });
        break;
      case 'checkpoint': {
        const isFirst = !run.hasCheckpoint;
        run.hasCheckpoint = true;
        if (isFirst) listener.changed(run, { kind: 'status' });
        break;
      }
      case 'kept':
        run.keptSteps = event.steps;
        // One that was thinned out while it was looked at.
        if (run.traveled !== undefined && !event.steps.includes(run.traveled))
          run.traveled = undefined;
        listener.changed(run, { kind: 'status' });
        break;
      case 'paused':
      case 'resumed':
        run.phase = event.event === 'paused' ? 'paused' : 'training';
        listener.changed(run, { kind: 'status' });
        break;
    }
  }

  /** From the order to the end. */
  async function work(of: Session, order: TrainingOrder, begun: () => void): Promise<void> {
    let request: TrainRequest | undefined = order.request;
    while (request) {
      try {
        const job: Job<'train'> = engine.start(request, (event) => {
          receive(of, job, event, begun);
        });
        of.job = job;
        // What was asked for while the engine was away.
        if (of.asked === 'stop' || of.asked === 'suspend') job.control({ action: of.asked });
        const { reason } = await job.result;
        const stopped = of.asked === 'suspend' ? 'interrupted' : 'stopped';
        end(of, reason === 'stopped' ? stopped : 'finished', '');
        return;
      } catch (error) {
        request = await recovery(of, error);
        if (!request) fail(of, error);
      }
    }
  }

  /** How the run goes on after a crash of the engine; undefined: it does not. */
  async function recovery(of: Session, error: unknown): Promise<TrainRequest | undefined> {
    const { run, asked, folder } = of;
    const isAsked = asked === 'stop' || asked === 'suspend';
    if (!engine.isDeath(error) || isAsked || !run || ++of.crashes === mostCrashes) return undefined;
    Object.assign(run, { job: undefined, phase: 'preparing' });
    of.crash = error;
    of.warnings.length = 0;
    listener.changed(run, { kind: 'status' });
    // Without it the picture has a gap, but training goes on.
    of.kept = await engine.start({ kind: 'describe', run: folder }).result.catch(() => undefined);
    const document = await readDocument(folder);
    return {
      kind: 'train',
      ...(document && dataOf(document)),
      settings: {},
      run: folder,
      resume: true,
    };
  }

  function fail(of: Session, error: unknown) {
    // Stopped before its first step, while the text was read: as it was asked to.
    if (!of.run && (of.asked === 'stop' || of.asked === 'suspend') && !engine.isDeath(error)) {
      end(of, 'stopped', '');
      return;
    }
    const phase = engine.isDeath(error) ? 'interrupted' : 'failed';
    const told = of.crashes === mostCrashes ? inVain(error) : error;
    if (of.run) of.run.hasFailedStep = keepsStep(error, of.run);
    end(of, phase, messageOf(told));
    listener.failed(told, of.run, of.document);
  }

  function end(of: Session, phase: Run['phase'], message: string) {
    const { run, asked, folder } = of;
    session = undefined;
    if (run) Object.assign(run, { job: undefined, phase, message });
    if (asked !== 'suspend') of.marked = of.marked.then(() => unmarkUnderWay(folder));
    listener.ended(run, asked === 'stop' || asked === 'suspend');
  }

  return {
    get run() {
      return session?.run && isLive(session.run) ? session.run : undefined;
    },
    get busy() {
      return session !== undefined;
    },
    start(order) {
      return new Promise((begun) => {
        const of: Session = {
          folder: order.request.run,
          warnings: [...order.notes],
          document: order.document,
          run: order.run,
          job: undefined,
          asked: 'go on',
          crash: undefined,
          kept: undefined,
          crashes: 0,
          savedStep: 0,
          ended: Promise.resolve(),
          marked: Promise.resolve(),
        };
        session = of;
        of.ended = work(of, order, begun)
          .then(() => of.marked)
          .then(() => removeUnlessRun(of.folder))
          .then(begun);
        listener.changed(undefined, { kind: 'status' });
      });
    },
    control(control) {
      if (!session) return;
      if (control.action === 'pause') session.asked = 'pause';
      if (control.action === 'resume') session.asked = 'go on';
      session.job?.control(control);
    },
    async end(action) {
      if (!session) return;
      session.asked = action;
      session.job?.control({ action });
      const { run, ended } = session;
      if (run?.job) {
        run.phase = 'stopping';
        listener.changed(run, { kind: 'status' });
      }
      await ended;
    },
  };
}
