import {
  isCallable,
  isFunctionName,
  isNamedBeforeBracket,
  isScalar,
  isUppercase,
  isVariable,
} from './names';
import { reportNumber } from './errors';
import {
  bareName,
  isLetter,
  reportLetter,
  reportUntimed,
  variable,
  type Surroundings,
} from './read-variable';
import { attend, nothing, pool, reportArguments } from './sequence-reads';
import { joined, sentence } from '../sentence';
import type { Place, RawBinary, RawExpression, RawGroup, RawName, RawStack } from './raw';
import { didYouMean, listed } from '../suggest';
import { functionNames, namedBeforeBrackets, type Expression, type FunctionName } from './syntax';

/** Deeper nesting than this (or a longer chain of operators) would exhaust the stack of what reads it. */
const maximumDepth = 500;

const allFunctions = [...functionNames, ...namedBeforeBrackets];

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
    case 'stack':
      return stack(node, depth + 1, text);
    case 'side by side':
      return chain(node.items, depth + 1, text);
  }
}

function group(node: RawGroup, depth: number, text: Surroundings): Expression {
  const [second] = node.more;
  if (second) {
    text.report(
      sentence`A comma stands only between the arguments of attend or of a cell.`,
      { start: second.start, end: second.end },
      sentence`A function has one argument, and a decimal number a point.`,
    );
  }
  return closedGroup(node, depth, text);
}

/** What stands first in brackets, whatever follows it. */
function closedGroup(node: RawGroup, depth: number, text: Surroundings): Expression {
  if (!node.closed) reportUnclosed(node, ')', text);
  if (node.inner) return value(node.inner, depth, text);
  if (node.closed) {
    const hint = sentence`Write a value between them.`;
    text.report(sentence`There is nothing in these brackets.`, node, hint);
  }
  return nothing(node, text);
}

function reportUnclosed({ start }: Place, bracket: string, text: Surroundings): void {
  const hint = sentence`Add the missing ${bracket}.`;
  text.report(sentence`This bracket is never closed.`, { start, end: start + 1 }, hint);
}

function stack(node: RawStack, depth: number, text: Surroundings): Expression {
  const span = text.spanOf(node);
  if (!node.closed) reportUnclosed(node, ']', text);
  if (node.parts.length < 2) {
    const problem = sentence`There is nothing to stack in these brackets.`;
    const hint = sentence`Put a semicolon between the parts, as in [a[t]; b[t]]; round brackets group a value.`;
    text.report(problem, node, hint);
  }
  const parts = node.parts.map((part) => {
    if (!part) {
      const hint = sentence`Write a value on both sides of each semicolon.`;
      if (node.closed) text.report(sentence`A part of this stack is missing.`, node, hint);
      return nothing(node, text);
    }
    const read = value(part, depth, text);
    if (isScalar(read)) {
      const hint = sentence`Stack vectors; a number has no width.`;
      text.report(sentence`This part of the stack is a number.`, part, hint);
    }
    return read;
  });
  return { kind: 'stack', parts, span };
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
  if (next.kind === 'group' && (isNamedBeforeBracket(name) || text.cells.has(name))) {
    const called = callBeforeBracket(head, next, depth, text);
    const [second] = later;
    return second ? apart({ ...next, start: head.start }, second, later, depth, text) : called;
  }
  const known = functionMeant(name, next);
  if (isVariable(name, text.defined)) {
    reportVariable(head, next, text);
    return chain(rest, depth + 1, text);
  }
  if (isLetter(name, text)) {
    reportLetter(head, text);
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
  return call(head, known ?? 'tanh', next, depth, text);
}

/** A variable before a value. */
function reportVariable(head: RawName, next: RawExpression, text: Surroundings): void {
  const name = head.name.text;
  const own = text.defined.get(name) ?? text.input;
  if (own !== 'example') {
    reportUntimed(head, text);
    return;
  }
  const hint = sentence`Write * between them for a product.`;
  const place = { start: head.start, end: next.end };
  text.report(sentence`Two values stand side by side with nothing between.`, place, hint);
}

/** `mean(s)`, `max(s)`, `attend(…)`, `dropout(a)`; or a cell where none can stand. */
function callBeforeBracket(
  head: RawName,
  next: RawGroup,
  depth: number,
  text: Surroundings,
): Expression {
  const name = head.name.text;
  const place = { start: head.start, end: next.end };
  if (name === 'dropout') return call(head, name, next, depth, text);
  if (name === 'attend') return attend(place, next, closedGroup(next, depth + 1, text), text);
  if (!next.closed) reportUnclosed(next, ')', text);
  if (name === 'mean' || name === 'max') return pool(name, place, next, text);
  const problem = sentence`The cell ${name} stands alone on a right side, not within an expression.`;
  const hint = sentence`Give it an equation of its own, such as h[t] = ${name}(x[t], h[t-1]).`;
  text.report(problem, place, hint);
  return nothing(place, text);
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

function call(
  head: RawName,
  name: FunctionName,
  brackets: RawGroup,
  depth: number,
  text: Surroundings,
): Expression {
  const [more] = brackets.more;
  if (more) reportArguments(name, more, text);
  const operand = closedGroup(brackets, depth + 1, text);
  if (!isElementwise(name) && isScalar(operand)) {
    const hint = sentence`Write a vector in the brackets.`;
    text.report(
      sentence`${name} acts on a whole vector, but this is a number.`,
      operand.span,
      hint,
    );
  }
  const span = text.spanOf({ start: head.start, end: brackets.end });
  return { kind: 'call', function: name, operand, span };
}

function isElementwise(name: FunctionName): boolean {
  return name !== 'softmax' && name !== 'layernorm' && name !== 'dropout';
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

function isBareMatrix(node: RawExpression, text: Surroundings): node is RawName {
  if (node.kind !== 'name' || node.index) return false;
  const name = node.name.text;
  return isUppercase(name) && !text.defined.has(name) && !isLetter(name, text);
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
  return isCallable(lower) ? lower : otherNames.get(lower);
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
          didYouMean(name, [...allFunctions, ...text.cells]),
          sentence`The functions are ${listed(allFunctions)}; if ${name} is a bias, write ${name} * (…).`,
        )
      : sentence`Write ${known}(…).`;
  text.report(sentence`There is no function ${name}.`, head, hint);
}
