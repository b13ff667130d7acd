/** The losses that PyTorch has had, kept with the weights they began with: the tests run where there is no PyTorch. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { stretchOf, type PyTorchCase } from './cases';

export const fixtures = path.resolve('test/fixtures/pytorch');

const losses = v.object({ float64: v.array(v.number()), float32: v.array(v.number()) });
export type Losses = v.InferOutput<typeof losses>;

const recording = v.object({
  /** How the file was made. */
  made: v.object({
    by: v.string(),
    again: v.string(),
    versions: v.record(v.string(), v.string()),
  }),
  /** What PyTorch was told. */
  training: v.record(v.string(), v.number()),
  /** SHA-256 of the text that was trained on, as UTF-8. */
  textHash: v.string(),
  losses: v.record(v.string(), losses),
  /** Of models of examples: what PyTorch was told beside the batches, the batches' SHA-256 as JSON, and the losses. */
  examples: v.object({
    training: v.record(v.string(), v.number()),
    hashes: v.record(v.string(), v.string()),
    losses: v.record(v.string(), losses),
  }),
});
export type Recording = v.InferOutput<typeof recording>;

export function weightsFile({ name }: Pick<PyTorchCase, 'name'>): string {
  return path.join(fixtures, `${name}.safetensors`);
}

export function lossesFile(): string {
  return path.join(fixtures, 'losses.json');
}

export function readRecording(): Recording {
  return v.parse(recording, JSON.parse(fs.readFileSync(lossesFile(), 'utf8')));
}

/** The beginning of the sample text that is trained on. */
export function trainingText(): string {
  return stretchOf(fs.readFileSync(path.resolve('media/samples/hamlet.txt'), 'utf8'));
}

/** SHA-256 of a text, as UTF-8. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
