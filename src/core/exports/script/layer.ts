/** The code of one step of a layer, from the equations of its cell. */
import { mentionsOf } from '../../equations/names';
import { evaluationOrder } from '../../equations/order';
import { inferShapes, type CellShapes } from '../../equations/shapes';
import { startIn } from '../../graph/equation-graph';
import { neededEquations } from '../../graph/step-graph';
import {
  inputName,
  ownPredictionOf,
  type Cell,
  type Equation,
  type Expression,
} from '../../equations/syntax';
import type { ScriptFunction } from './algebra';
import type { Writer } from './expressions';
import { createNames } from './names';
import { readOtherSteps, writeEquations } from './step';

/** Where a layer stands in a model. */
export interface LayerPlace {
  readonly cell: Cell;
  /** From 1. */
  readonly number: number;
  /** Width of the layer's input. */
  readonly input: number;
  /** Whether the input is a token, which stands for its one-hot vector. */
  readonly readsTokens: boolean;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly top: boolean;
}

/** Values of earlier steps that are kept. */
export interface KeptState {
  /** What the code calls the variable; `x` is the input. */
  readonly name: string;
  /** How many steps back it is read, at most. */
  readonly lag: number;
  readonly width: number;
  /** Every entry's value before the first step. */
  readonly initial: number;
}

export interface LayerCode {
  /** The lines of the function's body: layers that compute the same have the same. */
  readonly body: string;
  /** What the code calls the parameters, by their symbols in the equations. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly states: readonly KeptState[];
  readonly functions: ReadonlySet<ScriptFunction>;
  readonly readsTokens: boolean;
  /** Width of the cell's output, the next layer's input. */
  readonly output: number;
  /** Whether it returns the logits of the cell's own output layer rather than the cell's output. */
  readonly givesLogits: boolean;
}

/** @throws EquationError if the cell's shapes do not fit */
export function writeLayer(place: LayerPlace): LayerCode {
  const { cell, readsTokens } = place;
  const equations = evaluationOrder([...neededEquations(cell, place.top).values()]);
  const { input, hidden, vocabulary } = place;
  const shapes = inferShapes(cell, { input, hidden, vocabulary });
  const { lags, matrices, biases } = mentionsOf(equations.map(({ expression }) => expression));
  const name = createNames();
  const given = [...equations.map((equation) => equation.name), ...matrices, ...biases];
  const symbols = new Map(given.map((symbol) => [symbol, name(symbol)]));
  symbols.set(inputName, 'x');
  const states = statesOf(place, lags, shapes, symbols);
  const writer: Writer = {
    ...{ shapes, name, symbols, indent: '  ' },
    ...{ vectors: new Map(), lines: [], functions: new Set() },
    index: name('k'),
    input: () => ({ code: 'x', width: shapes.variables.get(inputName)!, isToken: readsTokens }),
  };
  readOtherSteps(
    writer,
    equations,
    (node) => `state.${symbols.get(node.name)!}[${String(node.lag - 1)}]`,
  );
  const own = place.top ? ownPredictionOf(cell.equations) : undefined;
  const prediction = own && {
    ...{ equation: own, operand: operandOf(own), response: 'softmax' as const },
    ...{ logits: 'logits', isRead: lags.has(own.name) },
  };
  writeEquations(writer, equations, prediction);
  if (states.length > 0) writer.functions.add('past').add('remember');
  const result = prediction?.logits ?? symbols.get(cell.output)!;
  const kept = states.map((state) => `  remember(state.${state.name}, ${state.name});`);
  return {
    body: [...writer.lines, ...kept, `  return ${result};`].join('\n'),
    parameters: new Map([...matrices, ...biases].map((symbol) => [symbol, symbols.get(symbol)!])),
    states,
    functions: writer.functions,
    readsTokens,
    output: shapes.variables.get(cell.output)!,
    givesLogits: own !== undefined,
  };
}

/** What `softmax` is of. */
function operandOf({ name, expression }: Equation): Expression {
  if (expression.kind === 'call') return expression.operand;
  throw new Error(`${name} is no prediction.`);
}

function statesOf(
  { cell, number }: LayerPlace,
  lags: ReadonlyMap<string, number>,
  { variables }: CellShapes,
  symbols: ReadonlyMap<string, string>,
): KeptState[] {
  const kept = [...lags].filter(([, lag]) => lag > 0);
  return kept.map(([symbol, lag]) => ({
    name: symbols.get(symbol)!,
    lag,
    width: variables.get(symbol)!,
    initial: startIn(number, cell, symbol),
  }));
}
