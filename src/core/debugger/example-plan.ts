/** What is worked out of an example: phases one after the other, an encoder's before its decoder's, each step by step. */
import { evaluationOrder } from '../equations/order';
import { isState, mentionsOf, readsOf, visit } from '../equations/names';
import { printEquation, printExpression } from '../equations/print';
import { inputName, predictionName, type Domain, type Equation } from '../equations/syntax';
import { structureOfExamples } from '../engine/structure';
import type { ExampleModelSpec } from '../graph/model-graph';
import type { Phase } from './course';
import { partsOf, type Instruction, type Plan } from './plan';

/** Of a model of examples. */
export interface ExamplePlan extends Plan {
  readonly spec: ExampleModelSpec & { readonly layers: 1 };
  /** The variable that stands before the first step of another, where an `init` line works it out. */
  startOf(variable: number): number | undefined;
}

/** What `init name = EXPRESSION` works out, among the variables. */
export const startName = (name: string): string => `init ${name}`;

/** @throws EquationError if the shapes do not fit */
export function createExamplePlan(spec: ExampleModelSpec): ExamplePlan {
  const { cell } = spec;
  const structure = structureOfExamples(spec);
  const described = new Map(structure.variables.map((variable) => [variable.name, variable]));
  const starts = [...cell.starts].map(([name, { expression, span }]): Equation => ({
    ...{ name: startName(name), nameSpan: span, domain: 'example', expression, span },
  }));
  const groups = phasesOf([...cell.equations, ...starts], cell.starts);
  const instructions: Instruction[] = [];
  const phases: Phase[] = [];
  for (const { domain, direction, equations } of groups) {
    const from = instructions.length;
    for (const equation of evaluationOrder(equations)) {
      const { name, expression } = equation;
      const own = described.get(name);
      const started = own ? name : name.slice(startName('').length);
      instructions.push({
        ...{ index: instructions.length, layer: 1, name, symbol: name, equation },
        text: own ? printEquation(equation) : `${name} = ${printExpression(expression)}`,
        isWritten: true,
        isPrediction: name === predictionName,
        width: own?.width ?? described.get(started)!.width,
        activation: own?.activation ?? null,
        parts: partsOf(expression),
      });
    }
    phases.push({ domain, isReversed: direction < 0, from, to: instructions.length });
  }
  const byName = new Map(instructions.map(({ name, index }) => [name, index]));
  const inputs = instructions.length;
  const mentions = mentionsOf(cell.equations.map(({ expression }) => expression));
  return {
    ...{ spec: { ...spec, layers: 1 }, structure, instructions, phases, inputs, layers: 1 },
    isOfExamples: true,
    states: instructions.flatMap(({ index, name, width }) => {
      if (!isState(mentions, name)) return [];
      const lag = Math.max(mentions.lags.get(name) ?? 0, mentions.leads.get(name) ?? 0);
      return [{ variable: index, width, lag }];
    }),
    variable: (_, name) => (name === inputName ? inputs : byName.get(name)!),
    parameter: (_, symbol) => symbol,
    startOf: (variable) => byName.get(startName(instructions[variable]?.name ?? '')),
  };
}

interface Group {
  readonly domain: Domain;
  /** 1: from left to right, -1: from right to left, 0: either. */
  direction: -1 | 0 | 1;
  readonly equations: Equation[];
}

/** A variable that an equation reads: at so many steps before, or when all of its steps are there. */
interface Read {
  readonly name: string;
  readonly lag: number | 'all';
}

function readsIn({ expression }: Equation): Read[] {
  const reads: Read[] = [];
  visit(expression, (node) => {
    for (const { name } of readsOf(node)) {
      if (name === inputName) continue;
      const lag = node.kind === 'variable' ? node.lag : node.kind === 'whole' ? 0 : 'all';
      reads.push({ name, lag });
    }
  });
  return reads;
}

/** Equations in as few phases as their loops, directions and kinds of steps allow. */
function phasesOf(
  equations: readonly Equation[],
  starts: { has(name: string): boolean },
): readonly Group[] {
  const byName = new Map(equations.map((equation) => [equation.name, equation]));
  const reads = new Map(equations.map((equation) => [equation.name, readsIn(equation)]));
  const needs = (name: string): Read[] => {
    const own = reads.get(name)!;
    return starts.has(name) ? [...own, { name: startName(name), lag: 'all' }] : own;
  };
  const groups: Group[] = [];
  const groupOf = new Map<string, number>();
  for (const loop of loopsOf(equations, needs)) {
    const { domain } = byName.get(loop[0]!)!;
    const within = new Set(loop);
    const lags = loop.flatMap((name) =>
      needs(name).flatMap(({ name: read, lag }) => (within.has(read) ? [lag] : [])),
    );
    const isBackwards = lags.some((lag) => lag !== 'all' && lag < 0);
    // What a cell that is applied works out besides goes the way of its state.
    const base = /^(\p{L}[\p{L}\p{M}\p{Nd}_]*)\./u.exec(loop[0]!)?.[1];
    const goesBack = isBackwards || equations.some((each) => each.name === base && leads(each));
    const direction = goesBack ? -1 : lags.some((lag) => lag !== 0 && lag !== 'all') ? 1 : 0;
    let earliest = 0;
    for (const { name, lag } of loop.flatMap(needs)) {
      if (within.has(name)) continue;
      const at = groupOf.get(name)!;
      const isBeside =
        fits(groups[at]!, domain, direction) && isReadable(lag, groups[at]!, direction);
      earliest = Math.max(earliest, isBeside ? at : at + 1);
    }
    let at = groups.findIndex((group, i) => i >= earliest && fits(group, domain, direction));
    if (at < 0) at = groups.push({ domain, direction: 0, equations: [] }) - 1;
    if (direction !== 0) groups[at]!.direction = direction;
    for (const name of loop) {
      groups[at]!.equations.push(byName.get(name)!);
      groupOf.set(name, at);
    }
  }
  return groups;
}

/** Whether a variable runs from right to left. */
function leads({ name, expression }: Equation): boolean {
  let found = false;
  visit(expression, (node) => {
    found ||= node.kind === 'variable' && node.lag < 0 && node.name.split('.')[0] === name;
  });
  return found;
}

/** Whether what has this direction can be worked out with a group: what has none goes from left to right. */
function fits(group: Group, domain: Domain, direction: number): boolean {
  if (group.domain !== domain) return false;
  return direction < 0 === group.direction < 0;
}

/** Whether a value of another step, or of this one, is there when both are worked out step by step. */
function isReadable(lag: Read['lag'], group: Group, direction: number): boolean {
  if (lag === 'all') return false;
  return group.direction < 0 || direction < 0 ? lag <= 0 : lag >= 0;
}

/** Variables that need each other, over steps too (Tarjan 1972): what a loop needs comes before it. */
function loopsOf(
  equations: readonly Equation[],
  needs: (name: string) => readonly Read[],
): string[][] {
  const found: string[][] = [];
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const follow = (name: string): number => {
    const number = numbers.size;
    numbers.set(name, number);
    open.push(name);
    let lowest = number;
    for (const { name: read } of needs(name)) {
      if (!numbers.has(read)) lowest = Math.min(lowest, follow(read));
      else if (open.includes(read)) lowest = Math.min(lowest, numbers.get(read)!);
    }
    if (lowest === number) found.push(open.splice(open.indexOf(name)));
    return lowest;
  };
  for (const { name } of equations) if (!numbers.has(name)) follow(name);
  return found;
}
