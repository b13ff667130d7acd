import * as l10n from '@vscode/l10n';
import { scoreLabels, type ScoreName } from '../src/protocol/core';

/** What people call a score. */
export function scoreText(name: ScoreName): string {
  return l10n.t(scoreLabels[name].text);
}
