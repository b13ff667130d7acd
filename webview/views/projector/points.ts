/** Points of a projection: how they are coloured, found, and kept in their places from one moment to the next. */
import type { ProjectionMessage } from '../../../src/protocol/panel';
import { chartColors, mixed, type ChartColor, type Theme } from '../../theme';

export type Projection = NonNullable<ProjectionMessage['result']>;

/** What points are coloured by. */
export type ColorBy = 'class' | 'token' | 'loss' | 'nothing';

/** Number of axes. */
export function axesOf({ shares }: Projection): number {
  return shares.length;
}

/** Where each point lies along an axis, from 0. */
export function along({ coordinates, shares, names }: Projection, axis: number): Float64Array {
  return Float64Array.from(names, (_, point) => coordinates[point * shares.length + axis]!);
}

/**
 * The same points with each axis turned the way that it had before: of a principal axis only the line is given.
 * @param before undefined, or of other points: nothing is turned
 */
export function turned(now: Projection, before: Projection | undefined): Projection {
  const axes = axesOf(now);
  const areSame =
    before?.of === now.of &&
    axesOf(before) === axes &&
    before.names.length === now.names.length &&
    before.names.every((name, i) => name === now.names[i]);
  if (!areSame) return now;
  const agreement = new Float64Array(axes);
  now.coordinates.forEach((value, i) => (agreement[i % axes]! += value * before.coordinates[i]!));
  const coordinates = now.coordinates.map((value, i) =>
    agreement[i % axes]! < 0 ? -value : value,
  );
  return { ...now, coordinates };
}

/** What a colour says, with the points that have it. */
export interface Group {
  readonly name: string;
  readonly color: ChartColor;
  readonly count: number;
}

export interface Coloring {
  /** Those that stand in the legend; `undefined` in the place of a name: all others. */
  readonly groups: readonly (Omit<Group, 'name'> & { readonly name: string | undefined })[];
  readonly colorOf: (point: number, theme: Theme) => string;
  /** Least and greatest loss, where points are coloured by it. */
  readonly scale?: readonly [least: number, greatest: number];
}

/** Colours that can be told apart; the last is for all others. */
const own = chartColors.slice(0, -1);

/** The values that are most frequent have colours of their own. */
function byValue(values: readonly (string | undefined)[]): Coloring {
  const counts = new Map<string, number>();
  for (const value of values)
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, own.length);
  const colors = new Map(frequent.map(([name], i) => [name, own[i]!]));
  const rest = values.length - frequent.reduce((sum, [, count]) => sum + count, 0);
  return {
    groups: [
      ...frequent.map(([name, count]) => ({ name, count, color: colors.get(name)! })),
      ...(rest > 0 ? [{ name: undefined, count: rest, color: 'foreground' as const }] : []),
    ],
    colorOf(point, theme) {
      const value = values[point];
      const color = value === undefined ? undefined : colors.get(value);
      return color === undefined ? theme.foreground : theme.charts[color];
    },
  };
}

/** Blue where there is little, red where there is much; the greatest hundredth does not determine the scale. */
function byLoss(loss: Float64Array): Coloring {
  const known = loss.filter((value) => !Number.isNaN(value)).sort();
  const least = known[0] ?? NaN;
  const greatest = known[Math.floor(0.99 * (known.length - 1))] ?? NaN;
  return {
    groups: [],
    scale: [least, greatest],
    colorOf(point, theme) {
      const value = loss[point]!;
      if (Number.isNaN(value)) return theme.foreground;
      const share = greatest > least ? Math.min(1, (value - least) / (greatest - least)) : 0;
      return mixed(theme.charts.blue, theme.charts.red, share);
    },
  };
}

export function coloringBy(by: ColorBy, of: Projection): Coloring {
  switch (by) {
    case 'class':
      return byValue(Array.from(of.classes, (place) => of.classNames[place]));
    case 'token':
      return byValue(of.names);
    case 'loss':
      return byLoss(of.loss);
    case 'nothing':
      return { groups: [], colorOf: (_, theme) => theme.training };
  }
}

/** Points whose names hold what is searched for, whole names first; none of an empty search. */
export function pointsNamed({ names }: Pick<Projection, 'names'>, search: string): number[] {
  const wanted = search.trim().toLocaleLowerCase();
  if (wanted === '') return [];
  const found = [...names.keys()].filter((i) => names[i]!.toLocaleLowerCase().includes(wanted));
  const isWhole = (i: number) => names[i]!.toLocaleLowerCase() === wanted;
  return [...found.filter(isWhole), ...found.filter((i) => !isWhole(i))];
}

export interface Neighbour {
  readonly point: number;
  readonly cosine: number;
}

/** The points nearest to one, the nearest first. */
export function nearTo({ nearest, cosines, names }: Projection, point: number): Neighbour[] {
  const each = names.length === 0 ? 0 : nearest.length / names.length;
  return Array.from({ length: each }, (_, i) => ({
    point: nearest[point * each + i]!,
    cosine: cosines[point * each + i]!,
  })).filter((found) => !Number.isNaN(found.point));
}
