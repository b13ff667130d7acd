/** Nodes between a sequence and its example: ends, pooling, attention, stacks. */
import { addNode, domainOf, element, nodeOf, type Graph } from './graph';
import type { Domain, Span } from './operation';

/** Σ over steps of a sequence: `s[1]` over the first alone (span 1), `s[T]` over the last (span -1). */
export function stepSum(graph: Graph, sequence: number, span: Span): number {
  const { width } = nodeOf(graph, sequence);
  return addNode(graph, { kind: 'step sum', span }, [sequence], width, 'example');
}

/** An example's row at the span's steps of a sequence, zero at others. */
export function spread(graph: Graph, row: number, span: Span, axis: Domain): number {
  const { width } = nodeOf(graph, row);
  return addNode(graph, { kind: 'spread', span }, [row], width, axis);
}

/** `mean(s)`. */
export function meanOverSteps(graph: Graph, sequence: number): number {
  const { width, domain } = nodeOf(graph, sequence);
  const total = stepSum(graph, sequence, 'all');
  return addNode(graph, { kind: 'per step', axis: domain }, [total], width);
}

/** `max(s)`, of equal ones the first. */
export function maxOverSteps(graph: Graph, sequence: number): number {
  const { width } = nodeOf(graph, sequence);
  const steps = addNode(graph, { kind: 'argmax' }, [sequence], width, 'example');
  return addNode(graph, { kind: 'pick' }, [sequence, steps], width, 'example');
}

/** What `attend` computes. */
export interface Attention {
  /** Over the steps of the memory, a row for each of the query. */
  readonly weights: number;
  readonly output: number;
}

/**
 * `attend(q, k, s)`, with a vector v `attend(q, k, s, v)`.
 * @param nodes query in the domain of the result; keys and values over one sequence
 */
export function attend(
  graph: Graph,
  nodes: { query: number; keys: number; values: number; vector?: number | undefined },
): Attention {
  const { query, keys, values, vector } = nodes;
  const axis = nodeOf(graph, keys).domain;
  const domain = domainOf(graph, [query]);
  const steps = graph.steps[axis];
  const scores =
    vector === undefined
      ? addNode(graph, { kind: 'dot' }, [query, keys], steps, domain)
      : addNode(graph, { kind: 'additive' }, [query, keys, vector], steps, domain);
  const weights = addNode(graph, { kind: 'step softmax', axis }, [scores], steps, domain);
  const { width } = nodeOf(graph, values);
  const output = addNode(graph, { kind: 'mix' }, [weights, values], width, domain);
  return { weights, output };
}

/** `[a; b]`: parts one after the other. */
export function stack(graph: Graph, parts: readonly number[]): number {
  const width = parts.reduce((sum, id) => sum + nodeOf(graph, id).width, 0);
  return addNode(graph, { kind: 'join' }, parts, width);
}

/** A node of a domain with the values of another, as it is or repeated at each step. */
export function copyTo(graph: Graph, id: number, domain: Domain): number {
  const { width } = nodeOf(graph, id);
  return addNode(graph, { kind: 'element', operation: 'copy' }, [id], width, domain);
}

/**
 * Matrix times vector. One of a delayed one-hot input is the delayed product, so that it stays a gather; one of a stack
 * is the sum of products with its parts, each by its own columns.
 */
export function product(
  graph: Graph,
  matrix: string,
  operand: number,
  rows: number,
  from?: number,
): number {
  const { operation, inputs, domain } = nodeOf(graph, operand);
  const source = inputs[0] ?? -1;
  const isDelayedInput =
    operation.kind === 'delay' && graph.nodes[source]?.operation.kind === 'onehot';
  if (isDelayedInput) {
    return addNode(graph, operation, [product(graph, matrix, source, rows, from)], rows, domain);
  }
  if (operation.kind === 'join' && canDivide(graph, matrix, inputs)) {
    let column = from ?? 0;
    const terms = inputs.map((part) => {
      const term = product(graph, matrix, part, rows, column);
      column += nodeOf(graph, part).width;
      return term;
    });
    return terms.reduce((sum, term) => element(graph, 'add', sum, term));
  }
  const columns = from === undefined ? {} : { from };
  return addNode(graph, { kind: 'product', matrices: [matrix], ...columns }, [operand], rows);
}

/** Whether a matrix may be divided so: it has not been divided otherwise. */
function canDivide(graph: Graph, matrix: string, parts: readonly number[]): boolean {
  const widths = parts.map((id) => nodeOf(graph, id).width).join();
  const known = graph.blocks.get(matrix) ?? widths;
  graph.blocks.set(matrix, known);
  return known === widths;
}
