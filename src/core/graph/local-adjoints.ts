import { addNode, constant, element, nodeOf, type Graph, type GraphNode } from './graph';
import { spread } from './steps';

/** Adds a term to the gradient by a node. */
export type Contribute = (id: number, gradient: number) => void;

/** What an elementwise node contributes to the gradients by its operands. */
export function differentiateElement(
  graph: Graph,
  node: GraphNode,
  g: number,
  contribute: Contribute,
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

/** What a node that reads a whole sequence, or stacks vectors, contributes to the gradients by its inputs. */
export function differentiateSteps(
  graph: Graph,
  node: GraphNode,
  g: number,
  contribute: Contribute,
): void {
  const { operation, inputs, id } = node;
  const [a, b, c] = inputs as [number, number, number];
  const { width, domain } = nodeOf(graph, a);
  switch (operation.kind) {
    case 'step sum':
      // All steps read the example's row as it is.
      contribute(a, operation.span === 'all' ? g : spread(graph, g, operation.span, domain));
      break;
    case 'per step':
      contribute(a, addNode(graph, operation, [g], width));
      break;
    case 'pick':
      contribute(a, addNode(graph, { kind: 'unpick' }, [b, g], width, domain));
      break;
    case 'dot': {
      const keys = nodeOf(graph, b);
      contribute(a, addNode(graph, { kind: 'mix' }, [g, b], width, node.domain));
      contribute(b, addNode(graph, { kind: 'unmix' }, [g, a], width, keys.domain));
      break;
    }
    case 'mix': {
      const values = nodeOf(graph, b);
      contribute(a, addNode(graph, { kind: 'dot' }, [g, b], width, node.domain));
      contribute(b, addNode(graph, { kind: 'unmix' }, [a, g], values.width, values.domain));
      break;
    }
    case 'step softmax':
      contribute(a, addNode(graph, { kind: 'softmax gradient' }, [id, g], width, node.domain));
      break;
    case 'additive': {
      const keys = nodeOf(graph, b);
      const by = (what: 'query' | 'keys' | 'vector', at: typeof domain): number =>
        addNode(graph, { kind: 'additive gradient', by: what }, [a, b, c, g], keys.width, at);
      contribute(a, by('query', node.domain));
      contribute(b, by('keys', keys.domain));
      contribute(c, by('vector', node.domain));
      break;
    }
    case 'join': {
      let start = 0;
      for (const input of inputs) {
        const part = nodeOf(graph, input);
        contribute(input, addNode(graph, { kind: 'part', start }, [g], part.width));
        start += part.width;
      }
      break;
    }
    default:
      throw new Error(`No derivative is known for ${operation.kind}.`);
  }
}
