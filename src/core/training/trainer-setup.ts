import { createBatches, type Batches } from '../data/batches';
import { createCorpus, type Corpus } from '../data/corpus';
import { evaluationShapes, limitStretches } from '../data/evaluation-batches';
import { readText } from '../data/read-text';
import type { SourceText } from '../data/source';
import type { Tokenizer } from '../data/tokenizer';
import type { Backend, BackendKind, LoadedProgram } from '../engine/backend';
import { buildModel, type Model } from '../engine/model';
import { parameterCount } from '../engine/parameters';
import { structureOf } from '../engine/structure';
import type { Cell } from '../equations/syntax';
import { sentence } from '../sentence';
import { automaticLearningRate } from '../settings/automatic';
import { carriedStates } from './carried';
import {
  hasBegun,
  restoreMoments,
  restoreParameters,
  restoredState,
  stageUpTo,
  standingOf,
  type Checkpoint,
  type Standing,
} from './checkpoint';
import { stagesBefore, type Replay } from './course';
import { extentOf, type Extent } from './evaluate';
import { firstEvaluation, type EvaluationPlan } from './evaluation-plan';
import type { RunFacts, WarningEvent } from './events';
import { initialise } from '../engine/initialise';
import { measurables, type Measurable } from './measure';
import { checkMemory, type ProgramShape } from './memory';
import { createNetwork, type Network } from '../engine/network';
import { createRandom, restoreRandom, type Random } from '../random/random';
import { initialScheduleState } from '../settings/schedules';
import { limitOf, type Settings } from '../settings/settings';

/** A hash that takes its input in pieces. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** Of all that was given, in hexadecimal; the last call. */
  hex(): string;
}

/** What a training is made from. */
export interface TrainerOptions {
  readonly settings: Settings;
  /** Of a new run; a resumed one has its own. */
  readonly cell: Cell;
  readonly text: SourceText;
  /** SHA-256. */
  readonly createHash: () => Hash;
  /** @param threads 0: as many as there are cores */
  readonly createBackend: (
    model: Model,
    threads: number,
    kernels: Settings['training']['kernels'],
  ) => Backend | Promise<Backend>;
  /** The checkpoint to go on from, or whose weights to begin with; `settings` are then `resumeSettings` of its own. */
  readonly resume?: Checkpoint;
  /** Of a training that is done again: this counts, not the clock. */
  readonly replay?: Replay | undefined;
  /** Bytes of memory that are free; undefined: not known. */
  readonly availableMemory?: () => number | undefined;
  /** A clock that never goes back, s. */
  readonly now: () => number;
}

/** Everything the loop needs. */
export interface Prepared {
  readonly settings: Settings;
  readonly corpus: Corpus;
  readonly network: Network;
  readonly random: Random;
  readonly batches: Batches;
  readonly program: LoadedProgram;
  readonly evaluation:
    | {
        readonly ways: readonly Measurable[];
        readonly plan: EvaluationPlan;
        /** Of the measured tokens. */
        readonly extent: Extent;
      }
    | undefined;
  readonly state: Standing;
  readonly secondsBefore: number;
  readonly textHash: string;
  readonly facts: RunFacts;
  readonly warnings: readonly WarningEvent[];
}

/**
 * Reads the text, splits, builds the model, loads its programs, sets or restores all that changes.
 *
 * @throws InputError if the text cannot be trained on
 * @throws EquationError if the cell's shapes do not fit
 * @throws MemoryError if the model needs more memory than there is
 */
export async function prepareTraining(options: TrainerOptions): Promise<Prepared> {
  const { settings, text, resume } = options;
  const { training, data } = settings;
  const hash = options.createHash();
  const read = await readText(
    text,
    { kind: data.tokenizer, limit: data.vocabulary, tokenizer: resume?.tokenizer },
    (utf8) => {
      hash.update(utf8);
    },
  );
  const corpus = createCorpus(read, {
    batch: training.batch,
    sequence: training.sequence,
    validation: data.validation,
    kind: data.split,
  });
  const model = resume?.model ?? buildModel(modelSpec(settings, options.cell, read.tokenizer));
  const { batch, sequence, validation } = corpus.split;
  const shapes: ProgramShape[] = [{ mode: 'train', batch, sequence }];
  if (validation.length > 0) {
    const measured = toMeasure(settings, corpus).shapes;
    shapes.push(...measured.map((shape) => ({ mode: 'evaluate' as const, ...shape })));
  }
  checkMemory(model, shapes, training.threads, options.availableMemory?.());
  const backend = await options.createBackend(model, training.threads, training.kernels);
  try {
    return prepareOn(backend, model, corpus, hash.hex(), options);
  } catch (error) {
    backend.close();
    throw error;
  }
}

/** What follows once there is a backend, whose threads would outlive an error. */
function prepareOn(
  backend: Backend,
  model: Model,
  corpus: Corpus,
  textHash: string,
  { settings, resume }: TrainerOptions,
): Prepared {
  const network = createNetwork(model, backend);
  const { batch, sequence } = corpus.split;
  const program = network.program('train', { batch, sequence });
  const evaluation = prepareEvaluation(settings, corpus, network);
  const parts = {
    corpus,
    network,
    program,
    batches: createBatches(corpus.encoding.ids, corpus.split),
  };
  const plan = evaluation?.plan;
  const begun =
    resume !== undefined && hasBegun(resume.training)
      ? goOn(resume, settings, parts, textHash)
      : begin(settings, parts, plan, resume);
  backend.parametersChanged();
  return {
    settings,
    ...parts,
    evaluation,
    textHash,
    secondsBefore: resume?.training.seconds ?? 0,
    random: begun.random,
    state: begun.state,
    facts: factsOf(settings, corpus, network, parts.batches),
    warnings: [...corpusWarnings(corpus), ...begun.warnings],
  };
}

function modelSpec({ model }: Settings, cell: Cell, { vocabulary }: Tokenizer) {
  const { hidden, layers, embedding, dropout } = model;
  return { cell, hidden, layers, embedding, dropout, vocabulary };
}

/** What of the held-out part is measured, and in which shapes. */
function toMeasure({ training }: Settings, { split, tokenizer }: Corpus) {
  const { validation, batch, sequence } = split;
  const stretches = limitStretches(validation, training.evaluationTokens);
  const { vocabulary } = tokenizer;
  return { stretches, shapes: evaluationShapes(stretches, sequence, vocabulary, batch * sequence) };
}

function prepareEvaluation(
  settings: Settings,
  corpus: Corpus,
  network: Network,
): Prepared['evaluation'] {
  const { split, encoding } = corpus;
  if (split.validation.length === 0) return undefined;
  const { stretches, shapes } = toMeasure(settings, corpus);
  const ways = measurables(network, encoding.ids, stretches, shapes);
  const { tokens } = ways[0]!.batches;
  const stepTokens = split.batch * split.sequence;
  return {
    ways,
    plan: { every: settings.training.evaluateEvery, tokens, stepTokens },
    extent: extentOf(encoding, stretches),
  };
}

type Parts = Pick<Prepared, 'corpus' | 'network' | 'program' | 'batches'>;
type Begun = Pick<Prepared, 'random' | 'state' | 'warnings'>;

/** @param weights to begin with, of a model that comes from elsewhere */
function begin(
  settings: Settings,
  { network }: Parts,
  plan: EvaluationPlan | undefined,
  weights: Checkpoint | undefined,
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

/** Restores a checkpoint bit for bit; on another text, training goes on at the beginning of a pass. */
function goOn(
  resume: Checkpoint,
  settings: Settings,
  { corpus, network, program, batches }: Parts,
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
  const isSame =
    before === textHash && batch === corpus.split.batch && sequence === corpus.split.sequence;
  if (isSame && carried !== undefined) {
    batches.restore(cursor);
    program.writeState(carried);
    return { random: restoreRandom(random), state, warnings };
  }
  batches.restore({ epoch: cursor.epoch + 1, chunk: 0, shift: 0 });
  const message = sentence`The text is not the one this run was started with; training continues from the beginning of the new text.`;
  return {
    random: restoreRandom(random),
    state: { ...state, pass: { lossSum: 0, steps: 0 } },
    warnings: [...warnings, { event: 'warning', code: 'other-text', message }],
  };
}

function kernelWarnings(before: BackendKind | undefined, now: BackendKind): WarningEvent[] {
  if (before === undefined || before === now) return [];
  const message = sentence`The run was trained with ${before} kernels and continues with ${now} kernels: its losses are no longer bit-identical.`;
  return [{ event: 'warning', code: 'other-kernels', message }];
}

function corpusWarnings({ split, encoding, tokenizer }: Corpus): WarningEvent[] {
  const warnings: WarningEvent[] = split.warnings.map((warning) => ({
    event: 'warning',
    ...warning,
  }));
  // A tokenizer with UNKNOWN has unknown words by design.
  const { kinds, times, examples } = encoding.unknown;
  if (kinds > 0 && tokenizer.unknown === undefined) {
    const shown = examples.slice(0, 10).join(' ');
    const message = sentence`The tokenizer does not know ${kinds} of the text’s symbols (${times} occurrences), among them ${shown}; they are replaced by the nearest known symbol, or left out.`;
    warnings.push({ event: 'warning', code: 'unknown-characters', message });
  }
  return warnings;
}

/** The learning rate at its height. */
export function heightOf({ training }: Settings, { source }: Cell): number {
  return training.learningRate > 0
    ? training.learningRate
    : automaticLearningRate(source, training.optimizer);
}

function factsOf(
  settings: Settings,
  corpus: Corpus,
  { model, backend }: Network,
  batches: Batches,
): RunFacts {
  const limit = limitOf(settings.training);
  const { cell } = model.spec;
  const steps = limit.kind === 'epochs' ? Math.ceil(limit.value * batches.chunks) : limit.value;
  return {
    cell: { name: cell.name, source: cell.source },
    parameters: parameterCount(model.parameters),
    vocabulary: corpus.tokenizer.vocabulary,
    tokens: corpus.trainingTokens,
    validationTokens: corpus.validationTokens,
    batch: corpus.split.batch,
    sequence: corpus.split.sequence,
    learningRate: heightOf(settings, cell),
    threads: backend.threads,
    backend: backend.kind,
    limit,
    lastStep: limit.kind === 'seconds' ? undefined : steps,
    baselines: { uniform: Math.log(corpus.tokenizer.vocabulary), ...corpus.entropies },
    network: structureOf(model.spec),
  };
}
