/** What RNN Lab calls, in a checkpoint, the states that the generated layers carry on. */
import type { ModelSpec } from '../../graph/model-spec';
import { nodeOf, reaching } from '../../graph/graph';
import { buildStepGraph, carriedNames } from '../../graph/step-graph';
import { inLayer } from '../../qualified';

/**
 * @returns what gives the name of `key` in a layer: that of its variable, or of the node of the step graph that it is;
 * undefined: no logit depends on it, and a checkpoint does not have it
 */
export function keptNames(spec: ModelSpec): (layer: number, key: string) => string | undefined {
  const { graph, variables, input, logits } = buildStepGraph(spec, true);
  const live = reaching(graph, [logits]);
  const nameOf = carriedNames(variables);
  const { output } = spec.cell;

  function inputOf(layer: number): number {
    if (layer === 1) return input;
    const below = variables.get(inLayer(layer - 1, output))!;
    if (spec.dropout === 0) return below;
    const dropped = graph.nodes.find(({ inputs: [value, mask] }) => {
      if (value !== below || mask === undefined) return false;
      const { operation } = nodeOf(graph, mask);
      return operation.kind === 'mask' && operation.stream === layer - 2;
    });
    if (dropped === undefined) throw new Error(`Nothing is dropped before layer ${String(layer)}.`);
    return dropped.id;
  }

  function productOf(matrix: string): number {
    const found = graph.nodes.find(
      ({ operation, inputs }) =>
        operation.kind === 'product' &&
        operation.matrices[0] === matrix &&
        nodeOf(graph, inputs[0]!).operation.kind === 'onehot',
    );
    if (found === undefined) throw new Error(`${matrix} reads no tokens.`);
    return found.id;
  }

  return (layer, key) => {
    const [symbol = '', operand] = key.split(' ');
    const node =
      operand !== undefined
        ? productOf(inLayer(layer, symbol))
        : key === 'x'
          ? inputOf(layer)
          : variables.get(inLayer(layer, key))!;
    return live.has(node) ? nameOf(node) : undefined;
  };
}
