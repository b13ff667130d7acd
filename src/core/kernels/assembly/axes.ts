/**
 * The rows of a phase. A sequence's rows are listed as runs: at one step a run of neighbouring batch rows that have that
 * step. Of a stream run t is step t with all rows; where examples differ in length, a step has the rows of those that
 * reach it.
 */
import { Axis, Domain, Header } from './layout';
import { batch, header, program } from './state';
import { rowStride, timeStride } from './views';

/** Bytes of a run: step, first row, row after the last. */
const RUN: usize = 12;

/** What the phase has rows for. */
export let axis: i32 = Domain.t;
/** Address of the phase's token ids `[T, B]`. */
export let tokens: usize = 0;
/** Address of the number of steps of each row `[B]`. */
export let lengths: usize = 0;
let runs: usize = 0;
/** Address of the number of each step's first run `[T + 1]`. */
let firstRuns: usize = 0;

// @ts-ignore: decorator
@inline
export function axisWord(domain: i32, word: i32): i32 {
  return load<i32>(program + (<usize>(Header.axes + domain * Axis.words + word) << 2));
}

/** Turns to the rows of a domain. */
export function enterAxis(domain: i32): void {
  axis = domain;
  tokens = <usize>axisWord(domain, Axis.tokens);
  lengths = <usize>axisWord(domain, Axis.lengths);
  runs = <usize>axisWord(domain, Axis.runs);
  firstRuns = <usize>axisWord(domain, Axis.firstRuns);
}

/** The first run of a step, and that after the last of the step before. */
// @ts-ignore: decorator
@inline
export function firstRun(t: i32): i32 {
  return load<i32>(firstRuns + (<usize>t << 2));
}

// @ts-ignore: decorator
@inline
export function stepOf(run: i32): i32 {
  return load<i32>(runs + <usize>run * RUN);
}

/** First row of a run that is not before `b`. */
// @ts-ignore: decorator
@inline
export function beginOf(run: i32, b: i32): i32 {
  return max(b, load<i32>(runs + <usize>run * RUN, 4));
}

/** The row after a run's last, or `b` if that comes first. */
// @ts-ignore: decorator
@inline
export function endOf(run: i32, b: i32): i32 {
  return min(b, load<i32>(runs + <usize>run * RUN, 8));
}

/** Number of steps of the example in row `b`, of the sequence `domain`. */
// @ts-ignore: decorator
@inline
export function lengthOf(domain: i32, b: i32): i32 {
  return load<i32>(<usize>axisWord(domain, Axis.lengths) + (<usize>b << 2));
}

/** Whether all rows are there at all steps. */
// @ts-ignore: decorator
@inline
export function areStreams(): bool {
  return header(Header.streams) != 0;
}

/** Whether rows of a view lie at even distances through all its steps, so that neighbouring runs of streams are one. */
// @ts-ignore: decorator
@inline
export function isEven(view: usize): bool {
  return areStreams() && timeStride(view) == <usize>batch * rowStride(view);
}
