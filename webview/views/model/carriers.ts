import type { PanelFacts } from '../../../src/protocol/panel';

type Network = PanelFacts['network'];

/** What each matrix multiplies, each once, by symbol: `W` and `s[t-1]`. */
export function operandsOf({ equations }: Network): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { matrix, operand } of equations.flatMap(({ products }) => products)) {
    found.set(matrix, (found.get(matrix) ?? new Set()).add(operand));
  }
  return found;
}

/** The matrices that carry something into a cell, across steps, and out of it. */
export interface Carriers {
  /** They multiply the input `x[t]`. */
  readonly input: ReadonlySet<string>;
  /** They multiply what another step left: `W s[t-1]`, `W (r[t] * h[t-1])`, `W b[t+1]`. */
  readonly recurrent: ReadonlySet<string>;
  /** Of the output layer. */
  readonly output: ReadonlySet<string>;
}

export function carriersOf({ equations }: Network): Carriers {
  const carriers = {
    input: new Set<string>(),
    recurrent: new Set<string>(),
    output: new Set<string>(),
  };
  for (const { products, place } of equations) {
    for (const { matrix, reads } of products) {
      if (reads.some(({ lag }) => lag !== 0)) carriers.recurrent.add(matrix);
      else if (reads.some(({ name }) => name === 'x')) carriers.input.add(matrix);
      else if (place === 'output') carriers.output.add(matrix);
    }
  }
  return carriers;
}

/** Names in little room: `U`; `W∗` for Wi, Wf, Wo and Wg; `U, E`; `U, …`. */
export function shortNames(names: Iterable<string>): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return first;
  const [letter = ''] = Array.from(first);
  if (others.every((other) => other.startsWith(letter))) return `${letter}∗`;
  const all = [...names].join(', ');
  return all.length <= 6 ? all : `${first}, …`;
}
