/** How well a model of examples answers, in words. */
import {
  leadingScore,
  scoreLabels,
  scoreNames,
  type ScoreName,
  type Scores,
} from '../../core/metrics/columns';
import type { Format } from '../../protocol/format';
import { scoresAt } from '../../protocol/history';
import type { Run } from '../runs/run';
import { translated } from '../translate';

/** Of the newest evaluation. */
export function newestScores({ evaluations }: Pick<Run, 'evaluations'>): Scores {
  return scoresAt(evaluations, evaluations.length - 1);
}

/** Each with its name: `accuracy 83.1%`. */
export function scoreTexts(scores: Scores, format: Format): readonly string[] {
  return scoreNames.flatMap((name) => {
    const value = scores[name];
    return value === undefined ? [] : [scoreText(name, value, format)];
  });
}

/** The one that says most; empty where there is none. */
export function leadingText(scores: Scores, format: Format): string {
  const leading = leadingScore(scores);
  return leading ? scoreText(leading.name, leading.value, format) : '';
}

function scoreText(name: ScoreName, value: number, format: Format): string {
  return `${translated(scoreLabels[name])} ${format.score(name, value)}`;
}
