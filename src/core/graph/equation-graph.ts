/** A cell's equations as nodes: what a language model's layers and a model of examples have in common. */
import type { CellShapes } from '../equations/shapes';
import {
  inputName,
  type BinaryOperator,
  type Cell,
  type Equation,
  type Expression,
  type Initial,
} from '../equations/syntax';
import {
  addNode,
  addUnique,
  constant,
  element,
  isEverywhere,
  nodeOf,
  vector,
  type Graph,
} from './graph';
import type { Domain } from './operation';
import { attend, copyTo, maxOverSteps, meanOverSteps, product, stack, stepSum } from './steps';

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

/** Where equations stand in a model. */
export interface Place {
  readonly graph: Graph;
  readonly cell: Cell;
  readonly shapes: CellShapes;
  /** Those that are wanted, by their left sides. */
  readonly equations: ReadonlyMap<string, Equation>;
  /** The node of `x` at the rows of a domain. */
  readonly input: (domain: Domain) => number;
  /** What stands in `x` before the first step; default: zero. */
  readonly inputStart?: number;
  /** The name of a parameter in the model. */
  readonly qualify: (symbol: string) => string;
  /** What `dropout(…)` makes of a node. */
  readonly drop: (node: number) => number;
  /** An equation that is evaluated otherwise: that of the prediction. */
  readonly other?: { readonly equation: Equation; readonly evaluate: (own: Own) => number };
}

/** The value of an expression in memory, and at the rows, of an equation's variable. */
type Own = (expression: Expression, equation: Equation) => number;

export interface EquationNodes {
  /** By their names in the equations; the weights of an attention in the equation of `a` are `weights a`. */
  readonly variables: ReadonlyMap<string, number>;
  readonly parameters: readonly GraphParameter[];
}

const binaryOperations = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
} as const satisfies Record<BinaryOperator, string>;

/** What has no memory that could be the variable's own. */
const elsewhere: ReadonlySet<string> = new Set([
  'constant',
  'vector',
  'delay',
  'onehot',
  'numbers',
]);

/** What a variable is before the first step, where a number says so; else zero. */
export function constantStart({ initials }: Pick<Cell, 'initials'>, name: string): number {
  const start = initials.get(name)?.initial;
  return start?.kind === 'constant' ? start.value : 0;
}

/**
 * The same in a layer of a text model: the past of an upper layer's input is that of the output below.
 * @param layer from 1
 */
export function startIn(
  layer: number,
  cell: Pick<Cell, 'initials' | 'output'>,
  name: string,
): number {
  if (name !== inputName) return constantStart(cell, name);
  return layer > 1 ? constantStart(cell, cell.output) : 0;
}

/** Adds nodes for all wanted equations, in their order. */
export function addEquations(place: Place): EquationNodes {
  const { graph, cell, shapes, equations } = place;
  const parameters = new Map<string, GraphParameter>();
  const variables = new Map<string, number>();
  const delays = new Map<string, { readonly node: number; readonly name: string }>();

  /** A variable's value at its own rows. */
  const value = (name: string, domain: Domain): number =>
    name === inputName ? place.input(domain) : variableOf(name);
  const variableOf = (name: string): number => {
    const known = variables.get(name);
    if (known !== undefined) return known;
    const equation = equations.get(name);
    if (!equation) throw new Error(`${cell.name} does not define ${name}.`);
    const node =
      equation === place.other?.equation
        ? place.other.evaluate(own)
        : own(equation.expression, equation);
    variables.set(name, node);
    return node;
  };
  const own: Own = (expression, { name, domain }) => {
    const node = within(domain, () => evaluate(expression, name));
    const { operation, domain: found } = nodeOf(graph, node);
    const isOther =
      expression.kind === 'variable' &&
      constantStart(cell, expression.name) !== constantStart(cell, name);
    // What is another variable's value has a past of its own where it starts otherwise.
    if (!elsewhere.has(operation.kind) && found === domain && !isOther) return node;
    const width = widthOf(name);
    return addNode(graph, { kind: 'element', operation: 'copy' }, [node], width, domain);
  };
  const widthOf = (name: string): number => {
    const width = shapes.variables.get(name);
    if (width === undefined) throw new Error(`No shape was inferred for ${name}.`);
    return width;
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
    const initial = name === inputName ? (place.inputStart ?? 0) : constantStart(cell, name);
    const isInput = name === inputName;
    const width = isInput ? nodeOf(graph, place.input(domain)).width : widthOf(name);
    const first = cell.starts.get(name);
    // What it delays may not be there yet.
    const inputs = [isInput ? place.input(domain) : -1];
    if (first) inputs.push(within('example', () => evaluate(first.expression, name)));
    const node = addUnique(graph, { kind: 'delay', lag, initial }, inputs, width, domain);
    delays.set(key, { node, name });
    return node;
  };
  const declare = (
    symbol: string,
    kind: 'matrix' | 'vector',
    rows: number,
    columns: number,
  ): string => {
    const name = place.qualify(symbol);
    const initial = cell.initials.get(symbol)?.initial;
    parameters.set(name, { name, symbol, kind, rows, columns, initial });
    return name;
  };
  const bias = (symbol: string): number => {
    const length = shapes.biases.get(symbol)!;
    return vector(graph, declare(symbol, 'vector', length, 1), length);
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
        return expression.function === 'dropout'
          ? place.drop(operand)
          : element(graph, expression.function, operand);
      }
    }
  };

  for (const name of equations.keys()) variableOf(name);
  for (const { node, name } of delays.values()) {
    if (name !== inputName) nodeOf(graph, node).inputs[0] = variableOf(name);
  }
  return { variables, parameters: [...parameters.values()] };
}
