/** One node of a step graph as operators of ONNX: over a whole sequence, `[T, B, W]`, or within a step, `[B, W]`. */
import type { GraphNode } from '../../graph/graph';
import type { ElementOperation } from '../../graph/elements';
import type { Builder } from './builder';
import { floatAttribute } from './tensors';

/** What a node is made of, by its place. */
export interface Surroundings {
  readonly builder: Builder;
  /** A node's value here. */
  readonly value: (id: number) => string;
  /** A matrix with its columns first, `[columns, rows]`. */
  readonly transposed: (name: string) => string;
  /** Its token ids, where the node is a one-hot vector whose products can be looked up. */
  readonly tokensOf: (id: number) => string | undefined;
  /** A learnt vector, `[rows]`. */
  readonly vector: (name: string) => string;
}

const elementOperators: Partial<Record<ElementOperation, string>> = {
  copy: 'Identity',
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'Div',
  negate: 'Neg',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  relu: 'Relu',
  exp: 'Exp',
  log: 'Log',
  softplus: 'Softplus',
  sqrt: 'Sqrt',
  abs: 'Abs',
};

/** As the engine has it. */
const layerNormEpsilon = 1e-5;

/** @returns the name of its value */
export function writeNode(node: GraphNode, around: Surroundings): string {
  const { operation, inputs, width } = node;
  const { builder, value, transposed, tokensOf, vector } = around;
  switch (operation.kind) {
    case 'constant':
      return builder.scalar(operation.value);
    case 'vector':
      return vector(operation.parameter);
    case 'product': {
      const [matrix] = operation.matrices;
      const tokens = tokensOf(inputs[0]!);
      return tokens === undefined
        ? builder.add('MatMul', [value(inputs[0]!), transposed(matrix!)])
        : builder.add('Gather', [transposed(matrix!), tokens]);
    }
    case 'element': {
      const operator = elementOperators[operation.operation];
      if (operator === undefined) break;
      return builder.add(operator, inputs.map(value));
    }
    case 'softmax':
      return builder.add('Softmax', inputs.map(value), { axis: -1 });
    case 'layernorm': {
      const one = builder.floats(`ones ${String(width)}`, [width], () =>
        Array<number>(width).fill(1),
      );
      const more = [floatAttribute('epsilon', layerNormEpsilon)];
      return builder.add('LayerNormalization', [value(inputs[0]!), one], { axis: -1 }, { more });
    }
    default:
  }
  throw new Error(`ONNX has no operator here for ${operation.kind}.`);
}

/** `[T, B, C]` */
export function oneHot(builder: Builder, tokens: string, width: number): string {
  const ends = builder.floats('absent present', [2], () => [0, 1]);
  return builder.add('OneHot', [tokens, builder.integers([width]), ends], { axis: -1 });
}
