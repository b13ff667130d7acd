/** What the panel and its host say of the worksheet. */
import * as v from 'valibot';
import { count, record } from './jobs/schema';
import { sheet, sheetQuestion } from './jobs/worksheet';

/** The run's own weights, as they are now; or new ones of its cell, for the text's characters. */
const sheetNetwork = v.variant('kind', [
  record({ kind: v.literal('run') }),
  record({ kind: v.literal('fresh'), hidden: count, seed: count }),
]);
export type SheetNetwork = v.InferOutput<typeof sheetNetwork>;

/** Asks for every number of two passes. */
export const worksheetQuestion = record({
  type: v.literal('worksheet'),
  /** The run on show. */
  id: v.string(),
  network: sheetNetwork,
  /** What the user has typed; null: the text of the run from its beginning. */
  text: v.nullable(v.string()),
  ...sheetQuestion,
});
export type SheetQuestion = Omit<v.InferOutput<typeof worksheetQuestion>, 'type' | 'id'>;

/** The answer to the newest question of the kind. */
export const worksheetMessage = record({
  type: v.literal('worksheet'),
  id: v.string(),
  /** Null: it could not be had, and `message` says why. */
  sheet: v.nullable(sheet),
  message: v.string(),
});
export type WorksheetMessage = v.InferOutput<typeof worksheetMessage>;
