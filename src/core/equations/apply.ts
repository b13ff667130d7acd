/** Cells applied by name: `h[t] = gru(x[t], h[t-1])` stands for the equations of `gru`. */
import { readIndex } from './index-reader';
import { mentionsOf } from './names';
import { printTarget } from './notation';
import type { RawEquation, RawExpression, RawGroup, RawName } from './raw';
import type { Surroundings } from './read-variable';
import { sentence } from '../sentence';
import {
  inputName,
  ownPredictionOf,
  type Application,
  type Cell,
  type Equation,
  type Expression,
  type Span,
  type StepDomain,
} from './syntax';

/** `gru(…)` as a whole right side. */
export interface CellCall {
  readonly head: RawName;
  readonly brackets: RawGroup;
}

/** What an application comes to. */
export interface Expansion {
  readonly equations: readonly Equation[];
  readonly initials: Cell['initials'];
  readonly sizes: Cell['sizes'];
}

/** A lag of a cell's own, times that of its state, must not be longer than a text may write. */
const maximumLag = 1000;

export function cellCallOf(value: RawExpression, cells: ReadonlySet<string>): CellCall | undefined {
  if (value.kind !== 'side by side' || value.items.length !== 2) return undefined;
  const [head, brackets] = value.items;
  if (head?.kind !== 'name' || head.index || brackets?.kind !== 'group') return undefined;
  return cells.has(head.name.text) ? { head, brackets } : undefined;
}

/** The variables that an application defines beside its left side: `h.z`. */
export function innerNames(target: string, { equations, output }: Cell): string[] {
  const names = equations.map(({ name }) => name).filter((name) => name !== output);
  return [...names, inputName].map((name) => `${target}.${name}`);
}

/**
 * The equations of an applied cell, with names of their own.
 *
 * @param read what its first argument is
 * @returns nothing for a mistaken call, which is reported
 */
export function expand(
  raw: RawEquation,
  { head, brackets }: CellCall,
  cell: Cell,
  read: (value: RawExpression) => Expression,
  text: Surroundings,
): Expansion | undefined {
  const domain: StepDomain = text.domain === 'u' ? 'u' : 't';
  const name = raw.target.name.text;
  const usage = `${printTarget(name, domain)} = ${head.name.text}(x[${domain}], ${name}[${domain}-1])`;
  const [second, ...others] = brackets.more;
  if (ownPredictionOf(cell.equations)) {
    const hint = sentence`Write its equations out.`;
    text.report(
      sentence`The cell ${cell.name} makes a prediction of its own, so it cannot be applied.`,
      head,
      hint,
    );
    return undefined;
  }
  if (!brackets.inner || !second?.value || others.length > 0 || !brackets.closed) {
    const hint = sentence`Write ${usage}.`;
    const problem = sentence`A cell has two arguments: what it reads, and its own state of another step.`;
    text.report(problem, brackets, hint);
    return undefined;
  }
  const lag = lagOf(second.value, name, domain, text);
  const given = read(brackets.inner);
  if (lag === undefined) {
    const hint = sentence`Write ${usage}, or ${name}[${domain}+1] for a cell that runs from right to left.`;
    const problem = sentence`The second argument of a cell is its own state, ${name}[${domain}-1] or ${name}[${domain}+1].`;
    text.report(problem, second.value, hint);
    return undefined;
  }
  const longest = Math.max(
    ...mentionsOf(cell.equations.map(({ expression }) => expression)).lags.values(),
  );
  if (longest * Math.abs(lag) > maximumLag) {
    const hint = sentence`At most ${maximumLag} steps can be remembered.`;
    text.report(sentence`The lag ${longest * Math.abs(lag)} is too long.`, second.value, hint);
    return undefined;
  }
  const span = text.spanOf(raw);
  const state: Expression = {
    kind: 'variable',
    name,
    lag,
    domain,
    span: text.spanOf(second.value),
  };
  const application: Application = {
    ...{
      cell: cell.name,
      cellSpan: text.spanOf(head),
      name,
      nameSpan: text.spanOf(raw.target.name),
    },
    ...{ domain, input: given, state, span },
  };
  return written(cell, application, lag);
}

/** The lag of `h[t-1]` after the left side `h[t]`. */
function lagOf(
  value: RawExpression,
  name: string,
  domain: StepDomain,
  { report }: Surroundings,
): number | undefined {
  if (value.kind !== 'name' || !value.index || value.name.text !== name) return undefined;
  const index = readIndex(value, value.index, report);
  if (index?.kind !== 'step' || index.domain !== domain || index.lag === 0) return undefined;
  return index.lag;
}

function written(cell: Cell, application: Application, lag: number): Expansion {
  const { name: target, nameSpan, cellSpan, domain, input, span } = application;
  const called = (name: string): string => (name === cell.output ? target : `${target}.${name}`);
  const within = (name: string): string => `${target}.${name}`;
  const isPlain = isDirect(input, cell);
  const equations: Equation[] = [];
  const define = (name: string, expression: Expression): void => {
    const isOutput = name === target;
    const place = { nameSpan: isOutput ? nameSpan : cellSpan, span };
    equations.push({ name, domain, expression, application, ...place });
  };
  if (!isPlain) define(within(inputName), input);
  const places: Places = {
    span,
    rename: within,
    variable: (name, ownLag) => {
      if (name !== inputName)
        return { kind: 'variable', name: called(name), lag: ownLag * lag, domain, span };
      if (!isPlain)
        return { kind: 'variable', name: within(name), lag: ownLag * lag, domain, span };
      return input.kind === 'variable'
        ? { ...input, lag: input.lag + ownLag * lag, span }
        : { ...input, span };
    },
  };
  for (const { name, expression } of cell.equations)
    define(called(name), moved(expression, places));
  const variables = new Set(cell.equations.map(({ name }) => name));
  const moveKey = (name: string): string => (variables.has(name) ? called(name) : within(name));
  return {
    equations,
    initials: new Map(
      [...cell.initials].map(([name, entry]) => [moveKey(name), { ...entry, span }]),
    ),
    sizes: new Map([...cell.sizes].map(([name, entry]) => [moveKey(name), { ...entry, span }])),
  };
}

/** Whether an argument can stand wherever the cell reads `x`: a value that has a name. */
function isDirect(input: Expression, { equations }: Cell): boolean {
  if (input.kind === 'variable') return true;
  const { lags } = mentionsOf(equations.map(({ expression }) => expression));
  return input.kind === 'whole' && lags.get(inputName) === 0;
}

interface Places {
  readonly span: Span;
  /** Of a matrix or a bias. */
  readonly rename: (name: string) => string;
  readonly variable: (name: string, lag: number) => Expression;
}

/** An expression of a built-in cell at its new place. */
function moved(expression: Expression, places: Places): Expression {
  const { span, rename } = places;
  const inner = (part: Expression): Expression => moved(part, places);
  switch (expression.kind) {
    case 'number':
      return { ...expression, span };
    case 'bias':
      return { ...expression, name: rename(expression.name), span };
    case 'variable':
      return places.variable(expression.name, expression.lag);
    case 'product': {
      const { matrix, operand } = expression;
      return {
        kind: 'product',
        matrix: rename(matrix),
        matrixSpan: span,
        operand: inner(operand),
        span,
      };
    }
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right), span };
    case 'negate':
    case 'call':
      return { ...expression, operand: inner(expression.operand), span };
    default:
      throw new Error(`A built-in cell cannot have a ${expression.kind}.`);
  }
}
