import * as l10n from '@vscode/l10n';
import type { Format } from '../src/protocol/format';
import { isBetterScore, type Scores } from '../src/protocol/core';
import type { PanelTask } from '../src/protocol/panel';
import { bestEvaluation, isLive, latest, type Run } from './state';
import { floorText, scoreText } from './translate';

/** The way without states that is not beaten, else the best of those that are; empty where none is known. */
function verdict({ floors }: PanelTask, scores: Scores, format: Format): string {
  const judged = floors.flatMap((floor) => {
    const got = scores[floor.score];
    return got === undefined
      ? []
      : [{ ...floor, isBeaten: isBetterScore(floor.score, got, floor.value) }];
  });
  const told = ({ name, score, value }: (typeof judged)[number]) =>
    [floorText(name), `${scoreText(score)} ${format.score(score, value)}`] as const;
  const missed = judged.find(({ isBeaten }) => !isBeaten);
  if (missed) return l10n.t('Not yet better than {0} ({1}).', ...told(missed));
  const last = judged.at(-1);
  return last
    ? l10n.t(
        'Better than all ways without states that were tried, such as {0} ({1}).',
        ...told(last),
      )
    : '';
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
