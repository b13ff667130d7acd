import { responseOf } from '../equations/model-shape';
import { inferShapes } from '../equations/shapes';
import { predictionName, type Cell } from '../equations/syntax';
import { addEquations } from './equation-graph';
import { addNode, addUnique, createGraph, domainOf, element, nodeOf } from './graph';
import type { Domain } from './operation';
import type { StepGraph } from './step-graph';

/** What is given at a row: one of so many symbols, or so many numbers. */
export interface Channel {
  readonly kind: 'symbols' | 'numbers';
  readonly width: number;
}

/** A model that a file defines as a whole, and the channels that its data have. */
export interface ExampleModelSpec {
  readonly cell: Cell;
  readonly hidden: number;
  /** `x` and `x[t]`. */
  readonly input: Channel;
  /** `x[u]`, START included where it is of symbols; the input's where there is one sequence. */
  readonly answer?: Channel;
  /** Width of `y`. */
  readonly output: number;
  /** Probability with which `dropout(…)` drops a value in training. */
  readonly dropout: number;
}

/**
 * Builds the graph of a model that defines `y`. Parameters and variables have the names they are written with; the
 * weights of an attention in the equation of `a` are the variable `weights a`.
 *
 * @param options whether values are dropped, and the capacities of the sequences
 * @throws EquationError if the shapes do not fit
 * @throws Error if the file defines no `y`
 */
export function buildModelGraph(
  spec: ExampleModelSpec,
  options: { readonly dropout: boolean; readonly steps: Readonly<Record<Domain, number>> },
): StepGraph {
  const { cell, hidden, input, output } = spec;
  const answer = spec.answer ?? input;
  const response = responseOf(cell);
  if (!response) throw new Error(`${cell.name} defines no ${predictionName}.`);
  const shapes = inferShapes(cell, { input: input.width, answer: answer.width, hidden, output });
  const graph = createGraph(options.steps);
  const rate = options.dropout ? spec.dropout : 0;
  let masks = 0;
  let logits = -1;
  const { variables, parameters } = addEquations({
    ...{ graph, cell, shapes },
    equations: new Map(cell.equations.map((equation) => [equation.name, equation])),
    input(domain) {
      const { kind, width } = domain === 'u' ? answer : input;
      if (kind === 'symbols') return addNode(graph, { kind: 'onehot' }, [], width, domain);
      return addNode(graph, { kind: 'numbers', channel: 'input' }, [], width, domain);
    },
    qualify: (symbol) => symbol,
    drop(operand) {
      const rows = domainOf(graph, [operand]);
      const { width } = nodeOf(graph, operand);
      // A node of its own in any case: which products share an operand does not depend on dropout.
      if (rate === 0) {
        const copy = { kind: 'element', operation: 'copy' } as const;
        return addUnique(graph, copy, [operand], width, rows);
      }
      const kept = addNode(graph, { kind: 'mask', rate, stream: masks++ }, [], width, rows);
      return element(graph, 'multiply', operand, kept);
    },
    other: {
      equation: response.equation,
      evaluate(own) {
        const { kind, operand, equation } = response;
        logits = own(operand, equation);
        if (kind === 'none') return logits;
        const { width } = nodeOf(graph, logits);
        return kind === 'softmax'
          ? addNode(graph, { kind }, [logits], width)
          : element(graph, kind, logits);
      },
    },
  });
  graph.domain = 't';
  const inputs = graph.nodes.filter(
    ({ operation: { kind } }) => kind === 'onehot' || kind === 'numbers',
  );
  return {
    graph,
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    variables,
    input: inputs[0]?.id ?? logits,
    given: new Map(inputs.map(({ id, domain }) => [inputIn(domain), id])),
    logits,
    response: response.kind,
  };
}

/** How equations call what is given at the rows of a domain. */
export function inputIn(domain: Domain): string {
  return domain === 'example' ? 'x' : `x[${domain}]`;
}
