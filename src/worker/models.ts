import type { Floats } from '../core/engine/backend';
import { createNetwork, type Network } from '../core/engine/network';
import { isOfExamples, restoreParameters } from '../core/training/checkpoint';
import type { RunInfo } from '../core/training/run';
import { readCodec, type Codec } from '../core/task/codecs';
import type { TaskDescription } from '../core/task/description';
import type { Tokenizer } from '../core/data/tokenizer';
import type { ExampleModel, GraphModel, Model } from '../core/engine/model';
import { InputError } from '../core/input-error';
import { reasonOf } from '../core/formats/damage';
import { modelOf } from '../core/formats/model-description';
import { sentence } from '../core/sentence';
import type { ModelDescription, ModelSource } from '../protocol/engine';
import { createBackend } from './backends';
import { inputError, type JobError } from './failures';
import type { Platform } from './platform';
import type { LanguageModel, Work } from './work';
import { readAnyCheckpoint, readCheckpoint, readRunInfo } from './run-folder';

/** A model to be asked things; its weights do not change. */
export interface OpenModel {
  readonly network: Network;
  readonly tokenizer: Tokenizer;
  /** Updates its training had done. */
  readonly step: number;
  close(): void;
}

/**
 * Opens a kept model, a copy of one that is being trained (its weights as they are now), or one that is given:
 * in a backend of its own, so that nobody disturbs the other.
 *
 * @param threads 0: as many as the machine has cores
 * @throws JobError, InputError
 */
export async function openModel(
  job: Work,
  source: ModelSource,
  threads: number,
): Promise<OpenModel> {
  await job.platform.beforeComputing();
  switch (source.kind) {
    case 'run':
      return await openKept(job, source, threads);
    case 'live':
      return copyLive(job, source.job, threads);
    case 'snapshot':
      return openSnapshot(job, source, threads);
  }
}

async function openKept(
  { platform }: Work,
  { run, checkpoint: asked }: Extract<ModelSource, { readonly kind: 'run' }>,
  threads: number,
): Promise<OpenModel> {
  const checkpoint = await readCheckpoint(platform.files, run, asked);
  const { model, tokenizer, training } = checkpoint;
  const opened = openNetwork(platform, model, threads, (floats) => {
    restoreParameters(checkpoint, floats);
  });
  return { ...opened, tokenizer, step: training.step };
}

function copyLive(job: Work, id: number, threads: number): OpenModel {
  const live = liveModel(job, id);
  const { network, tokenizer, step } = live;
  return openWith(job, { model: network.model, tokenizer }, parametersOf(live), step, threads);
}

function openSnapshot(
  job: Work,
  { model: description, parameters, step }: Extract<ModelSource, { readonly kind: 'snapshot' }>,
  threads: number,
): OpenModel {
  return openWith(job, describedModel(description), parameters, step, threads);
}

function describedModel(description: ModelDescription): { model: Model; tokenizer: Tokenizer } {
  try {
    return modelOf(description);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw inputError(sentence`The model cannot be opened: ${reasonOf(error)}.`);
  }
}

function openWith(
  { platform }: Work,
  { model, tokenizer }: { readonly model: Model; readonly tokenizer: Tokenizer },
  parameters: Float32Array,
  step: number,
  threads: number,
): OpenModel {
  checkLength(model, parameters);
  const opened = openNetwork(platform, model, threads, (floats) => {
    floats.set(parameters, model.layout.parameters);
  });
  return { ...opened, tokenizer, step };
}

/** @param restore writes the parameters into the arena */
function openNetwork<M extends GraphModel>(
  platform: Platform,
  model: M,
  threads: number,
  restore: (floats: Floats) => void,
): { readonly network: Network<M>; close(): void } {
  const backend = createBackend(platform, model, threads);
  restore(backend.floats());
  backend.parametersChanged();
  return {
    network: createNetwork(model, backend),
    close: () => {
      backend.close();
    },
  };
}

/** A model of examples, to be asked for answers. */
export interface OpenExampleModel {
  readonly network: Network<ExampleModel>;
  readonly task: TaskDescription;
  readonly input: Codec;
  readonly output: Codec;
  readonly info: RunInfo;
  readonly step: number;
  close(): void;
}

/** What it takes to answer an example. */
export type Answering = Pick<OpenExampleModel, 'network' | 'task' | 'input' | 'output'>;

/**
 * Opens a kept model of examples.
 *
 * @returns undefined if the run's model goes on with a text
 * @throws JobError, InputError
 */
export async function openExampleModel(
  { platform }: Work,
  source: ModelSource,
  threads: number,
): Promise<OpenExampleModel | undefined> {
  if (source.kind !== 'run') return undefined;
  const info = await readRunInfo(platform.files, source.run);
  if (info.task === undefined) return undefined;
  const checkpoint = await readAnyCheckpoint(platform.files, source.run, source.checkpoint);
  if (!isOfExamples(checkpoint)) {
    throw inputError(sentence`run.json and the checkpoint disagree on what the model is of.`);
  }
  await platform.beforeComputing();
  const { model, task, training } = checkpoint;
  const opened = openNetwork(platform, model, threads, (floats) => {
    restoreParameters(checkpoint, floats);
  });
  const [input, output] = [readCodec(task.input), readCodec(task.output)];
  return { ...opened, task, input, output, info, step: training.step };
}

/** @throws JobError if these are not a model's parameters */
export function checkLength({ layout }: Model, parameters: Float32Array): void {
  if (parameters.length === layout.parameterFloats) return;
  throw inputError(
    sentence`These are the weights of another model.`,
    sentence`Follow that model, or give weights of this one.`,
  );
}

/** @throws JobError if that training is not under way, or not of a language model */
export function liveModel({ live }: Work, id: number): LanguageModel & { readonly step: number } {
  const run = live.get(id);
  if (run === undefined) throw noTraining();
  if (run.language !== undefined) return { ...run.language, step: run.step() };
  throw inputError(
    sentence`That training is of a model of examples, which does not go on with a text.`,
    sentence`Choose a model that was trained on a text.`,
  );
}

export function noTraining(): JobError {
  return inputError(
    sentence`That training is not running.`,
    sentence`Use the model kept in the run’s folder.`,
  );
}

/** A copy of the parameter block. */
export function parametersOf({ network }: LanguageModel): Float32Array<ArrayBuffer> {
  const { parameters, parameterFloats } = network.model.layout;
  const floats = network.backend.floats();
  return Float32Array.from(floats.subarray(parameters, parameters + parameterFloats));
}
