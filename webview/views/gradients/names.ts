import type { PanelFacts } from '../../../src/protocol/panel';
import { fill, type PanelStrings } from '../../../src/protocol/strings';

/**
 * How a parameter or a variable is called in a picture: by its symbol, `W`, where that is enough, else with
 * its layer, `W, layer 2`.
 */
export function namesOf(
  network: PanelFacts['network'],
  strings: PanelStrings,
): (qualified: string) => string {
  const layers = new Set(network.variables.map(({ layer }) => layer));
  const symbols = network.parameters.map(({ symbol }) => symbol);
  return (name) => {
    const [place = '', symbol = ''] = name.split('.');
    const layer = /^layer(\d+)$/.exec(place)?.[1];
    if (layer !== undefined && layers.size > 1)
      return fill(strings.gradientsOfLayer, symbol, layer);
    const isAmbiguous = symbols.filter((other) => other === symbol).length > 1;
    return layer === undefined && isAmbiguous ? name : symbol;
  };
}
