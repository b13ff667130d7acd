import { evaluateElement } from './elements';
import type { ElementOperation } from './elements';

/**
 * The step graph: what one time step computes, in static single assignment. Edges through `delay`
 * reach back to an earlier step, edges through `advance` (in adjoints) forward to a later one; all
 * other edges stay within the step, where the graph has no cycle.
 */
export type Operation =
  /** The input token as a one-hot vector; its products become gathers. */
  | { readonly kind: 'onehot' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'vector'; readonly parameter: string }
  /** The input's value `lag` steps ago; before the start of the sequence `initial`. */
  | { readonly kind: 'delay'; readonly lag: number; readonly initial: number }
  /** The input's value `lag` steps later; zero past the end of the chunk: what truncated BPTT truncates. */
  | { readonly kind: 'advance'; readonly lag: number }
  /** Matrix times vector; `matrices` are stacked, their results lie one after the other, each padded. */
  | { readonly kind: 'product'; readonly matrices: readonly string[] }
  /** Transposed matrix times vector, for the same stack. */
  | {
      readonly kind: 'transposed product';
      readonly matrices: readonly string[];
    }
  /** `width` values of a stack from (padded) position `start`. */
  | { readonly kind: 'slice'; readonly start: number }
  /** The inputs one after the other, each padded. */
  | { readonly kind: 'concat' }
  | { readonly kind: 'element'; readonly operation: ElementOperation }
  | { readonly kind: 'softmax' }
  /** Inputs: softmax's output, incoming gradient. */
  | { readonly kind: 'softmax gradient' }
  | { readonly kind: 'layernorm' }
  /** Inputs: layernorm's input, its output, incoming gradient. */
  | { readonly kind: 'layernorm gradient' }
  | { readonly kind: 'mask'; readonly rate: number; readonly stream: number }
  /** Cross-entropy of the logits against the target: a sink. */
  | { readonly kind: 'loss' }
  | { readonly kind: 'loss gradient' }
  /** Gradient of a stack: Σ gradient operandᵀ. Inputs: operand, gradient. A sink. */
  | { readonly kind: 'outer'; readonly matrices: readonly string[] }
  /** Gradient of a vector. A sink. */
  | { readonly kind: 'sum'; readonly parameter: string };

export interface GraphNode {
  readonly id: number;
  operation: Operation;
  inputs: number[];
  /** Number of values; 0 for a constant, which takes any width, and for sinks. */
  width: number;
}

/** A graph under construction: identical nodes are made once. */
export interface Graph {
  readonly nodes: GraphNode[];
  readonly known: Map<string, number>;
}

export function createGraph(): Graph {
  return { nodes: [], known: new Map() };
}

/** A copy that can be changed without changing the original. */
export function copyGraph(graph: Graph): Graph {
  return {
    nodes: graph.nodes.map((node) => ({ ...node, inputs: [...node.inputs] })),
    known: new Map(graph.known),
  };
}

/** Adds a node, or finds the one that computes the same. */
export function addNode(
  graph: Graph,
  operation: Operation,
  inputs: readonly number[],
  width: number,
): number {
  const key = `${JSON.stringify(operation)} ${inputs.join(',')} ${String(width)}`;
  const known = graph.known.get(key);
  if (known !== undefined) return known;
  const id = addUnique(graph, operation, inputs, width);
  graph.known.set(key, id);
  return id;
}

/** Adds a node whose input may be set later (delays and advances close cycles). */
export function addUnique(
  graph: Graph,
  operation: Operation,
  inputs: readonly number[],
  width: number,
): number {
  const id = graph.nodes.length;
  graph.nodes.push({ id, operation, inputs: [...inputs], width });
  return id;
}

export function nodeOf(graph: Graph, id: number): GraphNode {
  const node = graph.nodes[id];
  if (!node) throw new RangeError(`The graph has no node ${String(id)}.`);
  return node;
}

export function constant(graph: Graph, value: number): number {
  return addNode(graph, { kind: 'constant', value }, [], 0);
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

/** Whether an edge from a node to this one's inputs crosses to another time step. */
export function crossesTime(operation: Operation): boolean {
  return operation.kind === 'delay' || operation.kind === 'advance';
}

/** Nodes in an order in which each comes after its inputs of the same step. */
export function topologicalOrder(graph: Graph): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(graph.nodes.length);
  const visit = (id: number): void => {
    if (seen[id]) return;
    seen[id] = 1;
    const node = nodeOf(graph, id);
    if (!crossesTime(node.operation)) node.inputs.forEach(visit);
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
