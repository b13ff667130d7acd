/** What a model has to be to learn from a data set. */
import type { Channel } from '../graph/model-graph';
import { rowsOf, type ChannelData, type Dataset } from './dataset';

/** The channels of a model for a data set. */
export interface Channels {
  readonly input: Channel;
  /** `x[u]`, where the answer is a sequence of its own. */
  readonly answer?: Channel;
  /** Width of `y`. */
  readonly output: number;
}

const widthOf = ({ values }: ChannelData): number =>
  values.kind === 'symbols' ? values.classes : values.width;

/** The symbol that stands before an answer in `x[u]` and ends it in `y[u]`: the class after the answer's own. */
export function boundaryOf({ output }: Dataset): number {
  return widthOf(output);
}

export function channelsOf(dataset: Dataset): Channels {
  const { input, output, alignment } = dataset;
  const channel = { kind: input.values.kind, width: widthOf(input) };
  if (alignment !== 'delayed') return { input: channel, output: widthOf(output) };
  const answers = widthOf(output) + (output.values.kind === 'symbols' ? 1 : 0);
  return { input: channel, answer: { kind: output.values.kind, width: answers }, output: answers };
}

/** Number of steps of an example: of its source, and of its answer, END included. */
export function stepsOf(
  dataset: Dataset,
  example: number,
): { readonly t: number; readonly u: number } {
  const { input, output, alignment } = dataset;
  const ends = output.values.kind === 'symbols' ? 1 : 0;
  return {
    t: input.starts === undefined ? 0 : rowsOf(input, example),
    u: alignment === 'delayed' ? rowsOf(output, example) + ends : 0,
  };
}

/** The most steps of some examples; 0: they have no such sequence. */
export function longestOf(
  dataset: Dataset,
  examples: Iterable<number>,
): { readonly t: number; readonly u: number } {
  let [t, u] = [0, 0];
  for (const example of examples) {
    const steps = stepsOf(dataset, example);
    t = Math.max(t, steps.t);
    u = Math.max(u, steps.u);
  }
  return { t, u };
}
