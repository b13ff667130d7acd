import type { ModelShape } from '../model-shapes';
import { readsOf, visit } from './names';
import {
  expressionsOf,
  inputName,
  predictionName,
  type Cell,
  type Domain,
  type Equation,
  type Expression,
} from './syntax';

/** How an answer follows from what `y` is made of: one of C classes, any of C labels, or numbers. */
export type ResponseKind = 'softmax' | 'sigmoid' | 'none';

/** What a model answers with; the links are canonical, so a gradient before the response is prediction − target. */
export interface Response {
  readonly kind: ResponseKind;
  readonly domain: Domain;
  /** The equation of `y`. */
  readonly equation: Equation;
  /** What the response is of: its pre-activation. */
  readonly operand: Expression;
}

/** The response of `y`; undefined for a cell, which defines none. */
export function responseOf({ equations }: Pick<Cell, 'equations'>): Response | undefined {
  const equation = equations.find(({ name }) => name === predictionName);
  if (!equation) return undefined;
  const { expression, domain } = equation;
  const isResponse =
    expression.kind === 'call' &&
    (expression.function === 'softmax' || expression.function === 'sigmoid');
  return isResponse
    ? { kind: expression.function as ResponseKind, domain, equation, operand: expression.operand }
    : { kind: 'none', domain, equation, operand: expression };
}

/** How a cell reads its input. */
export interface InputReads {
  /** `x`: one vector for the example. */
  readonly whole: boolean;
  /** `x[t]`, or all steps of it. */
  readonly source: boolean;
  /** `x[u]`. */
  readonly answer: boolean;
}

export function inputReadsOf(cell: Pick<Cell, 'equations' | 'starts'>): InputReads {
  const reads = { whole: false, source: false, answer: false };
  for (const expression of expressionsOf(cell)) {
    visit(expression, (node) => {
      if (!readsOf(node).some(({ name }) => name === inputName)) return;
      if (node.kind === 'whole') reads.whole = true;
      else if ('domain' in node) reads[node.domain === 't' ? 'source' : 'answer'] = true;
    });
  }
  return reads;
}

/** Whether a model reads the answer one step before, `x[u]`. */
export function usesAnswer(cell: Pick<Cell, 'equations' | 'starts'>): boolean {
  return inputReadsOf(cell).answer;
}

/** A model's shape; undefined for a cell, which has the one that data and settings give it. */
export function shapeOfModel(cell: Pick<Cell, 'equations' | 'starts'>): ModelShape | undefined {
  const response = responseOf(cell);
  if (!response) return undefined;
  const { whole, source } = inputReadsOf(cell);
  if (response.domain === 'example') return source ? 'many to one' : 'one to one';
  if (whole) return 'one to many';
  return response.domain === 'u' && source ? 'many to many, delayed' : 'many to many, synced';
}
