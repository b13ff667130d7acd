import * as v from 'valibot';
import { sentence } from '../sentence';
import { Damage } from '../formats/damage';
import type { ModelDescription } from '../formats/model-description';

/** What a file says of its model, and its parameters; neither is compared with the other yet. */
export interface JsonContents {
  readonly description: ModelDescription;
  readonly training: unknown;
  /** Row-major, with the shape that the file says. */
  readonly parameters: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly values: Float64Array }
  >;
}

const formatted = v.object({ format: v.string() });

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The numbers themselves are looked at while they are copied: a schema would take seconds for millions. */
const modelJson = v.object({
  cell: v.object({ name: v.string(), equations: v.string() }),
  model: v.unknown(),
  tokenizer: v.optional(v.unknown()),
  task: v.optional(v.unknown()),
  training: v.optional(v.unknown()),
  parameters: v.array(
    v.object({ name: v.string(), shape: v.array(size), values: v.array(v.unknown()) }),
  ),
});

/**
 * Reads what `writeModelJson` wrote.
 * @throws SyntaxError, and of the contents Damage, that say what is wrong with it
 */
export function readModelJson(text: string): {
  /** undefined: it is not of this program. */
  readonly format: string | undefined;
  contents(): JsonContents;
} {
  const json: unknown = JSON.parse(text);
  const marked = v.safeParse(formatted, json);
  return {
    format: marked.success ? marked.output.format : undefined,
    contents: () => contentsOf(json),
  };
}

function contentsOf(json: unknown): JsonContents {
  const parsed = v.safeParse(modelJson, json);
  if (!parsed.success) {
    const place = v.getDotPath(parsed.issues[0]);
    throw new Damage(
      place === null
        ? sentence`it holds no JSON object`
        : sentence`what stands at ${place} is missing or malformed`,
    );
  }
  const { cell, model, tokenizer, task, training, parameters } = parsed.output;
  return {
    training,
    description: { cell: cell.name, equations: cell.equations, sizes: model, tokenizer, task },
    parameters: new Map(
      parameters.map(({ name, shape, values }) => [
        name,
        { shape, values: flatten(name, values, shape) },
      ]),
    ),
  };
}

/** A list of numbers, or a list of rows of them. */
function flatten(name: string, list: readonly unknown[], shape: readonly number[]): Float64Array {
  const [length = 0, columns] = shape;
  const rows = columns === undefined ? [list] : list;
  const width = columns ?? length;
  const fits = (row: unknown): row is unknown[] => Array.isArray(row) && row.length === width;
  // Before anything is allocated: a short file may speak of a large shape.
  if (shape.length < 1 || shape.length > 2 || list.length !== length || !rows.every(fits)) {
    throw new Damage(sentence`${name} does not have the shape [${shape.join(', ')}]`);
  }
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, r) => {
    row.forEach((value, c) => {
      if (typeof value !== 'number')
        throw new Damage(sentence`an entry of ${name} is not a number`);
      values[r * width + c] = value;
    });
  });
  return values;
}
