import { mentionsOf } from '../equations/names';
import { printEquation } from '../equations/print';
import {
  buildStepGraph,
  neededEquations,
  type GraphParameter,
  type StepGraph,
} from '../graph/step-graph';
import { nodeOf } from '../graph/graph';
import { ownPredictionOf, type Cell, type Equation } from '../equations/syntax';
import { texOfEquation } from '../equations/tex';
import { texOfVariable } from '../equations/formula-tex';
import type { ModelSpec } from '../graph/model-spec';

/** A function that saturates: its derivative vanishes for inputs far from zero. */
export type Activation = 'tanh' | 'sigmoid';

/** A model's structure as pictures show it; qualified names are those of parameters and probes. */
export interface Structure {
  /** Of the cell, then that of the prediction, if the model adds it. */
  readonly equations: readonly {
    readonly name: string;
    readonly text: string;
    readonly tex: string;
    readonly place: 'cell' | 'output';
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
    readonly symbol: string;
    readonly shape: readonly number[];
    readonly entries: number;
  }[];
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
    parameters: [...built.parameters.values()].map(describeParameter),
  };
}

function equationsOf(cell: Cell): Structure['equations'] {
  const own = ownPredictionOf(cell.equations);
  const written = cell.equations.map((equation) => ({
    name: equation.name,
    text: printEquation(equation),
    tex: texOfEquation(equation),
    place: equation === own ? ('output' as const) : ('cell' as const),
  }));
  if (own) return written;
  const output = texOfVariable(cell.output, 0);
  const added = {
    name: 'y',
    text: `y[t] = softmax(V ${cell.output}[t] + c)`,
    tex: `y_t = \\operatorname{softmax}\\left(V ${output} + c\\right)`,
    place: 'output',
  } as const;
  return [...written, added];
}

function variablesOf({ cell, layers }: ModelSpec, built: StepGraph): Structure['variables'] {
  return Array.from({ length: layers }, (_, index) => index + 1).flatMap((layer) => {
    const equations = [...neededEquations(cell, layer === layers).values()];
    const { lags } = mentionsOf(equations.map(({ expression }) => expression));
    return equations.map((equation) => {
      const { name: symbol } = equation;
      const name = `layer${String(layer)}.${symbol}`;
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

function describeParameter(parameter: GraphParameter): Structure['parameters'][number] {
  const { name, symbol, kind, rows, columns } = parameter;
  return {
    name,
    symbol,
    shape: kind === 'matrix' ? [rows, columns] : [rows],
    entries: rows * columns,
  };
}
