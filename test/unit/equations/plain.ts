import type { Cell, Expression } from '../../../src/core/equations/syntax';

/** A cell without its places, name and text: what must survive printing and reading. */
export function plainCell(cell: Cell): unknown {
  return {
    equations: cell.equations.map(({ name, domain, expression }) => [
      name,
      domain,
      plainExpression(expression),
    ]),
    starts: [...cell.starts].map(([name, { expression }]) => [name, plainExpression(expression)]),
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
      return `${expression.name}[${expression.domain}-${String(expression.lag)}]`;
    case 'whole':
      return `${expression.name}[]`;
    case 'end':
      return [expression.at, expression.name, expression.domain];
    case 'pool':
      return [expression.pool, expression.name, expression.domain];
    case 'attend': {
      const { query, keys, values, score, domain } = expression;
      return ['attend', plainExpression(query), keys.name, values.name, score?.name, domain];
    }
    case 'stack':
      return ['stack', ...expression.parts.map(plainExpression)];
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
