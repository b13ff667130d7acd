import type { Checkpoint } from '../training/checkpoint';
import type { FormatOf } from './formats';
import { writeModelJson } from './json';
import { writeModelSafetensors } from './safetensors';
import { writeScript } from './script/script';

/** What writes a model in each of the formats for models. */
export const modelWriters: Readonly<
  Record<FormatOf<'model'>, (checkpoint: Checkpoint) => Uint8Array<ArrayBuffer> | string>
> = {
  safetensors: writeModelSafetensors,
  json: writeModelJson,
  js: (checkpoint) => writeScript(checkpoint, 'javascript'),
  ts: (checkpoint) => writeScript(checkpoint, 'typescript'),
};
