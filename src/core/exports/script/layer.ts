/** The code of one step of a layer, from the equations of its cell. */
import { mentionsOf, visit } from '../../equations/names';
import { printVariable } from '../../equations/notation';
import { evaluationOrder } from '../../equations/order';
import { printEquation } from '../../equations/print';
import { inferShapes, type CellShapes } from '../../equations/shapes';
import { neededEquations } from '../../graph/step-graph';
import { inputName, ownPredictionOf, type Cell, type Equation } from '../../equations/syntax';
import type { ScriptFunction } from './algebra';
import { define, type Writer } from './expressions';
import { createNames } from './names';

/** Where a layer stands in a model. */
export interface LayerPlace {
  readonly cell: Cell;
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
  const states = statesOf(cell, lags, shapes, symbols);
  const writer: Writer = {
    ...{ shapes, name, symbols, readsTokens },
    ...{ vectors: new Map(), lines: [], functions: new Set() },
    index: name('k'),
  };
  readPast(writer, equations);
  const own = place.top ? ownPredictionOf(cell.equations) : undefined;
  let result = symbols.get(cell.output)!;
  for (const equation of equations) {
    writer.lines.push(`  // ${printEquation(equation)}`);
    if (equation === own) result = writePrediction(writer, equation, lags.has(own.name));
    else defineVariable(writer, equation);
  }
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

/** Gives names to the values of earlier steps. */
function readPast({ symbols, vectors, lines, name }: Writer, equations: readonly Equation[]): void {
  for (const { expression } of equations) {
    visit(expression, (node) => {
      if (node.kind !== 'variable' || node.lag === 0) return;
      const text = printVariable(node.name, node.lag);
      if (vectors.has(text)) return;
      const symbol = symbols.get(node.name)!;
      const past = name(`${symbol}_${String(node.lag)}`);
      lines.push(`  const ${past} = state.${symbol}[${String(node.lag - 1)}]; // ${text}`);
      vectors.set(text, past);
    });
  }
}

function defineVariable(writer: Writer, { name, expression }: Equation): void {
  const width = writer.shapes.variables.get(name)!;
  define(writer, writer.symbols.get(name)!, expression, width);
}

/**
 * `y[t] = softmax(…)`: its argument are the logits; `y` itself is of use only where an equation reads it.
 * @returns what the code calls the logits
 */
function writePrediction(writer: Writer, { name, expression }: Equation, isRead: boolean): string {
  const logits = writer.name('logits');
  if (expression.kind !== 'call') throw new Error(`${name} is no prediction.`);
  define(writer, logits, expression.operand, writer.shapes.variables.get(name)!);
  if (isRead) {
    writer.functions.add('softmax');
    writer.lines.push(`  const ${writer.symbols.get(name)!} = softmax(${logits});`);
  }
  return logits;
}

function statesOf(
  { initials }: Cell,
  lags: ReadonlyMap<string, number>,
  { variables }: CellShapes,
  symbols: ReadonlyMap<string, string>,
): KeptState[] {
  const kept = [...lags].filter(([, lag]) => lag > 0);
  return kept.map(([symbol, lag]) => {
    const start = initials.get(symbol)?.initial;
    return {
      name: symbols.get(symbol)!,
      lag,
      width: variables.get(symbol)!,
      initial: start?.kind === 'constant' ? start.value : 0,
    };
  });
}
