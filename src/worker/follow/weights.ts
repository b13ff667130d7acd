/** A model that documents are read with: one set of weights, and all that belongs to it. */
import type { Tokenizer } from '../../core/data/tokenizer';
import type { Model } from '../../core/engine/model';
import { writeParameter } from '../../core/engine/parameters';
import type { Structure } from '../../core/engine/structure';
import type { Checkpoint } from '../../core/training/checkpoint';
import { createLooker, type Looker } from '../../core/reading/looker';
import { createReadModel } from '../../core/reading/model';
import type { ReadModel } from '../../core/reading/reading';
import { sentence } from '../../core/sentence';
import { createNetwork, type Network } from '../../core/engine/network';
import type { RefreshRequest } from '../../protocol/engine';
import { createBackend } from '../backends';
import { inputError } from '../failures';
import { checkLength, noTraining } from '../models';
import type { Platform } from '../platform';
import { readCheckpoint } from '../run-folder';

export interface Weights {
  readonly reader: ReadModel;
  readonly looker: Looker;
  /** Updates that made them. */
  step: number;
}

export function createWeights(
  network: Network,
  tokenizer: Tokenizer,
  structure: Structure,
  step: number,
): Weights {
  const reader = createReadModel(network, tokenizer);
  return { reader, looker: createLooker(reader, structure), step };
}

/** Room for other weights of the same model, in a backend of its own. */
export function createSpare(
  platform: Platform,
  { reader }: Weights,
  structure: Structure,
): Weights {
  const { model } = reader.network;
  const network = createNetwork(model, createBackend(platform, model, 1));
  return createWeights(network, reader.tokenizer, structure, 0);
}

/** Parameters as the engine lays them out, and the updates that made them. */
export interface GivenWeights {
  readonly parameters: ArrayLike<number>;
  readonly step: number;
}

/**
 * Fetches what a refresh gives.
 * @throws JobError, InputError if it is not there, or is of another model
 */
export async function fetchWeights(
  { files, trainer }: Platform,
  model: Model,
  weights: RefreshRequest['weights'],
): Promise<GivenWeights> {
  if (weights.kind === 'parameters') {
    checkLength(model, weights.parameters);
    return weights;
  }
  if (weights.kind === 'live') {
    if (trainer === undefined) throw noTraining();
    const given = await trainer.start({ kind: 'snapshot', training: weights.job }).result;
    checkLength(model, given.parameters);
    return given;
  }
  const checkpoint = await readCheckpoint(files, weights.run, weights.checkpoint);
  return { parameters: parametersIn(checkpoint, model), step: checkpoint.training.step };
}

function parametersIn({ model: other, tensors }: Checkpoint, model: Model): Float32Array {
  const isSame =
    other.spec.cell.source === model.spec.cell.source &&
    other.layout.parameterFloats === model.layout.parameterFloats &&
    other.parameters.length === model.parameters.length;
  const block = new Float32Array(model.layout.parameterFloats);
  for (const parameter of model.parameters) {
    const values = tensors.get(parameter.name);
    if (!isSame || values?.length !== parameter.rows * parameter.columns) {
      throw inputError(
        sentence`That checkpoint is of another model than the one that is followed.`,
        sentence`Follow that model.`,
      );
    }
    writeParameter(block, 0, parameter, values);
  }
  return block;
}

/** Puts weights in the place of others. All that was read with those is to be dropped. */
export function putWeights(to: Weights, { parameters, step }: GivenWeights): void {
  const { backend, model } = to.reader.network;
  backend.floats().set(parameters, model.layout.parameters);
  backend.parametersChanged();
  to.looker.clear();
  to.step = step;
}
