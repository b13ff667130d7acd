import * as l10n from '@vscode/l10n';
import { namesOf } from '../../src/protocol/names';
import type { PanelFacts } from '../../src/protocol/panel';

/** `W`, or `W, layer 2` in a network of several layers, of a qualified name: in the display language. */
export function nameIn(network: PanelFacts['network']): (qualified: string) => string {
  return namesOf(network, (symbol, layer) => l10n.t('{0}, layer {1}', symbol, layer));
}
