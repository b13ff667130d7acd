import type { Activation } from '../engine/structure';

/**
 * Equally wide bins from the least to the greatest value. Values that are not finite are in none; one bin
 * where all values are equal, none where no value is finite (`least` and `greatest` are NaN then).
 */
export interface Histogram {
  readonly least: number;
  readonly greatest: number;
  readonly counts: Float64Array<ArrayBuffer>;
}

/**
 * A look at gradients, weights and states after one step of training. What has an entry a parameter is in
 * the order of `Model.parameters`: `[P]`. Norms are Euclidean.
 */
export interface Observation {
  readonly step: number;
  /** Training time since the run's start, s. */
  readonly seconds: number;
  /** Of the gradient, before clipping by norm. `[P]` */
  readonly gradientNorm: Float64Array<ArrayBuffer>;
  /** Of the values, after the step. `[P]` */
  readonly weightNorm: Float64Array<ArrayBuffer>;
  /** ‖Δθ‖ / ‖θ‖ of this step's update, θ as it was before; NaN where that was all zeros. `[P]` */
  readonly updateRatio: Float64Array<ArrayBuffer>;
  /** Of the values, after the step. `[P]` */
  readonly weights: readonly Histogram[];
  /** Of the gradient, before clipping by norm. `[P]` */
  readonly gradients: readonly Histogram[];
  readonly lags: readonly LagCurve[];
  readonly saturation: readonly Saturation[];
}

/**
 * ‖∂E_t/∂s_{t-k}‖ of a state variable, entry k at lag k, from 0: root mean square over windows of the
 * training text, E_t the loss of each one's last token, differentiated through the whole window.
 */
export interface LagCurve {
  /** Qualified: `layer1.s`. */
  readonly variable: string;
  readonly norms: Float64Array<ArrayBuffer>;
}

/** Share of a variable's values that are saturated (`isSaturated`), over units and the windows' tokens. */
export interface Saturation {
  readonly variable: string;
  readonly share: number;
}

/** A text that the model wrote while it was trained. */
export interface TrainingSample {
  readonly step: number;
  readonly seconds: number;
  readonly temperature: number;
  readonly text: string;
}

/**
 * Whether a unit hardly passes a gradient on, or a gate is fully open or shut: for tanh 1 - s² < 0.05
 * (|s| > 0.975), for sigmoid below 0.1 or above 0.9 (Karpathy, Johnson & Li 2016, Visualizing and
 * Understanding Recurrent Networks).
 */
export function isSaturated(activation: Activation, value: number): boolean {
  return activation === 'tanh' ? 1 - value * value < 0.05 : value < 0.1 || value > 0.9;
}
