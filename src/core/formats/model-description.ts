/** What a file of a model says of it beside its numbers, and the model that comes of it. */
import * as v from 'valibot';
import type { Tokenizer } from '../data/tokenizer';
import { readTokenizer } from '../data/tokenizers';
import { buildModel, type Model } from '../engine/model';
import { shapeOf } from '../engine/parameters';
import { parseCell } from '../equations/parse';
import { parseSettings } from '../training/settings';

/** What `format` says in files of a model alone; another number is of another version. */
export const modelFormat = 'rnn-lab model 1';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const sizes = v.object({
  hidden: count,
  layers: count,
  vocabulary: count,
  embedding: count,
  dropout: v.optional(v.number(), 0),
});

/** As read from a file, so not yet to be trusted. */
export interface ModelDescription {
  /** The cell's name and its equations. */
  readonly cell: string;
  readonly equations: string;
  /** `{ hidden, layers, vocabulary, embedding, dropout }` */
  readonly sizes: unknown;
  /** As `Tokenizer.toJSON` gives it. */
  readonly tokenizer: unknown;
}

/**
 * The model that is described. Sizes are held to the limits of the settings, so that no description, however
 * short, stands for a model that no memory holds.
 *
 * @throws Error whose message says what is wrong with it
 */
export function modelOf(description: ModelDescription): { model: Model; tokenizer: Tokenizer } {
  const shape = decoded(sizes, description.sizes, 'its sizes are');
  const tokenizer = tokenizerOf(description.tokenizer);
  if (tokenizer.vocabulary !== shape.vocabulary) {
    throw new Error(
      `its tokenizer has ${String(tokenizer.vocabulary)} tokens, its model ${String(shape.vocabulary)}`,
    );
  }
  const { hidden, layers, embedding, dropout } = shape;
  parseSettings({ model: { hidden, layers, embedding, dropout } });
  const cell = parseCell(description.equations, description.cell);
  return { model: buildModel({ cell, ...shape }), tokenizer };
}

function tokenizerOf(data: unknown): Tokenizer {
  try {
    return readTokenizer(data);
  } catch (error) {
    if (v.isValiError(error)) throw malformed('its tokenizer is', error.issues);
    throw error;
  }
}

function decoded<T>(schema: v.GenericSchema<unknown, T>, data: unknown, what: string): T {
  const parsed = v.safeParse(schema, data);
  if (!parsed.success) throw malformed(what, parsed.issues);
  return parsed.output;
}

function malformed(what: string, [issue]: readonly v.BaseIssue<unknown>[]): Error {
  const place = issue === undefined ? null : v.getDotPath(issue);
  return new Error(`${what} malformed${place === null ? '' : ` at ${place}`}`);
}

/**
 * Whether every parameter is there with its shape.
 *
 * @param shapes of the file's tensors
 * @throws Error whose message names the first that is not
 */
export function checkShapes(
  { parameters }: Model,
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  for (const parameter of parameters) {
    const expected = shapeOf(parameter).join(', ');
    const found = shapes.get(parameter.name)?.join(', ');
    if (found === undefined) throw new Error(`${parameter.name} is missing`);
    if (found !== expected) {
      throw new Error(`${parameter.name} has the shape [${found}], not [${expected}]`);
    }
  }
}
