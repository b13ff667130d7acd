import * as l10n from '@vscode/l10n';
import type { PanelFacts } from '../../../src/protocol/panel';
import type { ShownVariable } from './slice';

/** A variable for the eye: `s`, or `s, layer 2` where there are several layers. */
export function variableName(
  { symbol, layer }: Pick<ShownVariable, 'symbol' | 'layer'>,
  network: PanelFacts['network'],
): string {
  const isOne = network.variables.every((other) => other.layer === layer);
  return isOne ? symbol : l10n.t('{0}, layer {1}', symbol, String(layer));
}

/** The derivative of a variable's activation, as a formula of its value: `tanh′ = 1 − s²`. */
export function slopeFormula({ symbol, activation }: ShownVariable): string {
  return activation === 'sigmoid' ? `σ′ = ${symbol}(1 − ${symbol})` : `tanh′ = 1 − ${symbol}²`;
}
