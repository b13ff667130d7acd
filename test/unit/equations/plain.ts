import type { Cell, Expression } from '../../../src/core/equations/syntax';

/** A cell without its places, name and text: what must survive printing and reading. */
export function plainCell(cell: Cell): unknown {
  return {
    equations: cell.equations.map(({ name, expression }) => [name, plainExpression(expression)]),
    initials: [...cell.initials].map(([name, { initial }]) => [name, initial]),
    sizes: [...cell.sizes].map(([name, { size }]) => [name, size]),
    output: cell.output,
  };
}

/** An expression as nested arrays, without places: `['+', ['U', 'x[t-0]'], 'b']`. */
export function plainExpression(expression: Expression): unknown {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'bias':
      return expression.name;
    case 'variable':
      return `${expression.name}[t-${String(expression.lag)}]`;
    case 'product':
      return [expression.matrix, plainExpression(expression.operand)];
    case 'negate':
      return ['negate', plainExpression(expression.operand)];
    case 'call':
      return [expression.function, plainExpression(expression.operand)];
    case 'binary':
      return [
        expression.operator,
        plainExpression(expression.left),
        plainExpression(expression.right),
      ];
  }
}
