/** What a user says of a file instead of what is guessed: by flags, or in FILE.rnn.json. */
import * as v from 'valibot';
import { tokenizerNames } from '../data/kinds';
import { InputError } from '../input-error';
import { modelShapes } from '../model-shapes';
import { sentence } from '../sentence';
import { didYouMean, listed } from '../suggest';
import { formatNames } from '../tables/kinds';
import { columnTypes, splitKinds, type ColumnType } from './understanding';

const names = v.pipe(
  v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))]),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
  v.readonly(),
);
const share = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
const positive = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

export const mostSteps = 1_000_000;

const fields = {
  $schema: v.string(),
  format: v.picklist([...formatNames, 'text'] as const),
  input: names,
  output: names,
  group: v.string(),
  date: v.string(),
  part: v.string(),
  types: v.record(v.string(), v.picklist(Object.keys(columnTypes) as ColumnType[])),
  shape: v.picklist(modelShapes),
  tokenizer: v.picklist(tokenizerNames),
  tokenizers: v.record(v.string(), v.picklist(tokenizerNames)),
  vocabulary: positive(1_000_000),
  longest: positive(mostSteps),
  split: v.picklist(splitKinds),
  validation: share,
  test: share,
  image: v.partial(
    v.strictObject({
      width: positive(4096),
      height: positive(4096),
      channels: v.picklist([1, 3] as const),
      rows: v.picklist(['vector', 'time'] as const),
    }),
  ),
  series: v.partial(
    v.strictObject({
      horizon: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(mostSteps)),
      difference: v.boolean(),
      window: positive(mostSteps),
      season: positive(mostSteps),
    }),
  ),
};

const overridesSchema = v.pipe(v.partial(v.strictObject(fields)), v.readonly());

export type Overrides = v.InferOutput<typeof overridesSchema>;
export const overrideNames = Object.keys(fields) as readonly (keyof Overrides)[];

/** What stands behind a file's name where it is said how it is to be read: `reviews.csv.rnn.json`. */
export const overridesSuffix = '.rnn.json';

/**
 * @param name of the file, for messages
 * @throws InputError that names what cannot be used
 */
export function decodeOverrides(json: string, name: string): Overrides {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(
      sentence`${name} is no valid JSON.`,
      sentence`Correct it, or remove it to have everything found by itself.`,
      { cause: error },
    );
  }
  return checkOverrides(value, name);
}

/** @throws InputError that names what cannot be used */
export function checkOverrides(value: unknown, name: string): Overrides {
  const parsed = v.safeParse(overridesSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const last = path.split('.').at(-1) ?? '';
    const known = listed(overrideNames, 'or');
    throw new InputError(
      sentence`${name}: there is no ${path}.`,
      didYouMean(last, overrideNames) ?? sentence`Use ${known}.`,
    );
  }
  const expected = issue.expected ?? '';
  throw new InputError(
    path === ''
      ? sentence`${name} must be a JSON object.`
      : sentence`${name}: ${path} cannot be ${JSON.stringify(issue.input)}.`,
    path === ''
      ? sentence`Write for example {"input": "text", "output": "label"}.`
      : sentence`It must be ${expected}.`,
  );
}

/** As it stands in a file, with a line for each; what is undefined is left out. */
export function encodeOverrides(overrides: Overrides): string {
  return `${JSON.stringify(overrides, null, 2)}\n`;
}

/** The second's are taken before the first's. */
export function mergedOverrides(first: Overrides, second: Overrides): Overrides {
  const records = ['types', 'tokenizers', 'image', 'series'] as const;
  const merged = records.filter((key) => first[key] !== undefined && second[key] !== undefined);
  const both = merged.map((key) => [key, { ...first[key], ...second[key] }] as const);
  return { ...first, ...second, ...(Object.fromEntries(both) as Overrides) };
}
