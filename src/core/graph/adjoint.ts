import { pad } from './rows';
import {
  addNode,
  addUnique,
  constant,
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
 * @param byInput also by the one-hot input, which no training needs
 */
export function addAdjoint(graph: Graph, logits: number, byInput = false): Adjoint {
  const relevant = reaching(graph, [logits]);
  const learnt = dependsOnParameters(graph, byInput);
  const order = topologicalOrder(graph).filter((id) => relevant.has(id) && learnt.has(id));
  const terms = new Map<number, number[]>();
  const slices = new Map<number, { readonly start: number; readonly gradient: number }[]>();
  const gradients = new Map<number, number>();
  const sinks: number[] = [addNode(graph, { kind: 'loss' }, [logits], 0)];

  const contribute = (id: number, gradient: number): void => {
    if (!learnt.has(id)) return;
    const list = terms.get(id);
    if (list) list.push(gradient);
    else terms.set(id, [gradient]);
  };
  const advances = new Map<number, number>();
  for (const id of order) {
    const { operation, inputs, width } = nodeOf(graph, id);
    if (operation.kind !== 'delay') continue;
    const advance = addUnique(graph, { kind: 'advance', lag: operation.lag }, [], width);
    advances.set(id, advance);
    contribute(inputs[0]!, advance);
  }
  contribute(
    logits,
    addNode(graph, { kind: 'loss gradient' }, [logits], nodeOf(graph, logits).width),
  );

  for (const id of [...order].reverse()) {
    const node = nodeOf(graph, id);
    const gradient = slices.has(id)
      ? joinSlices(graph, node, slices.get(id)!)
      : total(graph, terms.get(id));
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

interface Context {
  readonly contribute: (id: number, gradient: number) => void;
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
      const { matrices } = operation;
      context.sinks.push(addNode(graph, { kind: 'outer', matrices }, [a, gradient], 0));
      const { width } = nodeOf(graph, a);
      const back = (): number =>
        addNode(graph, { kind: 'transposed product', matrices }, [gradient], width);
      if (context.isWanted(a)) context.contribute(a, back());
      break;
    }
    case 'slice': {
      const list = context.slices.get(a) ?? [];
      list.push({ start: operation.start, gradient });
      context.slices.set(a, list);
      break;
    }
    case 'vector':
      context.sinks.push(
        addNode(graph, { kind: 'sum', parameter: operation.parameter }, [gradient], 0),
      );
      break;
    case 'delay':
      nodeOf(graph, context.advances.get(id)!).inputs = [gradient];
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
    case 'constant':
    case 'mask':
      break;
    default:
      throw new Error(`No derivative is known for ${operation.kind}.`);
  }
}

function differentiateElement(
  graph: Graph,
  node: GraphNode,
  g: number,
  contribute: Context['contribute'],
): void {
  if (node.operation.kind !== 'element') return;
  const { operation } = node.operation;
  const [a, b] = node.inputs as [number, number];
  const make = (name: typeof operation, ...inputs: number[]): number =>
    element(graph, name, ...inputs);
  switch (operation) {
    case 'copy':
      contribute(a, g);
      break;
    case 'add':
      contribute(a, g);
      contribute(b, g);
      break;
    case 'subtract':
      contribute(a, g);
      contribute(b, make('negate', g));
      break;
    case 'multiply':
      contribute(a, make('multiply', g, b));
      contribute(b, make('multiply', g, a));
      break;
    case 'divide':
      contribute(a, make('divide', g, b));
      contribute(b, make('negate', make('divide', make('multiply', g, node.id), b)));
      break;
    case 'negate':
      contribute(a, make('negate', g));
      break;
    case 'tanh':
      contribute(a, make('tanhGradient', node.id, g));
      break;
    case 'sigmoid':
      contribute(a, make('sigmoidGradient', node.id, g));
      break;
    case 'relu':
      contribute(a, make('reluGradient', node.id, g));
      break;
    case 'exp':
      contribute(a, make('multiply', g, node.id));
      break;
    case 'log':
      contribute(a, make('divide', g, a));
      break;
    case 'softplus':
      contribute(a, make('multiply', g, make('sigmoid', a)));
      break;
    case 'sqrt':
      contribute(a, make('divide', make('multiply', g, constant(graph, 0.5)), node.id));
      break;
    case 'abs':
      contribute(a, make('absGradient', a, g));
      break;
    default:
      throw new Error(`No derivative is known for ${operation}.`);
  }
}

function total(graph: Graph, terms: readonly number[] | undefined): number | undefined {
  return terms?.reduce((sum, term) => element(graph, 'add', sum, term));
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
      kind === 'product' || kind === 'vector' || (byInput && kind === 'onehot'),
  );
}
