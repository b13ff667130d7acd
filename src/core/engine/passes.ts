/** The two passes of a program that runs in parts: what the loss's gradient does not need, and the rest. */
import { nodeOf, reachedFrom, type Graph } from '../graph/graph';
import type { Section } from './partition';

/**
 * Cuts sections so that the forward pass comes before the backward pass. The loss belongs to the backward pass: its
 * target may not be known before. A loop stays whole: what a backward loop makes of states alone, only it reads.
 *
 * @returns the sections in order, and how many of them are of the forward pass
 */
export function splitPasses(
  graph: Graph,
  sections: readonly Section[],
): { readonly sections: readonly Section[]; readonly forward: number } {
  const backward = dependentOnLoss(graph);
  const isBackward = (id: number): boolean => backward.has(id);
  const first: Section[] = [];
  const second: Section[] = [];
  const add = (to: Section[], section: Section, nodes: number[]): void => {
    if (nodes.length > 0) to.push({ ...section, nodes });
  };
  for (const section of sections) {
    const { kind, nodes } = section;
    if (kind !== 'sweep') {
      add(nodes.some(isBackward) ? second : first, section, nodes);
      continue;
    }
    add(
      first,
      section,
      nodes.filter((id) => !isBackward(id)),
    );
    add(second, section, nodes.filter(isBackward));
  }
  return { sections: [...first, ...second], forward: first.length };
}

/** The loss and all that is derived from it, through time as well. */
function dependentOnLoss(graph: Graph): Set<number> {
  return reachedFrom(
    graph,
    ({ operation: { kind } }) => kind === 'loss' || kind === 'loss gradient',
  );
}

/** The matrices that a graph's recurrence goes through: their products are on a cycle through time. */
export function recurrentMatrices(graph: Graph, recurrent: ReadonlySet<number>): Set<string> {
  const names = [...recurrent].flatMap((id) => {
    const { operation } = nodeOf(graph, id);
    return operation.kind === 'product' ? operation.matrices : [];
  });
  return new Set(names);
}
