import { InputError } from '../input-error';
import { sentence } from '../sentence';
import { isOfExamples, type AnyCheckpoint, type Checkpoint } from '../training/checkpoint';
import type { EvaluationEvent, MetricsEvent } from '../training/events';
import type { Trained } from '../formats/model-description';
import type { FormatOf } from './formats';
import { writeModelJson } from './json';
import { writeMetricsCsv } from './metrics-csv';
import { writeModelSafetensors } from './safetensors';
import { writeScript } from './script/script';

type Contents = Uint8Array<ArrayBuffer> | string;

/** What writes a model, and how far it has been trained where that is known, in each of the formats for models. */
export const modelWriters: Readonly<
  Record<FormatOf<'model'>, (checkpoint: AnyCheckpoint, training?: Trained) => Contents>
> = {
  safetensors: writeModelSafetensors,
  json: writeModelJson,
  js: (checkpoint) => writeScript(languageModel(checkpoint), 'javascript'),
  ts: (checkpoint) => writeScript(languageModel(checkpoint), 'typescript'),
};

/** @throws InputError for a model of examples, which writes no text */
function languageModel(checkpoint: AnyCheckpoint): Checkpoint {
  if (!isOfExamples(checkpoint)) return checkpoint;
  throw new InputError(
    sentence`A script writes texts, and this model answers examples.`,
    sentence`Export it as safetensors or JSON.`,
  );
}

/** What writes a run's measurements, all of them in their order, in each of the formats for those. */
export const metricsWriters: Readonly<
  Record<FormatOf<'metrics'>, (events: readonly (MetricsEvent | EvaluationEvent)[]) => Contents>
> = {
  csv: writeMetricsCsv,
};
