import { inLayer, readQualified } from '../../../src/protocol/core';
import type { PanelFacts } from '../../../src/protocol/panel';

type Facts = Pick<PanelFacts, 'network' | 'vocabulary'>;

/** The size of something in an equation. Several where layers differ: `from` is the first layer that has it. */
export interface Sizes {
  readonly symbol: string;
  readonly sizes: readonly { readonly from: number; readonly shape: readonly number[] }[];
}

type Equation = Facts['network']['equations'][number];

/** The sizes of all that an equation mentions, in the order in which it does. */
export function sizesIn({ names }: Pick<Equation, 'names'>, facts: Facts): Sizes[] {
  return names.flatMap((symbol) => {
    const sizes = sizesOf(symbol, facts);
    return sizes.length === 0 ? [] : [{ symbol, sizes }];
  });
}

function sizesOf(symbol: string, { network, vocabulary }: Facts): Sizes['sizes'] {
  const layers = Math.max(1, ...network.variables.map(({ layer }) => layer));
  const found: { from: number; shape: readonly number[] }[] = [];
  for (let layer = 1; layer <= layers; layer++) {
    const shape = shapeIn(symbol, layer, network, vocabulary);
    const before = found.at(-1)?.shape;
    if (shape && String(shape) !== String(before)) found.push({ from: layer, shape });
  }
  return found;
}

/** Undefined for what a layer has not: a prediction of its own, in those below the top. */
function shapeIn(
  symbol: string,
  layer: number,
  { parameters, variables, output }: Facts['network'],
  vocabulary: number,
): readonly number[] | undefined {
  const own = inLayer(layer, symbol);
  const parameter = parameters.find(
    ({ name, symbol: other }) =>
      name === own || (other === symbol && readQualified(name).place === 'output'),
  );
  if (parameter) return parameter.shape;
  const variable = variables.find(({ name }) => name === own);
  if (variable) return [variable.width];
  if (symbol === 'y') return [vocabulary];
  if (symbol !== 'x') return undefined;
  if (layer > 1) {
    const below = variables.find(({ name }) => name === inLayer(layer - 1, output));
    return below && [below.width];
  }
  const embedding = parameters.find(({ name }) => readQualified(name).place === 'embedding');
  return [embedding?.shape[0] ?? vocabulary];
}
