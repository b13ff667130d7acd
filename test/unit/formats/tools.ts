import type { Backend } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { sampleText } from '../../../src/core/sampling/sample';
import {
  decodeCheckpoint,
  restoreParameters,
  type Checkpoint,
} from '../../../src/core/training/checkpoint';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { parseSettings } from '../../../src/core/settings/settings';
import { makeTrainer, runSteps, type TestOptions } from '../training/tools';

/** Both engines; the strict kernels, so that a test's numbers are those of every machine. */
export const backends: Readonly<Record<string, (model: GraphModel) => Backend>> = {
  wasm: (model) => createWasmBackend({ layout: model.layout, build: 'strict' }),
  reference: (model) => createReferenceBackend(model.layout),
};

/** The checkpoint of a short training in float32, as the product makes it. */
export async function trained(options: TestOptions = {}): Promise<Checkpoint> {
  return decodeCheckpoint(await trainedFile(options), 'trained');
}

/** The same as a file. */
export async function trainedFile(options: TestOptions = {}): Promise<Uint8Array> {
  const trainer = await makeTrainer({
    backend: backends['wasm']!,
    ...options,
    settings: { 'training.steps': 40, 'training.learningRate': 0.02, ...options.settings },
  });
  try {
    runSteps(trainer);
    return trainer.checkpoint();
  } finally {
    trainer.close();
  }
}

/** A kept model on a backend. */
export function networkOf(
  checkpoint: Checkpoint,
  backend: (model: GraphModel) => Backend,
): Network {
  const made = backend(checkpoint.model);
  restoreParameters(checkpoint, made.floats());
  made.parametersChanged();
  return createNetwork(checkpoint.model, made);
}

/** What the engine writes: its tokens, and the text they make. */
export function engineSample(
  checkpoint: Checkpoint,
  backend: (model: GraphModel) => Backend,
  sampling: Readonly<Record<string, unknown>>,
): { ids: number[]; text: string } {
  const network = networkOf(checkpoint, backend);
  try {
    const settings = parseSettings({ sampling }).sampling;
    const generator = sampleText(network, checkpoint.tokenizer, settings);
    const ids: number[] = [];
    let text = '';
    for (;;) {
      const { done, value } = generator.next();
      if (done === true) return { ids, text: text + value.rest };
      ids.push(value.id);
      text += value.text;
    }
  } finally {
    network.backend.close();
  }
}
