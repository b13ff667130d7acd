/** Share of the work that measuring may take where nothing else is asked for. */
const evaluationShare = 0.05;
/** A forward pass takes about a third of a training step's time: backward is two products for its one. */
const forwardCost = 1 / 3;
const shortestInterval = 10;
/** The early measurements of an automatic plan, as shares of its interval: a first curve soon. */
const firstShare = 1 / 8;
/** Later the curve is flat: the interval grows to this share of the steps done. */
const growth = 0.05;

/** What tells when to measure: sizes only, never a clock, so that a seed gives the same measurements everywhere. */
export interface EvaluationPlan {
  /** Steps between two measurements as set; 0: automatic. */
  readonly every: number;
  /** Tokens of one measurement, and of one training step. */
  readonly tokens: number;
  readonly stepTokens: number;
}

function automaticInterval({ tokens, stepTokens }: EvaluationPlan): number {
  return Math.max(
    shortestInterval,
    Math.ceil((tokens * forwardCost) / evaluationShare / stepTokens),
  );
}

/** The step after which the first measurement is due. */
export function firstEvaluation(plan: EvaluationPlan): number {
  return plan.every > 0 ? plan.every : Math.ceil(automaticInterval(plan) * firstShare);
}

/** The step after which the next one is due, after one at `step`. */
export function nextEvaluation(plan: EvaluationPlan, step: number): number {
  if (plan.every > 0) return step + plan.every;
  const interval = automaticInterval(plan);
  if (step < interval) return Math.min(interval, 2 * step);
  return step + Math.max(interval, Math.ceil(growth * step));
}
