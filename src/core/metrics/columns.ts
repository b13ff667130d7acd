/**
 * What a training measures, said once: the rows of metrics and of evaluations, their types and schemas, the
 * columns of tables, charts and CSV, and how two rows become one all come from this table. Losses are in nats
 * per token, `seconds` counts training time since the run's start (pauses and the time between two sessions
 * left out), `step` counts updates from 1.
 */
import * as v from 'valibot';
import { sentence } from '../sentence';

/** Mean, least and greatest over the steps that a row sums up. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/**
 * What becomes of the values of two rows, a before b. `last`: b's; `sum`; `mean` over the steps of both; `rate`:
 * what is counted adds up, and so does the time; `better`: that of the row that is better by the quantity that
 * the channel goes by.
 */
type Merge = 'last' | 'sum' | 'mean' | 'rate' | 'better';

/** Something that is measured. */
interface Quantity {
  readonly type: 'count' | 'number' | 'flag' | 'spread';
  /** In English, as CSV has it; what has none is in no file for others. */
  readonly label?: string;
  /** Undefined: a pure number, or said by the label. */
  readonly unit?: string;
  /** A spread's mean is merged so; its least and greatest values are those of both rows. */
  readonly merge: Merge;
  readonly better?: 'lower' | 'higher';
  /** A share of a whole, from 0 to 1, told in per cent. */
  readonly isShare?: true;
  /** What rows have that were written before there was such a quantity. */
  readonly absent?: number;
  /** Only some tasks have it: a row without it has none, its column NaN. */
  readonly optional?: true;
  /** Another value each time the same training is done. */
  readonly clock?: true;
}
export type Quantities = Readonly<Record<string, Quantity>>;

/** The steps since the row before, summed up: at most ten rows a second, the first right after step 1. */
const training = {
  /** Number of the last step in the row. */
  step: { type: 'count', label: 'step', merge: 'last' },
  /** How many steps the row sums up. */
  steps: { type: 'count', label: 'steps in this row', merge: 'sum' },
  /** Passes over the training text so far, a fraction. */
  epoch: { type: 'number', label: 'epoch', merge: 'last' },
  seconds: { type: 'number', label: 'time', unit: 's', merge: 'last', clock: true },
  /** Training tokens seen since the run's start. */
  tokens: { type: 'count', label: 'training tokens seen', merge: 'last' },
  loss: { type: 'spread', label: 'loss', unit: 'nats/token', merge: 'mean', better: 'lower' },
  /** Global norm before clipping by norm. */
  gradientNorm: { type: 'spread', label: 'gradient norm', merge: 'mean' },
  /** Share of the steps whose gradient was clipped by norm. */
  clipped: { type: 'number', label: 'share of steps clipped', merge: 'mean' },
  /** Of the last step. */
  learningRate: { type: 'number', label: 'learning rate', merge: 'last' },
  /** Training speed within this row; evaluations and pauses are left out. Each step has as many tokens. */
  tokensPerSecond: {
    ...{ type: 'number', label: 'speed', unit: 'tokens/s', merge: 'rate' },
    ...{ better: 'higher', clock: true },
  },
  /** Share of the limit that is used up, 0 to 1. */
  progress: { type: 'number', merge: 'last', clock: true },
} as const satisfies Quantities;

/** A score of answers, which a text has not. */
const score = { type: 'number', merge: 'better', better: 'higher', optional: true } as const;
const share = { ...score, isShare: true } as const;
const error = { ...score, better: 'lower', unit: 'in the data’s units' } as const;

/** What people call the scores. */
export const scoreLabels = {
  accuracy: sentence`accuracy`,
  balancedAccuracy: sentence`balanced accuracy`,
  f1: sentence`F1`,
  exactMatch: sentence`exact match`,
  tokenAccuracy: sentence`token accuracy`,
  mae: sentence`mean absolute error`,
  rmse: sentence`root mean squared error`,
  r2: sentence`R²`,
};

/** A measurement on what is held out. */
const evaluation = {
  step: { type: 'count', label: 'step', merge: 'better' },
  epoch: { type: 'number', label: 'epoch', merge: 'better' },
  seconds: { type: 'number', label: 'time', unit: 's', merge: 'better', clock: true },
  validationLoss: {
    ...{ type: 'number', label: 'validation loss', unit: 'nats/token', merge: 'better' },
    better: 'lower',
  },
  /** Bits per Unicode character, whatever the tokenizer. */
  bitsPerCharacter: {
    ...{ type: 'number', label: 'bits per character', merge: 'better' },
    better: 'lower',
  },
  /** What of these it takes to spell tokens that are not known. */
  spelling: {
    ...{ type: 'number', label: 'spelling of unknown tokens', unit: 'bits/character' },
    ...{ merge: 'better', absent: 0 },
  },
  /** exp(validationLoss); infinite above 709 nats. */
  perplexity: { type: 'number', label: 'perplexity', merge: 'better', better: 'lower' },
  /** Tokens measured; fewer than are held out where `evaluationTokens` says so. */
  tokens: { type: 'count', label: 'tokens evaluated', merge: 'better' },
  /** Share of answers whose class is right; of several labels, of labels. */
  accuracy: { ...share, label: scoreLabels.accuracy.text },
  /** Mean share of right answers over the classes that occur. */
  balancedAccuracy: { ...share, label: scoreLabels.balancedAccuracy.text },
  /** Mean F1 over the classes that occur; of several labels, of all together. */
  f1: { ...share, label: scoreLabels.f1.text },
  /** Share of examples all of whose answers are right: greedy decoding gives just the target. */
  exactMatch: { ...share, label: scoreLabels.exactMatch.text },
  /** Share of steps whose symbol is right, END included. */
  tokenAccuracy: { ...share, label: scoreLabels.tokenAccuracy.text },
  /** Mean absolute error. */
  mae: { ...error, label: scoreLabels.mae.text },
  /** Root of the mean squared error. */
  rmse: { ...error, label: scoreLabels.rmse.text },
  /** Share of the variance that is explained. */
  r2: { ...score, label: scoreLabels.r2.text },
  /** Whether it is the lowest so far. */
  best: { type: 'flag', label: 'best so far', merge: 'better' },
} as const satisfies Quantities;

/** Rows of one kind. */
export interface Channel<Q extends Quantities> {
  readonly quantities: Q;
  /** Which of two rows is better is for this quantity to say. */
  readonly by: keyof Q & string;
}

/** By the names of their events. */
export const channels = {
  metrics: { quantities: training, by: 'loss' },
  evaluation: { quantities: evaluation, by: 'validationLoss' },
} as const satisfies Readonly<Record<string, Channel<Quantities>>>;

interface ValueTypes {
  readonly count: number;
  readonly number: number;
  readonly flag: boolean;
  readonly spread: Spread;
}

/** The quantities that only some tasks have. */
type OptionalOf<Q extends Quantities> = {
  [Id in keyof Q]: Q[Id] extends { readonly optional: true } ? Id : never;
}[keyof Q];

export type RowOf<Q extends Quantities> = {
  readonly [Id in Exclude<keyof Q, OptionalOf<Q>>]: ValueTypes[Q[Id]['type']];
} & { readonly [Id in OptionalOf<Q>]?: ValueTypes[Q[Id]['type']] | undefined };
export type MetricsRow = RowOf<typeof training>;
export type EvaluationRow = RowOf<typeof evaluation>;

/** The columns that say how well answers fit, beside their loss. */
export const scoreNames = [
  'accuracy',
  'balancedAccuracy',
  'f1',
  'exactMatch',
  'tokenAccuracy',
  'mae',
  'rmse',
  'r2',
] as const satisfies readonly (keyof EvaluationRow)[];
export type ScoreName = (typeof scoreNames)[number];
/** Each is missing where the answers are of another kind. */
export type Scores = Readonly<Partial<Record<ScoreName, number | undefined>>>;

/** The scores that tell at a glance how good answers are, the one that says most first. */
export const leadingScores = [
  'exactMatch',
  'accuracy',
  'tokenAccuracy',
  'f1',
  'balancedAccuracy',
  'mae',
  'rmse',
  'r2',
] as const satisfies readonly ScoreName[];

/** Those of a row that are known, in the table's order. */
export function scoresOf(row: Scores): Scores {
  return Object.fromEntries(
    scoreNames.map((name) => [name, row[name]] as const).filter(([, value]) => isKnown(value)),
  );
}

/** The score of a row that says most; undefined: it has none. */
export function leadingScore(
  row: Scores,
): { readonly name: ScoreName; readonly value: number } | undefined {
  const name = leadingScores.find((each) => isKnown(row[each]));
  return name && { name, value: row[name]! };
}

/** Whether a score is better than another one. */
export function isBetterScore(name: ScoreName, a: number, b: number): boolean {
  return isBetter(channels.evaluation.quantities[name], a, b);
}

/** Whether a score is told in per cent. */
export function isShare(name: ScoreName): boolean {
  return 'isShare' in channels.evaluation.quantities[name];
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

const spreadParts = { Mean: 'mean', Min: 'min', Max: 'max' } as const;

/** A row's numbers, each by a name of its own: a spread is three of them. */
export type ColumnOf<Q extends Quantities> = {
  [Id in keyof Q & string]: Q[Id]['type'] extends 'spread'
    ? `${Id}${keyof typeof spreadParts}`
    : Id;
}[keyof Q & string];
export type MetricsColumn = ColumnOf<typeof training>;
export type EvaluationColumn = ColumnOf<typeof evaluation>;

/** One number of a row. */
export interface Column<Name extends string = string> {
  readonly name: Name;
  readonly merge: Merge | 'minimum' | 'maximum';
  /** For people and other programs, with its unit; undefined: it is for neither. */
  readonly label: string | undefined;
  readonly type: Quantity['type'];
  readonly clock: boolean;
  /** Only some tasks have it. */
  readonly optional: boolean;
}

/** All numbers of a row, in the table's order. */
export function columnsOf<Q extends Quantities>({ quantities }: Channel<Q>): Column<ColumnOf<Q>>[] {
  return Object.entries<Quantity>(quantities).flatMap(([id, quantity]) => {
    const { type, merge, label, unit, clock = false, optional = false } = quantity;
    const facts = { type, clock, optional };
    const labeled = (prefix: string): string | undefined =>
      label === undefined ? undefined : prefix + label + (unit === undefined ? '' : ` [${unit}]`);
    const columns: Column[] =
      type === 'spread'
        ? [
            { name: `${id}Mean`, merge, label: labeled(''), ...facts },
            { name: `${id}Min`, merge: 'minimum', label: labeled('least '), ...facts },
            { name: `${id}Max`, merge: 'maximum', label: labeled('greatest '), ...facts },
          ]
        : [{ name: id, merge, label: labeled(''), ...facts }];
    return columns as Column<ColumnOf<Q>>[];
  });
}

const parts = Object.entries(spreadParts) as [keyof typeof spreadParts, keyof Spread][];

/** A row's numbers by their columns; a flag is 1 or 0. */
export function flatten<Q extends Quantities>(
  { quantities }: Channel<Q>,
  row: RowOf<Q>,
): Record<ColumnOf<Q>, number> {
  const numbers: Record<string, number> = {};
  for (const id of Object.keys(quantities)) {
    const value = (row as Readonly<Record<string, number | boolean | Spread>>)[id] ?? NaN;
    if (typeof value !== 'object') numbers[id] = Number(value);
    else for (const [end, part] of parts) numbers[id + end] = value[part];
  }
  return numbers;
}

/** The row of these numbers. */
export function unflatten<Q extends Quantities>(
  { quantities }: Channel<Q>,
  numbers: Readonly<Record<ColumnOf<Q>, number>>,
): RowOf<Q> {
  const at = (name: string): number => numbers[name as ColumnOf<Q>];
  const values = Object.entries<Quantity>(quantities)
    .filter(([id, { optional }]) => !optional || !Number.isNaN(at(id)))
    .map(([id, { type }]): [string, number | boolean | object] => {
      if (type === 'spread')
        return [id, Object.fromEntries(parts.map(([end, part]) => [part, at(id + end)]))];
      return [id, type === 'flag' ? at(id) !== 0 : at(id)];
    });
  return Object.fromEntries(values) as RowOf<Q>;
}

/** Whether a value is better than another one; what is not a number is worse than any. */
export function isBetter({ better }: Pick<Quantity, 'better'>, a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return !Number.isNaN(a);
  return better === 'higher' ? a > b : a < b;
}

/**
 * What makes one row of two that follow each other, in numbers by their columns; the only place where rows are
 * merged.
 */
export function mergerOf<Q extends Quantities>(
  channel: Channel<Q>,
): (
  a: (column: ColumnOf<Q>) => number,
  b: (column: ColumnOf<Q>) => number,
) => Record<ColumnOf<Q>, number> {
  const { quantities, by: deciding } = channel;
  const columns = columnsOf(channel);
  const decisive = quantities[deciding]!;
  const by = (deciding + (decisive.type === 'spread' ? 'Mean' : '')) as ColumnOf<Q>;
  return (a, b) => {
    const kept = isBetter(decisive, b(by), a(by)) ? b : a;
    const stepsOf = (row: typeof a) => ('steps' in quantities ? row('steps' as ColumnOf<Q>) : 1);
    const steps = { a: stepsOf(a), b: stepsOf(b) };
    const merged = {} as Record<ColumnOf<Q>, number>;
    for (const { name, merge } of columns) {
      merged[name] = mergedValue(merge, a(name), b(name), steps, kept(name));
    }
    return merged;
  };
}

function mergedValue(
  merge: Column['merge'],
  a: number,
  b: number,
  steps: { readonly a: number; readonly b: number },
  kept: number,
): number {
  switch (merge) {
    case 'last':
      return b;
    case 'sum':
      return a + b;
    case 'mean':
      return (steps.a * a + steps.b * b) / (steps.a + steps.b);
    case 'rate':
      return (steps.a + steps.b) / (steps.a / a + steps.b / b);
    case 'minimum':
      return Math.min(a, b);
    case 'maximum':
      return Math.max(a, b);
    case 'better':
      return kept;
  }
}

/** A schema for each type of value. */
type ValueSchemas = {
  readonly [Type in keyof ValueTypes]: v.GenericSchema<unknown, ValueTypes[Type]>;
};

type RowEntries<Q extends Quantities> = {
  [Id in Exclude<keyof Q, OptionalOf<Q>>]: v.GenericSchema<unknown, ValueTypes[Q[Id]['type']]>;
} & {
  [Id in OptionalOf<Q>]: v.OptionalSchema<
    v.GenericSchema<unknown, ValueTypes[Q[Id]['type']]>,
    undefined
  >;
};

/** A row's schema: an entry a quantity. */
export function rowEntries<Q extends Quantities>(
  { quantities }: Channel<Q>,
  schemas: ValueSchemas,
): RowEntries<Q> {
  return Object.fromEntries(
    Object.entries<Quantity>(quantities).map(([id, { type, absent, optional }]) => {
      if (optional) return [id, v.optional(schemas[type])];
      return [id, absent === undefined ? schemas[type] : v.optional(schemas[type], absent)];
    }),
  ) as RowEntries<Q>;
}
