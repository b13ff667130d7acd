import { joined, sentence } from '../sentence';
import { readInitials, readOutput, readSizes } from './directives';
import { elaborate } from './elaborate';
import type { Report } from './errors';
import { parse } from './equations.peggy';
import { EquationError } from './errors';
import { readIndex } from './index-reader';
import { isFunctionName, mentionsOf, timeName } from './names';
import { findLoops } from './order';
import { spansOf } from './places';
import type { Place, RawEquation, RawStatement } from './raw';
import { didYouMean, lineText } from '../suggest';
import { describeSyntaxError } from './syntax-error';
import {
  defaultOutput,
  inputName,
  ownPredictionOf,
  type Cell,
  type Equation,
  type Span,
} from './syntax';

/** A reading of a text: the cell if nothing is wrong with it, else all that is wrong, from top to bottom. */
export type Diagnosis =
  | { readonly cell: Cell; readonly problems: readonly [] }
  | { readonly cell: undefined; readonly problems: readonly [EquationError, ...EquationError[]] };

/**
 * Reads a cell from the text of its equations (docs/equations.md has the language).
 *
 * @param name what the cell is called, and its errors name: `lstm`, or a file's base name
 * @throws EquationError the first thing that is wrong, with its place and what to do about it
 */
export function parseCell(source: string, name: string): Cell {
  const { cell, problems } = diagnoseCell(source, name);
  if (cell === undefined) throw problems[0];
  return cell;
}

/** Like `parseCell`, but returns all errors instead of throwing the first. */
export function diagnoseCell(source: string, name: string): Diagnosis {
  const spanOf = spansOf(source);
  const problems: EquationError[] = [];
  const report: Report = (problem, { start, end }, hint) => {
    problems.push(new EquationError(problem, spanOf({ start, end }), hint, name));
  };
  const cell = readCell(source, name, spanOf, report);
  problems.sort((a, b) => a.span.start - b.span.start);
  const [first, ...others] = problems;
  if (first) return { cell: undefined, problems: [first, ...others] };
  if (!cell) throw new Error(`Nothing was read from ${name}, and nothing is wrong with it.`);
  return { cell, problems: [] };
}

function readCell(
  source: string,
  name: string,
  spanOf: (place: Place) => Span,
  report: Report,
): Cell | undefined {
  try {
    const statements = readStatements(source, report);
    return statements && buildCell(statements, source, name, spanOf, report);
  } catch (error) {
    // Brackets by the thousand exhaust the stack; nothing else here throws one.
    if (!(error instanceof RangeError)) throw error;
    report(
      sentence`This text is nested too deeply.`,
      { start: 0, end: 0 },
      sentence`Give parts of it equations of their own.`,
    );
    return undefined;
  }
}

function readStatements(source: string, report: Report): readonly RawStatement[] | undefined {
  try {
    return parse(source) as readonly RawStatement[];
  } catch (error) {
    const described = describeSyntaxError(error, source);
    if (!described) throw error;
    report(described.problem, described.place, described.hint);
    return undefined;
  }
}

function buildCell(
  statements: readonly RawStatement[],
  source: string,
  name: string,
  spanOf: (place: Place) => Span,
  report: Report,
): Cell | undefined {
  const ofKind = <K extends RawStatement['kind']>(kind: K): Extract<RawStatement, { kind: K }>[] =>
    statements.filter((s): s is Extract<RawStatement, { kind: K }> => s.kind === kind);
  for (const { word } of ofKind('unknown')) {
    const guess = didYouMean(word.text, ['init', 'size', 'output']);
    const other = sentence`A line is an equation such as h[t] = …, or starts with init, size or output.`;
    report(sentence`A line cannot start with ${word.text} like this.`, word, joined(guess, other));
  }
  const rawEquations = ofKind('equation');
  if (rawEquations.length === 0) {
    if (ofKind('unknown').length > 0) return undefined;
    const hint = sentence`Write at least one, such as s[t] = tanh(U x[t] + W s[t-1] + b).`;
    report(sentence`There are no equations here.`, { start: 0, end: 0 }, hint);
    return undefined;
  }
  const defined = new Set(rawEquations.map(({ target }) => target.name.text));
  checkTargets(rawEquations, spanOf, report);
  defined.delete(inputName);

  const equations: Equation[] = rawEquations.map((raw) => ({
    name: raw.target.name.text,
    nameSpan: spanOf(raw.target.name),
    expression: elaborate(raw.value, { defined, spanOf, report }),
    span: spanOf(raw),
  }));
  for (const { names, span } of findLoops(equations)) {
    const [first = ''] = names;
    const loop = [...names, first].map((member) => `${member}[t]`).join(' → ');
    const hint = sentence`Break the loop with an earlier value, such as ${first}[t-1].`;
    report(sentence`${first}[t] needs itself: ${loop}.`, span, hint);
  }

  const own = ownPredictionOf(equations);
  const surroundings = {
    defined,
    mentions: mentionsOf(equations.map(({ expression }) => expression)),
    ownPrediction: own !== undefined,
    spanOf,
    report,
  };
  const initials = readInitials(ofKind('init'), surroundings);
  const sizes = readSizes(ofKind('size'), surroundings);
  const output = readOutput(ofKind('output'), surroundings) ?? defaultOutput(equations);
  if (output === undefined) {
    const span = own?.nameSpan ?? { start: 0, end: 0 };
    const hint = sentence`Write an equation for what y is made from, such as h[t] = tanh(U x[t] + W h[t-1]).`;
    report(sentence`The cell defines nothing but its prediction y.`, span, hint);
    return undefined;
  }
  return { name, source, equations, initials, sizes, output };
}

function checkTargets(
  equations: readonly RawEquation[],
  spanOf: (place: Place) => Span,
  report: Report,
): void {
  const first = new Map<string, RawEquation>();
  for (const equation of equations) {
    const { target } = equation;
    const name = target.name.text;
    const earlier = first.get(name);
    const otherName = sentence`Choose another name.`;
    if (name === inputName) {
      const problem = sentence`x is the input of the cell, so no equation can define it.`;
      report(problem, target, otherName);
    } else if (name === timeName) {
      report(sentence`t is the time, so no equation can define it.`, target, otherName);
    } else if (isFunctionName(name)) {
      report(sentence`${name} is a function, so no equation can define it.`, target, otherName);
    } else if (!target.index) {
      const base = name.replace(/_t$/u, '');
      const hint = sentence`Write ${base}[t] = ….`;
      report(sentence`The left side has no time index.`, target, hint);
    } else if (earlier) {
      const line = lineText(spanOf(earlier).line);
      const hint = sentence`Give this one another name; the first is on ${line}.`;
      report(sentence`${name} is defined twice.`, target, hint);
    } else {
      checkPresent(equation, report);
    }
    if (!earlier) first.set(name, equation);
  }
}

/** The left side must be at `[t]`. */
function checkPresent({ target }: RawEquation, report: Report): void {
  if (!target.index) return;
  const lag = readIndex(target, target.index, report);
  if (lag === undefined || lag === 0) return;
  const name = target.name.text;
  const hint = sentence`Write ${name}[t] = … and shift the right side by as many steps.`;
  report(sentence`An equation defines a value at time t.`, target, hint);
}
