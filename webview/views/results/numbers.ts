/** Numbers as they are and as they were answered: what the pictures show of them. */
import type { Results } from '../../../src/protocol/panel';
import { rangeOf, type ScatterData } from '../../charts/scatter';

export type ToldNumbers = NonNullable<Results['numbers']>;

/** A number and its answer. */
export interface NumberPoint {
  /** Place among all that are told, from 1. */
  readonly place: number;
  /** NaN: rows are no lines. */
  readonly line: number;
  readonly truth: number;
  readonly answer: number;
  /** Answer − truth. */
  readonly residual: number;
}

/** In the order of the table, or of time. */
export function pointsOf({ lines, every, columns }: ToldNumbers, column: number): NumberPoint[] {
  const { truth, answer } = columns[column]!;
  return Array.from(truth, (value, i) => ({
    ...{ place: i * every + 1, line: lines[i]!, truth: value, answer: answer[i]! },
    residual: answer[i]! - value,
  }));
}

/** The numbers' own axes are the same across and up. */
export function againstTruth(points: readonly NumberPoint[]): Omit<ScatterData, 'names'> {
  const [x, y] = [columnOf(points, 'truth'), columnOf(points, 'answer')];
  const range = rangeOf([...x, ...y]);
  return { x, y, ranges: { x: range, y: range }, guide: 'identity' };
}

/** Zero is always on show. */
export function overPlaces(points: readonly NumberPoint[]): Omit<ScatterData, 'names'> {
  const [x, y] = [columnOf(points, 'place'), columnOf(points, 'residual')];
  return { x, y, ranges: { x: rangeOf(x), y: rangeOf([...y, 0]) }, guide: 'zero' };
}

function columnOf(points: readonly NumberPoint[], name: keyof NumberPoint): Float64Array {
  return Float64Array.from(points, (point) => point[name]);
}
