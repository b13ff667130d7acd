import type { Inspection, PanelFacts, WindowResult } from '../../../src/protocol/panel';
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

/** What the model makes of the window, as far as it is drawn. */
export interface Slice {
  readonly variable: ShownVariable;
  readonly activations: Activations;
  /** `[T]`, as are the others */
  readonly tokens: readonly string[];
  /** -ln p of each token given those before, nats; NaN where there are none. */
  readonly loss: Float64Array;
  /** The likeliest tokens after each. */
  readonly top: WindowResult['top'];
}

/** Undefined where the inspection holds no token, or not the variable. */
export function readSlice(
  { result }: Pick<Inspection, 'result'>,
  network: PanelFacts['network'],
  variable: string,
): Slice | undefined {
  const values = result?.variables.find(({ name }) => name === variable);
  const described = network.variables.find(({ name }) => name === variable);
  if (!result || !values || !described) return undefined;
  const { tokens, loss, top } = result;
  if (tokens.length === 0) return undefined;
  const { width } = values;
  return {
    variable: described,
    activations: { width, tokens: tokens.length, values: values.values },
    ...{ tokens, loss, top },
  };
}
