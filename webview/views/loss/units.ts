import * as l10n from '@vscode/l10n';
import { tokenizers } from '../../../src/protocol/core';
import type { EvaluationColumn } from '../../../src/protocol/history';
import type { Format } from '../../../src/protocol/format';
import type { Scale } from '../../charts/line';
import type { PanelFacts } from '../../../src/protocol/panel';

/** What a loss can be told in. All numbers that travel are in nats per token. */
export const lossUnits = ['nats', 'bits', 'perplexity'] as const;
export type LossUnit = (typeof lossUnits)[number];

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

export function telling(unit: LossUnit, format: Format): Telling {
  const tellings: Record<LossUnit, Telling> = {
    nats: {
      name: l10n.t('nats/token'),
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
