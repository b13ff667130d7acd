/** What a line chart shows, as plain data; `createLineChart` draws it. */
import type { ChartColor } from '../theme';

export type Numbers = ArrayLike<number>;

/** Makes a value y factor · y + offset. */
export interface Scale {
  readonly factor: number;
  readonly offset: number;
}

/** A value on a scale. */
export function onScale({ factor, offset }: Scale, y: number): number {
  return factor * y + offset;
}

/** Values over x. What is not finite is a gap. */
export interface Line {
  /** Unique in its chart. */
  readonly id: string;
  readonly name: string;
  readonly color: ChartColor;
  /** Lengths of dashes and gaps, CSS pixels; where colours are not enough to tell lines apart. */
  readonly dash?: readonly number[];
  /** CSS pixels; default 1.75. */
  readonly width?: number;
  /** Ascending. Lines of the same x should have the same array. */
  readonly x: Numbers;
  readonly y: Numbers;
  /**
   * Least and greatest of what each value is the mean of, drawn as an area.
   */
  readonly spread?: { readonly least: Numbers; readonly greatest: Numbers } | undefined;
  /** Of y and the spread, before the axis converts them; default: as they are. */
  readonly scale?: Scale;
  /**
   * How much each value counts. With weights, neighbours are drawn as their mean where there are more values
   * than pixels; without, as their least and greatest, so that no peak is lost.
   */
  readonly weights?: Numbers;
  /** Of values that are measured now and then and hold until the next: each is marked. */
  readonly dots?: boolean;
  /** Writes the last value at the right. */
  readonly endValue?: boolean;
}

export interface Axis {
  /** Name or unit: `step`, `nats/token`. */
  readonly label: string;
  /** A value in the read-out. */
  readonly write: (value: number) => string;
  /** A value beside the axis; default `write`. */
  readonly writeTick?: (value: number) => string;
  readonly log?: boolean;
  /** Values that are always on show, unless one has zoomed in. */
  readonly include?: readonly number[];
  /** The axis never goes below this. */
  readonly floor?: number;
  /** Distances between ticks that are allowed, ascending: 60, 120, 300 of seconds; default round numbers. */
  readonly tickSteps?: readonly number[];
  /** Ticks are whole numbers. */
  readonly whole?: boolean;
  /** From the values given, the references' too, to those on show; ascending. */
  readonly convert?: (value: number) => number;
}

/** A horizontal line across the plot with its name. */
export interface Reference {
  readonly label: string;
  readonly value: number;
}

/** Something that happened at one x: a dotted vertical line with its name. */
export interface Mark {
  readonly label: string;
  readonly x: number;
  /** Where its point is on the axis of y; without it the name stands at the bottom. */
  readonly y?: number;
}

/** Things that happen often: ticks along the bottom of the plot, the more opaque the more there are. */
export interface Rug {
  readonly name: string;
  readonly color: ChartColor;
  readonly x: Numbers;
  /** How much of it happened at each x, 0 to 1; default 1. */
  readonly share?: Numbers;
}

export interface LineChartContent {
  /** `convert` is for y only. */
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly references?: readonly Reference[];
  readonly marks?: readonly Mark[];
  readonly rugs?: readonly Rug[];
}

/** A stretch of x. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
