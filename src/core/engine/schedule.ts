import { nodeOf, type Graph } from '../graph/graph';
import { crossesTime } from '../graph/operation';
import { isView, type Section } from './partition';

/** Nodes that become one instruction: an elementwise chain of one width, or a single other node. */
export interface Chunk {
  readonly elementwise: boolean;
  readonly nodes: readonly number[];
}

/**
 * Orders a section's nodes into instructions. Whatever is not elementwise goes first, so that
 * the elementwise nodes gather into chains as long as possible.
 */
export function chunksOf(graph: Graph, section: Section): Chunk[] {
  const inside = new Set(section.nodes);
  const done = new Set<number>();
  const chunks: Chunk[] = [];
  const isReady = (id: number, chain: ReadonlySet<number>): boolean => {
    const { operation, inputs } = nodeOf(graph, id);
    // In a loop what comes from another step is there already; in a sweep all steps run at once.
    if (crossesTime(operation) && section.kind !== 'sweep') return true;
    return inputs.every((input) => !inside.has(input) || done.has(input) || chain.has(input));
  };
  let waiting = section.nodes;
  const none = new Set<number>();
  while (waiting.length > 0) {
    const first = waiting.find((id) => !isElement(graph, id) && isReady(id, none));
    if (first !== undefined) {
      if (!isView(graph, first)) chunks.push({ elementwise: false, nodes: [first] });
      done.add(first);
    } else {
      const chain = longestChain(graph, waiting, isReady);
      if (chain.size === 0) throw new Error('The graph has a cycle within one step.');
      chunks.push({ elementwise: true, nodes: [...chain] });
      chain.forEach((id) => done.add(id));
    }
    waiting = waiting.filter((id) => !done.has(id));
  }
  return chunks;
}

/** All elementwise nodes of the first ready one's width that are ready, or become so within the chain. */
function longestChain(
  graph: Graph,
  waiting: readonly number[],
  isReady: (id: number, chain: ReadonlySet<number>) => boolean,
): Set<number> {
  const chain = new Set<number>();
  let width: number | undefined;
  for (const id of waiting) {
    if (!isElement(graph, id) || !isReady(id, chain)) continue;
    width ??= nodeOf(graph, id).width;
    if (nodeOf(graph, id).width === width) chain.add(id);
  }
  return chain;
}

function isElement(graph: Graph, id: number): boolean {
  return nodeOf(graph, id).operation.kind === 'element';
}
