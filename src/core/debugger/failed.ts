/** The rows of a training's step that failed, to be gone through one by one. */
import type { Tokenizer } from '../data/tokenizer';
import type { Model } from '../engine/model';
import { buildStepGraph, carriedNames } from '../graph/step-graph';
import type { TextMaterial } from './forward';
import type { Plan } from './plan';
import { readTokens, type Reading } from './reading';
import type { Matrix, Value } from './values';

/** A step as it is kept. */
export interface FailedBatch {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly batch: number;
  readonly sequence: number;
  /** `[T, B]`: what was read, and what was to be predicted. */
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
  /** `[T, B]`, nats. */
  readonly losses: ArrayLike<number>;
  /** By qualified names, row-major. */
  readonly parameters: ReadonlyMap<string, ArrayLike<number>>;
  /** States before the step by the names that the engine has for them, `[lag, B, W]`. */
  readonly states: ReadonlyMap<string, Float32Array | Float64Array | Int32Array>;
}

/** The weights, each time new ones: a session may change its own. */
export function parametersOf({ model, parameters }: FailedBatch): Map<string, Matrix> {
  return new Map(
    model.parameters.map(({ name, rows, columns }) => [
      name,
      { rows, columns, values: Float64Array.from(parameters.get(name)!) },
    ]),
  );
}

/** What a row of the batch reads. */
export function readingOf(
  { tokenizer, tokens, targets, batch, sequence }: FailedBatch,
  row: number,
): Reading {
  const ids = Uint32Array.from({ length: sequence + 1 }, (_, t) =>
    t < sequence ? tokens[t * batch + row]! : targets[(sequence - 1) * batch + row]!,
  );
  return readTokens(tokenizer, ids);
}

/** What stands before a row's first step. */
export function beforeOf(
  { model: { spec }, batch, states }: FailedBatch,
  row: number,
  plan: Plan,
  parameters: ReadonlyMap<string, Matrix>,
): NonNullable<TextMaterial['before']> {
  const { variables, graph, input } = buildStepGraph(spec, true);
  const nameOf = carriedNames(variables);
  const kept = (node: number, lag: number, width: number): Float64Array | undefined => {
    const values = states.get(nameOf(node));
    const start = values === undefined ? -1 : values.length - (lag * batch - row) * width;
    return start < 0 ? undefined : Float64Array.from(values!.slice(start, start + width));
  };
  /** A token itself is not carried on, but what matrices have made of it, as they were then. */
  const token = (lag: number): Value => {
    const products = graph.nodes.flatMap(({ id, operation, inputs, width }) => {
      const isOfToken = operation.kind === 'product' && inputs[0] === input;
      const values = isOfToken ? kept(id, lag, width) : undefined;
      return isOfToken && values
        ? [[parameters.get(operation.matrices[0]!)!, values] as const]
        : [];
    });
    return { hot: -1, width: spec.vocabulary, products: new Map(products) };
  };
  return (variable, lag) => {
    if (variable !== plan.inputs) {
      const { name, width } = plan.instructions[variable]!;
      return kept(variables.get(name)!, lag, width);
    }
    return spec.embedding > 0 ? kept(input, lag, spec.embedding) : token(lag);
  };
}

/** Rows in the order in which they are likely to show what went wrong: by their first loss that is no finite number. */
export function rowsBySuspicion({ losses, batch, sequence }: FailedBatch): number[] {
  const rows = Array.from({ length: batch }, (_, row) => {
    let [first, total] = [sequence, 0];
    for (let t = sequence - 1; t >= 0; t--) {
      const loss = losses[t * batch + row]!;
      if (!Number.isFinite(loss)) first = t;
      else total += loss;
    }
    return { row, first, total };
  });
  rows.sort((a, b) => a.first - b.first || b.total - a.total || a.row - b.row);
  return rows.map(({ row }) => row);
}
