import type { ModelSpec } from './model-spec';
import { addNode, createGraph, element, nodeOf, vector, type Graph } from './graph';
import type { Response } from './operation';
import { copyTo, product } from './steps';
import { addEquations, startIn, type GraphParameter } from './equation-graph';
import { inLayer } from '../qualified';
import { mentionsOf } from '../equations/names';
import { inferShapes } from '../equations/shapes';
import {
  inputName,
  ownPredictionOf,
  predictionName,
  type Cell,
  type Equation,
} from '../equations/syntax';

/** One step of a whole model: embedding, layers, output layer. */
export interface StepGraph {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, GraphParameter>;
  /** Qualified variable (`layer1.h`) to node. */
  readonly variables: ReadonlyMap<string, number>;
  /** What the first layer reads of a token: its one-hot vector, or its embedding. */
  readonly input: number;
  /** What examples are given, by how equations call it (`x`, `x[t]`, `x[u]`): symbols one-hot, or numbers. */
  readonly given?: ReadonlyMap<string, number>;
  /** The prediction before its response. */
  readonly logits: number;
  /** Softmax if not given. */
  readonly response?: Response;
}

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
      drop: (node) => (rate === 0 ? copyTo(graph, node, 't') : dropped(node)),
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
    readonly drop: (node: number) => number;
  },
): Layer {
  const { cell } = spec;
  const shapes = inferShapes(cell, {
    input: nodeOf(graph, place.input).width,
    hidden: spec.hidden,
    vocabulary: spec.vocabulary,
  });
  const { variables, parameters } = addEquations({
    ...{ graph, cell, shapes },
    equations: neededEquations(cell, place.top),
    input: () => place.input,
    inputStart: startIn(place.layer, cell, inputName),
    qualify: (symbol) => inLayer(place.layer, symbol),
    drop: place.drop,
  });
  const own = place.top && ownPredictionOf(cell.equations);
  const qualified = [...variables].map(
    ([name, node]) => [inLayer(place.layer, name), node] as const,
  );
  return {
    output: variables.get(cell.output)!,
    logits: own ? nodeOf(graph, variables.get(predictionName)!).inputs[0] : undefined,
    parameters,
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

/** What a checkpoint calls a node whose rows are carried on: by the last of its variables, else by its number. */
export function carriedNames(variables: ReadonlyMap<string, number>): (node: number) => string {
  // States of one value are kept once.
  const names = new Map([...variables].map(([name, node]) => [node, name]));
  return (node) => names.get(node) ?? `input${String(node)}`;
}
