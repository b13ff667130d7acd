import * as l10n from '@vscode/l10n';
import { readQualified } from '../../../src/protocol/core';
import type { PanelFacts } from '../../../src/protocol/panel';

/**
 * How a parameter or a variable is called in a picture: by its symbol, `W`, where that is enough, else with
 * its layer, `W, layer 2`.
 */
export function namesOf(network: PanelFacts['network']): (qualified: string) => string {
  const layers = new Set(network.variables.map(({ layer }) => layer));
  const variables = [...new Set(network.variables.map(({ symbol }) => symbol))];
  const symbols = [...network.parameters.map(({ symbol }) => symbol), ...variables];
  return (name) => {
    const { place, layer, symbol } = readQualified(name);
    if (layer > 0 && layers.size > 1) return l10n.t('{0}, layer {1}', symbol, layer);
    const isAmbiguous = symbols.filter((other) => other === symbol).length > 1;
    if (layer > 0 || !isAmbiguous) return symbol;
    return place === 'output' ? l10n.t('{0}, output layer', symbol) : name;
  };
}
