import { pad } from './rows';
import { addUnique, copyGraph, nodeOf, type Graph } from './graph';

/**
 * Products that share an operand become one product of stacked matrices and slices of its result:
 * the four gates of an LSTM are one product. A matrix that is used more than once stays alone.
 */
export function stackProducts(original: Graph): Graph {
  const graph = copyGraph(original);
  const uses = new Map<string, number>();
  const byOperand = new Map<number, number[]>();
  for (const { id, operation, inputs } of original.nodes) {
    if (operation.kind !== 'product') continue;
    for (const matrix of operation.matrices) uses.set(matrix, (uses.get(matrix) ?? 0) + 1);
    byOperand.set(inputs[0]!, [...(byOperand.get(inputs[0]!) ?? []), id]);
  }
  for (const [operand, products] of byOperand) {
    const single = products.filter((id) =>
      matricesOf(graph, id).every((name) => uses.get(name) === 1 && !graph.blocks.has(name)),
    );
    if (single.length < 2) continue;
    const matrices = single.flatMap((id) => matricesOf(graph, id));
    const widths = single.map((id) => pad(nodeOf(graph, id).width));
    const total = widths.reduce((sum, width) => sum + width, 0);
    const { domain } = nodeOf(graph, single[0]!);
    const stack = addUnique(graph, { kind: 'product', matrices }, [operand], total, domain);
    let start = 0;
    single.forEach((id, index) => {
      const node = nodeOf(graph, id);
      node.operation = { kind: 'slice', start };
      node.inputs = [stack];
      start += widths[index]!;
    });
  }
  // Keys of changed nodes no longer hold; nodes added from here on are told apart afresh.
  graph.known.clear();
  return graph;
}

function matricesOf(graph: Graph, id: number): readonly string[] {
  const { operation } = nodeOf(graph, id);
  return operation.kind === 'product' ? operation.matrices : [];
}
