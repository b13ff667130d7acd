import type { Span } from './line';

/** How a log axis is reckoned with: by the logarithm of its values. */
const ways = {
  linear: { to: (value: number) => value, back: (value: number) => value },
  log: { to: Math.log, back: Math.exp },
};

/**
 * A span made larger or smaller by a factor, around a place that stays where it is, within the whole.
 *
 * @returns undefined where it is the whole
 */
export function scaled(
  span: Span,
  whole: Span,
  center: number,
  factor: number,
  log: boolean,
): Span | undefined {
  const { to: forth, back } = log ? ways.log : ways.linear;
  const [from, to, middle] = [forth(span.from), forth(span.to), forth(center)];
  const now = {
    from: Math.max(whole.from, back(middle + (from - middle) * factor)),
    to: Math.min(whole.to, back(middle + (to - middle) * factor)),
  };
  return now.from <= whole.from && now.to >= whole.to ? undefined : now;
}

/** A span of the same length with an x in its middle. */
export function panned(span: Span, x: number, log: boolean): Span {
  const { to: forth, back } = log ? ways.log : ways.linear;
  const half = (forth(span.to) - forth(span.from)) / 2;
  return { from: back(forth(x) - half), to: back(forth(x) + half) };
}
