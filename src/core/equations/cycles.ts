import { readsOf, visit } from './names';
import { printExpression } from './print';
import { sentence, type Sentence } from '../sentence';
import type { Cell, Equation, Expression, Span, StepDomain } from './syntax';

/** One variable's need of another. */
interface Need {
  readonly of: string;
  /** How many steps before; negative: after. Undefined: of all its steps, or of its start. */
  readonly lag: number | undefined;
  /** As written. */
  readonly read: Expression;
}

type Rules = Pick<Cell, 'equations' | 'starts'>;

/** Each variable with what it needs, starts included. */
function needsOf({ equations, starts }: Rules): Map<string, Need[]> {
  const needs = new Map(equations.map(({ name }) => [name, [] as Need[]]));
  const collect = (name: string, expression: Expression, isStart: boolean): void => {
    visit(expression, (read) => {
      for (const { name: of } of readsOf(read)) {
        const lag = read.kind === 'variable' ? read.lag : read.kind === 'whole' ? 0 : undefined;
        if (needs.has(of)) needs.get(name)?.push({ of, lag: isStart ? undefined : lag, read });
      }
    });
  };
  for (const { name, expression } of equations) collect(name, expression, false);
  for (const [name, { expression }] of starts) collect(name, expression, true);
  return needs;
}

/** Groups of variables that need each other, through time as well (Tarjan 1972); each variable is in one. */
function componentsOf(needs: ReadonlyMap<string, readonly Need[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const follow = (name: string): void => {
    const own = order.size;
    order.set(name, own);
    low.set(name, own);
    stack.push(name);
    for (const { of } of needs.get(name) ?? []) {
      if (!order.has(of)) follow(of);
      if (stack.includes(of)) low.set(name, Math.min(low.get(name)!, low.get(of)!));
    }
    if (low.get(name) === own) found.push(stack.splice(stack.indexOf(name)));
  };
  for (const name of needs.keys()) if (!order.has(name)) follow(name);
  return found;
}

/**
 * The variables in the groups in which they are computed, each group after what it needs: a single one, or all that need
 * each other through time.
 */
export function computedTogether(rules: Rules): readonly (readonly string[])[] {
  return componentsOf(needsOf(rules));
}

/** A group of variables that are computed together, and the reads within it. */
interface Loop {
  readonly names: ReadonlySet<string>;
  readonly needs: readonly Need[];
}

function loopsOf(rules: Rules): Loop[] {
  const needs = needsOf(rules);
  return componentsOf(needs).map((component) => {
    const names = new Set(component);
    const inner = component.flatMap((name) => needs.get(name)!.filter(({ of }) => names.has(of)));
    return { names, needs: inner };
  });
}

/** The variables whose loop runs from right to left: a step needs the one after it. */
export function rightToLeft(rules: Rules): Set<string> {
  const backward = loopsOf(rules).filter(({ needs }) => needs.some(({ lag = 0 }) => lag < 0));
  return new Set(backward.flatMap(({ names }) => [...names]));
}

interface Problem {
  readonly problem: Sentence;
  readonly span: Span;
  readonly hint: Sentence;
}

/** What no order of computation can satisfy, and ends that are on the wrong side. */
export function orderProblems(rules: Rules): Problem[] {
  return [...loopsOf(rules).flatMap(loopProblems), ...wrongEnds(rules)];
}

function loopProblems({ names, needs }: Loop): Problem[] {
  const all = needs.find(({ lag }) => lag === undefined);
  if (all) {
    const written = printExpression(all.read);
    return [
      {
        problem: sentence`${written} is known only when every step of ${all.of} is, but ${all.of} needs it.`,
        span: all.read.span,
        hint: sentence`Read a single step instead, such as ${all.of}[t-1].`,
      },
    ];
  }
  const [past, future] = [1, -1].map((sign) => needs.find(({ lag = 0 }) => lag * sign > 0));
  if (!past || !future) return [];
  const [name = ''] = names;
  const both = [past, future].map(({ read }) => printExpression(read));
  return [
    {
      problem: sentence`${name} would run both ways: its loop reads ${both[0]!} and ${both[1]!}.`,
      span: future.read.span,
      hint: sentence`A loop runs one way only: give each direction a variable of its own, as in f[t] = … f[t-1] … and b[t] = … b[t+1] ….`,
    },
  ];
}

/** `[T]` of what runs from right to left has read only the last step. */
function wrongEnds(rules: Rules): Problem[] {
  const backward = rightToLeft(rules);
  const found: Problem[] = [];
  for (const { expression } of [...rules.equations, ...rules.starts.values()]) {
    visit(expression, (node) => {
      if (node.kind !== 'end' || node.at !== 'last' || !backward.has(node.name)) return;
      const { name, span, domain } = node;
      found.push({
        problem: sentence`${name} runs from right to left, so ${name}[T] has read only the last step.`,
        span,
        hint: sentence`Write ${name}[1] for what has read all steps; if the last step is meant, give it a name of its own, as in e[${domain}] = ${name}[${domain}], and write e[T].`,
      });
    });
  }
  return found;
}

/**
 * Where a model looks at the answer that it is to predict: a read of a later step, an end, a pool or attention, on
 * a path from `y` to the answer one step before.
 *
 * @param letter of the answer: its `x[letter]` is the answer one step before
 */
export function answerLeaks(rules: Rules, prediction: Equation, letter: StepDomain): Expression[] {
  const needs = needsOf(rules);
  const informed = informedBy(rules, letter);
  const reads = new Map(rules.equations.map(({ name, expression }) => [name, expression]));
  const leaks: Expression[] = [];
  const seen = new Set<string>();
  const follow = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const own = [reads.get(name), rules.starts.get(name)?.expression].filter((part) => !!part);
    for (const part of own) {
      visit(part, (node) => {
        const isAhead =
          (node.kind === 'variable' && node.lag < 0) ||
          (node.kind === 'end' && node.at === 'last') ||
          node.kind === 'pool' ||
          node.kind === 'attend';
        if (isAhead && readsOf(node).some((read) => informed(read.name, node))) leaks.push(node);
      });
    }
    for (const { of } of needs.get(name) ?? []) follow(of);
  };
  follow(prediction.name);
  return leaks;
}

/** Whether what a node reads depends on the answer. */
function informedBy(rules: Rules, letter: StepDomain): (name: string, node: Expression) => boolean {
  const isAnswer = (name: string, node: Expression): boolean =>
    name === 'x' && 'domain' in node && node.domain === letter;
  const needs = needsOf(rules);
  const informed = new Set<string>();
  for (const { name, expression } of rules.equations) {
    visit(expression, (node) => {
      if (readsOf(node).some((read) => isAnswer(read.name, node))) informed.add(name);
    });
  }
  for (let before = -1; before < informed.size;) {
    before = informed.size;
    for (const [name, own] of needs) if (own.some(({ of }) => informed.has(of))) informed.add(name);
  }
  return (name, node) => informed.has(name) || isAnswer(name, node);
}
