/** Which equations go through time step by step, and which of all steps at once, before those or after them. */
import { visit } from '../../equations/names';
import type { Equation } from '../../equations/syntax';

export interface Phases {
  /** Read nothing that the recurrence gives: computed for all steps at once. In an order in which each finds what it reads. */
  readonly before: readonly Equation[];
  /** Step by step. */
  readonly loop: readonly Equation[];
  /** Read the recurrence, which does not read them. */
  readonly after: readonly Equation[];
}

/** @param equations in an order in which each one's values of the same time come before it */
export function phasesOf(equations: readonly Equation[]): Phases {
  const byName = new Map(equations.map((equation) => [equation.name, equation]));
  const reads = new Map(equations.map((equation) => [equation.name, readsOf(equation, byName)]));
  const reached = new Map([...reads.keys()].map((name) => [name, reachedFrom(name, reads)]));
  const isReached = (from: string, name: string): boolean => reached.get(from)!.has(name);
  const recurrent = [...reads.keys()].filter((name) => isReached(name, name));
  const readsRecurrence = (name: string) => recurrent.some((other) => isReached(name, other));
  const isRead = (name: string) => recurrent.some((other) => isReached(other, name));
  const isLoop = ({ name }: Equation) => readsRecurrence(name) && isRead(name);
  const ordered = inOrder(
    equations.filter((equation) => !isLoop(equation)),
    reads,
  );
  return {
    before: ordered.filter(({ name }) => !readsRecurrence(name)),
    loop: equations.filter(isLoop),
    after: ordered.filter(({ name }) => readsRecurrence(name)),
  };
}

/** The equations that one needs, itself among them, whatever the lag. */
export function neededFor(name: string, equations: readonly Equation[]): readonly Equation[] {
  const byName = new Map(equations.map((equation) => [equation.name, equation]));
  const reads = new Map(equations.map((equation) => [equation.name, readsOf(equation, byName)]));
  const needed = reachedFrom(name, reads).add(name);
  return equations.filter((equation) => needed.has(equation.name));
}

function readsOf(
  { expression }: Equation,
  byName: ReadonlyMap<string, Equation>,
): ReadonlySet<string> {
  const names = new Set<string>();
  visit(expression, (node) => {
    if (node.kind === 'variable' && byName.has(node.name)) names.add(node.name);
  });
  return names;
}

function reachedFrom(start: string, reads: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>();
  const stack = [...reads.get(start)!];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    stack.push(...reads.get(name)!);
  }
  return found;
}

/** Equations none of which needs itself, each after those that it reads at whatever step. */
function inOrder(
  equations: readonly Equation[],
  reads: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Equation[] {
  const byName = new Map(equations.map((equation) => [equation.name, equation]));
  const ordered = new Set<Equation>();
  const place = (equation: Equation): void => {
    if (ordered.has(equation)) return;
    for (const name of reads.get(equation.name)!) {
      const needed = byName.get(name);
      if (needed) place(needed);
    }
    ordered.add(equation);
  };
  equations.forEach(place);
  return [...ordered];
}
