import type { Inspection, PanelFacts } from '../../../src/protocol/panel';
import type { InspectResult } from '../../../src/protocol/engine';
import type { Activation } from '../../../src/protocol/jobs/observation';
import type { Activations } from './order';

/** The variable on show. */
export interface ShownVariable {
  /** Qualified: `layer1.s`. */
  readonly name: string;
  readonly symbol: string;
  readonly layer: number;
  readonly activation: Activation;
}

/** What the model makes of the window: the tokens before it are left out. */
export interface Slice {
  readonly variable: ShownVariable;
  readonly activations: Activations;
  /** `[T]`, as are the others */
  readonly tokens: readonly string[];
  /** -ln p of each token given those before, nats; NaN where there are none. */
  readonly loss: Float64Array;
  /** The likeliest tokens after each. */
  readonly top: InspectResult['top'];
}

/** Undefined where the inspection holds no token of the window, or not the variable. */
export function readSlice(
  { result, contextTokens }: Pick<Inspection, 'result' | 'contextTokens'>,
  network: PanelFacts['network'],
  variable: string,
): Slice | undefined {
  const values = result?.variables.find(({ name }) => name === variable);
  const described = network.variables.find(({ name }) => name === variable);
  if (!result || !values || !described) return undefined;
  const tokens = result.tokens.slice(contextTokens);
  if (tokens.length === 0) return undefined;
  const { width } = values;
  return {
    variable: described,
    activations: {
      width,
      tokens: tokens.length,
      values: values.values.subarray(contextTokens * width),
    },
    tokens,
    loss: result.loss.subarray(contextTokens),
    top: result.top.slice(contextTokens),
  };
}
