import type { PanelFacts } from '../../../src/protocol/panel';

/**
 * How a parameter or a variable is called in a picture: by its symbol, `W`, where that is enough, else by
 * its layer too, `layer2.W`, as the command line and checkpoints do.
 */
export function shortNames(network: PanelFacts['network']): (name: string) => string {
  const layers = new Set(network.variables.map(({ layer }) => layer));
  const symbols = network.parameters.map(({ symbol }) => symbol);
  return (name) => {
    const dot = name.indexOf('.');
    const symbol = name.slice(dot + 1);
    const isAlone = symbols.filter((other) => other === symbol).length <= 1;
    const isOfLayer = name.startsWith('layer');
    return isOfLayer ? (layers.size > 1 ? name : symbol) : isAlone ? symbol : name;
  };
}
