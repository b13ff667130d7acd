/** What is worked out at each time step of a text: equation by equation, from the first layer to the output layer. */
import { mentionsOf } from '../equations/names';
import { evaluationOrder } from '../equations/order';
import { printEquation } from '../equations/print';
import {
  inputName,
  ownPredictionOf,
  predictionName,
  type Cell,
  type Equation,
  type Expression,
  type Span,
} from '../equations/syntax';
import { structureOf, type Activation, type Structure } from '../engine/structure';
import { startIn } from '../graph/equation-graph';
import type { ModelSpec } from '../graph/model-spec';
import { neededEquations } from '../graph/step-graph';
import { inLayer } from '../qualified';
import type { Phase } from './course';

/** An equation of a layer: what is worked out at one go. */
export interface Instruction {
  /** Its place in a time step, which is that of the variable it defines. */
  readonly index: number;
  /** From 1; the output layer that the model adds has the number after the last. */
  readonly layer: number;
  /** Qualified: `layer1.s`; of the added output layer `output.y`. */
  readonly name: string;
  readonly symbol: string;
  readonly text: string;
  readonly equation: Equation;
  /** Whether it stands in the cell's text. */
  readonly isWritten: boolean;
  readonly isPrediction: boolean;
  readonly width: number;
  readonly activation: Activation | null;
  /** What its right side is made of, in the order in which it is worked out; names and numbers are left out. */
  readonly parts: readonly Expression[];
}

/** A variable that later steps read. */
export interface StateVariable {
  /** Of the instruction; of the input it is `inputs`. */
  readonly variable: number;
  readonly width: number;
  /** The longest lag it is read at. */
  readonly lag: number;
}

export interface Plan {
  readonly spec: Pick<ModelSpec, 'cell' | 'layers'>;
  readonly structure: Structure;
  /** Of all phases, in their order: of a text those of one time step. */
  readonly instructions: readonly Instruction[];
  readonly phases: readonly Phase[];
  /** A text goes on without an end, and is of tokens alone. */
  readonly isOfExamples: boolean;
  /** Stands for the first layer's input among the variables: as many as there are instructions. */
  readonly inputs: number;
  readonly states: readonly StateVariable[];
  /** What a name in an instruction means: a variable. */
  variable(at: Instruction, name: string): number;
  /** The qualified name of a parameter. */
  parameter(at: Pick<Instruction, 'layer'>, symbol: string): string;
  /** The last of the layers, the added output layer included. */
  readonly layers: number;
}

/** Of a language model. */
export interface TextPlan extends Plan {
  readonly spec: ModelSpec;
  /** What stands before the first step. */
  initial(at: Instruction, name: string): number;
}

/**
 * @param spec of a language model; its cell has passed `requireTextModel`
 * @throws EquationError if the cell's shapes do not fit
 */
export function createPlan(spec: ModelSpec): TextPlan {
  const { cell, layers } = spec;
  const structure = structureOf(spec);
  const own = ownPredictionOf(cell.equations);
  const instructions: Instruction[] = [];
  const byName = new Map<string, number>();
  const add = (layer: number, equation: Equation, isWritten: boolean, name: string): void => {
    const described = structure.variables.find((variable) => variable.name === name);
    const index = instructions.length;
    byName.set(`${String(layer)} ${equation.name}`, index);
    instructions.push({
      ...{ index, layer, name, symbol: equation.name, equation, isWritten },
      text: printEquation(equation),
      isPrediction: !isWritten || (equation === own && layer === layers),
      width: described?.width ?? spec.vocabulary,
      activation: described?.activation ?? null,
      parts: partsOf(equation.expression),
    });
  };
  for (let layer = 1; layer <= layers; layer++) {
    const needed = [...neededEquations(cell, layer === layers).values()];
    for (const equation of evaluationOrder(needed)) {
      add(layer, equation, true, inLayer(layer, equation.name));
    }
  }
  const added = own ? undefined : addedOutput(structure, cell);
  if (added) add(layers + 1, added, false, `output.${predictionName}`);

  const inputs = instructions.length;
  const outputOf = (layer: number): number =>
    layer === 0 ? inputs : byName.get(`${String(layer)} ${cell.output}`)!;
  const variable: Plan['variable'] = ({ layer }, name) => {
    if (layer > layers) return outputOf(layers);
    return name === inputName ? outputOf(layer - 1) : byName.get(`${String(layer)} ${name}`)!;
  };
  return {
    ...{ spec, structure, instructions, inputs, variable },
    isOfExamples: false,
    phases: [{ domain: 't', isReversed: false, from: 0, to: inputs }],
    layers: added ? layers + 1 : layers,
    states: statesOf(instructions, spec, variable),
    parameter({ layer }, symbol) {
      if (layer <= layers) return inLayer(layer, symbol);
      return symbol === added!.matrix ? 'output.V' : 'output.c';
    },
    initial({ layer }, name) {
      return layer > layers ? 0 : startIn(layer, cell, name);
    },
  };
}

/** Nobody wrote it. */
const nowhere: Span = { line: 0, column: 0, start: 0, end: 0 };

/** `y[t] = softmax(V s[t] + c)`, by the names that the model gives its output layer. */
function addedOutput(structure: Structure, cell: Cell): Equation & { readonly matrix: string } {
  const described = structure.equations.find(({ place }) => place === 'output');
  const matrix = described?.products[0]?.matrix ?? 'V';
  const bias = described?.names.at(-1) ?? 'c';
  const span = nowhere;
  const operand = { kind: 'variable', name: cell.output, lag: 0, domain: 't', span } as const;
  const left = { kind: 'product', matrix, matrixSpan: span, operand, span } as const;
  const right = { kind: 'bias', name: bias, span } as const;
  const sum = { kind: 'binary', operator: '+', left, right, span } as const;
  const expression = { kind: 'call', function: 'softmax', operand: sum, span } as const;
  return { name: predictionName, nameSpan: span, domain: 't', expression, span, matrix };
}

/** Children before parents, left before right. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'stack':
      return [...expression.parts.flatMap(partsOf), expression];
    case 'attend':
      return [...partsOf(expression.query), expression];
    case 'pool':
      return [expression];
    case 'binary':
      return [...partsOf(expression.left), ...partsOf(expression.right), expression];
    case 'product':
    case 'negate':
    case 'call':
      return [...partsOf(expression.operand), expression];
    default:
      return [];
  }
}

function statesOf(
  instructions: readonly Instruction[],
  spec: ModelSpec,
  variable: Plan['variable'],
): StateVariable[] {
  const lags = new Map<number, number>();
  for (const instruction of instructions) {
    for (const [name, lag] of mentionsOf([instruction.equation.expression]).lags) {
      const read = variable(instruction, name);
      if (lag > 0) lags.set(read, Math.max(lag, lags.get(read) ?? 0));
    }
  }
  return [...lags].map(([read, lag]) => ({
    ...{ variable: read, lag },
    width: instructions[read]?.width ?? (spec.embedding || spec.vocabulary),
  }));
}
