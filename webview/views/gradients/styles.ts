import type { ChartColor } from '../../theme';
import type { Group, ParameterEntry, Role } from './groups';

/** How a parameter's line looks. */
export interface LineStyle {
  readonly color: ChartColor;
  readonly dash?: readonly number[];
}

/** Not orange, which is transparent in most themes, nor the text's own, which the norm of all has. */
const colors: readonly ChartColor[] = ['blue', 'green', 'purple', 'yellow', 'red'];
const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];
const dashOfRole: Record<Role, number> = {
  recurrent: 0,
  input: 1,
  bias: 2,
  output: 3,
  embedding: 3,
};

/**
 * Colours and dashes so that no two lines of a group look alike: where they are few, each has a colour of
 * its own and the dash tells its role; where they are many, those of a gate share its colour.
 */
export function stylesOf(entries: readonly ParameterEntry[], group: Group): LineStyle[] {
  const few = entries.length <= colors.length;
  const ranks = new Map<string, number>();
  const owners = [...new Set(entries.map(({ layer, owner }) => `${String(layer)} ${owner}`))];
  return entries.map(({ role, layer, owner }, i) => {
    const byLayer = group.kind === 'recurrent';
    const place = owners.indexOf(`${String(layer)} ${owner}`);
    const kind = byLayer ? String(place) : role;
    const rank = ranks.get(kind) ?? 0;
    ranks.set(kind, rank + 1);
    // From the other end: the output layer belongs to no gate.
    const isOutput = role === 'output' || role === 'embedding';
    const hue = few ? i : isOutput ? -1 - rank : rank;
    const dash = dashes[byLayer ? place % dashes.length : dashOfRole[role]]!;
    const color = colors.at(hue % colors.length)!;
    return dash.length === 0 ? { color } : { color, dash };
  });
}

/** A colour a symbol, a dash a layer. */
export function stylesOfVariables(
  variables: readonly { readonly symbol: string; readonly layer: number }[],
): LineStyle[] {
  const symbols = [...new Set(variables.map(({ symbol }) => symbol))];
  return variables.map(({ symbol, layer }) => {
    const color = colors[symbols.indexOf(symbol) % colors.length]!;
    const dash = dashes[(layer - 1) % dashes.length]!;
    return dash.length === 0 ? { color } : { color, dash };
  });
}
