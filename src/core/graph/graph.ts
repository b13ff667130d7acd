/**
 * The step graph: what one time step computes, in static single assignment. Edges through `delay`
 * reach back to an earlier step, edges through `advance` (in adjoints) forward to a later one; some
 * (`readsAllSteps`) read a whole sequence; all other edges stay within the step, where the graph has no cycle.
 */
import { evaluateElement } from './elements';
import type { ElementOperation } from './elements';
import { crossesTime, type Domain, type Operation } from './operation';

export interface GraphNode {
  readonly id: number;
  operation: Operation;
  inputs: number[];
  /** Number of values; 0 for a constant, which takes any width, and for sinks. */
  width: number;
  /** What it has a row for; of constants and vectors, which are the same everywhere, it says nothing. */
  readonly domain: Domain;
}

/** A graph under construction: identical nodes are made once. */
export interface Graph {
  readonly nodes: GraphNode[];
  readonly known: Map<string, number>;
  /** Of nodes made of nothing that has a domain. */
  domain: Domain;
  /** Capacities: the width of attention's weights over a sequence. */
  readonly steps: Readonly<Record<Domain, number>>;
  /** Matrices that multiply stacked vectors part by part, and the parts' first columns. */
  readonly blocks: Map<string, string>;
}

export function createGraph(steps = { example: 1, t: 1, u: 1 }): Graph {
  return { nodes: [], known: new Map(), domain: 't', steps, blocks: new Map() };
}

/** A copy that can be changed without changing the original. */
export function copyGraph(graph: Graph): Graph {
  return {
    nodes: graph.nodes.map((node) => ({ ...node, inputs: [...node.inputs] })),
    known: new Map(graph.known),
    domain: graph.domain,
    steps: graph.steps,
    blocks: new Map(graph.blocks),
  };
}

/**
 * Adds a node, or finds the one that computes the same.
 * @param domain that of its inputs if not given
 */
export function addNode(
  graph: Graph,
  operation: Operation,
  inputs: readonly number[],
  width: number,
  domain: Domain = domainOf(graph, inputs),
): number {
  const key = `${JSON.stringify(operation)} ${inputs.join(',')} ${String(width)} ${domain}`;
  const known = graph.known.get(key);
  if (known !== undefined) return known;
  const id = addUnique(graph, operation, inputs, width, domain);
  graph.known.set(key, id);
  return id;
}

/** Adds a node whose input may be set later (delays and advances close cycles). */
export function addUnique(
  graph: Graph,
  operation: Operation,
  inputs: readonly number[],
  width: number,
  domain: Domain = domainOf(graph, inputs),
): number {
  const id = graph.nodes.length;
  graph.nodes.push({ id, operation, inputs: [...inputs], width, domain });
  return id;
}

/** Whether a node is the same at every row. */
export function isEverywhere({ operation }: GraphNode): boolean {
  return operation.kind === 'constant' || operation.kind === 'vector';
}

/**
 * The domain of what is computed row by row: that of the sequence among the inputs, else `example`.
 * @throws Error if both sequences are among them
 */
export function domainOf(graph: Graph, inputs: readonly number[]): Domain {
  const domains = new Set(
    inputs
      .map((id) => nodeOf(graph, id))
      .flatMap((node) => (isEverywhere(node) ? [] : node.domain)),
  );
  if (domains.has('t') && domains.has('u')) {
    throw new Error('A node reads steps of two sequences.');
  }
  if (domains.has('t')) return 't';
  if (domains.has('u')) return 'u';
  return domains.has('example') ? 'example' : graph.domain;
}

export function nodeOf(graph: Graph, id: number): GraphNode {
  const node = graph.nodes[id];
  if (!node) throw new RangeError(`The graph has no node ${String(id)}.`);
  return node;
}

export function constant(graph: Graph, value: number): number {
  return addNode(graph, { kind: 'constant', value }, [], 0, 't');
}

/** A learnt vector: one row for everything. */
export function vector(graph: Graph, parameter: string, width: number): number {
  return addNode(graph, { kind: 'vector', parameter }, [], width, 't');
}

function constantValue(graph: Graph, id: number): number | undefined {
  const { operation } = nodeOf(graph, id);
  return operation.kind === 'constant' ? operation.value : undefined;
}

/** Adds an elementwise operation, without the ones that change nothing (x + 0, x · 1, -(-x)). */
export function element(graph: Graph, operation: ElementOperation, ...inputs: number[]): number {
  const [a, b] = inputs as [number, number | undefined];
  const left = constantValue(graph, a);
  const right = b === undefined ? undefined : constantValue(graph, b);
  if (b !== undefined) {
    if (operation === 'add' && left === 0) return b;
    if ((operation === 'add' || operation === 'subtract') && right === 0) return a;
    if (operation === 'multiply' && left === 1) return b;
    if ((operation === 'multiply' || operation === 'divide') && right === 1) return a;
  }
  const inner = nodeOf(graph, a);
  if (
    operation === 'negate' &&
    inner.operation.kind === 'element' &&
    inner.operation.operation === 'negate'
  ) {
    return inner.inputs[0]!;
  }
  if (left !== undefined && (b === undefined || right !== undefined)) {
    return constant(graph, evaluateElement(operation, left, right));
  }
  const width = Math.max(...inputs.map((id) => nodeOf(graph, id).width));
  return addNode(graph, { kind: 'element', operation }, inputs, width);
}

/** Nodes in an order in which each comes after its inputs of the same step. */
export function topologicalOrder(graph: Graph): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(graph.nodes.length);
  const visit = (id: number): void => {
    if (seen[id]) return;
    seen[id] = 1;
    const { operation, inputs } = nodeOf(graph, id);
    // What stands before the first step is no value of another one.
    (crossesTime(operation) ? inputs.slice(1) : inputs).forEach(visit);
    order.push(id);
  };
  graph.nodes.forEach(({ id }) => {
    visit(id);
  });
  return order;
}

/** All nodes from which one of `targets` can be reached, through time as well. */
export function reaching(graph: Graph, targets: Iterable<number>): Set<number> {
  const found = new Set<number>();
  const stack = [...targets];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    stack.push(...nodeOf(graph, id).inputs);
  }
  return found;
}

/** All nodes that can be reached from one that `isSource`, itself included, through time as well. */
export function reachedFrom(graph: Graph, isSource: (node: GraphNode) => boolean): Set<number> {
  const users = new Map<number, number[]>();
  const found = new Set<number>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) users.set(input, [...(users.get(input) ?? []), node.id]);
    if (isSource(node)) found.add(node.id);
  }
  const stack = [...found];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    for (const user of users.get(id) ?? []) {
      if (found.has(user)) continue;
      found.add(user);
      stack.push(user);
    }
  }
  return found;
}
