import type { CursorMessage, PanelFacts } from '../../../src/protocol/panel';
import type { Slice } from '../hidden/slice';

type Look = NonNullable<CursorMessage['result']>;

/** The end of a look's window as the heatmap of hidden states draws it, and where each column stands. */
export interface CursorSlice extends Slice {
  /** Where a column's token begins and ends in the document. `[T]` */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** ‖∂E/∂x‖ of a column's token as a share of the greatest of the window; NaN: none flows there. `[T]` */
  readonly saliency: Float64Array;
}

/** @param most tokens to show, counted from the end; undefined where there are none, or not the variable */
export function sliceOf(
  look: Look,
  network: PanelFacts['network'],
  variable: string,
  most: number,
): CursorSlice | undefined {
  const values = look.variables.find(({ name }) => name === variable);
  const described = network.variables.find(({ name }) => name === variable);
  const all = look.tokens.length;
  if (!values || !described || all === 0) return undefined;
  const first = Math.max(0, all - most);
  const { width } = values;
  return {
    variable: described,
    activations: {
      width,
      tokens: all - first,
      values: Float64Array.from(values.values.subarray(first * width)),
    },
    tokens: look.tokens.slice(first),
    loss: look.loss.subarray(first),
    top: Array.from({ length: all - first }, () => []),
    starts: look.starts.subarray(first),
    ends: look.ends.subarray(first),
    saliency: saliencyOf(look).subarray(first),
  };
}

function saliencyOf({ tokens, target, gradients }: Look): Float64Array {
  const shares = new Float64Array(tokens.length).fill(NaN);
  if (!target || !gradients) return shares;
  const { norms } = gradients.saliency;
  const greatest = Math.max(...norms);
  norms.forEach((norm, lag) => {
    shares[target.at - lag] = norm / greatest;
  });
  return shares;
}
