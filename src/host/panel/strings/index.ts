import type { PanelStrings } from '../../../protocol/strings';
import { cursorStrings } from './cursor';
import { frameStrings } from './frame';
import { gradientsStrings } from './gradients';
import { hiddenStrings } from './hidden';
import { lossStrings } from './loss';
import { modelStrings } from './model';
import { samplesStrings } from './samples';

/** All texts of the panel, in the editor's display language. */
export function panelStrings(): PanelStrings {
  return {
    ...frameStrings(),
    ...lossStrings(),
    ...hiddenStrings(),
    ...gradientsStrings(),
    ...samplesStrings(),
    ...modelStrings(),
    ...cursorStrings(),
  };
}
