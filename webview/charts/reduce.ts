import { firstWhere } from '../../src/protocol/core';
import type { Line, Numbers, Span } from './line';

/** A line with no more points than there are pixels. Null: a gap. */
export interface ReducedLine {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  readonly least?: readonly (number | null)[];
  readonly greatest?: readonly (number | null)[];
}

/**
 * The part of a line that is within a span, and its next neighbours outside, in about `limit` points at
 * most. Neighbours are merged in groups of a power of two that begin at multiples of it, so that points seldom
 * change while a line grows; its last value is always a point of its own, so that it ends at the number that
 * is shown everywhere else.
 */
export function reduceLine(line: Line, { from, to }: Span, limit: number): ReducedLine {
  const { x, weights } = line;
  const start = Math.max(0, firstAtLeast(x, from) - 1);
  const end = Math.min(x.length, firstAtLeast(x, to) + 2);
  const wanted = Math.max(1, weights ? limit : limit / 2);
  const group = 2 ** Math.max(0, Math.ceil(Math.log2((end - start) / wanted)));
  if (group === 1) return exact(line, start, end);
  const first = start - (start % group);
  return weights ? means(line, weights, first, end, group) : extremes(line, first, end, group);
}

/** The first place of an ascending list whose value is not below this one; its length if there is none. */
export function firstAtLeast(values: Numbers, value: number): number {
  return firstWhere(0, values.length, (i) => values[i]! >= value);
}

function exact({ x, y, spread }: Line, start: number, end: number): ReducedLine {
  const part = (values: Numbers) =>
    Array.from({ length: end - start }, (_, i) => finite(values[start + i]));
  const steps = Array.from({ length: end - start }, (_, i) => x[start + i]!);
  if (!spread) return { x: steps, y: part(y) };
  return { x: steps, y: part(y), least: part(spread.least), greatest: part(spread.greatest) };
}

function means(
  { x, y, spread }: Line,
  weights: Numbers,
  start: number,
  end: number,
  group: number,
): ReducedLine {
  const steps: number[] = [];
  const values: (number | null)[] = [];
  const lowest: (number | null)[] = [];
  const highest: (number | null)[] = [];
  const last = x.length - 1;
  for (let i = start; i < end;) {
    const next = i === last ? end : Math.min(i + group, end, last);
    let mean = 0;
    let all = 0;
    let least = Infinity;
    let greatest = -Infinity;
    for (let row = i; row < next; row++) {
      const weight = weights[row]!;
      all += weight;
      // Of a single row it is that row's value, to the bit.
      mean += (y[row]! - mean) * (weight / all);
      if (!spread) continue;
      least = Math.min(least, spread.least[row]!);
      greatest = Math.max(greatest, spread.greatest[row]!);
    }
    steps.push(x[next - 1]!);
    values.push(finite(mean));
    lowest.push(finite(least));
    highest.push(finite(greatest));
    i = next;
  }
  return { x: steps, y: values, ...(spread && { least: lowest, greatest: highest }) };
}

/** The least and the greatest value of each group, in the order they have. */
function extremes({ x, y }: Line, start: number, end: number, group: number): ReducedLine {
  const steps: number[] = [];
  const values: (number | null)[] = [];
  const add = (row: number) => {
    steps.push(x[row]!);
    values.push(finite(y[row]));
  };
  const last = x.length - 1;
  for (let i = start; i < end;) {
    const next = i === last ? end : Math.min(i + group, end, last);
    let least = i;
    let greatest = i;
    for (let row = i; row < next; row++) {
      // A gap within a group stays one: NaN is never passed over.
      if (!(y[row]! >= y[least]!)) least = row;
      if (!(y[row]! <= y[greatest]!)) greatest = row;
    }
    add(Math.min(least, greatest));
    if (least !== greatest) add(Math.max(least, greatest));
    i = next;
  }
  return { x: steps, y: values };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Lines on one ascending x: an entry of a column is undefined where its line has no point at all. */
export interface JoinedLines {
  readonly x: readonly number[];
  readonly columns: readonly (readonly (number | null | undefined)[])[];
}

/** @param lines columns with their x; those with the same array as x are joined as one */
export function joinColumns(
  lines: readonly {
    readonly x: readonly number[];
    readonly columns: readonly (readonly (number | null)[])[];
  }[],
): JoinedLines {
  const axes = [...new Set(lines.map(({ x }) => x))];
  if (axes.length <= 1) {
    return { x: axes[0] ?? [], columns: lines.flatMap(({ columns }) => columns) };
  }
  const x = [...new Set(axes.flat())].sort((a, b) => a - b);
  const columns = lines.flatMap((line) => {
    let next = 0;
    const places = x.map((value) => {
      // Of points at the same x the first counts.
      while (line.x[next]! < value) next++;
      return line.x[next] === value ? next : -1;
    });
    return line.columns.map((column) => places.map((place) => column[place]));
  });
  return { x, columns };
}
