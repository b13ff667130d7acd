/** The vectors that a model has for tokens: columns of the matrices that read them, rows of the one that predicts them. */
import type { Floats } from '../engine/backend';
import type { ExampleModel, Model } from '../engine/model';
import { readParameter, type Parameter } from '../engine/parameters';
import { visit } from '../equations/names';
import { inputName, type Expression } from '../equations/syntax';
import type { Points } from './principal';

/** A matrix with a vector for each token. */
export interface TokenMatrix {
  /** Qualified: `embedding.E`, `layer1.U`, `output.V`. */
  readonly name: string;
  /** Whose tokens: those that are read, those of the answer so far (START is the last), or those that are predicted. */
  readonly of: 'input' | 'answer' | 'output';
}

/** Of a model of numbers there are none. The matrices that read tokens come first. */
export function tokenMatrices(model: Model | ExampleModel): TokenMatrix[] {
  const predicting = matricesIn(model.prediction === undefined ? [] : [model.prediction]);
  if ('vocabulary' in model.spec) {
    const { vocabulary, layers } = model.spec;
    const isPredicting = ({ name, symbol, rows }: Parameter): boolean =>
      rows === vocabulary &&
      (name === 'output.V' ||
        (name.startsWith(`layer${String(layers)}.`) && predicting.has(symbol)));
    return matricesOf(model).flatMap((parameter): TokenMatrix[] => {
      const { name, readsTokens } = parameter;
      if (readsTokens) return [{ name, of: 'input' }];
      return isPredicting(parameter) ? [{ name, of: 'output' }] : [];
    });
  }
  const { cell, input, answer, output } = model.spec;
  const reading = new Map<string, TokenMatrix['of']>();
  const expressions = [...cell.equations, ...cell.starts.values()].map((each) => each.expression);
  for (const expression of expressions) {
    visit(expression, (node) => {
      if (node.kind !== 'product') return;
      const { operand } = node;
      if (!('name' in operand) || operand.name !== inputName) return;
      const isAnswer = 'domain' in operand && operand.domain === 'u' && answer !== undefined;
      if ((isAnswer ? answer : input).kind !== 'symbols') return;
      reading.set(node.matrix, isAnswer ? 'answer' : 'input');
    });
  }
  const all = matricesOf(model);
  return [
    ...all.flatMap(({ name }) => (reading.has(name) ? [{ name, of: reading.get(name)! }] : [])),
    ...all
      .filter(({ name, rows }) => predicting.has(name) && rows === output)
      .map(({ name }) => ({ name, of: 'output' as const })),
  ];
}

/**
 * The vector of each token, `[tokens, width]`.
 * @throws Error if the model has no such matrix
 */
export function tokenVectors(
  model: Model | ExampleModel,
  floats: Floats,
  { name, of }: TokenMatrix,
): Points {
  const parameter = model.parameters.find((each) => each.name === name);
  if (parameter === undefined) throw new Error(`The model has no ${name}.`);
  const { rows, columns } = parameter;
  const values = readParameter(floats, model.layout.parameters, parameter);
  if (of === 'output') return { count: rows, width: columns, values };
  const turned = new Float64Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c]!;
  }
  return { count: columns, width: rows, values: turned };
}

function matricesOf({ parameters }: Model | ExampleModel): readonly Parameter[] {
  return parameters.filter(({ kind }) => kind === 'matrix');
}

function matricesIn(expressions: readonly Expression[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const expression of expressions) {
    visit(expression, (node) => {
      if (node.kind === 'product') found.add(node.matrix);
    });
  }
  return found;
}
