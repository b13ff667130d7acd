import type { AnyCheckpoint } from '../training/checkpoint';
import type { EvaluationEvent, MetricsEvent } from '../training/events';
import type { Trained } from '../formats/model-description';
import type { FolderFormat, FormatOf } from './formats';
import { writeModelJson } from './json';
import { writeMetricsCsv } from './metrics-csv';
import { writeOnnx } from './onnx/write';
import { writeModelSafetensors } from './safetensors';
import { writeScript } from './script/script';

type Contents = Uint8Array<ArrayBuffer> | string;

/** What writes a model, and how far it has been trained where that is known, in each of the formats for models that are files. */
export const modelWriters: Readonly<
  Record<
    Exclude<FormatOf<'model'>, FolderFormat>,
    (checkpoint: AnyCheckpoint, training?: Trained) => Contents
  >
> = {
  safetensors: writeModelSafetensors,
  json: writeModelJson,
  js: (checkpoint) => writeScript(checkpoint, 'javascript'),
  ts: (checkpoint) => writeScript(checkpoint, 'typescript'),
  onnx: writeOnnx,
};

/** What writes a run's measurements, all of them in their order, in each of the formats for those. */
export const metricsWriters: Readonly<
  Record<
    Exclude<FormatOf<'metrics'>, FolderFormat>,
    (events: readonly (MetricsEvent | EvaluationEvent)[]) => Contents
  >
> = {
  csv: writeMetricsCsv,
};
