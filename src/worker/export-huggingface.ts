/** The folder in the layout of Hugging Face: what its model card tells is reckoned here. */
import { gzipSync } from 'node:zlib';
import { copiedFrom, writeHuggingFace } from '../core/exports/huggingface/write';
import type { CardFigures } from '../core/exports/huggingface/card';
import { InputError } from '../core/input-error';
import { learnPpm } from '../core/keystrokes/ppm';
import { sampleText } from '../core/sampling/sample';
import { sentence } from '../core/sentence';
import { parseSettings } from '../core/settings/settings';
import { isOfExamples, type Checkpoint } from '../core/training/checkpoint';
import { decodeMetrics, type RunInfo } from '../core/training/run';
import type { ExportRequest, ExportResult } from '../protocol/engine';
import { inputError, JobError } from './failures';
import type { Job } from './handler';
import { openModel } from './models';
import { readAnyCheckpoint, readMetrics, readRunInfo } from './run-folder';
import { partsOf } from './text-parts';
import { readWhole } from './whole-text';
import { writeFolder } from './write-folder';

/** Tokens of the sample, and lengths of its stretches that are looked for in the text. */
const sampled = { length: 2000, seed: 1, temperature: 1 };
const lengths = [5, 10, 20, 40];
/** PPM's longest context, and most characters that it predicts. */
const order = 5;
const mostPredicted = 20_000;
/** PPM learns from so many characters before them: every context is an entry of its memory. */
const mostLearnt = 4 * 2 ** 20;
/** A symbol that was never seen is one of so many. */
const unicode = 0x110000;

/** @throws JobError if the model is one of examples */
export async function exportForHuggingFace(
  request: ExportRequest,
  path: string,
  job: Job<'export'>,
): Promise<ExportResult> {
  const { run, checkpoint: asked } = request;
  const { files } = job.platform;
  const info = await readRunInfo(files, run);
  const checkpoint = await readAnyCheckpoint(files, run, asked);
  if (isOfExamples(checkpoint)) {
    throw inputError(
      sentence`Only models of texts are written in this layout, and this one is of examples.`,
      sentence`Export it as safetensors, JSON, JavaScript or TypeScript.`,
    );
  }
  const sample = await sampleOf(request, job);
  const figures: CardFigures = {
    best: evaluationAt(await readMetrics(files, run), checkpoint.training.step),
    text: await figuresOfText(request, info, checkpoint, job, sample),
    sample: sample.slice(0, 500),
  };
  const { step, best } = checkpoint.training;
  const written = writeHuggingFace(checkpoint, info, figures, { step, ...(best && { best }) });
  const bytes = await writeFolder(files, path, written);
  return { bytes, step };
}

async function sampleOf({ run, checkpoint }: ExportRequest, job: Job<'export'>): Promise<string> {
  const { sampling } = parseSettings({ sampling: sampled });
  const source = { kind: 'run', run, ...(checkpoint !== undefined && { checkpoint }) } as const;
  const model = await openModel(job, source, 1);
  try {
    const writing = sampleText(model.network, model.tokenizer, sampling);
    let text = '';
    for (;;) {
      const { done, value } = writing.next();
      if (done === true) return text + value.rest;
      text += value.text;
    }
  } finally {
    model.close();
  }
}

/** What the weights that are written were measured to be; undefined: they were not. */
function evaluationAt(metrics: string, step: number): CardFigures['best'] {
  const row = decodeMetrics(metrics)
    .flatMap((event) => (event.event === 'evaluation' ? [event.row] : []))
    .findLast((each) => each.step === step);
  return row && { step: row.step, loss: row.validationLoss, bits: row.bitsPerCharacter };
}

/** What others make of the run's text; undefined where it is gone, or another. */
async function figuresOfText(
  { text: given }: ExportRequest,
  info: RunInfo,
  { tokenizer }: Checkpoint,
  { platform }: Job<'export'>,
  sample: string,
): Promise<CardFigures['text']> {
  const source =
    given ?? (info.source === null ? undefined : { kind: 'file' as const, path: info.source });
  if (source === undefined) return undefined;
  try {
    const { text, hash } = await readWhole(platform, source);
    if (hash !== info.text.hash) return undefined;
    const { learnt, heldOut } = partsOf(text, info, tokenizer);
    const characters = Array.from(heldOut);
    const packed = gzipSync(learnt + heldOut).length - gzipSync(learnt).length;
    return {
      characters: Array.from(text).length,
      gzip: (8 * packed) / characters.length,
      ppm: ppmBits(learnt, characters.slice(0, mostPredicted)),
      copied: copiedFrom(learnt, sample, lengths),
    };
  } catch (error) {
    if (error instanceof JobError || error instanceof InputError) return undefined;
    throw error;
  }
}

/** Bits per character of what follows a text that was learnt. */
function ppmBits(learnt: string, characters: readonly string[]): number {
  const ppm = learnPpm(learnt.slice(-mostLearnt), order);
  const before = Array.from(learnt.slice(-4 * order)).slice(-order);
  let bits = 0;
  for (const character of characters) {
    const probabilities = ppm.predict(before);
    const known = probabilities.get(character);
    const seen = known === undefined ? [...probabilities.values()].reduce((a, b) => a + b, 0) : 0;
    bits -= Math.log2(known ?? Math.max(1e-9, 1 - seen) / unicode);
    before.push(character);
    before.shift();
  }
  return bits / characters.length;
}
