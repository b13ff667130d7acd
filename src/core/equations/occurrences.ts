import { isState, mentionsOf, readsOf, visit } from './names';
import type { Target } from './local-derivative';
import {
  expressionsOf,
  inputName,
  type Application,
  type Cell,
  type Equation,
  type Expression,
  type FunctionName,
  type Initial,
  type PoolName,
} from './syntax';

/** What a name in a cell's text stands for. */
export type Meaning =
  /** `h[t-1]`, or `x[t]`, the input; `read` is what is read of it, where that is one value. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly lag: number;
      readonly read?: Target;
    }
  | { readonly kind: 'matrix' | 'bias'; readonly name: string }
  | { readonly kind: 'function'; readonly name: FunctionName | PoolName | 'attend' }
  /** A built-in cell that is applied. */
  | { readonly kind: 'cell'; readonly name: string }
  /** `init`, `size` or `output` at the start of a line, and the kinds of initial values. */
  | { readonly kind: 'directive'; readonly name: 'init' | 'size' | 'output' }
  | { readonly kind: 'start'; readonly name: Exclude<Initial['kind'], 'constant'> };

/** A place in a cell's text where a name stands. */
export interface Occurrence {
  readonly meaning: Meaning;
  /** Offsets of the name itself, without a time index: `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** The equation it stands in; undefined in an `init`, `size` or `output` line. */
  readonly equation: Equation | undefined;
  /** Whether it is an equation's left side. */
  readonly defines: boolean;
}

/** `init b = uniform(0.1)`: the name, and the kind of start where one is written. */
const directive =
  /^([\t\p{Zs}]*)(init|size|output)([\t\p{Zs}]+)([\p{L}_][\p{L}\p{M}\p{Nd}_.]*)(?:([\t\p{Zs}]*=[\t\p{Zs}]*)((?:uniform|normal|orthogonal|identity)(?![\p{L}\p{M}\p{Nd}_.]))?)?/gmu;

/** Every name in a cell's text and what it stands for there, in the order of the text. */
export function occurrencesOf(cell: Cell): Occurrence[] {
  const found = cell.equations.flatMap((equation) =>
    equation.application
      ? inApplication(equation, equation.application)
      : [definition(equation), ...inExpression(equation.expression, equation)],
  );
  for (const { expression } of cell.starts.values()) {
    found.push(...inExpression(expression, undefined));
  }
  found.push(...inDirectives(cell));
  return found.sort((a, b) => a.start - b.start);
}

function definition(equation: Equation): Occurrence {
  const { name, nameSpan } = equation;
  const meaning = { kind: 'variable', name, lag: 0 } as const;
  return { meaning, start: nameSpan.start, end: nameSpan.end, equation, defines: true };
}

/** An application is written once, for all its equations: it belongs to that of the left side. */
function inApplication(equation: Equation, application: Application): Occurrence[] {
  const { name, cell, cellSpan, input, state } = application;
  if (equation.name !== name) return [];
  const { start, end } = cellSpan;
  return [
    definition(equation),
    { meaning: { kind: 'cell', name: cell }, start, end, equation, defines: false },
    ...inExpression(input, equation),
    ...inExpression(state, equation),
  ];
}

function inExpression(expression: Expression, equation: Equation | undefined): Occurrence[] {
  const found: Occurrence[] = [];
  const add = (meaning: Meaning, start: number, length: number): void => {
    found.push({ meaning, start, end: start + length, equation, defines: false });
  };
  visit(expression, (node) => {
    const { start } = node.span;
    switch (node.kind) {
      case 'bias':
        add({ kind: 'bias', name: node.name }, start, node.name.length);
        break;
      case 'product':
        add({ kind: 'matrix', name: node.matrix }, node.matrixSpan.start, node.matrix.length);
        break;
      case 'call':
        add({ kind: 'function', name: node.function }, start, node.function.length);
        break;
      case 'pool':
        add({ kind: 'function', name: node.pool }, start, node.pool.length);
        break;
      case 'attend':
        add({ kind: 'function', name: 'attend' }, start, 'attend'.length);
        if (node.score) {
          const { name, span } = node.score;
          add({ kind: 'bias', name }, span.start, name.length);
        }
        break;
      default:
        break;
    }
    const lag = node.kind === 'variable' ? node.lag : 0;
    const read =
      node.kind === 'variable' ||
      node.kind === 'whole' ||
      node.kind === 'end' ||
      node.kind === 'pool'
        ? { read: node }
        : {};
    for (const { name, span } of readsOf(node)) {
      add({ kind: 'variable', name, lag, ...read }, span.start, name.length);
    }
  });
  return found;
}

function inDirectives(cell: Cell): Occurrence[] {
  const variables = new Set([inputName, ...cell.equations.map(({ name }) => name)]);
  const { matrices, biases } = mentionsOf(expressionsOf(cell));
  const found: Occurrence[] = [];
  for (const match of cell.source.matchAll(directive)) {
    const [, indent = '', word = '', gap = '', written = '', equals = '', start = ''] = match;
    const name = written.normalize();
    const parameter = matrices.has(name) ? 'matrix' : biases.has(name) ? 'bias' : undefined;
    const kind = variables.has(name) ? 'variable' : parameter;
    // The second line of a broken equation may begin like this: `a *` and then `size (…)`.
    if (kind === undefined) continue;
    let at = match.index + indent.length;
    const add = (meaning: Meaning, length: number, skip: number): void => {
      found.push({ meaning, start: at, end: at + length, equation: undefined, defines: false });
      at += length + skip;
    };
    add({ kind: 'directive', name: word as 'init' }, word.length, gap.length);
    const meaning: Meaning =
      kind === 'variable' ? { kind: 'variable', name, lag: 0 } : { kind, name };
    add(meaning, written.length, equals.length);
    if (start !== '') add({ kind: 'start', name: start as 'uniform' }, start.length, 0);
  }
  return found;
}

/** Variables that nothing reads and that are neither the output nor the prediction: computed in vain. */
export function unreadEquations(cell: Cell, prediction: Equation | undefined): Equation[] {
  const read = new Set<string>([cell.output]);
  const collect = (expression: Expression, reader: string | undefined): void => {
    visit(expression, (node) => {
      for (const { name } of readsOf(node)) if (name !== reader) read.add(name);
    });
  };
  for (const { name, expression } of cell.equations) collect(expression, name);
  for (const { expression } of cell.starts.values()) collect(expression, undefined);
  return cell.equations.filter((equation) => equation !== prediction && !read.has(equation.name));
}

/** Whether a variable is a state of the cell: a step reads that of another one. */
export function isStateOf(cell: Cell, name: string): boolean {
  return isState(mentionsOf(expressionsOf(cell)), name);
}
