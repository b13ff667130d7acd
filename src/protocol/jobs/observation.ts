/** What is looked at while a network trains: its structure, gradients, weights, and samples. */
import * as v from 'valibot';
import { anyNumber, column, count, list, record } from './schema';

/** The function that an equation's right side is a call of, where it saturates; else null. */
export const activation = v.nullable(v.picklist(['tanh', 'sigmoid']));
export type Activation = v.InferOutput<typeof activation>;

/** A model's structure, for pictures of it. Qualified names are those of the engine: `layer1.W`. */
export const networkFacts = record({
  /** Of the cell in the order they are written, then that of the prediction, if the model adds it. */
  equations: list(
    record({
      /** The left side: `s`. */
      name: v.string(),
      /** In the language: `s[t] = tanh(U x[t] + W s[t-1] + b)`. */
      text: v.string(),
      /** Without delimiters. */
      tex: v.string(),
      place: v.picklist(['cell', 'output']),
      /** What it mentions: the left side, then variables, matrices and biases as they come in the text, each once. */
      names: list(v.string()),
      /** In the order of the text, an outer one before those within its operand. */
      products: list(
        record({
          matrix: v.string(),
          /** What it multiplies, in the language: `s[t-1]`. */
          operand: v.string(),
          /** The variables in it, `x` too; a lag of 0 is the same step, a negative one a later step. */
          reads: list(record({ name: v.string(), lag: v.pipe(v.number(), v.safeInteger()) })),
        }),
      ),
    }),
  ),
  /** The symbol of the cell's output: `s`, `h`. */
  output: v.string(),
  /** Every named variable of every layer. */
  variables: list(
    record({
      /** `layer1.s` */
      name: v.string(),
      symbol: v.string(),
      /** From 1. */
      layer: count,
      width: count,
      /** Whether a later step reads it. */
      isState: v.boolean(),
      activation,
    }),
  ),
  parameters: list(
    record({
      /** `layer1.W`, `output.V`, `embedding.E` */
      name: v.string(),
      symbol: v.string(),
      /** `[rows, columns]` of a matrix, `[rows]` of a vector. */
      shape: list(count),
      /** Number of learnt values. */
      entries: count,
    }),
  ),
  /** Tokens that the lags of all layers reach back together: so many at least are read before a window. */
  reach: count,
});
export type NetworkFacts = v.InferOutput<typeof networkFacts>;

/**
 * Equally wide bins from the least to the greatest value. Values that are not finite are in none; one bin
 * where all values are equal, none where no value is finite (`least` and `greatest` are NaN then).
 */
export const histogram = record({ least: anyNumber, greatest: anyNumber, counts: column });
export type Histogram = v.InferOutput<typeof histogram>;

/**
 * A look at gradients and weights after one step of training. Columns and lists with an entry a
 * parameter are in the order of `NetworkFacts.parameters`: `[P]`.
 */
export const observation = record({
  step: count,
  seconds: v.number(),
  /** Norm of the gradient, before clipping by norm. `[P]` */
  gradientNorm: column,
  /** Norm of the values, after the step. `[P]` */
  weightNorm: column,
  /** ‖Δθ‖ / ‖θ‖ of this step's update, θ as it was before; NaN where that was all zeros. `[P]` */
  updateRatio: column,
  /** Of the values. `[P]` */
  weights: list(histogram),
  /** Of the gradient. `[P]` */
  gradients: list(histogram),
  /**
   * ‖∂E_t/∂s_{t-k}‖ for the state variables of every layer, entry k at lag k, from 0: root mean square
   * over several windows of the training text, always the same. E_t is the loss of a window's last token,
   * differentiated through the whole window, whatever the training's sequence. `[window]`, which is longer than its
   * setting where the lags of the equations are.
   */
  lags: list(record({ variable: v.string(), norms: column })),
  /**
   * Share of the units' values on those windows that are saturated, of each variable with an activation:
   * for tanh 1 - s² < 0.05 (|s| > 0.975), for sigmoid below 0.1 or above 0.9 (Karpathy, Johnson & Li 2016).
   */
  saturation: list(record({ variable: v.string(), share: anyNumber })),
});
export type Observation = v.InferOutput<typeof observation>;

/** A text that the model wrote while it was trained. */
export const trainingSample = record({
  step: count,
  seconds: v.number(),
  temperature: v.number(),
  text: v.string(),
});
export type TrainingSample = v.InferOutput<typeof trainingSample>;
