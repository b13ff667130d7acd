import * as v from 'valibot';
import { codecData, type CodecData } from './codec-data';
import type { Understanding } from './understanding';

/** What it takes to read further examples of a task, and to say its answers; plain data, kept with a run. */
export interface TaskDescription {
  readonly understanding: Understanding;
  readonly input: CodecData;
  readonly output: CodecData;
}

const column = v.object({ name: v.string(), index: v.number(), type: v.string() });
const description = v.object({
  understanding: v.looseObject({
    name: v.string(),
    format: v.string(),
    alignment: v.picklist(['one', 'synced', 'delayed']),
    response: v.picklist(['softmax', 'sigmoid', 'none']),
    inputs: v.pipe(v.array(v.looseObject(column.entries)), v.minLength(1)),
    outputs: v.pipe(v.array(v.looseObject(column.entries)), v.minLength(1)),
  }),
  input: codecData,
  output: codecData,
});

/** @throws v.ValiError if it is not one */
export function decodeTask(data: unknown): TaskDescription {
  return v.parse(description, data) as unknown as TaskDescription;
}
