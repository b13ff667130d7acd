import type { SourceText } from '../data/source';
import type { Corpus } from '../data/corpus';
import type { Backend, BackendKind, LoadedProgram } from '../engine/backend';
import type { ExampleModel, GraphModel } from '../engine/model';
import { createNetwork, type Network } from '../engine/network';
import { parameterCount } from '../engine/parameters';
import { initialise } from '../engine/initialise';
import type { Cell } from '../equations/syntax';
import { createRandom, restoreRandom, type Random } from '../random/random';
import { sentence } from '../sentence';
import { automaticLearningRate } from '../settings/automatic';
import { initialScheduleState } from '../settings/schedules';
import { limitOf, type Settings } from '../settings/settings';
import type { TaskDescription } from '../task/description';
import { carriedStates } from './carried';
import {
  hasBegun,
  isOfExamples,
  restoreMoments,
  restoreParameters,
  restoredState,
  stageUpTo,
  standingOf,
  type AnyCheckpoint,
  type Standing,
} from './checkpoint';
import { stagesBefore, type Replay, type TrainerKind } from './course';
import { firstEvaluation, type EvaluationPlan } from './evaluation-plan';
import type { RunFacts, WarningEvent } from './events';
import { planExampleTask, type ExampleData } from './example-task';
import type { Hash } from './hash';
import { checkMemory } from './memory';
import type { Evaluation, Feed, PlannedTask, Task } from './task';
import {
  factsOf as vectorFactsOf,
  foundNote,
  withEmbedding,
  writeVectors,
  type Embedding,
  type StartingVectors,
  type VectorFacts,
} from './starting-vectors';
import { planTextTask } from './text-task';

/** What is learnt from. */
export type TrainingData =
  | { readonly kind: 'text'; readonly text: SourceText }
  | ({ readonly kind: 'examples' } & ExampleData);

/** What a training is made from. */
export interface TrainerOptions {
  readonly settings: Settings;
  /** Of a new run; a resumed one has its own. For examples a whole model, which defines `y`. */
  readonly cell: Cell;
  readonly data: TrainingData;
  /** SHA-256. */
  readonly createHash: () => Hash;
  /** @param threads 0: as many as there are cores */
  readonly createBackend: (
    model: GraphModel,
    threads: number,
    kernels: Settings['training']['kernels'],
  ) => Backend | Promise<Backend>;
  /** What the embedding starts with, where the settings name a file; not asked of a run that goes on. */
  readonly vectors?: StartingVectors | undefined;
  /** The checkpoint to go on from, or whose weights to begin with; `settings` are then `resumeSettings` of its own. */
  readonly resume?: AnyCheckpoint;
  /** Of a training that is done again: this counts, not the clock. */
  readonly replay?: Replay | undefined;
  /** Bytes of memory that are free; undefined: not known. */
  readonly availableMemory?: () => number | undefined;
  /** A clock that never goes back, s. */
  readonly now: () => number;
}

/** What a checkpoint says that it is of. */
export type Subject =
  | { readonly kind: 'text'; readonly network: Network; readonly corpus: Corpus }
  | {
      readonly kind: 'examples';
      readonly network: Network<ExampleModel>;
      readonly task: TaskDescription;
    };

/** Everything the loop needs. */
export interface Prepared {
  readonly settings: Settings;
  readonly subject: Subject;
  readonly network: Network<GraphModel>;
  readonly random: Random;
  readonly feed: Feed;
  readonly program: LoadedProgram;
  readonly evaluation: Evaluation | undefined;
  readonly state: Standing;
  readonly secondsBefore: number;
  /** SHA-256 of what is learnt from. */
  readonly textHash: string;
  readonly facts: RunFacts;
  /** What the embedding started with, if it was read. */
  readonly vectors: VectorFacts | undefined;
  /** Numbers of examples, by part; undefined: it learns from a text. */
  readonly examples: Task['examples'];
  readonly createLagProbe: Task['createLagProbe'];
  readonly warnings: readonly WarningEvent[];
}

/**
 * Reads the data, builds the model, loads its programs, sets or restores all that changes.
 *
 * @throws InputError if the data cannot be trained on
 * @throws EquationError if the cell's shapes do not fit
 * @throws MemoryError if the model needs more memory than there is
 */
export async function prepareTraining(options: TrainerOptions): Promise<Prepared> {
  const { settings, cell, data, resume } = options;
  if (resume && isOfExamples(resume) !== (data.kind === 'examples')) {
    throw new Error('A training goes on with data of the kind it was begun with.');
  }
  if (data.kind === 'examples') {
    const ofExamples = resume && isOfExamples(resume) ? resume : undefined;
    const plan = planExampleTask({ settings, cell, data, resume: ofExamples });
    const { task } = data;
    return await openPlan(plan, (network) => ({ kind: 'examples', network, task }), options);
  }
  const ofText = resume && !isOfExamples(resume) ? resume : undefined;
  const { text } = data;
  const hash = options.createHash();
  const plan = await planTextTask({ settings, cell, text, hash, resume: ofText });
  const { corpus } = plan;
  return await openPlan(plan, (network) => ({ kind: 'text', network, corpus }), options);
}

async function openPlan<M extends GraphModel>(
  plan: PlannedTask<M>,
  subjectOf: (network: Network<M>) => Subject,
  options: TrainerOptions,
): Promise<Prepared> {
  const { training } = options.settings;
  const model = withEmbedding(plan.model, plan.embedding, options.settings);
  checkMemory(model, plan.shapes, training.threads, options.availableMemory?.());
  const start = await startOf(plan.embedding, options);
  const backend = await options.createBackend(model, training.threads, training.kernels);
  try {
    const network = createNetwork(model, backend);
    const task = plan.open(network);
    return prepareOn(network, task, plan.hash, subjectOf(network), start, options);
  } catch (error) {
    backend.close();
    throw error;
  }
}

/** Vectors for an embedding, and what is told of them. */
interface Start {
  readonly write: (network: Network<GraphModel>) => void;
  readonly facts: VectorFacts;
  readonly note: WarningEvent;
}

/** Reads the vectors of a training that begins. */
async function startOf(
  embedding: Embedding,
  { vectors, resume }: TrainerOptions,
): Promise<Start | undefined> {
  const { words } = embedding;
  if (vectors === undefined || words === undefined || resume !== undefined) return undefined;
  const found = await vectors.read(words);
  const facts = vectorFactsOf(words, found);
  return {
    facts,
    note: foundNote(facts, vectors.name),
    write({ model, backend }) {
      writeVectors(model, backend.floats(), embedding, found);
    },
  };
}

/** What follows once there is a backend, whose threads would outlive an error. */
function prepareOn(
  network: Network<GraphModel>,
  task: Task,
  textHash: string,
  subject: Subject,
  start: Start | undefined,
  { settings, resume, cell }: TrainerOptions,
): Prepared {
  const { program, feed, evaluation } = task;
  const begun =
    resume !== undefined && hasBegun(resume.training)
      ? goOn(resume, settings, network, task, textHash)
      : begin(settings, network, evaluation?.plan, resume);
  start?.write(network);
  network.backend.parametersChanged();
  return {
    settings,
    subject,
    network,
    program,
    feed,
    evaluation,
    textHash,
    secondsBefore: resume?.training.seconds ?? 0,
    random: begun.random,
    state: begun.state,
    vectors: start?.facts,
    examples: task.examples,
    createLagProbe: task.createLagProbe,
    facts: factsOf(settings, resume?.model.spec.cell ?? cell, network, task),
    warnings: [...(start ? [start.note] : []), ...task.warnings, ...begun.warnings],
  };
}

type Begun = Pick<Prepared, 'random' | 'state' | 'warnings'>;

/** @param weights to begin with, of a model that comes from elsewhere */
function begin(
  settings: Settings,
  network: Network<GraphModel>,
  plan: EvaluationPlan | undefined,
  weights: AnyCheckpoint | undefined,
): Begun {
  const random = createRandom(settings.training.seed);
  if (weights === undefined) initialise(network.model, network.backend.floats(), random);
  else restoreParameters(weights, network.backend.floats());
  const state: Standing = {
    step: 0,
    tokens: 0,
    schedule: initialScheduleState,
    pass: { lossSum: 0, steps: 0 },
    course: [],
    stages: weights === undefined ? [] : [stageUpTo(weights)],
    nextEvaluation: plan === undefined ? 0 : firstEvaluation(plan),
    sinceBest: 0,
  };
  return { random, state, warnings: [] };
}

/** Restores a checkpoint bit for bit; on other data, training goes on at the beginning of a pass. */
function goOn(
  resume: AnyCheckpoint,
  settings: Settings,
  network: Network<GraphModel>,
  { program, feed, facts }: Task,
  textHash: string,
): Begun {
  const { cursor, random, batch, sequence, textHash: before } = resume.training;
  const state = standingOf(resume.training);
  const last = stageUpTo(resume);
  const { kind } = network.backend;
  state.stages = [...stagesBefore(state.stages, last, { settings, textHash, kernels: kind })];
  // A new rate in the settings takes the place of one that was set by hand.
  if (settings.training.learningRate !== resume.settings.training.learningRate)
    delete state.fixedRate;
  const floats = network.backend.floats();
  restoreParameters(resume, floats);
  restoreMoments(resume, floats);
  const carried = restoredState(resume, carriedStates(program));
  const warnings = kernelWarnings(last.kernels, kind);
  const isSame = before === textHash && batch === facts.batch && sequence === facts.sequence;
  if (isSame && carried !== undefined) {
    feed.restore(cursor);
    program.writeState(carried);
    return { random: restoreRandom(random), state, warnings };
  }
  feed.restore({ epoch: cursor.epoch + 1, chunk: 0, shift: 0 });
  const message = isOfExamples(resume)
    ? sentence`The data is not what this run was started with; training continues with a new pass.`
    : sentence`The text is not the one this run was started with; training continues from the beginning of the new text.`;
  return {
    random: restoreRandom(random),
    state: { ...state, pass: { lossSum: 0, steps: 0 } },
    warnings: [...warnings, { event: 'warning', code: 'other-text', message }],
  };
}

function kernelWarnings(before: TrainerKind | undefined, now: BackendKind): WarningEvent[] {
  if (before === undefined || before === now) return [];
  if (before === 'pytorch') {
    const message = sentence`The run was trained by PyTorch and continues with ${now} kernels: its losses are equal but for rounding.`;
    return [{ event: 'warning', code: 'other-kernels', message }];
  }
  const message = sentence`The run was trained with ${before} kernels and continues with ${now} kernels: its losses are no longer bit-identical.`;
  return [{ event: 'warning', code: 'other-kernels', message }];
}

/** The learning rate at its height. */
export function heightOf({ training }: Settings, { source }: Cell): number {
  return training.learningRate > 0
    ? training.learningRate
    : automaticLearningRate(source, training.optimizer);
}

function factsOf(
  settings: Settings,
  cell: Cell,
  { model, backend }: Network<GraphModel>,
  { feed, facts }: Task,
): RunFacts {
  const limit = limitOf(settings.training);
  const steps = limit.kind === 'epochs' ? Math.ceil(limit.value * feed.chunks) : limit.value;
  return {
    cell: { name: cell.name, source: cell.source },
    parameters: parameterCount(model.parameters),
    ...facts,
    learningRate: heightOf(settings, cell),
    threads: backend.threads,
    backend: backend.kind,
    limit,
    lastStep: limit.kind === 'seconds' ? undefined : steps,
  };
}
