/**
 * A step whose numbers went wrong, kept so that it can be gone through: a safetensors file of the weights before it, its
 * batch, and the states before that.
 */
import * as v from 'valibot';
import type { Tokenizer } from '../data/tokenizer';
import type { LoadedProgram } from '../engine/backend';
import type { Model } from '../engine/model';
import type { Network } from '../engine/network';
import { readParameter, shapeOf } from '../engine/parameters';
import { Damage, DamagedFile, damagedFile } from '../formats/damage';
import { checkShapes, decoded, modelOf } from '../formats/model-description';
import {
  readSafetensors,
  valuesOf,
  writeSafetensors,
  type NumberArray,
  type TensorToWrite,
} from '../formats/safetensors';
import { sentence } from '../sentence';
import { carriedStates } from './carried';
import { descriptionOf } from './checkpoint';

const format = 'rnn-lab failed step 1';

/** A larger step is not kept, bytes. */
const largestFile = 2 ** 28;

export interface FailedStep {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** The update that was not made, from 1. */
  readonly step: number;
  readonly batch: number;
  readonly sequence: number;
  /** `[T, B]`: what was read, and what was to be predicted. */
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
  /** `[T, B]`, nats. */
  readonly losses: NumberArray;
  /** By qualified names, row-major. */
  readonly parameters: ReadonlyMap<string, NumberArray>;
  /** States before the step by the names that a checkpoint has for them, `[lag, B, W]`. */
  readonly states: ReadonlyMap<string, NumberArray>;
}

/**
 * A file of the step that has just gone wrong, whose weights are as they were before it.
 * @param statesBefore as the program had them before the step
 * @returns undefined if it is too large to be kept for this alone
 */
export function encodeFailedStep(
  step: number,
  { model, backend }: Network,
  tokenizer: Tokenizer,
  loaded: LoadedProgram,
  statesBefore: Float64Array,
): Uint8Array<ArrayBuffer> | undefined {
  const floats = backend.floats();
  const { batch, sequence, losses } = loaded.program;
  const { layout } = model;
  const size = layout.parameterFloats + statesBefore.length + 4 * batch * sequence;
  if (4 * size > largestFile) return undefined;
  const precise = (values: ArrayLike<number>): NumberArray =>
    floats instanceof Float64Array ? Float64Array.from(values) : Float32Array.from(values);
  const shape = [sequence, batch];
  const tensors: TensorToWrite[] = model.parameters.map((parameter) => ({
    name: parameter.name,
    shape: shapeOf(parameter),
    values: precise(readParameter(floats, layout.parameters, parameter)),
  }));
  let at = 0;
  for (const state of carriedStates(loaded)) {
    const values = precise(statesBefore.subarray(at, at + state.length));
    tensors.push({ name: `state.${state.name}`, shape: state.shape, values });
    at += state.length;
  }
  tensors.push(
    { name: 'losses', shape, values: precise(floats.subarray(losses, losses + batch * sequence)) },
    { name: 'tokens', shape, values: loaded.tokens.slice() },
    { name: 'targets', shape, values: loaded.targets.slice() },
  );
  return writeSafetensors(tensors, {
    format,
    ...descriptionOf({ model, tokenizer }),
    batch: JSON.stringify({ step, batch, sequence }),
  });
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const sizes = v.object({ step: count, batch: count, sequence: count });

/**
 * @param name what messages call the file
 * @throws DamagedFile if it is damaged, or another file
 */
export function decodeFailedStep(file: Uint8Array, name: string): FailedStep {
  const { tensors, metadata } = readSafetensors(file, name);
  const again = sentence`Train the run again: where its numbers go wrong, the step is kept.`;
  if (metadata.get('format') !== format) {
    throw new DamagedFile(sentence`${name} holds no step that failed.`, again);
  }
  const json = (key: string): unknown => JSON.parse(metadata.get(key) ?? 'null');
  try {
    const { model, tokenizer } = modelOf({
      cell: metadata.get('cell') ?? 'cell',
      equations: metadata.get('equations') ?? '',
      sizes: json('model'),
      tokenizer: json('tokenizer'),
    });
    checkShapes(model, new Map([...tensors].map(([each, { shape }]) => [each, shape])));
    const numbers = new Map(
      [...tensors].map(([each, tensor]) => [each, valuesOf(tensor) ?? new Float32Array(0)]),
    );
    const of = (each: string): NumberArray => numbers.get(each) ?? new Float32Array(0);
    const integers = (each: string): Int32Array => Int32Array.from(of(each));
    const { step, batch, sequence } = decoded(
      sizes,
      json('batch'),
      sentence`the sizes of its batch are malformed`,
    );
    const { vocabulary } = tokenizer;
    const read = { tokens: integers('tokens'), targets: integers('targets') };
    const isWhole = Object.values(read).every(
      (ids) => ids.length === batch * sequence && ids.every((id) => id >= 0 && id < vocabulary),
    );
    if (!isWhole || of('losses').length !== batch * sequence) {
      throw new Damage(sentence`its batch is not whole`);
    }
    return {
      ...{ model, tokenizer, step, batch, sequence, ...read },
      losses: of('losses'),
      parameters: new Map(model.parameters.map((each) => [each.name, of(each.name)])),
      states: new Map(
        [...numbers].flatMap(([each, values]) =>
          each.startsWith('state.') ? [[each.slice('state.'.length), values] as const] : [],
        ),
      ),
    };
  } catch (error) {
    throw damagedFile(name, error, again);
  }
}
