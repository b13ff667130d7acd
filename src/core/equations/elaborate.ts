import { isFunctionName, isScalar, isUppercase, isVariable, timeName } from './names';
import { reportNumber, type Report } from './errors';
import { readIndex } from './index-reader';
import { joined, sentence, type Sentence } from '../sentence';
import type { Place, RawBinary, RawExpression, RawGroup, RawIndex, RawName } from './raw';
import { didYouMean, listed } from '../suggest';
import { functionNames, inputName, type Expression, type FunctionName, type Span } from './syntax';

/** What reading an expression needs to know of its text. */
export interface Surroundings {
  /** The left sides of the text's equations. */
  readonly defined: ReadonlySet<string>;
  readonly spanOf: (place: Place) => Span;
  readonly report: Report;
}

/** Deeper nesting than this (or a longer chain of operators) would exhaust the stack of what reads it. */
const maximumDepth = 500;

/** Other names of functions, as papers and libraries write them. */
const otherNames: ReadonlyMap<string, FunctionName> = new Map([
  ['sigma', 'sigmoid'],
  ['σ', 'sigmoid'],
  ['logistic', 'sigmoid'],
  ['ln', 'log'],
]);

/**
 * Gives the grammar's raw expression its meaning: tells variables, biases, matrices and functions apart.
 * Mistakes are reported; a mistaken part is then left out of the result.
 */
export function elaborate(raw: RawExpression, text: Surroundings): Expression {
  return value(raw, 0, text);
}

function value(node: RawExpression, depth: number, text: Surroundings): Expression {
  const span = text.spanOf(node);
  // In a row of values, each is the operand of the one before it.
  if (depth + (node.kind === 'side by side' ? node.items.length : 0) > maximumDepth) {
    text.report(
      sentence`This expression is nested too deeply.`,
      node,
      sentence`Give parts of it equations of their own.`,
    );
    return { kind: 'number', value: 0, span };
  }
  switch (node.kind) {
    case 'number':
      reportNumber(node.value, node, text.report);
      return { kind: 'number', value: node.value, span };
    case 'negate':
      return { kind: 'negate', operand: value(node.operand, depth + 1, text), span };
    case 'group':
      return group(node, depth + 1, text);
    case 'name':
      return node.index ? variable(node, node.index, text) : bareName(node, text);
    case 'binary':
      return binary(node, depth + 1, text);
    case 'side by side':
      return chain(node.items, depth + 1, text);
  }
}

function group(node: RawGroup, depth: number, text: Surroundings): Expression {
  if (!node.closed) {
    const bracket = { start: node.start, end: node.start + 1 };
    const hint = sentence`Add the missing ).`;
    text.report(sentence`This bracket is never closed.`, bracket, hint);
  }
  if (node.inner) return value(node.inner, depth, text);
  if (node.closed) {
    const hint = sentence`Write a value between them.`;
    text.report(sentence`There is nothing in these brackets.`, node, hint);
  }
  return { kind: 'number', value: 0, span: text.spanOf(node) };
}

function variable(node: RawName, index: RawIndex, text: Surroundings): Expression {
  const name = node.name.text;
  // A mistaken time is read as the last one, so that no second error follows from it.
  const lag = readIndex(node, index, text.report) ?? 1;
  if (name === timeName) {
    const problem = sentence`t is the time, so it cannot be the name of a variable.`;
    text.report(problem, node.name, sentence`Choose another name.`);
  } else if (isFunctionName(name)) {
    const hint = sentence`Write ${name}(…), or choose another name.`;
    text.report(sentence`${name} is a function, not a variable.`, node.name, hint);
  } else if (!isVariable(name, text.defined)) {
    const guess = didYouMean(name, [...text.defined, inputName]);
    const other = isUppercase(name)
      ? sentence`A matrix has no time index; a variable needs an equation ${name}[t] = ….`
      : sentence`Add an equation ${name}[t] = …, or write ${name} without a time index if it is a learnt bias.`;
    text.report(sentence`No equation defines ${name}.`, node, joined(guess, other));
  }
  return { kind: 'variable', name, lag, span: text.spanOf(node) };
}

/** A name that is followed neither by an index nor by an operand: a bias, or a mistake. */
function bareName(node: RawName, text: Surroundings): Expression {
  const name = node.name.text;
  const base = /^(.+)_t$/u.exec(name)?.[1];
  if (name === timeName) {
    const hint = sentence`Choose another name for a bias.`;
    text.report(sentence`t is the time and can stand only in square brackets.`, node, hint);
  } else if (isFunctionName(name)) {
    text.report(
      sentence`${name} is a function and needs an argument in brackets.`,
      node,
      sentence`Write ${name}(…).`,
    );
  } else if (isVariable(name, text.defined)) {
    reportUntimed(node, text);
  } else if (base !== undefined && isVariable(base, text.defined)) {
    text.report(sentence`The time index of ${base} goes in square brackets.`, node, timesOf(base));
  } else if (isUppercase(name)) {
    const lower = name.toLowerCase();
    const free = lower !== name && !isVariable(lower, text.defined);
    const hint = free
      ? sentence`Write the vector it multiplies after it, as in ${name} x[t] (in brackets if it has a sign); if ${name} is a bias, write it in lowercase: ${lower}.`
      : sentence`Write the vector it multiplies after it, as in ${name} x[t] (in brackets if it has a sign); if ${name} is a bias, write it in lowercase.`;
    text.report(sentence`The matrix ${name} has no operand.`, node, hint);
  }
  return { kind: 'bias', name, span: text.spanOf(node) };
}

function binary(node: RawBinary, depth: number, text: Surroundings): Expression {
  const matrix = [node.left, node.right].find((side) => isBareMatrix(side, text));
  if (matrix && node.operator === '*') return starredMatrix(node, depth, text);
  return {
    kind: 'binary',
    operator: node.operator,
    left: value(node.left, depth, text),
    right: value(node.right, depth, text),
    span: text.spanOf(node),
  };
}

/** `W * x[t]`: a mistake of those who come from other notations. */
function starredMatrix(node: RawBinary, depth: number, text: Surroundings): Expression {
  const { left, right } = node;
  if (isBareMatrix(left, text) && isBareMatrix(right, text)) {
    const hint = sentence`Apply one matrix after the other to a vector, as in A B x[t].`;
    text.report(sentence`This is a matrix times a matrix, with no vector.`, node, hint);
    return { kind: 'number', value: 0, span: text.spanOf(node) };
  }
  const [matrix, other] = isBareMatrix(left, text) ? [left, right] : [right, left];
  const name = matrix.kind === 'name' ? matrix.name.text : '';
  const hint = sentence`For matrix times vector write ${name} before the vector with nothing between, as in ${name} x[t].`;
  text.report(sentence`${name} is a matrix, and * multiplies vectors elementwise.`, node, hint);
  return value(other, depth, text);
}

/** Values with nothing between: the first must be a matrix or a function. */
function chain(items: readonly RawExpression[], depth: number, text: Surroundings): Expression {
  const [head, next, ...later] = items;
  if (!head) throw new RangeError('There is nothing to read.');
  if (!next || depth > maximumDepth) return value(head, depth, text);
  const rest = [next, ...later];
  if (head.kind !== 'name' || head.index) return apart(head, next, rest, depth, text);

  const name = head.name.text;
  const known = functionMeant(name, next);
  if (isVariable(name, text.defined)) {
    reportUntimed(head, text);
    return chain(rest, depth + 1, text);
  }
  if (known === undefined && isUppercase(name)) return product(head, next, rest, depth, text);
  if (known === undefined && next.kind !== 'group') {
    const hint = sentence`Write * between them for an elementwise product; a matrix's name starts with an uppercase letter.`;
    text.report(
      sentence`${name} is lowercase, so it is no matrix and cannot stand before a value.`,
      head,
      hint,
    );
    return chain(rest, depth + 1, text);
  }
  if (known !== name) reportUnknownFunction(head, known, text);
  if (next.kind !== 'group') {
    const hint = sentence`Write ${name}(…).`;
    text.report(sentence`The argument of ${name} needs brackets.`, head, hint);
    return chain(rest, depth + 1, text);
  }
  const [second] = later;
  if (second) return apart({ ...next, start: head.start }, second, later, depth, text);
  const span = text.spanOf({ start: head.start, end: next.end });
  return call(known ?? 'tanh', group(next, depth + 1, text), span, text);
}

function product(
  head: RawName,
  next: RawExpression,
  rest: readonly RawExpression[],
  depth: number,
  text: Surroundings,
): Expression {
  const name = head.name.text;
  const place = { start: head.start, end: rest.at(-1)?.end ?? head.end };
  const span = text.spanOf(place);
  if (rest.length === 1 && isBareMatrix(next, text)) {
    const both = `${name} ${next.name.text}`;
    text.report(
      sentence`${both} is a matrix times a matrix, with no vector.`,
      place,
      sentence`Write a vector after them, as in ${both} x[t].`,
    );
    return { kind: 'number', value: 0, span };
  }
  const operand = chain(rest, depth + 1, text);
  if (isScalar(operand)) {
    const hint = sentence`Its operand must be a vector, such as x[t].`;
    text.report(
      sentence`The matrix ${name} multiplies a number.`,
      { start: next.start, end: place.end },
      hint,
    );
  }
  return { kind: 'product', matrix: name, matrixSpan: text.spanOf(head), operand, span };
}

function call(name: FunctionName, operand: Expression, span: Span, text: Surroundings): Expression {
  if ((name === 'softmax' || name === 'layernorm') && isScalar(operand)) {
    const hint = sentence`Write a vector in the brackets.`;
    text.report(
      sentence`${name} acts on a whole vector, but this is a number.`,
      operand.span,
      hint,
    );
  }
  return { kind: 'call', function: name, operand, span };
}

/** A value that cannot stand before another one. */
function apart(
  head: RawExpression,
  next: RawExpression,
  rest: readonly RawExpression[],
  depth: number,
  text: Surroundings,
): Expression {
  const place = { start: head.start, end: next.end };
  if (head.kind === 'group' && head.inner && endsInBareMatrix(head.inner, text)) {
    const problem = sentence`Matrices cannot be combined before they are applied to a vector.`;
    const hint = sentence`Apply each to the vector: A x[t] + B x[t] for a sum, A B x[t] for a product.`;
    text.report(problem, place, hint);
  } else {
    const hint = sentence`Write * between them for a product.`;
    text.report(sentence`Two values stand side by side with nothing between.`, place, hint);
    value(head, depth + 1, text);
  }
  return chain(rest, depth + 1, text);
}

function isBareMatrix(node: RawExpression, { defined }: Surroundings): node is RawName {
  if (node.kind !== 'name' || node.index) return false;
  return isUppercase(node.name.text) && !defined.has(node.name.text);
}

function endsInBareMatrix(node: RawExpression, text: Surroundings): boolean {
  if (isBareMatrix(node, text)) return true;
  if (node.kind === 'binary')
    return [node.left, node.right].some((side) => endsInBareMatrix(side, text));
  return (
    node.kind === 'side by side' &&
    node.items.slice(-1).some((last) => endsInBareMatrix(last, text))
  );
}

/** The function that `name(…)` means, also where its case is wrong or it has another name elsewhere. */
function functionMeant(name: string, next: RawExpression): FunctionName | undefined {
  if (isFunctionName(name)) return name;
  if (next.kind !== 'group') return undefined;
  const lower = name.toLowerCase();
  return isFunctionName(lower) ? lower : otherNames.get(lower);
}

function reportUnknownFunction(
  head: RawName,
  known: FunctionName | undefined,
  text: Surroundings,
): void {
  const name = head.name.text;
  const hint =
    known === undefined
      ? joined(
          didYouMean(name, functionNames),
          sentence`The functions are ${listed(functionNames)}; if ${name} is a bias, write ${name} * (…).`,
        )
      : sentence`Write ${known}(…).`;
  text.report(sentence`There is no function ${name}.`, head, hint);
}

function reportUntimed(node: RawName, text: Surroundings): void {
  const name = node.name.text;
  text.report(sentence`The variable ${name} has no time index.`, node, timesOf(name));
}

function timesOf(name: string): Sentence {
  return sentence`Write ${name}[t] for this step's value or ${name}[t-1] for the previous one.`;
}
