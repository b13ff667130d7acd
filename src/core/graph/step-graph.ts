import type { ModelSpec } from './model-spec';
import {
  addNode,
  addUnique,
  constant,
  createGraph,
  element,
  nodeOf,
  vector,
  type Graph,
} from './graph';
import type { Response } from './operation';
import { product } from './steps';
import { inLayer } from '../qualified';
import { mentionsOf } from '../equations/names';
import { inferShapes, type CellShapes } from '../equations/shapes';
import {
  inputName,
  ownPredictionOf,
  predictionName,
  type BinaryOperator,
  type Cell,
  type Equation,
  type Expression,
  type Initial,
} from '../equations/syntax';

/** A learnt matrix or vector that the graph mentions. */
export interface GraphParameter {
  /** Qualified: `layer1.W`. */
  readonly name: string;
  readonly symbol: string;
  readonly kind: 'matrix' | 'vector';
  readonly rows: number;
  readonly columns: number;
  readonly initial: Initial | undefined;
}

/** One step of a whole model: embedding, layers, output layer. */
export interface StepGraph {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, GraphParameter>;
  /** Qualified variable (`layer1.h`) to node. */
  readonly variables: ReadonlyMap<string, number>;
  /** What the first layer reads of a token: its one-hot vector, or its embedding. */
  readonly input: number;
  /** The prediction before its response. */
  readonly logits: number;
  /** Softmax if not given. */
  readonly response?: Response;
}

export const binaryOperations = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
} as const satisfies Record<BinaryOperator, string>;

/**
 * Builds the step graph of a model.
 * @param dropout whether masks are put between layers and before the added output layer
 * @throws EquationError if the cell's shapes do not fit
 */
export function buildStepGraph(spec: ModelSpec, dropout: boolean): StepGraph {
  const graph = createGraph();
  const parameters = new Map<string, GraphParameter>();
  const variables = new Map<string, number>();
  const rate = dropout ? spec.dropout : 0;
  let stream = 0;
  const dropped = (node: number): number => {
    if (rate === 0) return node;
    const { width } = nodeOf(graph, node);
    const mask = addNode(graph, { kind: 'mask', rate, stream: stream++ }, [], width);
    return element(graph, 'multiply', node, mask);
  };

  let input = addNode(graph, { kind: 'onehot' }, [], spec.vocabulary);
  if (spec.embedding > 0) {
    const shape = { rows: spec.embedding, columns: spec.vocabulary, initial: undefined };
    const name = 'embedding.E';
    parameters.set(name, { name, symbol: 'E', kind: 'matrix', ...shape });
    input = product(graph, name, input, spec.embedding);
  }
  const first = input;
  let logits: number | undefined;
  for (let layer = 1; layer <= spec.layers; layer++) {
    const built = buildLayer(graph, spec, {
      layer,
      input: layer === 1 ? input : dropped(input),
      top: layer === spec.layers,
    });
    built.parameters.forEach((parameter) => parameters.set(parameter.name, parameter));
    built.variables.forEach((node, name) => variables.set(name, node));
    input = built.output;
    logits = built.logits;
  }
  if (logits === undefined) {
    const { width } = nodeOf(graph, input);
    const rows = spec.vocabulary;
    const own = { rows, initial: undefined };
    parameters.set('output.V', {
      name: 'output.V',
      symbol: 'V',
      kind: 'matrix',
      columns: width,
      ...own,
    });
    parameters.set('output.c', {
      name: 'output.c',
      symbol: 'c',
      kind: 'vector',
      columns: 1,
      ...own,
    });
    const bias = vector(graph, 'output.c', rows);
    logits = element(graph, 'add', product(graph, 'output.V', dropped(input), rows), bias);
  }
  return { graph, parameters, variables, input: first, logits };
}

interface Layer {
  readonly output: number;
  /** The logits of the cell's own output layer, in the top layer. */
  readonly logits: number | undefined;
  readonly parameters: readonly GraphParameter[];
  readonly variables: ReadonlyMap<string, number>;
}

function buildLayer(
  graph: Graph,
  spec: ModelSpec,
  place: {
    /** From 1. */
    readonly layer: number;
    readonly input: number;
    readonly top: boolean;
  },
): Layer {
  const { cell } = spec;
  const shapes = inferShapes(cell, {
    input: nodeOf(graph, place.input).width,
    hidden: spec.hidden,
    vocabulary: spec.vocabulary,
  });
  const wanted = neededEquations(cell, place.top);
  const parameters = new Map<string, GraphParameter>();
  const variables = new Map<string, number>();
  const delays: { readonly node: number; readonly variable: string }[] = [];

  const variable = (name: string, lag: number): number => {
    if (lag === 0) return name === inputName ? place.input : value(name);
    const isInput = name === inputName;
    const width = isInput ? nodeOf(graph, place.input).width : widthOf(shapes, name);
    const start = cell.initials.get(name)?.initial;
    const initial = start?.kind === 'constant' ? start.value : 0;
    const known = delays.find(({ node, variable: of }) => {
      const { operation } = nodeOf(graph, node);
      return of === name && operation.kind === 'delay' && operation.lag === lag;
    });
    if (known) return known.node;
    const source = isInput ? [place.input] : [];
    const node = addUnique(graph, { kind: 'delay', lag, initial }, source, width);
    delays.push({ node, variable: name });
    return node;
  };
  const value = (name: string): number => {
    const known = variables.get(name);
    if (known !== undefined) return known;
    const equation = wanted.get(name);
    if (!equation) throw new Error(`The cell ${cell.name} does not define ${name}.`);
    const node = ownValue(evaluate(equation.expression), widthOf(shapes, name));
    variables.set(name, node);
    return node;
  };
  /** A variable has memory of its own, also where it only renames something that has none or another's. */
  const ownValue = (node: number, width: number): number =>
    ['constant', 'vector', 'delay', 'onehot'].includes(nodeOf(graph, node).operation.kind)
      ? addNode(graph, { kind: 'element', operation: 'copy' }, [node], width)
      : node;
  const declare = (symbol: string, kind: 'matrix' | 'vector', rows: number, columns: number) => {
    const name = inLayer(place.layer, symbol);
    const initial = cell.initials.get(symbol)?.initial;
    parameters.set(name, { name, symbol, kind, rows, columns, initial });
    return name;
  };
  const evaluate = (expression: Expression): number => {
    switch (expression.kind) {
      case 'number':
        return constant(graph, expression.value);
      case 'bias': {
        const length = shapes.biases.get(expression.name)!;
        const parameter = declare(expression.name, 'vector', length, 1);
        return vector(graph, parameter, length);
      }
      case 'variable':
        return variable(expression.name, expression.lag);
      case 'product': {
        const [rows, columns] = shapes.matrices.get(expression.matrix)!;
        const matrix = declare(expression.matrix, 'matrix', rows, columns);
        return product(graph, matrix, evaluate(expression.operand), rows);
      }
      case 'binary': {
        const left = evaluate(expression.left);
        return element(
          graph,
          binaryOperations[expression.operator],
          left,
          evaluate(expression.right),
        );
      }
      case 'negate':
        return element(graph, 'negate', evaluate(expression.operand));
      case 'call': {
        const operand = evaluate(expression.operand);
        const { width } = nodeOf(graph, operand);
        if (expression.function === 'dropout') {
          throw new Error('A language model drops values between its layers.');
        }
        if (expression.function === 'softmax' || expression.function === 'layernorm') {
          return addNode(graph, { kind: expression.function }, [operand], width);
        }
        return element(graph, expression.function, operand);
      }
      default:
        throw new Error(`A language model has no ${expression.kind}.`);
    }
  };

  wanted.forEach((_, name) => value(name));
  for (const { node, variable: name } of delays) {
    if (name !== inputName) nodeOf(graph, node).inputs = [value(name)];
  }
  let logits: number | undefined;
  if (place.top && ownPredictionOf(cell.equations)) {
    logits = nodeOf(graph, value(predictionName)).inputs[0];
  }
  const qualified = [...variables].map(
    ([name, node]) => [inLayer(place.layer, name), node] as const,
  );
  return {
    output: value(cell.output),
    logits,
    parameters: [...parameters.values()],
    variables: new Map(qualified),
  };
}

/** A lower layer has no use for the output layer, unless its y feeds back. */
export function neededEquations(cell: Cell, top: boolean): Map<string, Equation> {
  const all = new Map(cell.equations.map((equation) => [equation.name, equation]));
  const own = ownPredictionOf(cell.equations);
  if (top || !own) return all;
  const others = cell.equations.filter((equation) => equation !== own);
  const { lags } = mentionsOf(others.map(({ expression }) => expression));
  if (!lags.has(predictionName)) all.delete(predictionName);
  return all;
}

function widthOf(shapes: CellShapes, name: string): number {
  const width = shapes.variables.get(name);
  if (width === undefined) throw new Error(`No shape was inferred for ${name}.`);
  return width;
}
