import * as v from 'valibot';
import type { CodecData } from './codec-data';
import type { Understanding } from './understanding';

/** What it takes to read further examples of a task, and to say its answers; plain data, kept with a run. */
export interface TaskDescription {
  readonly understanding: Understanding;
  readonly input: CodecData;
  readonly output: CodecData;
}

/** Who makes a codec of it looks closer. */
const description = v.object({
  understanding: v.looseObject({ name: v.string(), alignment: v.string() }),
  input: v.looseObject({ kind: v.string() }),
  output: v.looseObject({ kind: v.string() }),
});

/** @throws Error if it is not one */
export function decodeTask(data: unknown): TaskDescription {
  return v.parse(description, data) as unknown as TaskDescription;
}
