/**
 * What gradients say of a training, as findings with their numbers; `sentences.ts` puts them into words.
 * Nothing here is learnt or guessed: every threshold stands beside its reason.
 */
import { median } from '../../../src/protocol/core';
import type { MetricsColumn, Table } from '../../../src/protocol/history';
import type { Observation, PanelFacts } from '../../../src/protocol/panel';
import { farthest, type Reach } from './reach';

/** `good`: as it should be; `notice`: worth knowing; `warning`: learning suffers. */
export type Severity = 'good' | 'notice' | 'warning';

/** A finding; parameters and variables by their qualified names, shares from 0 to 1. */
export type Finding = { readonly severity: Severity } & (
  | {
      readonly topic: 'reach';
      readonly variable: string;
      readonly reach: Reach;
      /** Steps that training backpropagates through; 0: through all that an example has. */
      readonly sequence: number;
    }
  | {
      readonly topic: 'clipping';
      /** Of the last `steps` steps. */
      readonly share: number;
      readonly steps: number;
      /** How far the greatest of their norms lies above their mean. */
      readonly peak: number;
      /** The norm that gradients are clipped to; 0: they are not. */
      readonly threshold: number;
    }
  | { readonly topic: 'saturation'; readonly variable: string; readonly share: number }
  | {
      readonly topic: 'updates';
      readonly parameter: string;
      /** ‖Δθ‖ / ‖θ‖ */
      readonly ratio: number;
      /** Whether it is so small because the schedule has lowered the learning rate. */
      readonly settled: boolean;
    }
  | {
      readonly topic: 'gradients';
      /** The parameters that no gradient reaches, or whose gradient is no number. */
      readonly parameters: readonly string[];
      readonly problem: 'zero' | 'not finite';
    }
);

/** What a diagnosis is made from. */
export interface Evidence {
  readonly facts: Pick<PanelFacts, 'network' | 'sequence' | 'clip'>;
  readonly metrics: Table<MetricsColumn>;
  /** How many rows of the metrics there are at the time that is looked at. */
  readonly rows: number;
  /** Until then, oldest first. */
  readonly observations: readonly Observation[];
}

/** All that can be said, in a fixed order; empty before the first observation. */
export function diagnose(evidence: Evidence): Finding[] {
  return [
    findReach(evidence),
    findClipping(evidence),
    findSaturation(evidence),
    findUpdates(evidence),
    findBroken(evidence),
  ].filter((finding) => finding !== undefined);
}

/**
 * Vanishing is worth a word where less than half of the steps that training goes back through are felt: the
 * other half is work that teaches nothing. Below a quarter most of it is.
 */
const partFelt = 1 / 2;
const littleFelt = 1 / 4;

function findReach({ facts: { sequence }, observations }: Evidence): Finding | undefined {
  const found = farthest(observations.at(-1)?.lags ?? []);
  if (!found) return undefined;
  const { variable, reach, norms } = found;
  const felt = reach.kind === 'falls' ? reach.lag / (sequence || norms.length) : 1;
  let severity: Severity = 'good';
  if (felt < partFelt) severity = 'notice';
  if (felt < littleFelt || reach.kind === 'grows') severity = 'warning';
  return { topic: 'reach', severity, sequence, variable, reach };
}

/**
 * Clipping tames peaks (Pascanu et al. 2013). It may act often without harm; where it acts nearly always,
 * every step has the same length, and how large the gradient was no longer matters.
 */
const clippedOften = 0.1;
const clippedMostly = 0.9;
/** Without clipping, one step this far above the mean undoes many ordinary ones. */
const highPeak = 10;
/** Of fewer steps a share says nothing. */
const fewestSteps = 10;

function findClipping({ facts, metrics, rows, observations }: Evidence): Finding | undefined {
  if (observations.length === 0 || rows === 0) return undefined;
  const { share, steps, peak } = recentNorms(metrics, rows);
  if (steps < fewestSteps) return undefined;
  const threshold = facts.clip;
  const clips = threshold > 0;
  let severity: Severity = 'good';
  if (clips ? share > clippedOften : peak >= highPeak) severity = 'notice';
  if (clips && share > clippedMostly) severity = 'warning';
  return { topic: 'clipping', severity, share, steps, peak, threshold };
}

/** The steps that `recentNorms` looks at: the last tenth, and this many at least. */
const leastRecent = 100;

/** The share of recent steps that were clipped, and how far their greatest norm lies above their mean. */
export function recentNorms(
  metrics: Table<MetricsColumn>,
  rows: number,
): { readonly share: number; readonly steps: number; readonly peak: number } {
  const last = metrics.at('step', rows - 1);
  const from = last - Math.max(leastRecent, last / 10);
  let steps = 0;
  let clipped = 0;
  let sum = 0;
  let greatest = 0;
  for (let row = rows - 1; row >= 0 && metrics.at('step', row) > from; row--) {
    const weight = metrics.at('steps', row);
    steps += weight;
    clipped += weight * metrics.at('clipped', row);
    sum += weight * metrics.at('gradientNormMean', row);
    greatest = Math.max(greatest, metrics.at('gradientNormMax', row));
  }
  return { share: clipped / steps, steps, peak: greatest / (sum / steps) };
}

/**
 * A saturated tanh passes hardly any gradient on. Some act as switches in every trained network; where most
 * do, few units are left that learn.
 */
const saturatedOften = 1 / 3;
const saturatedMostly = 2 / 3;

/** Looks at tanh alone where there is one: an open or closed gate is saturated by design. */
function findSaturation({ facts, observations }: Evidence): Finding | undefined {
  const measured = observations.at(-1)?.saturation ?? [];
  const tanh = new Set(
    facts.network.variables.filter((v) => v.activation === 'tanh').map(({ name }) => name),
  );
  const wanted = measured.filter(({ variable }) => tanh.has(variable));
  const found = greatest(wanted.length > 0 ? wanted : measured, ({ share }) => share);
  if (!found || !Number.isFinite(found.share)) return undefined;
  let severity: Severity = 'good';
  if (wanted.length > 0 && found.share > saturatedOften) severity = 'notice';
  if (wanted.length > 0 && found.share > saturatedMostly) severity = 'warning';
  return { topic: 'saturation', severity, ...found };
}

/** ‖Δθ‖ / ‖θ‖ of a training that goes well, a rule of thumb: CS231n, “Ratio of weights:updates”. */
export const usualRatio = 1e-3;
/** A rule of thumb: well-tuned runs lie within a factor of ten of it, and none at a hundred. */
const unusual = 10;
const extreme = 100;
/** Observations whose median is taken: one step's update says little. */
const recentObservations = 5;

/**
 * Looks at the matrix that changes most: where that is too much, the step is too long; where even that is
 * too little, nothing learns. Biases do not count: they begin at 0, where every update is large beside them.
 */
function findUpdates({ facts, metrics, rows, observations }: Evidence): Finding | undefined {
  const recent = observations.slice(-recentObservations);
  const ratios = facts.network.parameters
    .map(({ name, shape }, p) => {
      const known = recent.map((look) => look.updateRatio[p] ?? NaN).filter(Number.isFinite);
      return { name, shape, ratio: median(known) };
    })
    .filter(({ shape, ratio }) => shape.length === 2 && Number.isFinite(ratio));
  const found = greatest(ratios, ({ ratio }) => ratio);
  if (!found || found.ratio === 0) return undefined;
  const { name: parameter, ratio } = found;
  const distance = Math.max(ratio / usualRatio, usualRatio / ratio);
  const small = ratio < usualRatio;
  // A warm-up begins with small updates by design.
  if (small && isRising(metrics, rows)) return undefined;
  const settled = small && learningRateShare(metrics, rows) < 1 / unusual;
  let severity: Severity = 'good';
  if (distance > unusual && !settled) severity = 'notice';
  if (distance > extreme && !settled) severity = 'warning';
  return { topic: 'updates', severity, parameter, ratio, settled };
}

function isRising(metrics: Table<MetricsColumn>, rows: number): boolean {
  return metrics.at('learningRate', rows - 1) > metrics.at('learningRate', rows - 2);
}

/** The learning rate now beside the highest so far: how far a schedule has come down. */
function learningRateShare(metrics: Table<MetricsColumn>, rows: number): number {
  let highest = 0;
  for (let row = 0; row < rows; row++) {
    highest = Math.max(highest, metrics.at('learningRate', row));
  }
  return metrics.at('learningRate', rows - 1) / highest;
}

/** How many observations in a row must find no gradient. */
const deadObservations = 3;

function findBroken({ facts, observations }: Evidence): Finding | undefined {
  const names = facts.network.parameters.map(({ name }) => name);
  const newest = observations.at(-1);
  if (!newest) return undefined;
  const infinite = names.filter((_, p) => !Number.isFinite(newest.gradientNorm[p]));
  if (infinite.length > 0) {
    return {
      topic: 'gradients',
      severity: 'warning',
      parameters: infinite,
      problem: 'not finite',
    };
  }
  const recent = observations.slice(-deadObservations);
  const dead = names.filter((_, p) => recent.every(({ gradientNorm }) => gradientNorm[p] === 0));
  if (dead.length === 0 || recent.length < deadObservations) return undefined;
  return { topic: 'gradients', severity: 'warning', parameters: dead, problem: 'zero' };
}

function greatest<T>(items: readonly T[], size: (item: T) => number): T | undefined {
  let best: T | undefined;
  for (const item of items) if (best === undefined || size(item) > size(best)) best = item;
  return best;
}
