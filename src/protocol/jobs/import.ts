/** A model from a file becomes a run. */
import * as v from 'valibot';
import { count, record } from './schema';

/** A file that the worker reads, or its contents, where only the client can read it. */
const fileSource = v.variant('kind', [
  record({ kind: v.literal('file'), path: v.string() }),
  record({ kind: v.literal('contents'), name: v.string(), contents: v.instance(Uint8Array) }),
]);

const importRequest = record({
  kind: v.literal('import'),
  source: fileSource,
  /** Of a model from another program: its tokens. A job without it that needs it fails with `needs`. */
  vocabulary: v.optional(fileSource),
  /** Of PyTorch's nn.RNN, likewise. */
  nonlinearity: v.optional(v.picklist(['tanh', 'relu'])),
  /** The folder to make; if anything goes wrong it is not there. */
  run: v.string(),
});
export type ImportRequest = v.InferOutput<typeof importRequest>;

const importResult = record({
  run: v.string(),
  /** The run's name: that of the file. */
  name: v.string(),
  cell: v.string(),
  /** What the model is of: a text that it goes on with, or examples that it answers. */
  of: v.picklist(['text', 'examples']),
  parameters: count,
  vocabulary: count,
  /** Steps its training has done; 0 of a model alone, whose training can only begin again. */
  step: count,
});
export type ImportResult = v.InferOutput<typeof importResult>;

export const importJob = { request: importRequest, event: v.never(), result: importResult };
