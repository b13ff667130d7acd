import {
  inputName,
  predictionName,
  type Cell,
  type Equation,
  type Expression,
} from '../equations/syntax';
import { responseOf } from '../equations/model-shape';
import { inferShapes } from '../equations/shapes';
import {
  addNode,
  addUnique,
  constant,
  createGraph,
  domainOf,
  element,
  isEverywhere,
  nodeOf,
  vector,
} from './graph';
import type { Domain } from './operation';
import { binaryOperations, type GraphParameter, type StepGraph } from './step-graph';
import { attend, copyTo, maxOverSteps, meanOverSteps, product, stack, stepSum } from './steps';

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
  const equations = new Map(cell.equations.map((equation) => [equation.name, equation]));
  const parameters = new Map<string, GraphParameter>();
  const variables = new Map<string, number>();
  const delays = new Map<string, { readonly node: number; readonly name: string }>();
  let masks = 0;

  const given = (domain: Domain): number => {
    const { kind, width } = domain === 'u' ? answer : input;
    if (kind === 'symbols') return addNode(graph, { kind: 'onehot' }, [], width, domain);
    return addNode(graph, { kind: 'numbers', channel: 'input' }, [], width, domain);
  };
  /** A variable's value at its own rows. */
  const value = (name: string, domain: Domain): number =>
    name === inputName ? given(domain) : variableOf(name);
  const variableOf = (name: string): number => {
    const known = variables.get(name);
    if (known !== undefined) return known;
    const equation = equations.get(name);
    if (!equation) throw new Error(`${cell.name} does not define ${name}.`);
    const node = equation === response.equation ? prediction() : own(equation.expression, equation);
    variables.set(name, node);
    return node;
  };
  /** The value of an expression in memory and rows of the variable's own. */
  const own = (expression: Expression, { name, domain }: Equation): number => {
    const node = within(domain, () => evaluate(expression, name));
    const { operation, domain: found } = nodeOf(graph, node);
    const isElsewhere = ['constant', 'vector', 'delay', 'onehot', 'numbers'].includes(
      operation.kind,
    );
    const isTaken = [...variables.values()].includes(node);
    if (!isElsewhere && !isTaken && found === domain) return node;
    const width = shapes.variables.get(name)!;
    return addUnique(graph, { kind: 'element', operation: 'copy' }, [node], width, domain);
  };
  /** Logits, and the response to them. */
  let logits = -1;
  const prediction = (): number => {
    const { kind, operand, equation } = response;
    logits = own(operand, equation);
    if (kind === 'none') return logits;
    const { width } = nodeOf(graph, logits);
    return kind === 'softmax'
      ? addNode(graph, { kind }, [logits], width)
      : element(graph, kind, logits);
  };
  /** Evaluates with nodes of nothing but parameters in this domain. */
  const within = (domain: Domain, evaluateThere: () => number): number => {
    const before = graph.domain;
    graph.domain = domain;
    const node = evaluateThere();
    graph.domain = before;
    return node;
  };
  const delayed = (name: string, lag: number, domain: Domain): number => {
    const key = `${name} ${String(lag)} ${domain}`;
    const known = delays.get(key);
    if (known) return known.node;
    const start = cell.initials.get(name)?.initial;
    const initial = start?.kind === 'constant' ? start.value : 0;
    const width =
      name === inputName ? nodeOf(graph, given(domain)).width : shapes.variables.get(name)!;
    const first = cell.starts.get(name);
    const inputs = name === inputName ? [given(domain)] : [-1];
    if (first) inputs.push(within('example', () => evaluate(first.expression, name)));
    const node = addUnique(graph, { kind: 'delay', lag, initial }, inputs, width, domain);
    delays.set(key, { node, name });
    return node;
  };
  const rowsOf = (node: number): Domain => domainOf(graph, [node]);
  const declare = (
    name: string,
    kind: 'matrix' | 'vector',
    rows: number,
    columns: number,
  ): string => {
    const initial = cell.initials.get(name)?.initial;
    parameters.set(name, { name, symbol: name, kind, rows, columns, initial });
    return name;
  };
  const bias = (name: string): number => {
    const length = shapes.biases.get(name)!;
    return vector(graph, declare(name, 'vector', length, 1), length);
  };

  /** @param equation the name of the variable that is being computed */
  const evaluate = (expression: Expression, equation: string): number => {
    switch (expression.kind) {
      case 'number':
        return constant(graph, expression.value);
      case 'bias':
        return bias(expression.name);
      case 'variable': {
        const { name, lag, domain } = expression;
        return lag === 0 ? value(name, domain) : delayed(name, lag, domain);
      }
      case 'whole':
        return value(expression.name, 'example');
      case 'end': {
        const sequence = value(expression.name, expression.domain);
        return stepSum(graph, sequence, expression.at === 'first' ? 1 : -1);
      }
      case 'pool': {
        const sequence = value(expression.name, expression.domain);
        return expression.pool === 'mean'
          ? meanOverSteps(graph, sequence)
          : maxOverSteps(graph, sequence);
      }
      case 'attend': {
        const { domain, score } = expression;
        const query = evaluate(expression.query, equation);
        const isBias = isEverywhere(nodeOf(graph, query));
        const found = attend(graph, {
          query: isBias ? copyTo(graph, query, graph.domain) : query,
          keys: value(expression.keys.name, domain),
          values: value(expression.values.name, domain),
          vector: score && bias(score.name),
        });
        variables.set(`weights ${equation}`, found.weights);
        return found.output;
      }
      case 'stack':
        return stack(
          graph,
          expression.parts.map((part) => evaluate(part, equation)),
        );
      case 'product': {
        const [rows, columns] = shapes.matrices.get(expression.matrix)!;
        const matrix = declare(expression.matrix, 'matrix', rows, columns);
        return product(graph, matrix, evaluate(expression.operand, equation), rows);
      }
      case 'binary': {
        const left = evaluate(expression.left, equation);
        const right = evaluate(expression.right, equation);
        return element(graph, binaryOperations[expression.operator], left, right);
      }
      case 'negate':
        return element(graph, 'negate', evaluate(expression.operand, equation));
      case 'call': {
        const operand = evaluate(expression.operand, equation);
        const { width } = nodeOf(graph, operand);
        if (expression.function === 'softmax' || expression.function === 'layernorm') {
          return addNode(graph, { kind: expression.function }, [operand], width);
        }
        if (expression.function !== 'dropout') return element(graph, expression.function, operand);
        // A node of its own in any case: which products share an operand does not depend on dropout.
        if (rate === 0) return copyTo(graph, operand, rowsOf(operand));
        const mask = { kind: 'mask', rate, stream: masks++ } as const;
        const kept = addNode(graph, mask, [], width, rowsOf(operand));
        return element(graph, 'multiply', operand, kept);
      }
    }
  };

  for (const { name } of cell.equations) variableOf(name);
  for (const { node, name } of delays.values()) {
    const { inputs } = nodeOf(graph, node);
    if (name !== inputName) inputs[0] = variableOf(name);
  }
  graph.domain = 't';
  const first = graph.nodes.find(
    ({ operation: { kind } }) => kind === 'onehot' || kind === 'numbers',
  );
  return {
    graph,
    parameters,
    variables,
    input: first?.id ?? logits,
    logits,
    response: response.kind,
  };
}
