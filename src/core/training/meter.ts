import type { MetricsRow } from '../metrics/columns';

/** Sums steps up until a row of metrics is due. */
export interface Meter {
  add(sample: {
    readonly loss: number;
    readonly gradientNorm: number;
    readonly clipped: boolean;
    /** What the step took, s. */
    readonly seconds: number;
    readonly tokens: number;
  }): void;
  /** Steps in the coming row. */
  steps(): number;
  /** What is in the row of the steps alone; the meter is empty then. */
  take(): Pick<MetricsRow, 'steps' | 'loss' | 'gradientNorm' | 'clipped' | 'tokensPerSecond'>;
}

/** Five running sums a quantity; nothing is allocated a step. */
export function createMeter(): Meter {
  const loss = createSpread();
  const norm = createSpread();
  let steps = 0;
  let clipped = 0;
  let seconds = 0;
  let tokens = 0;
  return {
    add(sample) {
      loss.add(sample.loss);
      norm.add(sample.gradientNorm);
      steps++;
      clipped += sample.clipped ? 1 : 0;
      seconds += sample.seconds;
      tokens += sample.tokens;
    },
    steps: () => steps,
    take() {
      const row = {
        steps,
        loss: loss.take(),
        gradientNorm: norm.take(),
        clipped: clipped / steps,
        // A clock too coarse for the row must not make the speed infinite.
        tokensPerSecond: tokens / Math.max(seconds, 1e-6),
      };
      steps = clipped = seconds = tokens = 0;
      return row;
    },
  };
}

function createSpread() {
  let sum = 0;
  let count = 0;
  let min = Infinity;
  let max = -Infinity;
  return {
    add(value: number): void {
      sum += value;
      count++;
      if (value < min) min = value;
      if (value > max) max = value;
    },
    take() {
      const spread = { mean: sum / count, min, max };
      sum = count = 0;
      min = Infinity;
      max = -Infinity;
      return spread;
    },
  };
}
