import { isEverywhere, nodeOf, topologicalOrder, type Graph } from '../graph/graph';
import { crossesTime, readsAllSteps, type Domain } from '../graph/operation';

/** Nodes that run together: once for all rows (`sweep`), or at each step of a loop. */
export interface Section {
  readonly kind: 'sweep' | 'forward loop' | 'backward loop';
  /** What its nodes have rows for. */
  readonly domain: Domain;
  /** In an order in which each node comes after its inputs of the same step. */
  readonly nodes: number[];
}

/** The live part of a graph, cut into sections, and its sinks that sum over all rows. */
export interface Partition {
  readonly sections: readonly Section[];
  readonly reductions: readonly number[];
}

/**
 * Cuts a graph into what recurrence forces into a loop and all the rest: a loop is a cycle
 * through time (a strongly connected component, Tarjan 1972), everything outside runs for
 * all T·B rows at once before, between or after the loops.
 */
export function partition(graph: Graph, live: ReadonlySet<number>): Partition {
  const order = topologicalOrder(graph).filter((id) => live.has(id));
  const component = stronglyConnected(graph, live);
  sinkIntoLoops(graph, order, component);
  const isReduction = (id: number): boolean =>
    ['outer', 'sum'].includes(nodeOf(graph, id).operation.kind);

  const groups = new Map<number, number[]>();
  for (const id of order) {
    if (isReduction(id)) continue;
    const key = component.get(id)!;
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return {
    sections: schedule(graph, groups, component),
    reductions: order.filter(isReduction),
  };
}

const domains: readonly Domain[] = ['example', 't', 'u'];

/** Ready sweeps first, so that what can run for all rows at once does so in as few stretches as possible. */
function schedule(
  graph: Graph,
  groups: Map<number, number[]>,
  component: ReadonlyMap<number, number>,
): Section[] {
  const sections: Section[] = [];
  const done = new Set<number>();
  const waiting = new Map(groups);
  const isReady = (key: number, nodes: readonly number[]): boolean =>
    nodes.every((id) =>
      nodeOf(graph, id).inputs.every((input) => {
        const other = component.get(input);
        return other === key || other === undefined || done.has(other);
      }),
    );
  const finish = (key: number): void => {
    done.add(key);
    waiting.delete(key);
  };
  const readySweep = (domain: Domain): number[] => {
    const sweep: number[] = [];
    const belongs = (id: number): boolean => {
      const node = nodeOf(graph, id);
      return node.domain === domain || isEverywhere(node);
    };
    for (let found = true; found;) {
      found = false;
      for (const [key, nodes] of waiting) {
        if (!nodes.every(belongs)) continue;
        if (loopKind(graph, nodes) !== undefined || !isReady(key, nodes)) continue;
        sweep.push(...nodes);
        finish(key);
        found = true;
      }
    }
    return sweep;
  };
  while (waiting.size > 0) {
    for (let swept = true; swept;) {
      swept = false;
      for (const domain of domains) {
        const sweep = readySweep(domain);
        if (sweep.length === 0) continue;
        sections.push({ kind: 'sweep', domain, nodes: sweep });
        swept = true;
      }
    }
    const loop = [...waiting].find(([key, nodes]) => isReady(key, nodes));
    if (!loop) {
      if (waiting.size > 0) throw new Error('The graph has a cycle within one step.');
      break;
    }
    const [key, nodes] = loop;
    const { domain } = nodeOf(graph, nodes[0]!);
    sections.push({ kind: loopKind(graph, nodes) ?? 'sweep', domain, nodes });
    finish(key);
  }
  return sections;
}

/**
 * The direction in which a cycle through time runs; undefined: no cycle.
 * @throws Error if it reaches both ways, or a step of it reads all the others
 */
function loopKind(
  graph: Graph,
  nodes: readonly number[],
): 'forward loop' | 'backward loop' | undefined {
  if (nodes.length < 2) return undefined;
  const inside = new Set(nodes);
  const directions = new Set<number>();
  for (const id of nodes) {
    const { operation, inputs } = nodeOf(graph, id);
    if (operation.kind === 'delay') directions.add(Math.sign(operation.lag));
    if (operation.kind === 'advance') directions.add(-Math.sign(operation.lag));
    if (inputs.some((input, index) => inside.has(input) && readsAllSteps(operation, index))) {
      throw new Error('A step of a cycle reads all its steps.');
    }
  }
  if (directions.size > 1) throw new Error('A cycle reaches to earlier and to later steps.');
  return directions.has(-1) ? 'backward loop' : 'forward loop';
}

/**
 * An elementwise node that only one loop reads is cheaper inside that loop's strips than as a
 * pass of its own over memory.
 */
function sinkIntoLoops(
  graph: Graph,
  order: readonly number[],
  component: Map<number, number>,
): void {
  const users = new Map<number, number[]>();
  for (const id of order) {
    for (const input of nodeOf(graph, id).inputs)
      users.set(input, [...(users.get(input) ?? []), id]);
  }
  const sizes = new Map<number, number>();
  for (const key of component.values()) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  for (const id of [...order].reverse()) {
    const { operation, domain } = nodeOf(graph, id);
    const readers = users.get(id) ?? [];
    if (operation.kind !== 'element' || readers.length === 0) continue;
    if ((sizes.get(component.get(id)!) ?? 0) > 1) continue;
    const target = component.get(readers[0]!)!;
    const joins = readers.every((reader) => {
      const node = nodeOf(graph, reader);
      const isLike = node.operation.kind === 'element' && node.domain === domain;
      return isLike && component.get(reader) === target;
    });
    if (joins && (sizes.get(target) ?? 0) > 1) component.set(id, target);
  }
}

/** Nodes on some cycle through time. */
export function recurrentNodes(graph: Graph, live: ReadonlySet<number>): Set<number> {
  const component = stronglyConnected(graph, live);
  const sizes = new Map<number, number>();
  for (const key of component.values()) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return new Set([...live].filter((id) => sizes.get(component.get(id)!)! > 1));
}

/** Component number of each live node; nodes on a common cycle through time share one. */
function stronglyConnected(graph: Graph, live: ReadonlySet<number>): Map<number, number> {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const component = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  let components = 0;
  const visit = (id: number): void => {
    index.set(id, index.size);
    low.set(id, index.get(id)!);
    stack.push(id);
    onStack.add(id);
    for (const input of nodeOf(graph, id).inputs) {
      if (!live.has(input)) continue;
      if (!index.has(input)) {
        visit(input);
        low.set(id, Math.min(low.get(id)!, low.get(input)!));
      } else if (onStack.has(input)) {
        low.set(id, Math.min(low.get(id)!, index.get(input)!));
      }
    }
    if (low.get(id) !== index.get(id)) return;
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      onStack.delete(member);
      component.set(member, components);
      if (member === id) break;
    }
    components++;
  };
  for (const id of live) if (!index.has(id)) visit(id);
  return component;
}

/** Whether a node computes nothing itself: it names a place where values already are. */
export function isView(graph: Graph, id: number): boolean {
  const { operation } = nodeOf(graph, id);
  return (
    crossesTime(operation) || ['slice', 'concat', 'constant', 'vector'].includes(operation.kind)
  );
}
