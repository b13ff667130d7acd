/** Data of a task of the literature, from a seed. */
import * as v from 'valibot';
import { count, list, record } from './schema';

const generateRequest = record({
  kind: v.literal('generate'),
  /** A task's name; an unknown one is answered with the list of those there are. */
  task: v.string(),
  /** undefined: as many as the task says. */
  rows: v.optional(count),
  /** What it means is the task's; undefined: its own. */
  length: v.optional(count),
  seed: count,
  /** The file, or of pictures the folder, to write; undefined: the text comes in events. */
  path: v.optional(v.string()),
});
export type GenerateRequest = v.InferOutput<typeof generateRequest>;

const generateEvent = record({ event: v.literal('chunk'), text: v.string() });

const generateResult = record({
  rows: count,
  /** Of the text, without pictures. */
  bytes: count,
  /** What is reached by knowing only so much: nats a symbol, a share of the rows, or a mean square. */
  floors: list(
    record({
      metric: v.picklist(['loss', 'mse', 'accuracy', 'exactMatch']),
      value: v.number(),
      /** English. */
      knowing: v.string(),
    }),
  ),
});
export type GenerateResult = v.InferOutput<typeof generateResult>;

export const generateJob = {
  request: generateRequest,
  event: generateEvent,
  result: generateResult,
};
