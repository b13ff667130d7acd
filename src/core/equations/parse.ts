import { joined, sentence } from '../sentence';
import { builtinCells } from '../cells';
import { expand, innerNames, type Expansion } from './apply';
import { answerLeaks, orderProblems } from './cycles';
import { readInitials, readOutput, readSizes, readStarts } from './directives';
import { elaborate } from './elaborate';
import type { Report } from './errors';
import { parse } from './equations.peggy';
import { EquationError } from './errors';
import { inputOf, lettersIn, readLeftSides, type LeftSide } from './left-sides';
import { appliedCells, mentionsOf } from './names';
import { printTarget } from './notation';
import { findLoops } from './order';
import { spansOf } from './places';
import { printExpression } from './print';
import type { Place, RawExpression, RawStatement } from './raw';
import { nothing } from './sequence-reads';
import { didYouMean, lineText } from '../suggest';
import { describeSyntaxError } from './syntax-error';
import {
  defaultOutput,
  expressionsOf,
  inputName,
  ownPredictionOf,
  predictionName,
  type Cell,
  type Domain,
  type Equation,
  type Expression,
  type Span,
} from './syntax';

/** A reading of a text: the cell if nothing is wrong with it, else all that is wrong, from top to bottom. */
export type Diagnosis =
  | { readonly cell: Cell; readonly problems: readonly [] }
  | { readonly cell: undefined; readonly problems: readonly [EquationError, ...EquationError[]] };

/** Cells that a text may apply beside the built-in ones, by the words it applies them by. */
export type OtherCells = ReadonlyMap<string, Cell>;
const noOthers: OtherCells = new Map();

/**
 * Reads a cell from the text of its equations (docs/equations.md has the language).
 *
 * @param name what the cell is called, and its errors name: `lstm`, or a file's base name
 * @throws EquationError the first thing that is wrong, with its place and what to do about it
 */
export function parseCell(source: string, name: string, others = noOthers): Cell {
  const { cell, problems } = diagnoseCell(source, name, others);
  if (cell === undefined) throw problems[0];
  return cell;
}

/** Like `parseCell`, but returns all errors instead of throwing the first. */
export function diagnoseCell(source: string, name: string, others = noOthers): Diagnosis {
  const spanOf = spansOf(source);
  const problems: EquationError[] = [];
  const report: Report = (problem, { start, end }, hint) => {
    problems.push(new EquationError(problem, spanOf({ start, end }), hint, name));
  };
  const cell = readCell(source, name, others, spanOf, report);
  problems.sort((a, b) => a.span.start - b.span.start);
  const [first, ...rest] = problems;
  if (first) return { cell: undefined, problems: [first, ...rest] };
  if (!cell) throw new Error(`Nothing was read from ${name}, and nothing is wrong with it.`);
  return { cell, problems: [] };
}

function readCell(
  source: string,
  name: string,
  others: OtherCells,
  spanOf: (place: Place) => Span,
  report: Report,
): Cell | undefined {
  try {
    const statements = readStatements(source, report);
    return statements && buildCell(statements, { source, name, others, spanOf, report });
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

interface Reading {
  readonly source: string;
  readonly name: string;
  readonly others: OtherCells;
  readonly spanOf: (place: Place) => Span;
  readonly report: Report;
}

function buildCell(
  statements: readonly RawStatement[],
  { source, name, others, spanOf, report }: Reading,
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
  const values = [...rawEquations, ...ofKind('init')].map(({ value }) => value);
  const letters = lettersIn(values.concat(rawEquations.map(({ target }) => target)));
  const cells = new Set([...appliedCells.keys(), ...others.keys()]);
  const applied = (word: string): Cell => others.get(word) ?? builtinCell(word);
  const leftSides = readLeftSides(rawEquations, { letters, cells, spanOf, report });
  const text = {
    ...{ letters, cells, spanOf, report, isStart: false },
    defined: definedBy(leftSides, applied, spanOf, report),
    input: inputOf(values, leftSides),
  };
  const expansions: Expansion[] = [];
  const equations = leftSides.flatMap(({ raw, domain, call }): readonly Equation[] => {
    const surroundings = { ...text, domain };
    const read = (value: RawExpression): Expression => elaborate(value, surroundings);
    const nameSpan = spanOf(raw.target.name);
    const own = { name: raw.target.name.text, nameSpan, domain, span: spanOf(raw) };
    if (!call) return [{ ...own, expression: read(raw.value) }];
    const expansion = expand(raw, call, applied(call.head.name.text), read, surroundings);
    if (expansion) expansions.push(expansion);
    return expansion?.equations ?? [{ ...own, expression: nothing(raw.value, surroundings) }];
  });
  checkLoops(equations, report);

  const own = ownPredictionOf(equations);
  const given = { ...text, domain: 'example', ownPrediction: own !== undefined } as const;
  const ownMentions = mentionsOf(equations.map(({ expression }) => expression));
  const starts = readStarts(ofKind('init'), { ...given, mentions: ownMentions });
  const mentions = mentionsOf(expressionsOf({ equations, starts }));
  const surroundings = { ...given, mentions };
  const initials = readInitials(ofKind('init'), surroundings);
  const sizes = readSizes(ofKind('size'), surroundings);
  for (const expansion of expansions) {
    // What the text itself says of a part of an applied cell has the last word.
    expansion.initials.forEach((entry, key) => initials.has(key) || initials.set(key, entry));
    expansion.sizes.forEach((entry, key) => sizes.has(key) || sizes.set(key, entry));
  }
  checkOrder({ equations, starts }, report);
  const output =
    readOutput(ofKind('output'), surroundings) ??
    defaultOutput(equations) ??
    (own?.domain === 'example' ? own.name : undefined);
  if (output === undefined) {
    const span = own?.nameSpan ?? { start: 0, end: 0 };
    const hint = sentence`Write an equation for what y is made from, such as h[t] = tanh(U x[t] + W h[t-1]).`;
    report(sentence`The cell defines nothing but its prediction y.`, span, hint);
    return undefined;
  }
  return { name, source, equations, initials, starts, sizes, output };
}

/** A built-in cell by the name that a text applies it by. */
function builtinCell(word: string): Cell {
  const name = appliedCells.get(word)!;
  return parseCell(builtinCells.get(name)!, name);
}

/** All left sides, those of applied cells included. */
function definedBy(
  leftSides: readonly LeftSide[],
  cellOf: (word: string) => Cell,
  spanOf: (place: Place) => Span,
  report: Report,
): Map<string, Domain> {
  const applied = new Map<string, LeftSide>();
  for (const side of leftSides) {
    if (!side.call) continue;
    const inner = innerNames(side.raw.target.name.text, cellOf(side.call.head.name.text));
    for (const part of inner) applied.set(part, side);
  }
  const defined = new Map([...applied].map(([name, { domain }]) => [name, domain]));
  for (const { raw, domain } of leftSides) {
    const name = raw.target.name.text;
    const maker = applied.get(name)?.raw;
    if (maker) {
      const line = lineText(spanOf(maker).line);
      const hint = sentence`Give this one another name; the first is on ${line}.`;
      report(sentence`${name} is defined twice.`, raw.target, hint);
    }
    if (name !== inputName) defined.set(name, domain);
  }
  return defined;
}

/** Values of one step that need each other. */
function checkLoops(equations: readonly Equation[], report: Report): void {
  const domains = new Map(equations.map(({ name, domain }) => [name, domain]));
  for (const { names, span } of findLoops(equations)) {
    const [first = ''] = names;
    const told = (member: string): string => printTarget(member, domains.get(member) ?? 't');
    const loop = [...names, first].map(told).join(' → ');
    const hint = sentence`Break the loop with an earlier value, such as ${first}[t-1].`;
    report(sentence`${told(first)} needs itself: ${loop}.`, span, hint);
  }
}

/** What cannot be computed in any order, and what knows the answer before it is given. */
function checkOrder(rules: Pick<Cell, 'equations' | 'starts'>, report: Report): void {
  if (findLoops(rules.equations).length > 0) return;
  for (const { problem, span, hint } of orderProblems(rules)) report(problem, span, hint);
  const prediction = rules.equations.find(({ name }) => name === predictionName);
  if (!prediction) return;
  for (const leak of answerLeaks(rules, prediction, 'u')) {
    const read = printExpression(leak);
    report(
      sentence`${read} knows the answer: y would be told what it is to predict.`,
      leak.span,
      sentence`x[u] is the answer one step before, so what y is made from may read only earlier steps of it; a source that is known from the start is x[t].`,
    );
  }
}
