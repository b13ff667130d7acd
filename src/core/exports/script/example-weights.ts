import type { ExampleCheckpoint } from '../../training/checkpoint';
import { valueOf } from './weights';

/** The part of a script that holds the parameters of a model of examples. */
export function exampleWeights(
  { model, tensors }: ExampleCheckpoint,
  names: ReadonlyMap<string, string>,
): string {
  const lines = model.parameters.flatMap((parameter) => {
    const name = names.get(parameter.symbol);
    return name === undefined ? [] : [`  ${name}: ${valueOf(parameter, tensors)},`];
  });
  return `/** The learnt parameters, a matrix row by row. */
const weights = {
${lines.join('\n')}
};
`;
}
