import fc from 'fast-check';
import {
  functionNames,
  type BinaryOperator,
  type Cell,
  type Equation,
  type Expression,
  type FunctionName,
  type Initial,
  type Size,
  type Span,
} from '../../../src/core/equations/syntax';

const nowhere: Span = { line: 1, column: 1, start: 0, end: 0 };
const matrixNames = ['W', 'Wxh', 'Ünder_1', 'Ψ'];
const biasNames = ['b', 'b_2', 'β', '偏'];
const variableNames = ['h', 'c', 'State', 'α_tilde', '状态', 'y'];

/** What random expressions are made of. */
interface Material {
  readonly functions: readonly FunctionName[];
  readonly operators: readonly BinaryOperator[];
  readonly largestNumber: number;
  readonly longestLag: number;
  readonly depth: number;
  /** Whether exp, log and division occur where they cannot overflow or have a pole. */
  readonly guarded: boolean;
}

const everything: Material = {
  functions: functionNames,
  operators: ['+', '-', '*', '/'],
  largestNumber: 1e30,
  longestLag: 12,
  depth: 6,
  guarded: false,
};

/** Without kinks and poles, so that differences approach derivatives. */
const smooth: Material = {
  functions: ['tanh', 'sigmoid', 'softplus', 'softmax'],
  operators: ['+', '-', '*'],
  largestNumber: 2,
  longestLag: 2,
  depth: 4,
  guarded: true,
};

/** What is not 0 and would be 0 in float32 is refused. */
const isFloat32 = (value: number): boolean => value === 0 || Math.fround(value) !== 0;

/**
 * Expressions that mention at least one vector.
 * @param present variables that may be read at the same time
 * @param all variables that may be read at earlier times
 */
function vectors(
  present: readonly string[],
  all: readonly string[],
  { functions, operators, largestNumber, longestLag, depth, guarded }: Material,
): fc.Arbitrary<Expression> {
  const numbers = fc
    .double({ min: 0, max: largestNumber, noNaN: true })
    .filter(isFloat32)
    .map((value): Expression => ({ kind: 'number', value: Math.abs(value), span: nowhere }));
  const reads = fc.oneof(
    fc.constantFrom(...present).map((name) => ({ name, lag: 0 })),
    fc
      .tuple(fc.constantFrom(...all), fc.integer({ min: 1, max: longestLag }))
      .map(([name, lag]) => ({ name, lag })),
  );
  const leaves = fc.oneof(
    fc
      .constantFrom(...biasNames)
      .map((name): Expression => ({ kind: 'bias', name, span: nowhere })),
    reads.map((read): Expression => ({ kind: 'variable', domain: 't', ...read, span: nowhere })),
  );
  const one: Expression = { kind: 'number', value: 1, span: nowhere };
  const called = (name: FunctionName, operand: Expression): Expression => ({
    ...{ kind: 'call', function: name, operand, span: nowhere },
  });
  const joined = (left: Expression, operator: BinaryOperator, right: Expression): Expression => ({
    ...{ kind: 'binary', operator, left, right, span: nowhere },
  });
  const negative = (operand: Expression): Expression => ({
    ...{ kind: 'negate', operand, span: nowhere },
  });
  /** At least 1. */
  const above = (operand: Expression): Expression => joined(one, '+', called('softplus', operand));
  return fc.letrec<{ vector: Expression; any: Expression }>((tie) => {
    const [vector, any] = [tie('vector'), tie('any')];
    const binary = (left: fc.Arbitrary<Expression>, right: fc.Arbitrary<Expression>) =>
      fc
        .tuple(left, fc.constantFrom(...operators), right)
        .map(([l, operator, r]) => joined(l, operator, r));
    const product = fc
      .tuple(fc.constantFrom(...matrixNames), vector)
      .map(([matrix, operand]): Expression => ({
        kind: 'product',
        matrix,
        matrixSpan: nowhere,
        operand,
        span: nowhere,
      }));
    const call = fc
      .tuple(fc.constantFrom(...functions), vector)
      .map(([name, operand]) => called(name, operand));
    const safe = fc.oneof(
      vector.map((operand) => called('exp', negative(called('softplus', operand)))),
      vector.map((operand) => called('log', above(operand))),
      vector.map((operand) => called('sqrt', above(operand))),
      fc.tuple(any, vector).map(([left, right]) => joined(left, '/', above(right))),
    );
    const negated = vector.map(negative);
    return {
      vector: fc.oneof(
        { maxDepth: depth, depthSize: 'medium' },
        leaves,
        product,
        call,
        ...(guarded ? [safe] : []),
        negated,
        binary(vector, any),
        binary(any, vector),
      ),
      any: fc.oneof({ maxDepth: depth, depthSize: 'medium' }, numbers, vector),
    };
  }).vector;
}

const scales = fc.double({ min: 0, max: 10, noNaN: true }).filter(isFloat32).map(Math.abs);
const initials: fc.Arbitrary<Initial> = fc.oneof(
  scales.map((value): Initial => ({ kind: 'constant', value })),
  scales.map((scale): Initial => ({ kind: 'uniform', scale })),
  scales.map((scale): Initial => ({ kind: 'normal', scale })),
  scales.map((scale): Initial => ({ kind: 'orthogonal', scale: 1 - scale })),
  scales.map((scale): Initial => ({ kind: 'identity', scale: 1 - scale })),
);

const sizes: fc.Arbitrary<Size> = fc.oneof(
  fc.integer({ min: 1, max: 9999 }).map((value): Size => ({ kind: 'number', value })),
  fc.constantFrom(0.25, 0.5, 1, 2, 3, 1 / 3).map((factor): Size => ({ kind: 'hidden', factor })),
);

/** Cells that are right in all but their widths: equations in any order, directives, no loops. */
export const cells: fc.Arbitrary<Cell> = fc
  .shuffledSubarray(variableNames, { minLength: 1 })
  .chain((names) => {
    const equations = names.map((name, index) =>
      vectors(['x', ...names.slice(0, index)], ['x', ...names], everything).map(
        (expression): Equation => ({
          name,
          nameSpan: nowhere,
          domain: 't',
          expression,
          span: nowhere,
        }),
      ),
    );
    const matrix = 'W';
    const last: Equation = {
      name: 'last',
      nameSpan: nowhere,
      domain: 't',
      expression: {
        kind: 'product',
        matrix,
        matrixSpan: nowhere,
        operand: { kind: 'variable', name: 'x', lag: 0, domain: 't', span: nowhere },
        span: nowhere,
      },
      span: nowhere,
    };
    return fc.record({
      equations: fc
        .tuple(...equations)
        .chain((made) => fc.shuffledSubarray([...made, last], { minLength: made.length + 1 })),
      initial: initials,
      size: sizes,
      output: fc.constantFrom('last', ...names.filter((name) => name !== 'y')),
    });
  })
  .map(({ equations, initial, size, output }) => ({
    name: 'random',
    source: '',
    equations,
    initials: new Map([['W', { initial, span: nowhere }]]),
    starts: new Map(),
    sizes: new Map([['last', { size, span: nowhere }]]),
    output,
  }));

/** Cells whose derivatives can be compared with differences; all widths are the hidden size. */
export const smoothCells: fc.Arbitrary<Cell> = fc
  .constantFrom(['h'], ['c', 'h'], ['c', 'State', 'h'])
  .chain((names) =>
    fc.tuple(
      ...names.map((name, index) =>
        vectors(['x', ...names.slice(0, index)], ['x', ...names], smooth).map(
          (expression): Equation => ({
            name,
            nameSpan: nowhere,
            domain: 't',
            expression,
            span: nowhere,
          }),
        ),
      ),
    ),
  )
  .map((equations) => ({
    name: 'smooth',
    source: '',
    equations,
    initials: new Map(),
    starts: new Map(),
    sizes: new Map(),
    output: 'h',
  }));
