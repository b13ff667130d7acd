/**
 * A checkpoint: everything a training is, in one safetensors file. Tensors: the parameters by their
 * qualified names (`layer1.W`, `[rows, columns]`), the optimiser's moments (`optimizer.first.layer1.W`),
 * the carried states (`state.layer1.h`, `[lag, B, H]`). Metadata, all text: `format`, `cell`, `equations`,
 * and as JSON `model`, `tokenizer`, `settings`, `training`.
 */
import * as v from 'valibot';
import type { Tokenizer } from '../data/tokenizer';
import { moments, type Floats } from '../engine/backend';
import type { Model } from '../engine/model';
import { readParameter, shapeOf, writeParameter, type Parameter } from '../engine/parameters';
import { Damage, damagedFile, DamagedFile, refuseBeyondFloat32 } from '../formats/damage';
import { checkShapes, decoded, modelOf } from '../formats/model-description';
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

/** What `format` says in files of this version; another one is refused. */
export const checkpointFormat = 'rnn-lab checkpoint 1';

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
}: Pick<Checkpoint, 'settings' | 'training'>): Stage {
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

/** A checkpoint in memory. */
export interface Checkpoint {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly settings: Settings;
  readonly training: TrainingState;
  /** By the names above: parameters, moments, carried states. */
  readonly tensors: ReadonlyMap<string, NumberArray>;
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
export interface CheckpointToWrite {
  readonly model: Model;
  readonly floats: Floats;
  readonly tokenizer: Tokenizer;
  readonly settings: Settings;
  readonly training: TrainingState;
  readonly states: readonly NamedState[];
}

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
  checkpoint: Omit<Checkpoint, 'tensors'>,
  tensors: readonly TensorToWrite[],
): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tensors, {
    format: checkpointFormat,
    ...descriptionOf(checkpoint),
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

/** The optimiser does not use this block. */
function isZero(floats: Floats, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) if (floats[i] !== 0) return false;
  return true;
}

/**
 * Reads a checkpoint file's bytes.
 *
 * @param name what messages call the file
 * @throws DamagedFile if it is damaged, or a safetensors file of another program or version
 */
export function decodeCheckpoint(file: Uint8Array, name: string): Checkpoint {
  const read = readSafetensors(file, name);
  const format = read.metadata.get('format');
  if (format !== checkpointFormat) {
    throw new DamagedFile(
      format?.startsWith('rnn-lab') === true
        ? sentence`${name} is of another version of RNN Lab (${format}).`
        : sentence`${name} is a safetensors file, but not an RNN Lab checkpoint.`,
      sentence`Use a checkpoint of one of your runs (checkpoint-last.safetensors or checkpoint-best.safetensors).`,
    );
  }
  try {
    return interpret(read);
  } catch (error) {
    throw damagedFile(name, error, sentence`Use the run’s other checkpoint, or train again.`);
  }
}

function interpret({ metadata, tensors }: Safetensors): Checkpoint {
  const json = (key: string): unknown => JSON.parse(metadata.get(key) ?? 'null');
  const { model, tokenizer } = modelOf({
    cell: metadata.get('cell') ?? 'cell',
    equations: metadata.get('equations') ?? '',
    sizes: json('model'),
    tokenizer: json('tokenizer'),
  });
  checkShapes(model, new Map([...tensors].map(([name, { shape }]) => [name, shape])));
  const numbers = new Map<string, NumberArray>();
  for (const [name, tensor] of tensors) {
    const values = valuesOf(tensor);
    if (values === undefined) throw new Damage(sentence`${name} holds ${tensor.type} numbers`);
    if (values instanceof Float64Array) refuseBeyondFloat32(name, values);
    numbers.set(name, values);
  }
  return {
    model,
    tokenizer,
    settings: parseSavedSettings(json('settings')),
    training: decoded(
      trainingState,
      json('training'),
      sentence`the state of its training is malformed`,
    ),
    tensors: numbers,
  };
}

/** Puts a checkpoint's parameters into an arena; tell the backend with `parametersChanged`. */
export function restoreParameters({ model, tensors }: Checkpoint, floats: Floats): void {
  restoreBlock(model, floats, model.layout.parameters, (parameter) => tensors.get(parameter.name));
}

/** Puts a checkpoint's optimiser moments into an arena. */
export function restoreMoments({ model, tensors }: Checkpoint, floats: Floats): void {
  for (const moment of moments) {
    restoreBlock(model, floats, model.layout[moment], (parameter) =>
      tensors.get(momentName(moment, parameter)),
    );
  }
}

function restoreBlock(
  model: Model,
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
  { tensors }: Checkpoint,
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
