import { visit } from './names';
import type { Equation, Span } from './syntax';

/** Variables that need each other within one step: an algebraic loop. */
export interface Loop {
  /** In the order of need; the last one needs the first. */
  readonly names: readonly string[];
  /** Where the last one reads the first. */
  readonly span: Span;
}

/** Loops among values of the same time (lag 0), at most one for each equation that closes one. */
export function findLoops(equations: readonly Equation[]): Loop[] {
  const byName = new Map(equations.map((equation) => [equation.name, equation]));
  const done = new Set<string>();
  const path: string[] = [];
  const loops: Loop[] = [];
  const follow = (equation: Equation): void => {
    path.push(equation.name);
    for (const [name, span] of presentReads(equation)) {
      const needed = byName.get(name);
      const start = path.indexOf(name);
      if (start >= 0) loops.push({ names: path.slice(start), span });
      else if (needed && !done.has(name)) follow(needed);
    }
    path.pop();
    done.add(equation.name);
  };
  for (const equation of equations) if (!done.has(equation.name)) follow(equation);
  return loops;
}

/**
 * The equations in an order in which each one's values of the same time come before it;
 * otherwise as written.
 */
export function evaluationOrder(equations: readonly Equation[]): Equation[] {
  const byName = new Map(equations.map((equation) => [equation.name, equation]));
  const ordered = new Set<Equation>();
  const place = (equation: Equation): void => {
    if (ordered.has(equation)) return;
    for (const name of presentReads(equation).keys()) {
      const needed = byName.get(name);
      if (needed) place(needed);
    }
    ordered.add(equation);
  };
  equations.forEach(place);
  return [...ordered];
}

/** What an equation reads of its own step, or of the example as a whole, with the first place of each. */
export function presentReads({ expression }: Equation): ReadonlyMap<string, Span> {
  const reads = new Map<string, Span>();
  visit(expression, (node) => {
    const isPresent = node.kind === 'whole' || (node.kind === 'variable' && node.lag === 0);
    if (isPresent && !reads.has(node.name)) reads.set(node.name, node.span);
  });
  return reads;
}
