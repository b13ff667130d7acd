import * as l10n from '@vscode/l10n';
import { scoreNames, tokenizers, type ScoreName } from '../../../src/protocol/core';
import type { EvaluationColumn } from '../../../src/protocol/history';
import type { Format } from '../../../src/protocol/format';
import type { Scale } from '../../charts/line';
import type { PanelFacts } from '../../../src/protocol/panel';
import type { Run } from '../../state';
import { scoreText } from '../../translate';

/** What a loss can be told in. All numbers that travel are in nats per token. */
export const lossUnits = ['nats', 'bits', 'perplexity'] as const;
export type LossUnit = (typeof lossUnits)[number];

/** What the view shows: a loss in one of its units, or a score of a model of examples. */
export type Measure = LossUnit | ScoreName;

export function isScore(measure: Measure): measure is ScoreName {
  return (scoreNames as readonly string[]).includes(measure);
}

/** In what a loss is told beside a measure: itself, or as it comes beside a score. */
export function lossUnitOf(measure: Measure): LossUnit {
  return isScore(measure) ? 'nats' : measure;
}

/** What there is to choose from: of examples the scores that the newest evaluation has. */
export function measuresOf(
  { facts: { task }, evaluations }: Pick<Run, 'facts' | 'evaluations'>,
  perCharacter: boolean,
): readonly (readonly [Measure, string])[] {
  if (task === null) {
    const bits = [['bits', l10n.t('bits/character')]] as const;
    return [
      ['nats', l10n.t('nats/token')],
      ...(perCharacter ? bits : []),
      ['perplexity', l10n.t('perplexity')],
    ];
  }
  const last = evaluations.length - 1;
  const known = scoreNames.filter((name) => Number.isFinite(evaluations.at(name, last)));
  return [
    ['nats', l10n.t('loss')],
    ...(task.response === 'softmax' ? [['perplexity', l10n.t('perplexity')] as const] : []),
    ...known.map((name) => [name, scoreText(name)] as const),
  ];
}

/** How a loss is told. */
export interface Telling {
  readonly name: string;
  /** From nats per token, or per character where `perCharacter`. */
  readonly convert: (nats: number) => number;
  readonly perCharacter: boolean;
  readonly write: (value: number) => string;
  /** Names the loss of guessing: ln C, log₂ C or C. */
  readonly uniform: (loss: string) => string;
}

export function telling(unit: LossUnit, format: Format, isOfExamples: boolean): Telling {
  const tellings: Record<LossUnit, Telling> = {
    nats: {
      name: isOfExamples ? l10n.t('loss') : l10n.t('nats/token'),
      convert: (nats) => nats,
      perCharacter: false,
      write: format.loss,
      uniform: (loss) => l10n.t('ln C {0} · uniform guess', loss),
    },
    bits: {
      name: l10n.t('bits/character'),
      convert: (nats) => nats / Math.LN2,
      perCharacter: true,
      write: format.loss,
      uniform: (loss) => l10n.t('log₂ C {0} · uniform guess', loss),
    },
    perplexity: {
      name: l10n.t('perplexity'),
      convert: Math.exp,
      perCharacter: false,
      write: format.value,
      uniform: (loss) => l10n.t('C {0} · uniform guess', loss),
    },
  };
  return tellings[unit];
}

/** Nats a token in nats a token. */
export const perToken: Scale = { factor: 1, offset: 0 };

/**
 * Nats a token in nats a character. The factor is how many tokens a character has, the offset what it costs to spell
 * those that are not known: as the newest evaluation has found it in the held-out text, and NaN before the first.
 */
export function scalePerCharacter(
  tokenizer: PanelFacts['tokenizer'] | undefined,
  evaluations: (column: EvaluationColumn) => Float64Array,
): Scale {
  const at = (column: EvaluationColumn): number => evaluations(column).at(-1) ?? NaN;
  const isCharacter = tokenizer !== undefined && tokenizers[tokenizer].isCharacter;
  if (isCharacter && !(at('spelling') > 0)) return perToken;
  const spelling = at('spelling') * Math.LN2;
  const nats = at('bitsPerCharacter') * Math.LN2;
  return { factor: (nats - spelling) / at('validationLoss'), offset: spelling };
}
