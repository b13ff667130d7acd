import { differentiateElement, differentiateSteps, type Contribute } from './local-adjoints';
import type { Domain, Response } from './operation';
import { pad } from './rows';
import { copyTo, stepSum } from './steps';
import {
  addNode,
  addUnique,
  constant,
  domainOf,
  element,
  nodeOf,
  reachedFrom,
  reaching,
  topologicalOrder,
  type Graph,
  type GraphNode,
} from './graph';

/** What differentiation adds to a graph. */
export interface Adjoint {
  /** The loss node, its gradient with respect to parameters (sinks): to be computed in any order. */
  readonly sinks: readonly number[];
  /** Node to the node that holds the loss's gradient with respect to it. */
  readonly gradients: ReadonlyMap<number, number>;
}

/**
 * Reverse-mode differentiation of E = Σ_t E_t through time, added to the step graph itself.
 * What `delay` brings from an earlier step, `advance` carries back to it; the recursion
 * ∂E/∂s_t = (local terms) + (terms from step t+k) is thus a cycle through `advance`,
 * as the forward recursion is one through `delay` (Werbos 1990).
 *
 * @param byInput also by the input, which no training needs
 */
export function addAdjoint(graph: Graph, output: Output, byInput = false): Adjoint {
  const { logits } = output;
  const relevant = reaching(graph, [logits]);
  const learnt = dependsOnParameters(graph, byInput);
  const order = topologicalOrder(graph).filter((id) => relevant.has(id) && learnt.has(id));
  const terms = new Map<number, number[]>();
  const slices = new Map<number, { readonly start: number; readonly gradient: number }[]>();
  const gradients = new Map<number, number>();
  const sinks: number[] = [lossNode(graph, output)];

  const contribute = (id: number, gradient: number): void => {
    if (!learnt.has(id)) return;
    const list = terms.get(id);
    if (list) list.push(gradient);
    else terms.set(id, [gradient]);
  };
  const advances = new Map<number, number>();
  for (const id of order) {
    const { operation, inputs, width, domain } = nodeOf(graph, id);
    if (operation.kind !== 'delay') continue;
    const advance = addUnique(graph, { kind: 'advance', lag: operation.lag }, [], width, domain);
    advances.set(id, advance);
    contribute(inputs[0]!, advance);
  }
  contribute(logits, lossGradient(graph, output));

  for (const id of [...order].reverse()) {
    const node = nodeOf(graph, id);
    graph.domain = node.domain;
    if (node.operation.kind === 'vector') {
      for (const term of byDomain(graph, terms.get(id) ?? [])) {
        const { parameter } = node.operation;
        sinks.push(addNode(graph, { kind: 'sum', parameter }, [term], 0));
      }
      continue;
    }
    const gradient = slices.has(id)
      ? joinSlices(graph, node, slices.get(id)!)
      : total(graph, node, terms.get(id));
    if (gradient === undefined) continue;
    gradients.set(id, gradient);
    differentiate(graph, node, gradient, {
      contribute,
      isWanted: (input) => learnt.has(input),
      slices,
      sinks,
      advances,
    });
  }
  return { sinks, gradients };
}

/** What the loss is of. */
export interface Output {
  /** The prediction before its response. */
  readonly logits: number;
  /** Softmax if not given. */
  readonly response?: Response;
}

/** The response as it stands in a node; softmax goes without saying. */
function lossOf({ response }: Output): { response?: Response } {
  return response === undefined || response === 'softmax' ? {} : { response };
}

/** Logits, and the numbers that they should be where the target is no symbol. */
function lossInputs(graph: Graph, { logits, response = 'softmax' }: Output): number[] {
  if (response === 'softmax') return [logits];
  const { width, domain } = nodeOf(graph, logits);
  return [logits, addNode(graph, { kind: 'numbers', channel: 'target' }, [], width, domain)];
}

/** The loss at each row of the logits: a sink. */
export function lossNode(graph: Graph, output: Output): number {
  return addNode(graph, { kind: 'loss', ...lossOf(output) }, lossInputs(graph, output), 0);
}

function lossGradient(graph: Graph, output: Output): number {
  const { width } = nodeOf(graph, output.logits);
  const operation = { kind: 'loss gradient', ...lossOf(output) } as const;
  return addNode(graph, operation, lossInputs(graph, output), width);
}

interface Context {
  readonly contribute: Contribute;
  /** Whether a gradient by this node is of use to anyone. */
  readonly isWanted: (id: number) => boolean;
  readonly slices: Map<number, { readonly start: number; readonly gradient: number }[]>;
  readonly sinks: number[];
  readonly advances: ReadonlyMap<number, number>;
}

function differentiate(graph: Graph, node: GraphNode, gradient: number, context: Context): void {
  const { operation, inputs, id } = node;
  const a = inputs[0]!;
  switch (operation.kind) {
    case 'element':
      differentiateElement(graph, node, gradient, context.contribute);
      break;
    case 'product': {
      const matrices = { ...operation };
      context.sinks.push(addNode(graph, { ...matrices, kind: 'outer' }, [a, gradient], 0));
      const { width } = nodeOf(graph, a);
      const back = (): number =>
        addNode(graph, { ...matrices, kind: 'transposed product' }, [gradient], width);
      if (context.isWanted(a)) context.contribute(a, back());
      break;
    }
    case 'slice': {
      const list = context.slices.get(a) ?? [];
      list.push({ start: operation.start, gradient });
      context.slices.set(a, list);
      break;
    }
    case 'delay':
      nodeOf(graph, context.advances.get(id)!).inputs = [readable(graph, gradient, operation.lag)];
      // The first steps that read of before the first one read the start.
      if (inputs[1] !== undefined) {
        context.contribute(inputs[1], stepSum(graph, gradient, operation.lag));
      }
      break;
    case 'softmax':
      context.contribute(
        a,
        addNode(graph, { kind: 'softmax gradient' }, [id, gradient], node.width),
      );
      break;
    case 'layernorm':
      context.contribute(
        a,
        addNode(graph, { kind: 'layernorm gradient' }, [a, id, gradient], node.width),
      );
      break;
    case 'onehot':
    case 'numbers':
    case 'constant':
    case 'mask':
    case 'argmax':
      break;
    default:
      differentiateSteps(graph, node, gradient, context.contribute);
  }
}

/** A gradient that lies elsewhere than one shifted the other way: what ends the one would overwrite the other. */
function readable(graph: Graph, gradient: number, lag: number): number {
  const { operation, domain } = nodeOf(graph, gradient);
  const isOpposite = operation.kind === 'advance' && Math.sign(operation.lag) !== Math.sign(lag);
  return isOpposite ? copyTo(graph, gradient, domain) : gradient;
}

/** The sum of the terms of each domain. */
function byDomain(graph: Graph, terms: readonly number[]): number[] {
  const sums = new Map<Domain, number>();
  for (const term of terms) {
    const domain = domainOf(graph, [term]);
    const sum = sums.get(domain);
    sums.set(domain, sum === undefined ? term : element(graph, 'add', sum, term));
  }
  return [...sums.values()];
}

/** The gradient by a node, in its domain: what stands once for an example is read at every step of a sequence. */
function total(
  graph: Graph,
  { domain }: GraphNode,
  terms: readonly number[] | undefined,
): number | undefined {
  if (terms === undefined) return undefined;
  const sum = byDomain(graph, terms)
    .map((term) => {
      const isOverSteps = domain === 'example' && nodeOf(graph, term).domain !== 'example';
      return isOverSteps ? stepSum(graph, term, 'all') : term;
    })
    .reduce((a, b) => element(graph, 'add', a, b));
  return nodeOf(graph, sum).domain === domain ? sum : copyTo(graph, sum, domain);
}

/** The gradient of a stack from those of its slices; a slice nobody needs has gradient zero. */
function joinSlices(
  graph: Graph,
  stack: GraphNode,
  slices: readonly { readonly start: number; readonly gradient: number }[],
): number {
  const parts: number[] = [];
  let position = 0;
  const fill = (end: number): void => {
    if (end === position) return;
    const zero = constant(graph, 0);
    parts.push(addNode(graph, { kind: 'element', operation: 'copy' }, [zero], end - position));
    position = end;
  };
  for (const { start, gradient } of [...slices].sort((p, q) => p.start - q.start)) {
    fill(start);
    parts.push(gradient);
    position += pad(nodeOf(graph, gradient).width);
  }
  fill(stack.width);
  return addNode(graph, { kind: 'concat' }, parts, stack.width);
}

/** Nodes that change with some parameter, or with the input, through time as well. */
function dependsOnParameters(graph: Graph, byInput: boolean): Set<number> {
  return reachedFrom(
    graph,
    ({ operation: { kind } }) =>
      kind === 'product' ||
      kind === 'vector' ||
      (byInput && (kind === 'onehot' || kind === 'numbers')),
  );
}
