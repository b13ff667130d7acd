/** What goes from step to step in a model of examples, and what reads it: how its unrolled network is drawn. */
import { responseOf } from '../equations/model-shape';
import { isState, mentionsOf, readsOf, visit } from '../equations/names';
import { inputName, type Cell, type Domain, type Expression } from '../equations/syntax';
import { inputIn } from '../graph/model-graph';

/** A state or an input that is read, and at which of its steps: the reader's own, its first or last, or all. */
export interface LaneRead {
  readonly name: string;
  readonly at: 'same' | 'first' | 'last' | 'all';
}

/** A state with the equations that are its own: `h` with `h.z`, `h.c`. */
export interface Lane {
  readonly state: string;
  readonly domain: Domain;
  /** Whether it reads the step after, so that it runs from right to left. */
  readonly backward: boolean;
  /** States of other lanes that it reads, and inputs: `x`, `x[t]`, `x[u]`; also by way of variables that are no states. */
  readonly reads: readonly LaneRead[];
  /** The same of what it begins with; empty: zeros, or what is learnt. */
  readonly start: readonly LaneRead[];
}

export interface Lanes {
  /** In the order of the equations. */
  readonly lanes: readonly Lane[];
  /** States and inputs that the prediction reads. */
  readonly output: readonly LaneRead[];
}

export function lanesOf(cell: Cell): Lanes {
  const { equations, starts } = cell;
  const mentions = mentionsOf(equations.map(({ expression }) => expression));
  const names = new Set(equations.map(({ name }) => name));
  const parentOf = (name: string): string => {
    const dot = name.lastIndexOf('.');
    return dot >= 0 && names.has(name.slice(0, dot)) ? parentOf(name.slice(0, dot)) : name;
  };
  const states = new Set(
    equations.filter(({ name }) => isState(mentions, name)).map(({ name }) => parentOf(name)),
  );
  const byName = new Map(equations.map((equation) => [equation.name, equation]));

  /** @param own a lane whose own variables are passed through */
  function readsIn(expressions: readonly Expression[], own: string | undefined): LaneRead[] {
    const found = new Map<string, LaneRead>();
    const add = (name: string, at: LaneRead['at']) => found.set(`${name} ${at}`, { name, at });
    const seen = new Set<string>();
    const follow = (expression: Expression): void => {
      visit(expression, (node) => {
        for (const { name } of readsOf(node)) {
          if (name === inputName) {
            add(inputIn('domain' in node ? node.domain : 'example'), stepsOf(node));
            continue;
          }
          const lane = parentOf(name);
          if (states.has(lane)) {
            if (lane !== own) add(lane, stepsOf(node));
          } else if (!seen.has(name)) {
            seen.add(name);
            follow(byName.get(name)!.expression);
          }
        }
      });
    };
    expressions.forEach(follow);
    return [...found.values()];
  }

  const lanes = [...states].map((state): Lane => {
    const own = equations.filter(({ name }) => parentOf(name) === state);
    const begins = [...starts].filter(([name]) => parentOf(name) === state);
    return {
      state,
      domain: byName.get(state)!.domain,
      backward: own.some(({ name }) => mentions.leads.has(name)),
      reads: readsIn(
        own.map(({ expression }) => expression),
        state,
      ),
      start: readsIn(
        begins.map(([, { expression }]) => expression),
        undefined,
      ),
    };
  });
  const response = responseOf(cell);
  return { lanes, output: response ? readsIn([response.equation.expression], undefined) : [] };
}

function stepsOf(node: Expression): LaneRead['at'] {
  if (node.kind === 'end') return node.at;
  return node.kind === 'pool' || node.kind === 'attend' ? 'all' : 'same';
}
