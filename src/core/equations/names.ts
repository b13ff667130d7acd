import { builtinCells } from '../cells';
import {
  functionNames,
  inputName,
  namedBeforeBrackets,
  type Domain,
  type Expression,
  type FunctionName,
  type SequenceName,
} from './syntax';

/** Time is written `t` and is nobody's name. */
export const timeName = 't';
/** The steps of an answer and the last step: nobody's names where a text has such an index. */
export const answerLetter = 'u';
export const lastLetter = 'T';

/** A matrix's name starts with an uppercase (or titlecase) letter of any script; of a dotted name, the last part. */
export function isUppercase(name: string): boolean {
  return /^[\p{Lu}\p{Lt}]/u.test(name.slice(name.lastIndexOf('.') + 1));
}

/** Whether a function has the name for itself. */
export function isFunctionName(name: string): name is (typeof functionNames)[number] {
  return (functionNames as readonly string[]).includes(name);
}

/** Whether the name is a function's where a bracket follows. */
export function isNamedBeforeBracket(name: string): name is (typeof namedBeforeBrackets)[number] {
  return (namedBeforeBrackets as readonly string[]).includes(name);
}

/** The built-in cells by the names that a text applies them by: `vanilla_nobias(…)`. */
export const appliedCells: ReadonlyMap<string, string> = new Map(
  [...builtinCells.keys()].map((name) => [name.replaceAll('-', '_'), name]),
);

export function isCellName(word: string): boolean {
  return appliedCells.has(word);
}

/** Whether `name(…)` is a call of one argument. */
export function isCallable(name: string): name is FunctionName {
  return isFunctionName(name) || name === 'dropout';
}

/** What a set of expressions mentions. */
export interface Mentions {
  /** Each variable read (`x` too) with the longest lag it is read at; 0 where it is read by no lag. */
  readonly lags: ReadonlyMap<string, number>;
  /** Each variable read at a later step, `h[t+k]`, with the largest k. */
  readonly leads: ReadonlyMap<string, number>;
  readonly matrices: ReadonlySet<string>;
  readonly biases: ReadonlySet<string>;
}

/** Collects names in the order in which they are first read. */
export function mentionsOf(expressions: Iterable<Expression>): Mentions {
  const lags = new Map<string, number>();
  const leads = new Map<string, number>();
  const matrices = new Set<string>();
  const biases = new Set<string>();
  for (const expression of expressions) {
    visit(expression, (node) => {
      for (const { name } of readsOf(node)) {
        const lag = node.kind === 'variable' ? node.lag : 0;
        lags.set(name, Math.max(lag, lags.get(name) ?? 0));
        if (lag < 0) leads.set(name, Math.max(-lag, leads.get(name) ?? 0));
      }
      if (node.kind === 'product') matrices.add(node.matrix);
      if (node.kind === 'bias') biases.add(node.name);
      if (node.kind === 'attend' && node.score) biases.add(node.score.name);
    });
  }
  return { lags, leads, matrices, biases };
}

/** Whether a step reads the variable of another one, so that it has a value before the first step or after the last. */
export function isState({ lags, leads }: Mentions, name: string): boolean {
  return (lags.get(name) ?? 0) > 0 || leads.has(name);
}

/** The variables that a node itself reads, each with the place of its name. */
export function readsOf(node: Expression): readonly SequenceName[] {
  switch (node.kind) {
    case 'variable':
    case 'whole':
    case 'end':
      return [{ name: node.name, span: node.span }];
    case 'pool':
      return [{ name: node.name, span: node.nameSpan }];
    case 'attend':
      return node.keys === node.values ? [node.values] : [node.keys, node.values];
    default:
      return [];
  }
}

/** Calls `action` on every node, parents before children, left before right. */
export function visit(expression: Expression, action: (node: Expression) => void): void {
  action(expression);
  for (const child of childrenOf(expression)) visit(child, action);
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      return [expression.left, expression.right];
    case 'product':
    case 'negate':
    case 'call':
      return [expression.operand];
    case 'stack':
      return expression.parts;
    case 'attend':
      return [expression.query];
    default:
      return [];
  }
}

/** Whether an expression is made of numbers only: one number, for a vector of any width. */
export function isScalar(expression: Expression): boolean {
  let scalar = true;
  visit(expression, ({ kind }) => {
    scalar &&= ['number', 'binary', 'negate', 'call'].includes(kind);
  });
  return scalar;
}

/** Whether `name` is a variable: a left side, or the input. */
export function isVariable(name: string, defined: ReadonlyMap<string, Domain>): boolean {
  return name === inputName || defined.has(name);
}
