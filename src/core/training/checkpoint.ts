/**
 * A checkpoint: everything a training is, in one safetensors file. Tensors: the parameters by their
 * qualified names (`layer1.W`, `[rows, columns]`), the optimiser's moments (`optimizer.first.layer1.W`),
 * the carried states (`state.layer1.h`, `[lag, B, H]`). Metadata, all text: `format`, `cell`, `equations`,
 * and as JSON `model`, `tokenizer`, `settings`, `training`.
 */
import * as v from 'valibot';
import type { Tokenizer } from '../data/tokenizer';
import { moments, type Floats } from '../engine/backend';
import type { ExampleModel, GraphModel, Model } from '../engine/model';
import { InputError } from '../input-error';
import { decodeTask, type TaskDescription } from '../task/description';
import { readParameter, shapeOf, writeParameter, type Parameter } from '../engine/parameters';
import { Damage, damagedFile, DamagedFile, refuseBeyondFloat32 } from '../formats/damage';
import { checkShapes, decoded, exampleModelOf, modelOf } from '../formats/model-description';
import {
  readSafetensors,
  valuesOf,
  writeSafetensors,
  type NumberArray,
  type Safetensors,
  type TensorToWrite,
} from '../formats/safetensors';
import { anyNumber, replaceNumbers } from '../json-numbers';
import { sentence } from '../sentence';
import { count, kernels, mark, rate, share, stage, type Stage } from './course';
import { createRandom } from '../random/random';
import { initialScheduleState } from '../settings/schedules';
import { parseSavedSettings, type Settings } from '../settings/settings';

/** What `format` says in files of language models; another one is refused. */
const checkpointFormat = 'rnn-lab checkpoint 1';
/** In files of models of examples. */
const exampleFormat = 'rnn-lab checkpoint 2';
export const checkpointFormats = [checkpointFormat, exampleFormat] as const;

const finite = v.pipe(v.number(), v.finite());
/** A word of the generator's state. */
const word = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1));

/** How far a training is: what its loop changes. */
const standing = v.object({
  /** Updates done. */
  step: count,
  /** Training tokens seen. */
  tokens: count,
  schedule: v.object({ factor: share, previous: v.optional(anyNumber) }),
  /** Of the pass under way, for its mean loss. */
  pass: v.object({ lossSum: finite, steps: count }),
  /** The learning rate set by hand, whatever the schedule says. */
  fixedRate: v.optional(rate),
  /** Missing in files of 0.1.0. */
  course: v.optional(v.array(mark), []),
  /** What the training was before it went on with something else. Missing in files of 0.1.0. */
  stages: v.optional(v.array(stage), []),
  /** The step after which the last measurement was made; undefined: none yet, or not known. */
  measured: v.optional(count),
  /** The step after which a measurement is due. */
  nextEvaluation: count,
  /** Measurements since the best one. */
  sinceBest: count,
  best: v.optional(v.object({ step: count, validationLoss: finite })),
});
export type Standing = v.InferOutput<typeof standing>;

/** All that a training is beside its tensors. */
const trainingState = v.object({
  ...standing.entries,
  /** Training time, s. */
  seconds: v.pipe(finite, v.minValue(0)),
  /** Place in the data. */
  cursor: v.object({ epoch: count, chunk: count, shift: count }),
  /** The generator's state. */
  random: v.pipe(v.array(word), v.length(4)),
  /** The shape of a chunk; carried states have one row for each of the batch. */
  batch: count,
  sequence: count,
  /** SHA-256 of the prepared text, as UTF-8; empty: the model comes from elsewhere and has read none here. */
  textHash: v.string(),
  /** Undefined: not known. */
  kernels: v.optional(kernels),
});
export type TrainingState = v.InferOutput<typeof trainingState>;

/** What a model that comes without its training has done: nothing. */
export function notBegun({ training }: Settings): TrainingState {
  const { seed, batch, sequence } = training;
  return {
    ...{ step: 0, tokens: 0, seconds: 0, nextEvaluation: 0, sinceBest: 0, textHash: '' },
    schedule: initialScheduleState,
    pass: { lossSum: 0, steps: 0 },
    course: [],
    stages: [],
    cursor: { epoch: 0, chunk: 0, shift: 0 },
    random: [...createRandom(seed).state()],
    ...{ batch, sequence },
  };
}

/** Whether there is a training to go on with, rather than weights to begin with. */
export function hasBegun({ textHash }: TrainingState): boolean {
  return textHash !== '';
}

/** The training up to a checkpoint, as a stage of one that goes on from it. */
export function stageUpTo({
  settings,
  training,
}: Pick<AnyCheckpoint, 'settings' | 'training'>): Stage {
  const { step, textHash } = training;
  return {
    until: hasBegun(training) ? step : 0,
    settings,
    textHash,
    ...(training.kernels !== undefined && { kernels: training.kernels }),
  };
}

/** A copy of what the loop changes. */
export function standingOf(training: TrainingState): Standing {
  return v.parse(standing, training);
}

/** What a checkpoint is of. */
interface LanguageSubject {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
}
interface ExampleSubject {
  readonly model: ExampleModel;
  readonly task: TaskDescription;
}

interface Kept {
  readonly settings: Settings;
  readonly training: TrainingState;
  /** By the names above: parameters, moments, carried states. */
  readonly tensors: ReadonlyMap<string, NumberArray>;
}

/** A checkpoint in memory, of a language model. */
export type Checkpoint = LanguageSubject & Kept;
/** Of a model of examples. */
export type ExampleCheckpoint = ExampleSubject & Kept;
export type AnyCheckpoint = Checkpoint | ExampleCheckpoint;

/** Whether a checkpoint is of a model of examples. */
export function isOfExamples(checkpoint: AnyCheckpoint): checkpoint is ExampleCheckpoint {
  return 'task' in checkpoint;
}

/** One carried state as it goes into a file. */
export interface NamedState {
  readonly name: string;
  /** `[lag, B, width]` */
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

const stateName = (name: string): string => `state.${name}`;
const momentName = (moment: string, parameter: Parameter): string =>
  `optimizer.${moment}.${parameter.name}`;

/** What is written; `states` may be left out where only the model matters. */
export type CheckpointToWrite = (LanguageSubject | ExampleSubject) & {
  readonly floats: Floats;
  readonly settings: Settings;
  readonly training: TrainingState;
  readonly states: readonly NamedState[];
};

/**
 * A checkpoint file's bytes; float32 or float64 as the arena is, so that nothing is lost.
 * @param options `moments: false` leaves the optimiser's out
 */
export function encodeCheckpoint(
  checkpoint: CheckpointToWrite,
  options: { readonly moments: boolean } = { moments: true },
): Uint8Array<ArrayBuffer> {
  const { model, floats, states } = checkpoint;
  const { layout } = model;
  const precise = (values: Float64Array): NumberArray =>
    floats instanceof Float64Array ? values : Float32Array.from(values);
  const tensors: TensorToWrite[] = model.parameters.map((parameter) => ({
    name: parameter.name,
    shape: shapeOf(parameter),
    values: precise(readParameter(floats, layout.parameters, parameter)),
  }));
  for (const moment of moments) {
    if (!options.moments || isZero(floats, layout[moment], layout.parameterFloats)) continue;
    for (const parameter of model.parameters) {
      const values = precise(readParameter(floats, layout[moment], parameter));
      tensors.push({ name: momentName(moment, parameter), shape: shapeOf(parameter), values });
    }
  }
  for (const { name, shape, values } of states) {
    tensors.push({ name: stateName(name), shape, values: precise(values) });
  }
  return writeCheckpoint(checkpoint, tensors);
}

/** Tensors by their names above, as a checkpoint file's bytes. */
export function writeCheckpoint(
  checkpoint: (LanguageSubject | ExampleSubject) & Omit<Kept, 'tensors'>,
  tensors: readonly TensorToWrite[],
): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tensors, {
    ...('task' in checkpoint
      ? { format: exampleFormat, ...exampleDescriptionOf(checkpoint) }
      : { format: checkpointFormat, ...descriptionOf(checkpoint) }),
    settings: JSON.stringify(checkpoint.settings),
    training: JSON.stringify(checkpoint.training, replaceNumbers),
  });
}

/** The metadata that say what the tensors are for. */
export function descriptionOf({
  model: { spec },
  tokenizer,
}: Pick<Checkpoint, 'model' | 'tokenizer'>): Record<
  'cell' | 'equations' | 'model' | 'tokenizer',
  string
> {
  const { hidden, layers, vocabulary, embedding, dropout } = spec;
  return {
    cell: spec.cell.name,
    equations: spec.cell.source,
    model: JSON.stringify({ hidden, layers, vocabulary, embedding, dropout }),
    tokenizer: JSON.stringify(tokenizer.toJSON()),
  };
}

/** The metadata that say what the tensors of a model of examples are for. */
export function exampleDescriptionOf({
  model: { spec },
  task,
}: ExampleSubject): Record<'cell' | 'equations' | 'model' | 'task', string> {
  const { cell, hidden, dropout, input, answer, output } = spec;
  return {
    cell: cell.name,
    equations: cell.source,
    model: JSON.stringify({ hidden, dropout, input, answer, output }),
    task: JSON.stringify(task),
  };
}

/** The optimiser does not use this block. */
function isZero(floats: Floats, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) if (floats[i] !== 0) return false;
  return true;
}

/**
 * Reads the bytes of a language model's checkpoint file.
 *
 * @param name what messages call the file
 * @throws DamagedFile if it is damaged, or a safetensors file of another program or version
 * @throws InputError if it holds a model of examples
 */
export function decodeCheckpoint(file: Uint8Array, name: string): Checkpoint {
  const checkpoint = decodeAnyCheckpoint(file, name);
  if (!isOfExamples(checkpoint)) return checkpoint;
  throw new InputError(
    sentence`${name} holds a model of examples, which does not go on with a text.`,
    sentence`Ask it for answers with rnn-lab predict, or measure it with rnn-lab evaluate.`,
  );
}

/**
 * Reads a checkpoint file's bytes, whatever the model.
 *
 * @param name what messages call the file
 * @throws DamagedFile if it is damaged, or a safetensors file of another program or version
 */
export function decodeAnyCheckpoint(file: Uint8Array, name: string): AnyCheckpoint {
  const read = readSafetensors(file, name);
  const format = read.metadata.get('format');
  if (format !== checkpointFormat && format !== exampleFormat) {
    throw new DamagedFile(
      format?.startsWith('rnn-lab') === true
        ? sentence`${name} is of another version of RNN Lab (${format}).`
        : sentence`${name} is a safetensors file, but not an RNN Lab checkpoint.`,
      sentence`Use a checkpoint of one of your runs (checkpoint-last.safetensors or checkpoint-best.safetensors).`,
    );
  }
  try {
    return format === exampleFormat
      ? { ...exampleSubjectOf(read), ...keptOf(read) }
      : { ...languageSubjectOf(read), ...keptOf(read) };
  } catch (error) {
    throw damagedFile(name, error, sentence`Use the run’s other checkpoint, or train again.`);
  }
}

function jsonIn({ metadata }: Safetensors, key: string): unknown {
  return JSON.parse(metadata.get(key) ?? 'null');
}

function shapesIn({ tensors }: Safetensors): ReadonlyMap<string, readonly number[]> {
  return new Map([...tensors].map(([name, { shape }]) => [name, shape]));
}

function languageSubjectOf(file: Safetensors): LanguageSubject {
  const { metadata } = file;
  const subject = modelOf({
    cell: metadata.get('cell') ?? 'cell',
    equations: metadata.get('equations') ?? '',
    sizes: jsonIn(file, 'model'),
    tokenizer: jsonIn(file, 'tokenizer'),
  });
  checkShapes(subject.model, shapesIn(file));
  return subject;
}

function exampleSubjectOf(file: Safetensors): ExampleSubject {
  const { metadata } = file;
  const task = decodeTask(jsonIn(file, 'task'));
  const model = exampleModelOf({
    cell: metadata.get('cell') ?? 'model',
    equations: metadata.get('equations') ?? '',
    sizes: jsonIn(file, 'model'),
  });
  checkShapes(model, shapesIn(file));
  return { model, task };
}

function keptOf(file: Safetensors): Kept {
  const numbers = new Map<string, NumberArray>();
  for (const [name, tensor] of file.tensors) {
    const values = valuesOf(tensor);
    if (values === undefined) throw new Damage(sentence`${name} holds ${tensor.type} numbers`);
    if (values instanceof Float64Array) refuseBeyondFloat32(name, values);
    numbers.set(name, values);
  }
  return {
    settings: parseSavedSettings(jsonIn(file, 'settings')),
    training: decoded(
      trainingState,
      jsonIn(file, 'training'),
      sentence`the state of its training is malformed`,
    ),
    tensors: numbers,
  };
}

/** Puts a checkpoint's parameters into an arena; tell the backend with `parametersChanged`. */
export function restoreParameters({ model, tensors }: AnyCheckpoint, floats: Floats): void {
  restoreBlock(model, floats, model.layout.parameters, (parameter) => tensors.get(parameter.name));
}

/** Puts a checkpoint's optimiser moments into an arena. */
export function restoreMoments({ model, tensors }: AnyCheckpoint, floats: Floats): void {
  for (const moment of moments) {
    restoreBlock(model, floats, model.layout[moment], (parameter) =>
      tensors.get(momentName(moment, parameter)),
    );
  }
}

function restoreBlock(
  model: GraphModel,
  floats: Floats,
  block: number,
  values: (parameter: Parameter) => NumberArray | undefined,
): void {
  for (const parameter of model.parameters) {
    const found = values(parameter);
    if (found !== undefined) writeParameter(floats, block, parameter, found);
  }
}

/**
 * A checkpoint's carried states, one after the other as `writeState` wants them.
 * @returns undefined if one is missing or of another size
 */
export function restoredState(
  { tensors }: AnyCheckpoint,
  expected: readonly { readonly name: string; readonly length: number }[],
): Float64Array | undefined {
  const state: number[] = [];
  for (const { name, length } of expected) {
    const values = tensors.get(stateName(name));
    if (values?.length !== length) return undefined;
    for (const value of values) state.push(value);
  }
  return Float64Array.from(state);
}
