import type { Inspection, PanelFacts } from '../../../src/protocol/panel';

/** A token and how likely the model holds it. */
export interface Guess {
  readonly token: string;
  readonly probability: number;
}

/** One step of the network over the text. */
export interface Step {
  readonly token: string;
  /** What the model expects most to come next. */
  readonly expected: Guess;
  /** What does come next. */
  readonly next: Guess;
  /** The output of each layer's cell, the first layer first. `[layers][H]` */
  readonly outputs: readonly Float64Array[];
}

/** Qualified names of what each layer gives out, the first layer first. */
export function outputsOf({ variables, output }: PanelFacts['network']): string[] {
  return variables.filter(({ symbol }) => symbol === output).map(({ name }) => name);
}

/** Steps of the window whose next token is known; undefined where the inspection has not all that is needed. */
export function readSteps(
  { result }: Pick<Inspection, 'result'>,
  network: PanelFacts['network'],
  most: number,
): Step[] | undefined {
  if (!result) return undefined;
  const outputs = outputsOf(network).map((output) =>
    result.variables.find(({ name }) => name === output),
  );
  const known = outputs.filter((output) => output !== undefined);
  if (known.length < outputs.length) return undefined;
  const end = Math.min(result.tokens.length - 1, most);
  const steps: Step[] = [];
  for (let t = 0; t < end; t++) {
    const expected = result.top[t]?.[0];
    if (!expected) return undefined;
    steps.push({
      token: result.tokens[t]!,
      expected,
      next: { token: result.tokens[t + 1]!, probability: result.probability[t + 1]! },
      outputs: known.map(({ width, values }) => values.subarray(t * width, (t + 1) * width)),
    });
  }
  return steps;
}
