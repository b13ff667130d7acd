/** The order in which a model's equations are gone through: step by step, and where steps are of several kinds, one after the other. */
import type { Domain } from '../equations/syntax';
import { firstWhere } from '../numerics';

/** Equations that are worked out together, step by step: of a text all, of an encoder and a decoder one and the other. */
export interface Phase {
  /** What they have a value for: each step of the source, of the answer, or the example. */
  readonly domain: Domain;
  /** From the last step to the first. */
  readonly isReversed: boolean;
  /** Of the instructions: `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

/** Time steps of all phases, numbered by the order in which they are gone through: t from 0. */
export interface Course {
  readonly length: number;
  readonly phases: readonly Phase[];
  /** A time step, and its number among those of its phase's domain, from 0. */
  at(t: number): { readonly phase: Phase; readonly step: number };
  /** The time step at which a variable has its value of a step of its domain. */
  find(variable: number, step: number): number;
  /** The first and the last of the time steps of the same phase. */
  bounds(t: number): readonly [number, number];
  /** How many equations have been worked out when a time step is begun: `[length + 1]`. */
  begin(t: number): number;
  /** The time step of an equation, by how many have been worked out before it. */
  of(index: number): number;
}

/** @param steps how many there are of each kind */
export function createCourse(
  phases: readonly Phase[],
  steps: Readonly<Record<Domain, number>>,
): Course {
  const firsts: number[] = [];
  const begins: number[] = [0];
  for (const { domain, from, to } of phases) {
    firsts.push(begins.length - 1);
    for (let step = 0; step < steps[domain]; step++) begins.push(begins.at(-1)! + to - from);
  }
  const length = begins.length - 1;
  const phaseAt = (t: number): number => firstWhere(1, phases.length, (i) => firsts[i]! > t) - 1;
  const turned = ({ domain, isReversed }: Phase, count: number): number =>
    isReversed ? steps[domain] - 1 - count : count;
  return {
    ...{ length, phases },
    at(t) {
      const i = phaseAt(t);
      const phase = phases[i]!;
      return { phase, step: turned(phase, t - firsts[i]!) };
    },
    find(variable, step) {
      const i = phases.findIndex(({ from, to }) => from <= variable && variable < to);
      return firsts[i]! + turned(phases[i]!, step);
    },
    bounds(t) {
      const i = phaseAt(t);
      return [firsts[i]!, (firsts[i + 1] ?? length) - 1];
    },
    begin: (t) => begins[t]!,
    of: (index) => firstWhere(1, length, (t) => begins[t]! > index) - 1,
  };
}
