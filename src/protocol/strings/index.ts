/**
 * The names of all texts the panel shows, one file a view. The host gives them in the editor's display
 * language (`src/host/panel/strings/`); `{0}`, `{1}` in a text stand for values.
 */
import { fillPlaces } from '../../core/sentence';
import { frameStringNames } from './frame';
import { gradientsStringNames } from './gradients';
import { hiddenStringNames } from './hidden';
import { lossStringNames } from './loss';
import { modelStringNames } from './model';
import { samplesStringNames } from './samples';

export const panelStringNames = [
  ...frameStringNames,
  ...lossStringNames,
  ...hiddenStringNames,
  ...gradientsStringNames,
  ...samplesStringNames,
  ...modelStringNames,
] as const;
export type PanelStringName = (typeof panelStringNames)[number];
export type PanelStrings = Readonly<Record<PanelStringName, string>>;

/** Puts values for `{0}`, `{1}` … into a text. */
export function fill(text: string, ...values: readonly string[]): string {
  return fillPlaces(text, values);
}
