import { readQualified } from '../core/qualified';
import type { NetworkFacts } from './engine';

/**
 * How a parameter or a variable is called wherever a person reads it: by its symbol, `W`, or with its layer,
 * `W, layer 2`, in a network of several.
 *
 * @param withLayer puts the two together in the display language
 * @returns takes a qualified name: `layer2.W`, `output.c`
 */
export function namesOf(
  { variables, parameters }: Pick<NetworkFacts, 'variables' | 'parameters'>,
  withLayer: (symbol: string, layer: number) => string,
): (qualified: string) => string {
  const symbols = new Map([...variables, ...parameters].map(({ name, symbol }) => [name, symbol]));
  const isOne = variables.every(({ layer }) => layer === variables[0]?.layer);
  return (name) => {
    const { layer, symbol } = readQualified(name);
    const shown = symbols.get(name) ?? symbol;
    return layer === 0 || isOne ? shown : withLayer(shown, layer);
  };
}
