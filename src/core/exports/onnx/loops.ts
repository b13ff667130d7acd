/** Which values of a step graph are computed together, step by step, as each needs the others of the step before. */
import { isEverywhere, nodeOf, type Graph } from '../../graph/graph';

/** Nodes by their numbers, each after what it needs: one alone, or all of a loop over time. */
export type Group =
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'loop'; readonly nodes: ReadonlySet<number> };

/**
 * Of all that some nodes are made of (Tarjan 1972). Numbers and parameters belong to no group.
 * @param targets what is wanted
 */
export function groupsOf(graph: Graph, targets: Iterable<number>): readonly Group[] {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const groups: Group[] = [];

  function follow(id: number): void {
    const own = order.size;
    order.set(id, own);
    low.set(id, own);
    stack.push(id);
    onStack.add(id);
    for (const input of nodeOf(graph, id).inputs) {
      if (isEverywhere(nodeOf(graph, input))) continue;
      if (!order.has(input)) follow(input);
      if (onStack.has(input)) low.set(id, Math.min(low.get(id)!, low.get(input)!));
    }
    if (low.get(id) !== own) return;
    const nodes = stack.splice(stack.indexOf(id));
    nodes.forEach((node) => onStack.delete(node));
    const isLoop = nodes.length > 1 || nodeOf(graph, id).inputs.includes(id);
    groups.push(isLoop ? { kind: 'loop', nodes: new Set(nodes) } : { kind: 'node', node: id });
  }

  for (const target of targets) if (!order.has(target)) follow(target);
  return groups;
}
