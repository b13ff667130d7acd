/** What a checkpoint keeps of a channel: how its cells become ids or numbers. */
import * as v from 'valibot';

const names = v.pipe(v.array(v.string()), v.readonly());
const finite = v.pipe(v.number(), v.finite());
const deviation = v.pipe(finite, v.minValue(Number.MIN_VALUE));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const comma = v.picklist(['thousands', 'decimal'] as const);

const field = v.variant('kind', [
  v.object({
    kind: v.literal('number'),
    name: v.string(),
    comma,
    /** A value is told as (value − mean) / deviation. */
    mean: finite,
    deviation,
    /** A further number is 1 where it is missing, as it was in some rows of the training part. */
    flag: v.boolean(),
  }),
  /** One number a name: 1 for the name that it has. */
  v.object({ kind: v.literal('category'), name: v.string(), names }),
]);

export const codecData = v.variant('kind', [
  /** One of some names. */
  v.object({
    kind: v.literal('category'),
    column: v.string(),
    names: v.pipe(names, v.minLength(1)),
  }),
  /** Any of some names: a row of 0 and 1; of a list, or of columns of 0 and 1 that have the names. */
  v.object({
    kind: v.literal('labels'),
    columns: v.pipe(names, v.minLength(1)),
    names: v.pipe(names, v.minLength(1)),
  }),
  /** Symbols of a text; several columns are read with a line end between. */
  v.object({
    kind: v.literal('text'),
    columns: v.pipe(names, v.minLength(1)),
    tokenizer: v.looseObject({ kind: v.string() }),
    /** Spaces between words are tokens: not of a text that is only read. */
    spaces: v.boolean(),
    longest: count,
  }),
  /** Whole symbols: of a list, or separated by spaces. */
  v.object({
    kind: v.literal('sequence'),
    column: v.string(),
    names: v.pipe(names, v.minLength(1)),
    /** How many of the names, from the first, are classes of unknown symbols. */
    unknown: v.pipe(v.number(), v.integer(), v.minValue(0)),
    longest: count,
  }),
  /** Numbers and categories: one row, or one a step. */
  v.object({
    kind: v.literal('row'),
    fields: v.pipe(v.array(field), v.minLength(1), v.readonly()),
    inTime: v.boolean(),
    longest: count,
  }),
  v.object({
    kind: v.literal('image'),
    column: v.string(),
    width: count,
    height: count,
    channels: v.picklist([1, 3] as const),
    /** `vector`: one row of all pixels; `time`: a row of pixels a step. */
    rows: v.picklist(['vector', 'time'] as const),
    /** Of pixels from 0 to 1. */
    mean: finite,
    deviation,
  }),
]);

export type CodecData = v.InferOutput<typeof codecData>;
export type DataOf<Kind extends CodecData['kind']> = Extract<CodecData, { readonly kind: Kind }>;
export type Field = DataOf<'row'>['fields'][number];
