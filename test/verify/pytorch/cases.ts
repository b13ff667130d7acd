/** Trainings that are the same in RNN Lab and in PyTorch: initial weights in a file, a text, 200 steps of Adam. */
import { loadCell } from '../../../src/core/equations/load-cell';
import { memoryText } from '../../../src/core/data/source';
import type { Backend } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { importModel } from '../../../src/core/exports/import-model';
import { writeModelSafetensors } from '../../../src/core/exports/safetensors';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import { toEnglish } from '../../../src/core/sentence';
import { resumeSettings } from '../../../src/core/settings/resume';
import { parseSettings } from '../../../src/core/settings/settings';
import { createTrainer } from '../../../src/core/training/trainer';
import { sha256 } from '../../../src/worker/sha256';

export interface PyTorchCase {
  /** Of its files: `gru-2`. */
  readonly name: string;
  readonly cell: 'vanilla' | 'gru' | 'lstm';
  readonly layers: number;
}

export const cases: readonly PyTorchCase[] = (['vanilla', 'gru', 'lstm'] as const).flatMap((cell) =>
  [1, 2].map((layers) => ({ name: `${cell}-${String(layers)}`, cell, layers })),
);

/** What both trainings are told; the same file says it to PyTorch. */
export const training = {
  hidden: 24,
  batch: 4,
  sequence: 12,
  steps: 200,
  learningRate: 0.005,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  /** Low enough to be reached at some steps and not at others. */
  clip: 0.6,
} as const;

/** The stretch of a text that fills all chunks of one pass. */
export function stretchOf(text: string): string {
  const { batch, sequence, steps } = training;
  return Array.from(text)
    .slice(0, batch * sequence * steps + 1)
    .join('');
}

const settingsOf = {
  'training.batch': training.batch,
  'training.sequence': training.sequence,
  'training.steps': training.steps,
  'training.optimizer': 'adam',
  'training.learningRate': training.learningRate,
  'training.beta1': training.beta1,
  'training.beta2': training.beta2,
  'training.epsilon': training.epsilon,
  'training.clip': training.clip,
  'training.schedule': 'constant',
  'training.warmup': 0,
  'data.validation': 0,
  'inspection.observeEvery': 0,
  'inspection.sampleEvery': 0,
};

const reference = (model: GraphModel): Backend => createReferenceBackend(model.layout);

/** A clock that makes each step a row of metrics. */
function everyStep(): () => number {
  let time = 0;
  return () => (time += 1);
}

/** Untrained weights from RNN Lab's own initialiser, as the file that `rnn-lab export` would write. */
export async function initialWeights(
  { cell, layers }: PyTorchCase,
  text: string,
): Promise<Uint8Array> {
  const model = { 'model.hidden': training.hidden, 'model.layers': layers };
  const trainer = await createTrainer({
    settings: parseSettings({ ...settingsOf, ...model, 'training.seed': 7 }),
    cell: loadCell(cell),
    data: { kind: 'text', text: memoryText(text, 'text') },
    createHash: sha256,
    createBackend: reference,
    now: everyStep(),
  });
  // Float32, as every exported model has.
  const checkpoint = decodeCheckpoint(trainer.checkpoint(), 'start');
  const tensors = new Map(
    [...checkpoint.tensors].map(([name, values]) => [name, Float32Array.from(values)]),
  );
  return writeModelSafetensors({ ...checkpoint, tensors });
}

/** What a training has shown, step by step. */
export interface Course {
  readonly losses: readonly number[];
  /** Share of steps whose gradient was clipped. */
  readonly clipped: number;
}

/** Trains on a text from the weights of a file, on the float64 reference unless told otherwise. */
export async function trainFrom(
  weights: Uint8Array,
  text: string,
  createBackend: (model: GraphModel) => Backend = reference,
): Promise<Course> {
  const { checkpoint } = importModel(weights, 'weights');
  const trainer = await createTrainer({
    settings: resumeSettings(checkpoint.settings, settingsOf, false),
    cell: checkpoint.model.spec.cell,
    data: { kind: 'text', text: memoryText(text, 'text') },
    createHash: sha256,
    createBackend,
    resume: checkpoint,
    now: everyStep(),
  });
  const rows = [];
  while (!trainer.hasEnded()) {
    for (const event of trainer.runFor(0)) {
      if (event.event === 'failed') throw new Error(toEnglish(event.message));
      if (event.event === 'metrics') rows.push(event.row);
    }
  }
  trainer.close();
  return {
    losses: rows.map(({ loss }) => loss.mean),
    clipped: rows.filter(({ clipped }) => clipped > 0).length / rows.length,
  };
}

/** Largest distance of two courses' losses. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  return Math.max(...a.map((loss, step) => Math.abs(loss - b[step]!)));
}
