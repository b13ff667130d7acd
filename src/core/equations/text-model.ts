import { EquationError } from './errors';
import { readsOf, visit } from './names';
import { parseCell } from './parse';
import { printCell, printExpression } from './print';
import { sentence, type Sentence } from '../sentence';
import { expressionsOf, predictionName, type Cell, type Expression, type Span } from './syntax';

/**
 * Holds a cell to what a text can give: a stream of tokens, each one the answer to those before it.
 *
 * @throws EquationError where the equations ask for what no text has
 */
export function requireTextModel(cell: Cell): Cell {
  const fail: Fail = (problem, span, hint) => {
    throw new EquationError(problem, span, hint, cell.name);
  };
  const prediction = cell.equations.find(({ name }) => name === predictionName);
  if (prediction?.domain === 'example') {
    fail(
      sentence`This model gives one answer for a whole sequence, and a text has no label to predict.`,
      prediction.nameSpan,
      sentence`On a text each step predicts the next token: write y[t] = softmax(…), or leave y to the model.`,
    );
  }
  const answer = cell.equations.find(({ domain }) => domain === 'u');
  if (answer && cell.equations.some(({ domain }) => domain === 't')) {
    fail(
      sentence`This model answers with a sequence of its own, and a text has no answer beside itself.`,
      answer.application?.nameSpan ?? answer.nameSpan,
      sentence`On a text all steps are of one sequence: write [t] for all of them.`,
    );
  }
  for (const expression of expressionsOf(cell)) {
    visit(expression, (node) => {
      const problem = problemOf(node);
      if (problem)
        fail(problem, node.span, sentence`Read this step or earlier ones, as in x[t] and h[t-1].`);
    });
  }
  requireSimple(cell, fail);
  return cell;
}

/** Whether a text can give what a cell asks for; what cannot learn from a text, and defines `y`, is a model of examples. */
export function isTextModel(cell: Cell): boolean {
  try {
    requireTextModel(cell);
    return true;
  } catch (error) {
    if (!(error instanceof EquationError)) throw error;
    return false;
  }
}

type Fail = (problem: Sentence, span: Span, hint: Sentence) => never;

/** What a text could have and its step graph has not; each can be written otherwise. */
function requireSimple({ equations, starts }: Cell, fail: Fail): void {
  const whole = equations.find(({ domain }) => domain === 'example');
  if (whole) {
    fail(
      sentence`On a text every variable has a time index.`,
      whole.nameSpan,
      sentence`Write ${whole.name}[t] = ….`,
    );
  }
  for (const [name, { span }] of starts) {
    fail(
      sentence`On a text the states are carried on, and start once, with a number.`,
      span,
      sentence`Write a number, as in init ${name} = 0.5.`,
    );
  }
  for (const { expression } of equations) {
    visit(expression, (node) => {
      if (node.kind === 'stack') {
        fail(
          sentence`On a text vectors are joined by matrices, not by a stack.`,
          node.span,
          sentence`Write a matrix for each part: A a[t] + B b[t] says the same as W [a[t]; b[t]].`,
        );
      }
      if (node.kind === 'call' && node.function === 'dropout') {
        fail(
          sentence`On a text values are dropped between the layers, as the dropout setting says.`,
          node.span,
          sentence`Leave dropout out of the equations and set the setting.`,
        );
      }
    });
  }
}

function problemOf(node: Expression): Sentence | undefined {
  const written = (): string => printExpression(node);
  switch (node.kind) {
    case 'variable':
      return node.lag < 0
        ? sentence`${written()} is in the future, and on a text the future is the answer.`
        : undefined;
    case 'whole':
      return readsOf(node).some(({ name }) => name === 'x')
        ? sentence`x is one vector for a whole example, and a text has a token at each step.`
        : undefined;
    case 'end':
    case 'pool':
    case 'attend':
      return sentence`${written()} needs all steps of an example, and a text is a stream without an end.`;
    default:
      return undefined;
  }
}

/** A cell whose text says all that it applies: what is kept of it means the same whatever a built-in cell becomes. */
export function expanded(cell: Cell): Cell {
  return cell.equations.some(({ application }) => application)
    ? parseCell(printCell(cell), cell.name)
    : cell;
}
