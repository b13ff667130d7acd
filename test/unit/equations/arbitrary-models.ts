import fc from 'fast-check';
import type {
  Cell,
  Domain,
  Equation,
  Expression,
  Span,
  Start,
  StepDomain,
} from '../../../src/core/equations/syntax';

const nowhere: Span = { line: 1, column: 1, start: 0, end: 0 };

/** What an expression of an equation, or of a start, may read. */
interface Scope {
  readonly domain: Domain;
  /** Of the same steps, already defined. */
  readonly present: readonly string[];
  /** Of the same steps, read at others. */
  readonly states: readonly string[];
  /** -1: the loop runs from right to left. */
  readonly direction: 1 | -1;
  readonly wholes: readonly string[];
  readonly sequences: readonly { readonly name: string; readonly domain: StepDomain }[];
  /** Sequences whose end may be read. */
  readonly ended: readonly { readonly name: string; readonly domain: StepDomain }[];
}

function leaves(scope: Scope): fc.Arbitrary<Expression> {
  const { domain } = scope;
  const choices: fc.Arbitrary<Expression>[] = [
    fc
      .constantFrom('b', 'g.b', 'β')
      .map((name): Expression => ({ kind: 'bias', name, span: nowhere })),
  ];
  if (domain !== 'example' && scope.present.length > 0) {
    choices.push(
      fc
        .constantFrom(...scope.present)
        .map((name): Expression => ({ kind: 'variable', name, lag: 0, domain, span: nowhere })),
    );
  }
  if (domain !== 'example' && scope.states.length > 0) {
    choices.push(
      fc
        .tuple(fc.constantFrom(...scope.states), fc.integer({ min: 1, max: 9 }))
        .map(([name, steps]): Expression => ({
          ...{ kind: 'variable', name, lag: steps * scope.direction, domain, span: nowhere },
        })),
    );
  }
  if (scope.wholes.length > 0) {
    choices.push(
      fc
        .constantFrom(...scope.wholes)
        .map((name): Expression => ({ kind: 'whole', name, span: nowhere })),
    );
  }
  if (scope.sequences.length > 0) {
    choices.push(
      fc
        .tuple(fc.constantFrom(...scope.sequences), fc.constantFrom('mean', 'max'))
        .map(([{ name, domain: of }, pool]): Expression => ({
          ...{ kind: 'pool', pool, name, nameSpan: nowhere, domain: of, span: nowhere },
        })),
    );
  }
  if (scope.ended.length > 0) {
    choices.push(
      fc.constantFrom(...scope.ended).map(({ name, domain: of }): Expression => ({
        ...{ kind: 'end', name, at: 'last', domain: of, span: nowhere },
      })),
    );
  }
  return fc.oneof(...choices);
}

function expressions(scope: Scope): fc.Arbitrary<Expression> {
  const attended = scope.sequences.filter(({ domain }) => domain === 't');
  return fc.letrec<{ vector: Expression }>((tie) => {
    const vector = tie('vector');
    const product = fc
      .tuple(fc.constantFrom('W', 'g.Wz', 'Ψ'), vector)
      .map(([matrix, operand]): Expression => ({
        ...{ kind: 'product', matrix, matrixSpan: nowhere, operand, span: nowhere },
      }));
    const call = fc
      .tuple(fc.constantFrom('tanh', 'dropout', 'layernorm'), vector)
      .map(([name, operand]): Expression => ({
        ...{ kind: 'call', function: name, operand, span: nowhere },
      }));
    const binary = fc
      .tuple(vector, fc.constantFrom('+', '*', '-', '/'), vector)
      .map(([left, operator, right]): Expression => ({
        ...{ kind: 'binary', operator, left, right, span: nowhere },
      }));
    const stack = fc
      .array(vector, { minLength: 2, maxLength: 3 })
      .map((parts): Expression => ({ kind: 'stack', parts, span: nowhere }));
    const attend = fc
      .tuple(
        vector,
        fc.constantFrom(...attended, { name: 'x', domain: 't' as const }),
        fc.constantFrom(...attended, { name: 'x', domain: 't' as const }),
        fc.boolean(),
      )
      .map(([query, { name: keys }, { name: values }, scored]): Expression => ({
        ...{ kind: 'attend', query, domain: 't', span: nowhere },
        keys: { name: keys, span: nowhere },
        values: { name: values, span: nowhere },
        score: scored ? { name: 'v', span: nowhere } : undefined,
      }));
    const options = { maxDepth: 4, depthSize: 'medium' } as const;
    return {
      vector: fc.oneof(options, leaves(scope), product, call, binary, stack, attend),
    };
  }).vector;
}

/** Models of a source and an answer, right in all but their widths. */
export const models: fc.Arbitrary<Cell> = fc
  .constantFrom(1 as const, -1 as const)
  .chain((direction) => {
    const none = { present: [], states: [], wholes: [], sequences: [], ended: [], direction };
    const sequences = ['h', 'c', 'x'].map((name) => ({ name, domain: 't' as const }));
    const ended = direction === 1 ? sequences : sequences.slice(2);
    const encoder = { ...none, domain: 't' as const, states: ['h', 'c'] };
    const after = { ...none, sequences, ended };
    const decoder = { ...after, domain: 'u' as const, direction: 1 as const, wholes: ['k'] };
    return fc.record({
      c: expressions({ ...encoder, present: ['x'] }),
      h: expressions({ ...encoder, present: ['x', 'c'] }),
      k: expressions({ ...after, domain: 'example' }),
      d: expressions({ ...decoder, present: ['x'], states: ['d', 'y'] }),
      y: expressions({ ...decoder, present: ['d'] }),
      start: expressions({ ...after, domain: 'example', wholes: ['k'] }),
    });
  })
  .map(({ start, y, ...given }) => {
    const domains = { c: 't', h: 't', k: 'example', d: 'u', y: 'u' } as const;
    // Something of each is read, so that no sequence is missing and `d` is a state.
    const source = read('x', 0, 't');
    const parts: Record<keyof typeof domains, Expression> = {
      ...given,
      c: sum(given.c, source),
      d: sum(given.d, read('d', 1, 'u')),
      y: { kind: 'call', function: 'softmax', operand: y, span: nowhere },
    };
    const equations = Object.entries(domains).map(([name, domain]): Equation => ({
      ...{ name, nameSpan: nowhere, domain, span: nowhere },
      expression: parts[name as keyof typeof domains],
    }));
    const starts = new Map<string, Start>([['d', { expression: start, span: nowhere }]]);
    return {
      ...{ name: 'random', source: '', equations, starts },
      ...{ initials: new Map(), sizes: new Map(), output: 'd' },
    };
  });

function read(name: string, lag: number, domain: StepDomain): Expression & { kind: 'variable' } {
  return { kind: 'variable', name, lag, domain, span: nowhere };
}

function sum(left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator: '+', left, right, span: nowhere };
}
