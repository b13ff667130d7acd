/** What a user says of a file instead of what is guessed: by flags, or in FILE.rnn.json. */
import * as v from 'valibot';
import { tokenizerNames } from '../data/kinds';
import { InputError } from '../input-error';
import { modelShapes } from '../model-shapes';
import { sentence } from '../sentence';
import { didYouMean, listed } from '../suggest';
import { formatNames, splitKinds } from '../tables/kinds';
import { columnTypes, type ColumnType } from './understanding';

const names = (text: string) =>
  v.pipe(
    v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))]),
    v.description(text),
    v.transform((value) => (typeof value === 'string' ? [value] : value)),
    v.readonly(),
  );
const share = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
const positive = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

export const mostSteps = 1_000_000;

/** A field with the line that an editor shows of it. */
function told<Schema extends v.GenericSchema>(text: string, schema: Schema) {
  return v.pipe(schema, v.description(text));
}

const imageFields = {
  width: positive(4096),
  height: positive(4096),
  channels: v.picklist([1, 3] as const),
  rows: v.picklist(['vector', 'time'] as const),
};
const seriesFields = {
  horizon: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(mostSteps)),
  difference: v.boolean(),
  window: positive(mostSteps),
  season: positive(mostSteps),
};

const fields = {
  $schema: v.string(),
  format: told(
    'What the file is, instead of what is found by looking at it.',
    v.picklist([...formatNames, 'text'] as const),
  ),
  include: names(
    'Of a folder of texts: files, folders or globs that are read; all, if none is given.',
  ),
  exclude: names('Of a folder of texts: files, folders or globs that are left out.'),
  input: names('The column that goes in, or several.'),
  output: names('The column that should come out, or several of numbers.'),
  ahead: names(
    'Columns of a series that are known in advance, such as holidays: they are read of the step that is forecast.',
  ),
  group: told('A column: rows with the same value in it are in the same part.', v.string()),
  date: told('The column that orders the rows.', v.string()),
  part: told('The column that says which part a row is in: train, validation or test.', v.string()),
  types: told(
    'What the cells of columns are, by their names.',
    v.record(v.string(), v.picklist(Object.keys(columnTypes) as ColumnType[])),
  ),
  shape: told('The input/output shape.', v.picklist(modelShapes)),
  tokenizer: told('What a symbol of a text is.', v.picklist(tokenizerNames)),
  tokenizers: told(
    'What a symbol of a text is, by the names of columns.',
    v.record(v.string(), v.picklist(tokenizerNames)),
  ),
  vocabulary: told('Most symbols of a vocabulary.', positive(1_000_000)),
  longest: told(
    'Most steps of a sequence: longer inputs are cut, rows with longer answers left out.',
    positive(mostSteps),
  ),
  split: told('How the rows are dealt to the parts.', v.picklist(splitKinds)),
  validation: told('Share of the rows that a model is chosen by.', share),
  test: told('Share of the rows that nothing is learnt or chosen from.', share),
  image: told(
    'How images are read: their size, 1 or 3 channels, as one vector or a row of pixels a step.',
    v.partial(v.strictObject(imageFields)),
  ),
  series: told(
    'How a series is learnt: steps ahead, by its changes, steps of an example, steps of a season.',
    v.partial(v.strictObject(seriesFields)),
  ),
};

export const overridesSchema = v.pipe(v.partial(v.strictObject(fields)), v.readonly());

export type Overrides = v.InferOutput<typeof overridesSchema>;
export const overrideNames = Object.keys(fields) as readonly (keyof Overrides)[];
/** How a field's value is written where all is text. */
export type OverrideSyntax =
  /** As it is. */
  | 'text'
  | 'number'
  /** `name,name`, as often as it is given; a comma within braces, as globs have it, separates nothing. */
  | 'list'
  /** `name=value,name=value` */
  | 'record';

/** One line on each field, and how it is written on a command line. */
export const overrideFields: readonly {
  readonly name: keyof Overrides;
  readonly description: string;
  readonly syntax: OverrideSyntax;
}[] = overrideNames.map((name) => {
  const { type } = fields[name];
  const isRecord = type === 'record' || type === 'strict_object';
  return {
    name,
    description: v.getDescription(fields[name]) ?? '',
    syntax: isRecord ? 'record' : type === 'number' ? 'number' : type === 'union' ? 'list' : 'text',
  };
});

/**
 * A field's value from a command line; what is no number stays text, so that the message can show it.
 *
 * @throws InputError if it should be `name=value` and is not
 */
export function readOverride(name: string, syntax: OverrideSyntax, value: string): unknown {
  if (syntax === 'text') return value;
  if (syntax === 'number') return wordsToValue(value);
  if (syntax === 'list') return value.split(/,(?![^{]*\})/).map((name) => name.trim());
  const entries = value.split(',').map((part): readonly [string, unknown] => {
    const at = part.lastIndexOf('=');
    if (at > 0) return [part.slice(0, at).trim(), wordsToValue(part.slice(at + 1).trim())];
    throw new InputError(
      sentence`--${name} cannot be ${JSON.stringify(value)}.`,
      sentence`Write name=value, and a comma between several.`,
    );
  });
  return Object.fromEntries(entries);
}

const truths: Readonly<Record<string, boolean>> = { true: true, false: false };

function wordsToValue(text: string): unknown {
  const number = text.trim() === '' ? NaN : Number(text);
  return truths[text] ?? (Number.isNaN(number) ? text : number);
}

/** Names within a field. */
const innerNames: Readonly<Record<string, readonly string[]>> = {
  image: Object.keys(imageFields),
  series: Object.keys(seriesFields),
};

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
  // To the schema library a list is an object too.
  const parsed = v.safeParse(overridesSchema, Array.isArray(value) ? null : value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const [first = '', last = first] = path.split('.');
    const names = path === first ? overrideNames : (innerNames[first] ?? []);
    const known = listed(names, 'or');
    throw new InputError(
      sentence`${name}: there is no ${path}.`,
      didYouMean(last, names) ?? sentence`Use ${known}.`,
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
