/** A score of examples over the training: made from the table of metrics, whatever the shape of the answers. */
import * as l10n from '@vscode/l10n';
import { isShare, type ScoreName } from '../../../src/protocol/core';
import type { Format } from '../../../src/protocol/format';
import type { ComparedRun } from '../../../src/protocol/panel';
import type { Axis, Line, LineChartContent } from '../../charts/line';
import { bestEvaluation, type Run } from '../../state';
import { lookOf } from '../compared';
import { floorText } from '../../floorText';
import { scoreText } from '../../translate';

/** The score of a run and of those it is compared with, at each evaluation. */
export function scoreLines(
  { status, evaluations }: Run,
  compared: readonly ComparedRun[],
  axis: 'step' | 'seconds',
  score: ScoreName,
): Line[] {
  const isCompared = compared.length > 0;
  const own: Line = {
    ...{ id: 'validation', width: 2, dots: true, endValue: true },
    name: isCompared ? l10n.t('{0}, validation', status.label) : l10n.t('validation'),
    color: isCompared ? lookOf(status.slot).color : 'yellow',
    x: evaluations.view(axis),
    y: evaluations.view(score),
  };
  const others = compared.map((other): Line => ({
    ...{ id: `${other.id} validation`, width: 1.5, dots: true, endValue: true },
    name: l10n.t('{0}, validation', other.label),
    color: lookOf(other.slot).color,
    x: other.evaluations[axis],
    y: other.evaluations[score],
  }));
  return [own, ...others.filter(({ y }) => Array.from(y).some(Number.isFinite))];
}

export interface ScoreLook {
  readonly score: ScoreName;
  readonly axis: 'step' | 'seconds';
  readonly log: boolean;
}

export function scoreContent(
  run: Run,
  { score, axis, log }: ScoreLook,
  { x, lines }: { readonly x: Axis; readonly lines: readonly Line[] },
  isSameData: boolean,
  format: Format,
): LineChartContent {
  const write = (value: number) => format.score(score, value);
  const floors = (run.facts.task?.floors ?? []).filter((floor) => floor.score === score);
  const best = bestEvaluation(run);
  const atBest = best?.scores[score];
  return {
    x,
    y: {
      label: axisLabel(score),
      write,
      writeTick: isShare(score) ? format.percent : format.value,
      log,
      include: floors.map(({ value }) => value),
      ...(score !== 'r2' && { floor: 0 }),
    },
    lines,
    references: isSameData
      ? floors.map(({ name, value }) => ({ label: `${floorText(name)} ${write(value)}`, value }))
      : [],
    marks:
      best && atBest !== undefined
        ? [{ label: l10n.t('best loss, {0}', write(atBest)), x: best[axis] }]
        : [],
  };
}

function axisLabel(score: ScoreName): string {
  const name = scoreText(score);
  return score === 'mae' || score === 'rmse' ? l10n.t('{0}, in the data’s units', name) : name;
}
