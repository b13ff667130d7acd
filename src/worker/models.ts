import { createNetwork, type Network } from '../core/training/network';
import { restoreParameters } from '../core/training/checkpoint';
import type { Tokenizer } from '../core/data/tokenizer';
import type { JobKind, ModelSource } from '../protocol/engine';
import { sentence } from '../core/sentence';
import { createBackend } from './backends';
import { inputError } from './failures';
import type { Job } from './handler';
import { readCheckpoint } from './run-folder';

/** A model to be asked things; its weights do not change. */
export interface OpenModel {
  readonly network: Network;
  readonly tokenizer: Tokenizer;
  close(): void;
}

/**
 * Opens a kept model, or a copy of one that is being trained: its weights as they are now, in a
 * backend of its own, so that neither disturbs the other.
 *
 * @param threads 0: as many as the machine has cores
 * @throws JobError, InputError
 */
export async function openModel<K extends JobKind>(
  job: Job<K>,
  source: ModelSource,
  threads: number,
): Promise<OpenModel> {
  return source.kind === 'run'
    ? await openKept(job, source, threads)
    : copyLive(job, source.job, threads);
}

async function openKept<K extends JobKind>(
  { platform }: Job<K>,
  { run, checkpoint: asked }: Extract<ModelSource, { readonly kind: 'run' }>,
  threads: number,
): Promise<OpenModel> {
  const checkpoint = await readCheckpoint(platform.files, run, asked);
  const backend = createBackend(platform, checkpoint.model, threads);
  restoreParameters(checkpoint, backend.floats());
  backend.parametersChanged();
  return {
    network: createNetwork(checkpoint.model, backend),
    tokenizer: checkpoint.tokenizer,
    close: () => {
      backend.close();
    },
  };
}

function copyLive<K extends JobKind>(
  { platform, live }: Job<K>,
  id: number,
  threads: number,
): OpenModel {
  const run = live.get(id);
  if (run === undefined) {
    throw inputError(
      sentence`That training is not under way.`,
      sentence`Use the model that its run's folder keeps.`,
    );
  }
  const { model, backend: original } = run.network;
  const { parameters, parameterFloats } = model.layout;
  const backend = createBackend(platform, model, threads);
  const values = original.floats().subarray(parameters, parameters + parameterFloats);
  backend.floats().set(values, parameters);
  backend.parametersChanged();
  return {
    network: createNetwork(model, backend),
    tokenizer: run.tokenizer,
    close: () => {
      backend.close();
    },
  };
}
