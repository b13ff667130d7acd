/** What the extension host and the pictures in a lab notebook say to each other. */
import * as v from 'valibot';
import type { ExperimentFigure } from '../core/notebooks/figure';
import { record } from './jobs/schema';
import type { SavedFormat } from './panel';

export type { ExperimentFigure };
export type FigureRow = ExperimentFigure['rows'][number];

/** As the manifest calls it. */
export const rendererId = 'rnn-lab-experiment';

const formats = ['png', 'svg', 'csv'] as const satisfies readonly SavedFormat[];

const fromRenderer = v.variant('type', [
  /** Its script has begun: it asks for its language. */
  record({ type: v.literal('ready') }),
  /** A picture, or its data, to be put where the user says; `content` in Base64. */
  record({
    type: v.literal('save'),
    name: v.string(),
    format: v.picklist(formats),
    content: v.string(),
  }),
  /** A row of the table was chosen: the folder of its run. */
  record({ type: v.literal('openRun'), run: v.string() }),
  /** What is trained next shall have the settings of a run. */
  record({ type: v.literal('useSettings'), run: v.string() }),
  /** A text for the clipboard. */
  record({ type: v.literal('copy'), text: v.string() }),
]);
export type FromRenderer = v.InferOutput<typeof fromRenderer>;

/** @throws where a message is none of these */
export function decodeFromRenderer(message: unknown): FromRenderer {
  return v.parse(fromRenderer, message);
}

/** The display language, and its texts. */
export interface ToRenderer {
  readonly type: 'words';
  readonly locale: string;
  readonly texts: Readonly<Record<string, string>>;
}
