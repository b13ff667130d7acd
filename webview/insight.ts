import * as l10n from '@vscode/l10n';
import type { Format } from '../src/protocol/format';
import { isBetterScore, leadingScores, type Scores } from '../src/protocol/core';
import type { PanelTask } from '../src/protocol/panel';
import { bestEvaluation, isLive, latest, type Run } from './state';
import { floorText } from './floorText';
import { scoreText } from './translate';

/** Whether a model has beaten the best way without states, by the score that says most; empty where none is known. */
function verdict({ floors }: PanelTask, scores: Scores, format: Format): string {
  const score = leadingScores.find(
    (name) => scores[name] !== undefined && floors.some((floor) => floor.score === name),
  );
  if (score === undefined) return '';
  const best = floors
    .filter((floor) => floor.score === score)
    .reduce((a, b) => (isBetterScore(score, b.value, a.value) ? b : a));
  const told = [floorText(best.name), scoreText(score), format.score(score, best.value)] as const;
  return isBetterScore(score, scores[score]!, best.value)
    ? l10n.t('Better than the best way without states: “{0}”, {1} {2}.', ...told)
    : l10n.t('Not yet better than a way without states: “{0}”, {1} {2}.', ...told);
}

/**
 * One sentence that says what a loss means: between which of the three floors it lies. Takes the best
 * validation loss, and the training loss where there is none.
 */
export function insight(run: Run, format: Format): string {
  const loss = bestEvaluation(run)?.loss ?? latest(run, 'lossMean');
  // What has ended or was imported waits for nothing.
  if (run.metrics.length === 0)
    return isLive(run.status.phase) ? l10n.t('Waiting for the first step.') : '';
  if (!Number.isFinite(loss)) return '';
  const { task } = run.facts;
  if (task !== null) return verdict(task, bestEvaluation(run)?.scores ?? {}, format);
  const { uniform, unigram, bigram } = run.facts.baselines;
  if (loss >= uniform) {
    return l10n.t(
      'Not yet better than guessing uniformly among the {0} tokens.',
      format.count(run.facts.vocabulary),
    );
  }
  if (loss >= unigram) {
    return l10n.t('Not yet better than knowing only how often each token occurs.');
  }
  if (loss >= bigram) {
    return l10n.t(
      'Better than knowing how often each token occurs, but not yet better than knowing which token follows which.',
    );
  }
  // Of a model that was imported, the text is not known.
  if (Number.isNaN(bigram)) return '';
  return l10n.t(
    'Better than knowing which token follows which: the hidden state carries more than the last token.',
  );
}
