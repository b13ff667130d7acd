/** The gradient of one prediction's loss through time: by states, by the input, and the terms by recurrent matrices. */
import type { Floats, LoadedProgram } from '../engine/backend';
import { inputProbe } from '../engine/compile';
import type { Program, View } from '../engine/program';
import { clearGradientsFrom } from '../engine/state';
import type { Structure } from '../engine/structure';
import type { Network } from '../engine/network';
import { termNorms } from './term-norms';

/** A quantity at each lag, and how far back it matters. */
export interface LagValues {
  /** Entry k is k steps before the prediction. */
  readonly values: Float64Array<ArrayBuffer>;
  /** `effectiveMemory` of it. */
  readonly memory: number | null;
}

export interface LookBack {
  /** ‖∂E/∂s_{t−k}‖ of every state variable. */
  readonly states: readonly (LagValues & { readonly variable: string })[];
  /** ‖∂E/∂x_{t−k}‖, x what the first layer reads. */
  readonly saliency: LagValues;
  /** x_{t−k} · ∂E/∂x_{t−k}. */
  readonly gradientTimesInput: LagValues;
  /** Frobenius norms of the terms of ∂E/∂W, and of their sum. */
  readonly terms: readonly (LagValues & { readonly parameter: string; readonly sum: number })[];
}

/** Steps that are derived between two yields, for a model of so many multiply-adds a step. */
const bitWork = 3_000_000;

/** Share of the largest contribution that counts as nothing. */
const negligible = 0.01;
/** What flows farther back than this share of the largest is given as 0; so much is lost in rounding anyway. */
const roundingShare = 1e-9;

/**
 * The smallest lag from which all contributions stay below 1 % of the largest; null where the last one does not.
 * All zero: 0.
 */
export function effectiveMemory(values: ArrayLike<number>): number | null {
  let largest = 0;
  for (let k = 0; k < values.length; k++) largest = Math.max(largest, Math.abs(values[k]!));
  if (largest === 0) return 0;
  let lag = values.length;
  while (lag > 0 && Math.abs(values[lag - 1]!) < negligible * largest) lag--;
  return lag === values.length ? null : lag;
}

/**
 * Derives the loss of one target. Lags at which it is less than a billionth of its largest are given as 0: so little
 * comes from there that float32 could not tell it.
 *
 * @param loaded a program of mode `look` for one row that has run forward over its first steps
 * @param first the earliest step that is looked at
 * @param at the step that predicts
 * @param target the token that came
 * @yields after each bit of work; whoever else runs the program in between spoils it
 */
export function* lookBack(
  network: Network,
  structure: Structure,
  loaded: LoadedProgram,
  { first, at, target }: { readonly first: number; readonly at: number; readonly target: number },
): Generator<undefined, LookBack, undefined> {
  const { backend, model } = network;
  const { program, tokens, targets } = loaded;
  const lags = at + 1 - first;
  const floats = (): Floats => backend.floats();
  targets.fill(-1);
  targets[at] = target;
  clearGradientsFrom(floats(), program, at + 1);
  const bit = Math.max(1, Math.floor(bitWork / model.layout.parameterFloats));
  let earliest = at + 1;
  for (let [largest, isOver] = [0, false]; earliest > first && !isOver;) {
    const from = Math.max(first, earliest - bit);
    loaded.runPart({ pass: 'backward', from, to: earliest });
    while (earliest > from && !isOver) {
      earliest--;
      const flow = flowAt(floats(), program, earliest);
      isOver = flow < roundingShare * largest;
      largest = Math.max(largest, flow);
    }
    if (earliest > first && !isOver) yield undefined;
  }
  const byLag = (value: (step: number) => number): LagValues => {
    const values = Float64Array.from({ length: lags }, (_, lag) =>
      at - lag < earliest ? 0 : value(at - lag),
    );
    return { values, memory: effectiveMemory(values) };
  };
  const states = structure.variables.flatMap(({ name, isState }) => {
    const view = isState ? program.probes.get(`d ${name}`) : undefined;
    return view === undefined
      ? []
      : [{ variable: name, ...byLag((step) => rowNorm(floats(), view, step)) }];
  });
  const gradient = program.probes.get(`d ${inputProbe}`);
  const input = program.probes.get(inputProbe);
  const terms: LookBack['terms'][number][] = [];
  for (const { parameter, steps, sum } of yield* termNorms(network, program, earliest, at + 1)) {
    terms.push({ parameter, ...byLag((step) => steps[step - earliest]!), sum });
  }
  return {
    states,
    saliency: byLag((step) => (gradient === undefined ? 0 : rowNorm(floats(), gradient, step))),
    gradientTimesInput: byLag((step) =>
      gradient === undefined ? 0 : times(floats(), gradient, input, step, tokens[step]!),
    ),
    terms,
  };
}

/** The largest of the gradients that steps before this one take from it and later ones. */
function flowAt(floats: Floats, { advanced }: Program, step: number): number {
  let largest = 0;
  for (const { view, lag } of advanced) {
    for (let i = 0; i < lag; i++) largest = Math.max(largest, rowNorm(floats, view, step + i));
  }
  return largest;
}

function rowNorm(floats: Floats, view: View, step: number): number {
  const start = view.offset + step * view.timeStride;
  let squares = 0;
  for (let i = start; i < start + view.width; i++) squares += floats[i]! * floats[i]!;
  return Math.sqrt(squares);
}

/** Without an input's own values it is one-hot: the entry of the token that was read. */
function times(
  floats: Floats,
  gradient: View,
  input: View | undefined,
  step: number,
  token: number,
): number {
  const start = gradient.offset + step * gradient.timeStride;
  if (input === undefined) return floats[start + token]!;
  const other = input.offset + step * input.timeStride;
  let sum = 0;
  for (let i = 0; i < gradient.width; i++) sum += floats[start + i]! * floats[other + i]!;
  return sum;
}
