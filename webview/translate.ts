import * as l10n from '@vscode/l10n';
import { scoreLabels, type ScoreName } from '../src/protocol/core';

/** What people call a score. */
export function scoreText(name: ScoreName): string {
  return l10n.t(scoreLabels[name].text);
}

/** What the engine calls a way without states. */
export function floorText(name: string): string {
  return l10n.t(name);
}
