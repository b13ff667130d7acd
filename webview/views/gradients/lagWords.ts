/** What a curve over lags is of, in a text and in examples, where a state has a direction and a sequence of its own. */
import * as l10n from '@vscode/l10n';
import { readQualified } from '../../../src/protocol/core';
import type { PanelFacts } from '../../../src/protocol/panel';

type Facts = Pick<PanelFacts, 'network' | 'sequence'>;

/** Whether examples are learnt, each through all of its steps, or a text, in which training truncates. */
export function isWhole({ sequence }: Pick<Facts, 'sequence'>): boolean {
  return sequence === 0;
}

/** `‖∂Eₜ/∂sₜ₋ₖ‖`; of examples `‖∂E/∂d[u−k]‖`, of an encoder `‖∂E/∂s[T−k]‖`, from the right `‖∂E/∂b[t+k]‖`. */
export function lagFormula(facts: Facts, variable: string): string {
  if (!isWhole(facts)) return l10n.t('‖∂Eₜ/∂{0}ₜ₋ₖ‖', readQualified(variable).symbol);
  return `‖∂E/∂${variable}[${lagIndex(facts, variable)}]‖`;
}

/** What is read of a later step, up to its lag. */
const leading = /[\p{L}_][\p{L}\p{M}\p{Nd}_.]*\[[tu]\+/gu;

function lagIndex({ network: { equations } }: Facts, variable: string): string {
  const domainOf = (name: string) =>
    equations.find((equation) => equation.name === name)?.text.at(name.length + 1) ?? 't';
  const own = domainOf(variable);
  const output = equations.find(({ place }) => place === 'output');
  const isBackward = equations.some(
    ({ text }) => text.match(leading)?.includes(`${variable}[${own}+`) === true,
  );
  const hasOwn = output !== undefined && domainOf(output.name) === own;
  if (isBackward) return hasOwn ? `${own}+k` : '1+k';
  return hasOwn ? `${own}−k` : `${own === 't' ? 'T' : own}−k`;
}

export function curveHelp(facts: Facts): string {
  return isWhole(facts)
    ? l10n.t(
        'How much the loss of one part of an answer changes with the state k steps before it; of an encoder, k steps before its end, across the border to its decoder; of what runs from right to left, k steps after. A straight line downwards is a gradient that vanishes by the same factor at each step; a line upwards explodes. Beyond the 1% line hardly anything is learnt.',
      )
    : l10n.t(
        'How much the loss of one prediction changes with the state k steps earlier. A straight line downwards is a gradient that vanishes by the same factor at each step; a line upwards explodes. Beyond the 1% line the past teaches hardly anything; beyond the dotted line training does not look.',
      );
}
