/**
 * Reading a model from a file that RNN Lab has written, an export as safetensors or JSON or a checkpoint, or that
 * another program has.
 */
import { InputError } from '../input-error';
import { listed } from '../suggest';
import { sentence } from '../sentence';
import { shapeOf } from '../engine/parameters';
import {
  checkpointFormats,
  decodeAnyCheckpoint,
  notBegun,
  writeCheckpoint,
  type AnyCheckpoint,
  type Checkpoint,
  type ExampleCheckpoint,
} from '../training/checkpoint';
import { parseSettings, type Settings } from '../settings/settings';
import { decodeTask } from '../task/description';
import { Damage, DamagedFile, damagedFile, reasonOf, refuseBeyondFloat32 } from '../formats/damage';
import { Needed } from './foreign/needs';
import { isForeign, readForeign, readForeignTensors, type Begun, type Told } from './foreign/read';
import { WordedError } from '../worded-error';
import {
  checkShapes,
  exampleModelFormat,
  exampleModelOf,
  modelFormat,
  modelOf,
  trainedFrom,
  type ModelDescription,
  type Trained,
} from '../formats/model-description';
import type { NamedTensor } from './foreign/tensors';
import { readModelJson } from './read-json';
import {
  readSafetensors,
  realValuesOf,
  type NumberArray,
  type TensorInFile,
} from '../formats/safetensors';

/** A model to begin a run with. */
export interface ImportedModel {
  readonly checkpoint: AnyCheckpoint;
  /** The checkpoint as a file's bytes. */
  readonly file: Uint8Array;
  /** How far a model that comes alone had been trained, where its file tells. */
  readonly trained?: Trained | undefined;
}

/** A parameter as a file has it. */
interface FoundParameter {
  readonly shape: readonly number[];
  readonly values: NumberArray;
}

/**
 * Reads a model. A checkpoint brings its whole training; a model alone brings its weights, and a training
 * with them begins again.
 *
 * @param name what messages call the file
 * @param told what a file of another program does not tell
 * @throws InputError if the file is damaged, holds no model that can be read, or is of a version to come
 * @throws Needed if something of `told` is missing
 */
export function importModel(bytes: Uint8Array, name: string, told: Told = {}): ImportedModel {
  if (isForeign(bytes)) return fromOthers(name, () => readForeign(bytes, name, told));
  return isSafetensors(bytes) ? fromSafetensors(bytes, name, told) : fromJson(bytes, name);
}

/** A model of another program. */
function fromOthers(name: string, read: () => Begun): ImportedModel {
  try {
    const { description, parameters } = read();
    return begin(description, parameters);
  } catch (error) {
    if (error instanceof Needed || error instanceof DamagedFile) throw error;
    const isSentence = error instanceof WordedError && !(error instanceof Damage);
    throw new DamagedFile(
      isSentence
        ? sentence`${name} cannot be imported: ${error.whole}`
        : sentence`${name} cannot be imported: ${reasonOf(error)}.`,
      others,
    );
  }
}

/** Text has no zero bytes; a safetensors file begins with eight bytes of a number that is not large. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8).includes(0);
}

function fromSafetensors(bytes: Uint8Array, name: string, told: Told): ImportedModel {
  const { metadata, tensors } = orDamaged(name, () => readSafetensors(bytes, name));
  const format = metadata.get('format');
  if (format?.startsWith('rnn-lab') !== true) {
    const named = [...tensors].map(([key, tensor]): [string, NamedTensor] => [
      key,
      { name: key, shape: tensor.shape, values: () => parameterFrom(key, tensor).values },
    ]);
    return fromOthers(name, () => readForeignTensors(new Map(named), name, told));
  }
  checkFormat(format, name, [modelFormat, exampleModelFormat, ...checkpointFormats]);
  if (checkpointFormats.some((known) => known === format)) {
    const checkpoint = orDamaged(name, () => decodeAnyCheckpoint(bytes, name));
    const { parameters } = checkpoint.model;
    orDamaged(name, () => {
      for (const { name: key } of parameters) checkFinite(key, checkpoint.tensors.get(key)!);
    });
    if (![...checkpoint.tensors.values()].some((values) => values instanceof Float64Array))
      return { checkpoint, file: bytes };
    const converted = new Map(
      [...checkpoint.tensors].map(([key, values]) => [key, Float32Array.from(values)]),
    );
    const written = [...converted].map(([key, values]) => ({
      name: key,
      shape: tensors.get(key)!.shape,
      values,
    }));
    return {
      checkpoint: { ...checkpoint, tensors: converted },
      file: writeCheckpoint(checkpoint, written),
    };
  }
  return orDamaged(name, () => {
    const json = (key: string): unknown => JSON.parse(metadata.get(key) ?? 'null');
    const description = {
      cell: metadata.get('cell') ?? 'cell',
      equations: metadata.get('equations') ?? '',
      sizes: json('model'),
      tokenizer: json('tokenizer'),
      ...(format === exampleModelFormat && { task: json('task') }),
    };
    const parameters = [...tensors].map(
      ([key, tensor]) => [key, parameterFrom(key, tensor)] as const,
    );
    return { ...begin(description, new Map(parameters)), trained: trainedFrom(json('training')) };
  });
}

function fromJson(bytes: Uint8Array, name: string): ImportedModel {
  const text = decodeUtf8(bytes);
  if (text === undefined || !/^\s*[{[]/.test(text)) {
    throw new InputError(sentence`${name} is neither a safetensors file nor JSON.`, ours);
  }
  const read = orDamaged(name, () => readModelJson(text));
  checkFormat(read.format, name, [modelFormat, exampleModelFormat]);
  return orDamaged(name, () => {
    const { description, parameters, training } = read.contents();
    return { ...begin(description, parameters), trained: trainedFrom(training) };
  });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function checkFormat(format: string | undefined, name: string, known: readonly string[]): void {
  if (format !== undefined && known.includes(format)) return;
  if (format?.startsWith('rnn-lab ') === true) {
    throw new InputError(
      sentence`${name} is of another version of RNN Lab (${format}; this one reads ${listed(known)}).`,
      sentence`Update RNN Lab, then import the file again.`,
    );
  }
  throw new InputError(
    sentence`${name} comes from another program: nothing in it says which equations its numbers belong to.`,
    ours,
  );
}

function parameterFrom(name: string, tensor: TensorInFile): FoundParameter {
  return { shape: tensor.shape, values: realValuesOf(name, tensor) };
}

/** @throws Damage, or the error of the settings or the equations */
function begin(
  description: ModelDescription,
  found: ReadonlyMap<string, FoundParameter>,
): ImportedModel {
  const subject = subjectOf(description);
  const { model } = subject;
  checkShapes(model, new Map([...found].map(([name, { shape }]) => [name, shape])));
  const known = new Set(model.parameters.map(({ name }) => name));
  for (const name of found.keys()) {
    if (!known.has(name))
      throw new Damage(sentence`its equations do not mention its tensor ${name}`);
  }
  const tensors = new Map(
    [...found].map(([name, { values }]) => {
      checkFinite(name, values);
      if (values instanceof Float64Array) refuseBeyondFloat32(name, values);
      return [name, Float32Array.from(values)];
    }),
  );
  const settings = settingsOf(subject);
  const checkpoint = { ...subject, settings, training: notBegun(settings), tensors };
  const written = model.parameters.map((parameter) => ({
    name: parameter.name,
    shape: shapeOf(parameter),
    values: tensors.get(parameter.name)!,
  }));
  return { checkpoint, file: writeCheckpoint(checkpoint, written) };
}

type Subject = Pick<Checkpoint, 'model' | 'tokenizer'> | Pick<ExampleCheckpoint, 'model' | 'task'>;

function subjectOf(description: ModelDescription): Subject {
  return description.task === undefined
    ? modelOf(description)
    : { model: exampleModelOf(description), task: decodeTask(description.task) };
}

/** The settings that a model tells of. */
function settingsOf(subject: Subject): Settings {
  if ('task' in subject) {
    const { cell, hidden, dropout } = subject.model.spec;
    return parseSettings({ model: { cell: cell.name, hidden, dropout } });
  }
  const { cell, hidden, layers, embedding, dropout } = subject.model.spec;
  return parseSettings({
    model: { cell: cell.name, hidden, layers, embedding, dropout },
    data: { tokenizer: subject.tokenizer.kind },
  });
}

function checkFinite(name: string, values: NumberArray): void {
  const at = values.findIndex((value: number) => !Number.isFinite(value));
  if (at >= 0) {
    throw new Damage(sentence`entry ${at + 1} of ${name} is ${values[at]!}, not a number`);
  }
}

const again = sentence`Get the file again from where it came, or export the model again.`;
const others = sentence`What can be read of another program is an LSTM, GRU or RNN before a linear layer; of PyTorch its state_dict.`;
const ours = sentence`Import a file that RNN Lab has exported as safetensors or JSON, or a checkpoint of one of its runs.`;

/** What is wrong inside a file that is ours, or should be. */
function orDamaged<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DamagedFile
      ? new DamagedFile(error.problem, again)
      : damagedFile(name, error, again);
  }
}
