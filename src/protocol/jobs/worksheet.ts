/** Every number of one forward and one backward pass of a small network. */
import * as v from 'valibot';
import { freshModel } from './debug';
import { anyNumber, count, list, record } from './schema';
import { modelSource } from './shared';

/** Whatever buffer it is on. */
const column = v.custom<Float64Array>((value) => value instanceof Float64Array);

/** What is asked of a worksheet, whichever network it is of. */
export const sheetQuestion = {
  /** Whose loss is followed, from 0; where there is no such step, the last. */
  t: count,
  /** Which step before it is looked at; null: two before. */
  k: v.nullable(count),
  /** Whose gradient is taken apart, by its qualified name; null: the first recurrent matrix. */
  parameter: v.nullable(v.string()),
  /** Multiplies the recurrent matrices as they are at first. */
  gain: v.number(),
  /** Of the step of gradient descent that is shown. */
  rate: v.number(),
  /** Steps that were taken before, each on the loss of a time step. */
  taken: list(record({ t: count, rate: v.number() })),
};

const worksheetRequest = record({
  kind: v.literal('worksheet'),
  model: v.variant('kind', [modelSource, freshModel]),
  /** Its first tokens are read, as many as have room. */
  text: v.string(),
  ...sheetQuestion,
});
export type WorksheetRequest = v.InferOutput<typeof worksheetRequest>;

const matrix = record({ rows: count, columns: count, values: column });

export const sheet = record({
  cell: v.string(),
  equations: list(v.string()),
  hidden: count,
  layers: count,
  size: count,
  tokens: list(v.string()),
  ids: list(count),
  vocabulary: list(v.string()),
  ...{ t: count, k: count },
  losses: column,
  lossAfter: anyNumber,
  rows: list(
    record({
      ...{ text: v.string(), equation: v.string(), layer: count },
      kind: v.picklist(['input', 'part', 'variable']),
      matrix: v.nullable(v.string()),
      prediction: v.nullable(v.picklist(['probabilities', 'logits'])),
      isState: v.boolean(),
      width: count,
      values: list(column),
      gradients: list(column),
    }),
  ),
  parameters: list(
    record({
      ...matrix.pipe[0].entries,
      ...{ name: v.string(), symbol: v.string(), layer: count },
      tokens: v.nullable(v.picklist(['columns', 'rows'])),
      isRecurrent: v.boolean(),
      uses: count,
      gradient: column,
    }),
  ),
  terms: record({
    parameter: v.string(),
    terms: list(column),
    factors: list(list(record({ gradient: column, operand: column }))),
    numeric: column,
    epsilon: v.number(),
    error: anyNumber,
  }),
  output: v.nullable(
    record({ parameter: v.string(), gradient: column, operand: column, term: column }),
  ),
  state: list(record({ name: v.string(), width: count })),
  jacobians: list(
    record({
      step: count,
      matrix,
      ...{ norm: anyNumber, radius: anyNumber },
      product: matrix,
      ...{ productNorm: anyNumber, error: anyNumber },
    }),
  ),
  graph: record({
    nodes: list(
      record({
        operation: v.picklist([
          ...(['input', 'earlier', 'bias', 'number', 'product', 'add', 'subtract'] as const),
          ...(['multiply', 'divide', 'function', 'loss'] as const),
        ]),
        ...{ label: v.string(), defines: v.string() },
        parameter: v.nullable(v.string()),
        layer: count,
        values: column,
      }),
    ),
    edges: list(record({ from: count, to: count, values: column, gradient: column })),
  }),
});
export type WorksheetSheet = v.InferOutput<typeof sheet>;

export const worksheetJob = { request: worksheetRequest, event: v.never(), result: sheet };
