import { visit } from './names';
import { inputName, type Cell, type Equation, type FunctionName, type Initial } from './syntax';

/** What a name in a cell's text stands for. */
export type Meaning =
  /** `h[t-1]`, or `x[t]`, the input. */
  | { readonly kind: 'variable'; readonly name: string; readonly lag: number }
  | { readonly kind: 'matrix' | 'bias'; readonly name: string }
  | { readonly kind: 'function'; readonly name: FunctionName }
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
  /^([\t\p{Zs}]*)(init|size|output)([\t\p{Zs}]+)([\p{L}_][\p{L}\p{M}\p{Nd}_]*)(?:([\t\p{Zs}]*=[\t\p{Zs}]*)(uniform|normal|orthogonal|identity)?)?/gmu;

/** Every name in a cell's text and what it stands for there, in the order of the text. */
export function occurrencesOf(cell: Cell): Occurrence[] {
  const found = [...cell.equations.flatMap(inEquation), ...inDirectives(cell)];
  return found.sort((a, b) => a.start - b.start);
}

function inEquation(equation: Equation): Occurrence[] {
  const { name, nameSpan, expression } = equation;
  const found: Occurrence[] = [];
  const add = (meaning: Meaning, start: number, end: number, defines = false): void => {
    found.push({ meaning, start, end, equation, defines });
  };
  add({ kind: 'variable', name, lag: 0 }, nameSpan.start, nameSpan.end, true);
  visit(expression, (node) => {
    const { start } = node.span;
    switch (node.kind) {
      case 'variable':
        add({ kind: 'variable', name: node.name, lag: node.lag }, start, start + node.name.length);
        break;
      case 'bias':
        add({ kind: 'bias', name: node.name }, start, start + node.name.length);
        break;
      case 'product':
        add({ kind: 'matrix', name: node.matrix }, node.matrixSpan.start, node.matrixSpan.end);
        break;
      case 'call':
        add({ kind: 'function', name: node.function }, start, start + node.function.length);
        break;
      default:
        break;
    }
  });
  return found;
}

function inDirectives(cell: Cell): Occurrence[] {
  const variables = new Set([inputName, ...cell.equations.map(({ name }) => name)]);
  const kinds = new Map<string, 'matrix' | 'bias'>();
  for (const { expression } of cell.equations) {
    visit(expression, (node) => {
      if (node.kind === 'product') kinds.set(node.matrix, 'matrix');
      if (node.kind === 'bias') kinds.set(node.name, 'bias');
    });
  }
  const found: Occurrence[] = [];
  for (const match of cell.source.matchAll(directive)) {
    const [, indent = '', word = '', gap = '', written = '', equals = '', start = ''] = match;
    const name = written.normalize();
    const kind = variables.has(name) ? 'variable' : kinds.get(name);
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
  for (const { name, expression } of cell.equations) {
    visit(expression, (node) => {
      if (node.kind === 'variable' && node.name !== name) read.add(node.name);
    });
  }
  return cell.equations.filter((equation) => equation !== prediction && !read.has(equation.name));
}
