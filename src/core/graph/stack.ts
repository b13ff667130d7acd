import { pad } from './rows';
import { addUnique, copyGraph, nodeOf, type Graph } from './graph';

/** What each matrix multiplies, as a node's number; of one that multiplies several, the last. */
export function operandsOf({ nodes }: Graph): ReadonlyMap<string, number> {
  return new Map(
    nodes.flatMap(({ operation, inputs }) =>
      operation.kind === 'product'
        ? operation.matrices.map((name) => [name, inputs[0]!] as const)
        : [],
    ),
  );
}

/**
 * Products that share an operand become one product of stacked matrices and slices of its result:
 * the four gates of an LSTM are one product. A matrix that is used more than once stays alone.
 *
 * @param operands what the matrices multiply in another graph of the model, which is to have the same stacks: those
 *   that share no operand there stay apart
 */
export function stackProducts(
  original: Graph,
  operands: ReadonlyMap<string, number> = new Map(),
): Graph {
  const graph = copyGraph(original);
  const uses = new Map<string, number>();
  const byOperand = new Map<string, number[]>();
  for (const { id, operation, inputs } of original.nodes) {
    if (operation.kind !== 'product') continue;
    for (const matrix of operation.matrices) uses.set(matrix, (uses.get(matrix) ?? 0) + 1);
    const key = [inputs[0]!, operands.get(operation.matrices[0]!)].join();
    byOperand.set(key, [...(byOperand.get(key) ?? []), id]);
  }
  for (const products of byOperand.values()) {
    const single = products.filter((id) =>
      matricesOf(graph, id).every((name) => uses.get(name) === 1 && !graph.blocks.has(name)),
    );
    if (single.length < 2) continue;
    const matrices = single.flatMap((id) => matricesOf(graph, id));
    const widths = single.map((id) => pad(nodeOf(graph, id).width));
    const total = widths.reduce((sum, width) => sum + width, 0);
    const { domain, inputs } = nodeOf(graph, single[0]!);
    const stack = addUnique(graph, { kind: 'product', matrices }, [inputs[0]!], total, domain);
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
