import { shapeOf, type Parameter } from '../../engine/parameters';
import { layerPlace, readQualified } from '../../qualified';
import type { Checkpoint } from '../../training/checkpoint';
import { base64Lines } from './code';
import type { PlacedLayer } from './network';

/** The part of a script that holds the parameters. */
export function weightsPart(
  { model, tensors }: Checkpoint,
  layers: readonly PlacedLayer[],
): string {
  const groups = new Map<string, string[]>(
    layers.map(({ number }) => [layerPlace(number), []] as const),
  );
  for (const parameter of model.parameters) {
    const { place: group, layer: own, symbol } = readQualified(parameter.name);
    const layer = layers.find(({ number }) => number === own);
    const name = layer?.parameters.get(symbol) ?? symbol;
    const lines = groups.get(group) ?? [];
    groups.set(group, [...lines, `    ${name}: ${valueOf(parameter, tensors)},`]);
  }
  const entries = [...groups].map(([group, lines]) =>
    lines.length === 0 ? `  ${group}: {},` : `  ${group}: {\n${lines.join('\n')}\n  },`,
  );
  return `/** The learnt parameters, a matrix row by row. */
const weights = {
${entries.join('\n')}
};
`;
}

/** The code of a parameter. */
export function valueOf(parameter: Parameter, tensors: Checkpoint['tensors']): string {
  const values = tensors.get(parameter.name);
  if (values === undefined) throw new Error(`The checkpoint has no ${parameter.name}.`);
  const base64 = `\`\n${base64Lines(values)}\n\``;
  return parameter.kind === 'matrix'
    ? `matrix(${shapeOf(parameter).join(', ')}, ${base64})`
    : `bias(${base64})`;
}
