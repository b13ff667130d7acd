import { responseOf } from '../equations/model-shape';
import { isState, mentionsOf, readsOf, visit } from '../equations/names';
import { printEquation, printExpression } from '../equations/print';
import type { GraphParameter } from '../graph/equation-graph';
import { buildStepGraph, neededEquations, type StepGraph } from '../graph/step-graph';
import { nodeOf } from '../graph/graph';
import { buildModelGraph, type ExampleModelSpec } from '../graph/model-graph';
import {
  ownPredictionOf,
  predictionName,
  type Cell,
  type Equation,
  type Expression,
} from '../equations/syntax';
import { texOfEquation } from '../equations/tex';
import { texOfParameter, texOfVariable } from '../equations/formula-tex';
import { inLayer, readQualified } from '../qualified';
import type { ModelSpec } from '../graph/model-spec';

/** A function that saturates: its derivative vanishes for inputs far from zero. */
export type Activation = 'tanh' | 'sigmoid';

/** A matrix in an equation, and what it multiplies there. */
export interface DescribedProduct {
  readonly matrix: string;
  /** In the language: `s[t-1]`. */
  readonly operand: string;
  /** The variables in it, `x` too, in the order of the text; a lag of 0 is the same step. */
  readonly reads: readonly { readonly name: string; readonly lag: number }[];
}

/** A model's structure as pictures show it; qualified names are those of parameters and probes. */
export interface Structure {
  /** Of the cell, then that of the prediction, if the model adds it. */
  readonly equations: readonly {
    readonly name: string;
    readonly text: string;
    readonly tex: string;
    readonly place: 'cell' | 'output';
    /** What it mentions: the left side, then variables, matrices and biases as they come in the text, each once. */
    readonly names: readonly string[];
    /** In the order of the text, an outer one before those within its operand. */
    readonly products: readonly DescribedProduct[];
  }[];
  /** The symbol of the cell's output. */
  readonly output: string;
  /** Layer by layer, in the order the equations are written. */
  readonly variables: readonly {
    readonly name: string;
    readonly symbol: string;
    /** From 1. */
    readonly layer: number;
    readonly width: number;
    /** Whether a later step reads it. */
    readonly isState: boolean;
    /** The function that its equation is a call of, if that saturates. */
    readonly activation: Activation | null;
  }[];
  readonly parameters: readonly {
    readonly name: string;
    /** No other of the equations has it: `by` where a cell with a c of its own is given an output layer. */
    readonly symbol: string;
    readonly shape: readonly number[];
    readonly entries: number;
  }[];
  /** Tokens that the lags of all layers reach back together. */
  readonly reach: number;
}

/**
 * Describes a model's structure.
 * @throws EquationError if the cell's shapes do not fit
 */
export function structureOf(spec: ModelSpec): Structure {
  const { cell } = spec;
  const built = buildStepGraph(spec, false);
  return {
    equations: equationsOf(cell),
    output: cell.output,
    variables: variablesOf(spec, built),
    parameters: [...built.parameters.values()].map((each) => describeParameter(each, cell)),
    reach: reachOf(spec),
  };
}

/**
 * Describes the structure of a model of examples, whose variables are all of one layer.
 * @throws EquationError if its shapes do not fit
 */
export function structureOfExamples(spec: ExampleModelSpec): Structure {
  const { cell } = spec;
  const steps = { example: 1, t: 1, u: 1 };
  const built = buildModelGraph(spec, { dropout: false, steps });
  const mentions = mentionsOf(cell.equations.map(({ expression }) => expression));
  return {
    equations: writtenEquations(cell, responseOf(cell)?.equation),
    output: cell.output,
    variables: cell.equations.map((equation) => ({
      name: equation.name,
      symbol: equation.name,
      layer: 1,
      width: nodeOf(built.graph, built.variables.get(equation.name)!).width,
      isState: isState(mentions, equation.name),
      activation: activationOf(equation),
    })),
    parameters: [...built.parameters.values()].map(({ name, kind, rows, columns }) => ({
      name,
      symbol: name,
      shape: kind === 'matrix' ? [rows, columns] : [rows],
      entries: rows * columns,
    })),
    reach: 0,
  };
}

/**
 * How many tokens back the equations' lags reach together, each variable's longest once in every layer: what comes
 * before bears on nothing but through a loop. Who reads from later on reads too little.
 */
export function reachOf({ cell, layers }: ModelSpec): number {
  const reachOfLayer = (top: boolean): number =>
    [...lagsOf([...neededEquations(cell, top).values()]).values()].reduce((a, b) => a + b, 0);
  return (layers - 1) * reachOfLayer(false) + reachOfLayer(true);
}

/** Each variable that the equations read, with its longest lag. */
function lagsOf(equations: readonly Equation[]): ReadonlyMap<string, number> {
  return mentionsOf(equations.map(({ expression }) => expression)).lags;
}

/** @param prediction the equation of the output layer */
function writtenEquations(
  { equations }: Cell,
  prediction: Equation | undefined,
): Structure['equations'] {
  return equations.map((equation) => ({
    name: equation.name,
    text: printEquation(equation),
    tex: texOfEquation(equation),
    place: equation === prediction ? ('output' as const) : ('cell' as const),
    names: namesIn(equation),
    products: productsIn(equation.expression),
  }));
}

function equationsOf(cell: Cell): Structure['equations'] {
  const own = ownPredictionOf(cell.equations);
  const written = writtenEquations(cell, own);
  if (own) return written;
  const [matrix, bias] = ['V', 'c'].map((symbol) => addedSymbol(symbol, cell)) as [string, string];
  const output = texOfVariable(cell.output, 0);
  const added = {
    name: predictionName,
    text: `y[t] = softmax(${matrix} ${cell.output}[t] + ${bias})`,
    tex: `y_t = \\operatorname{softmax}\\left(${texOfParameter(matrix)} ${output} + ${texOfParameter(bias)}\\right)`,
    place: 'output',
    names: [predictionName, matrix, cell.output, bias],
    products: [{ matrix, operand: `${cell.output}[t]`, reads: [{ name: cell.output, lag: 0 }] }],
  } as const;
  return [...written, added];
}

/** What the model adds to a cell, where the cell has a name of its own like that: `by` is the bias that gives y. */
const otherSymbols: Readonly<Record<string, string>> = { V: 'Vy', c: 'by', E: 'Ex' };

/** How a parameter that the model adds is called where it is shown; in files it keeps its name. */
function addedSymbol(symbol: string, { equations }: Cell): string {
  const taken = new Set(equations.flatMap(namesIn));
  if (!taken.has(symbol)) return symbol;
  let other = otherSymbols[symbol] ?? symbol;
  while (taken.has(other)) other += "'";
  return other;
}

function namesIn({ name, expression }: Equation): string[] {
  const names = new Set([name]);
  visit(expression, (node) => {
    for (const { name: read } of readsOf(node)) names.add(read);
    if (node.kind === 'bias') names.add(node.name);
    if (node.kind === 'product') names.add(node.matrix);
  });
  return [...names];
}

function productsIn(expression: Expression): DescribedProduct[] {
  const products: DescribedProduct[] = [];
  visit(expression, (node) => {
    if (node.kind !== 'product') return;
    const { matrix, operand } = node;
    products.push({ matrix, operand: printExpression(operand), reads: readsIn(operand) });
  });
  return products;
}

function readsIn(expression: Expression): DescribedProduct['reads'] {
  const reads: { name: string; lag: number }[] = [];
  visit(expression, (node) => {
    const lag = node.kind === 'variable' ? node.lag : 0;
    for (const { name } of readsOf(node)) reads.push({ name, lag });
  });
  return reads;
}

function variablesOf({ cell, layers }: ModelSpec, built: StepGraph): Structure['variables'] {
  return Array.from({ length: layers }, (_, index) => index + 1).flatMap((layer) => {
    const equations = [...neededEquations(cell, layer === layers).values()];
    const lags = lagsOf(equations);
    return equations.map((equation) => {
      const { name: symbol } = equation;
      const name = inLayer(layer, symbol);
      return {
        name,
        symbol,
        layer,
        width: nodeOf(built.graph, built.variables.get(name)!).width,
        isState: (lags.get(symbol) ?? 0) > 0,
        activation: activationOf(equation),
      };
    });
  });
}

function activationOf({ expression }: Equation): Activation | null {
  if (expression.kind !== 'call') return null;
  const called = expression.function;
  return called === 'tanh' || called === 'sigmoid' ? called : null;
}

function describeParameter(
  { name, symbol, kind, rows, columns }: GraphParameter,
  cell: Cell,
): Structure['parameters'][number] {
  return {
    name,
    symbol: readQualified(name).layer > 0 ? symbol : addedSymbol(symbol, cell),
    shape: kind === 'matrix' ? [rows, columns] : [rows],
    entries: rows * columns,
  };
}
