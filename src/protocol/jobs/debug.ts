/**
 * A model gone through equation by equation, over a text, forwards and backwards. `debug` opens it and lasts until it is
 * stopped; the jobs below name it by its number. They are done one after the other: a `debugMove` that is stopped
 * stands where it came to.
 */
import * as v from 'valibot';
import { moves, scopeNames, troubleNames } from '../../core/debugger/names';
import { sentenceSchema } from '../../core/sentence';
import { count, list, record } from './schema';
import { cellSource, textSource, whichCheckpoint } from './shared';

/** New weights, for the characters of the text. */
export const freshModel = record({
  kind: v.literal('fresh'),
  cell: cellSource,
  hidden: v.number(),
  layers: v.number(),
  embedding: v.optional(v.number()),
  seed: v.number(),
});
export type FreshModel = v.InferOutput<typeof freshModel>;

const debugRequest = record({
  kind: v.literal('debug'),
  model: v.variant('kind', [
    record({
      kind: v.literal('run'),
      run: v.string(),
      checkpoint: v.optional(whichCheckpoint),
      /** The file that shows its equations; it must say the same. */
      cell: v.optional(cellSource),
    }),
    /** The step of a training that went wrong: its weights, and the row of its batch where it shows first. */
    record({ kind: v.literal('failed'), run: v.string(), cell: v.optional(cellSource) }),
    freshModel,
  ]),
  /** Of a step that failed it is not asked for, nor of a model of examples. */
  text: v.string(),
  /** What a model of examples is gone through with. */
  example: v.optional(
    v.variant('kind', [
      record({
        kind: v.literal('cells'),
        /** One for each column that goes in, and that comes out. */
        cells: list(v.string()),
        truth: v.optional(list(v.string())),
        /** Where names of images begin. */
        folder: v.optional(v.string()),
      }),
      /** A row of a data file: the one that is at a line, from 1; of a series the window that ends there. */
      record({ kind: v.literal('row'), source: textSource, line: count }),
    ]),
  ),
  precision: v.picklist(['float64', 'float32']),
  /** Whose gradient the backward pass is, but of a step that failed: the last token's loss, or the mean of all. */
  loss: v.picklist(['last', 'mean']),
});
export type DebugRequest = v.InferOutput<typeof debugRequest>;

const debugEvent = v.variant('event', [
  /** Once, when jobs that name it may be started. */
  record({
    event: v.literal('ready'),
    name: v.string(),
    /** All that the model works out: the cell's text, and the equation of an output layer that it adds. */
    source: v.string(),
    steps: count,
    layers: count,
    /** Of a batch how many there are, and the one that is begun with, from 0. */
    rows: count,
    row: count,
    /** Of the token of each step `[start, end)`, one after the other, UTF-16 units into the text. */
    spans: v.instance(Int32Array),
    /** Characters or words that the model does not know. */
    unknown: list(v.string()),
    /** What was read, where it was not asked for. */
    text: v.optional(v.string()),
    /** What is worth knowing of it. */
    note: v.optional(sentenceSchema),
    /** Names that expressions may use. */
    variables: list(v.string()),
    parameters: list(v.string()),
  }),
  /** What a log point says. */
  record({ event: v.literal('log'), text: v.string() }),
]);
export type DebugEvent = v.InferOutput<typeof debugEvent>;

/** When it was stopped. */
const debugResult = v.null();
export type DebugResult = v.InferOutput<typeof debugResult>;

export const debugJob = { request: debugRequest, event: debugEvent, result: debugResult };

const moveRequest = record({
  kind: v.literal('debugMove'),
  debug: count,
  /** Of a batch, from 0; default: the one that is begun with. Each row stands where it has come to. */
  row: v.optional(count),
  move: v.picklist(moves),
});
export type DebugMoveRequest = v.InferOutput<typeof moveRequest>;

/** Why it ended: `turn` where the forward pass is over, or the backward pass has been left by its beginning. */
const moveResult = record({
  stop: v.variant('kind', [
    record({ kind: v.picklist(['step', 'turn', 'start', 'end', 'paused']) }),
    record({ kind: v.literal('breakpoint'), id: count }),
    record({ kind: v.literal('mistake'), id: count, told: sentenceSchema }),
    record({ kind: v.literal('unit'), told: sentenceSchema }),
    record({
      kind: v.literal('trouble'),
      trouble: v.picklist(troubleNames),
      told: sentenceSchema,
    }),
  ]),
  pass: v.picklist(['forward', 'backward']),
  /** From 0. */
  step: count,
});
export type DebugMoveResult = v.InferOutput<typeof moveResult>;

export const debugMoveJob = { request: moveRequest, event: v.never(), result: moveResult };

const path = record({
  of: v.picklist([
    ...scopeNames,
    ...([
      'value',
      'part',
      'parameter',
      'gradient',
      'term',
      'sum',
      'matrix',
      'product',
      'weights',
    ] as const),
  ]),
  name: v.optional(v.union([v.string(), count])),
  row: v.optional(count),
});
export type DebugPath = v.InferOutput<typeof path>;

const unit = record({ variable: count, unit: count });

/** A frame: a layer of a time step of a row. */
const at = {
  row: v.optional(count),
  step: count,
  /** From 1; default: the one at hand. */
  layer: v.optional(count),
};

const question = v.variant('about', [
  /** From the newest time step and its last layer on; `place`s of what nobody wrote are in `source` of `ready`. */
  record({ about: v.literal('frames'), row: v.optional(count), from: count, count }),
  /** What a row of a batch reads. */
  record({ about: v.literal('reading'), row: count }),
  /** Rows within a scope or a value of a step. */
  record({
    about: v.literal('rows'),
    ...at,
    path,
    from: v.optional(count),
    count: v.optional(count),
  }),
  record({ about: v.literal('expression'), ...at, text: v.string() }),
  /** An entry of a value becomes another; everything after it is worked out again. */
  record({
    about: v.literal('set'),
    ...at,
    path,
    entry: count,
    value: v.number(),
  }),
  record({
    about: v.literal('breakpoints'),
    lines: list(
      record({
        line: count,
        condition: v.optional(v.string()),
        hitCondition: v.optional(v.string()),
        log: v.optional(v.string()),
      }),
    ),
  }),
  record({ about: v.literal('units'), units: list(unit) }),
  record({ about: v.literal('troubles'), troubles: list(v.picklist(troubleNames)) }),
]);
export type DebugQuestion = v.InferOutput<typeof question>;

const askRequest = record({ kind: v.literal('debugAsk'), debug: count, question });
export type DebugAskRequest = v.InferOutput<typeof askRequest>;

const position = record({ line: count, column: count });

const row = record({
  name: v.string(),
  value: sentenceSchema,
  path: v.optional(path),
  /** Of the rows within. */
  count: v.optional(count),
  expression: v.optional(v.string()),
  isSettable: v.optional(v.boolean()),
  unit: v.optional(unit),
});
export type DebugRow = v.InferOutput<typeof row>;

const frame = record({
  t: count,
  /** From 1. */
  layer: count,
  name: v.string(),
  place: record({ start: position, end: position }),
  /** Whether it stands in the cell's own text. */
  isWritten: v.boolean(),
  /** Of a line below the frames of a part of the model: what it is called. */
  part: v.optional(sentenceSchema),
});
export type DebugFrame = v.InferOutput<typeof frame>;

const setBreakpoint = record({ id: count, line: count, problem: v.optional(sentenceSchema) });
export type DebugBreakpoint = v.InferOutput<typeof setBreakpoint>;

const askResult = v.variant('about', [
  record({ about: v.literal('frames'), frames: list(frame), total: count }),
  record({ about: v.literal('reading'), text: v.string(), spans: v.instance(Int32Array) }),
  record({ about: v.literal('rows'), rows: list(row) }),
  /** `rows`: those of a vector or a matrix, the first of them. */
  record({ about: v.literal('expression'), value: sentenceSchema, rows: list(row) }),
  record({ about: v.literal('breakpoints'), breakpoints: list(setBreakpoint) }),
  record({ about: v.picklist(['set', 'units', 'troubles']) }),
]);
export type DebugAnswer = v.InferOutput<typeof askResult>;

export const debugAskJob = { request: askRequest, event: v.never(), result: askResult };
