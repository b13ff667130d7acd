/** What a file of a model says of it beside its numbers, and the model that comes of it. */
import * as v from 'valibot';
import type { Tokenizer } from '../data/tokenizer';
import { readTokenizer } from '../data/tokenizers';
import {
  buildExampleModel,
  buildModel,
  type ExampleModel,
  type GraphModel,
  type Model,
} from '../engine/model';
import { shapeOf } from '../engine/parameters';
import { sentence, type Sentence } from '../sentence';
import { responseOf } from '../equations/model-shape';
import { parseCell } from '../equations/parse';
import { requireTextModel } from '../equations/text-model';
import { parseSettings } from '../settings/settings';
import { Damage } from './damage';

/** What `format` says in files of a model alone; another number is of another version. */
export const modelFormat = 'rnn-lab model 1';
/** In files of a model of examples alone. */
export const exampleModelFormat = 'rnn-lab model 2';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const sizes = v.object({
  hidden: count,
  layers: count,
  vocabulary: count,
  embedding: count,
  dropout: v.optional(v.number(), 0),
});

/** How far a model has been trained. */
export const trained = v.object({
  /** Updates done. */
  step: count,
  /** The lowest loss on held-out text, nats per token, and where it was. */
  best: v.optional(v.object({ step: count, validationLoss: v.pipe(v.number(), v.finite()) })),
});
export type Trained = v.InferOutput<typeof trained>;

/** As read from a file, so not yet to be trusted. */
export interface ModelDescription {
  /** The cell's name and its equations. */
  readonly cell: string;
  readonly equations: string;
  /** `{ hidden, layers, vocabulary, embedding, dropout }` */
  readonly sizes: unknown;
  /** As `Tokenizer.toJSON` gives it; of a model of examples nothing. */
  readonly tokenizer: unknown;
  /** Of a model of examples: its `TaskDescription`. */
  readonly task?: unknown;
}

/** @throws Damage */
export function trainedFrom(data: unknown): Trained | undefined {
  // Missing in files of 0.1.0.
  if (data === undefined || data === null) return undefined;
  return decoded(trained, data, sentence`what it says of its training is malformed`);
}

/**
 * The model that is described. Sizes are held to the limits of the settings, so that no description, however
 * short, stands for a model that no memory holds.
 *
 * @throws Damage, or the error of the settings or the equations, that says what is wrong with it
 */
export function modelOf(description: ModelDescription): { model: Model; tokenizer: Tokenizer } {
  const shape = decoded(sizes, description.sizes, sentence`its sizes are malformed`);
  const tokenizer = tokenizerOf(description.tokenizer);
  if (tokenizer.vocabulary !== shape.vocabulary) {
    throw new Damage(
      sentence`its tokenizer has ${tokenizer.vocabulary} tokens, its model ${shape.vocabulary}`,
    );
  }
  const { hidden, layers, embedding, dropout } = shape;
  parseSettings({ model: { hidden, layers, embedding, dropout } });
  const cell = requireTextModel(parseCell(description.equations, description.cell));
  return { model: buildModel({ cell, ...shape }), tokenizer };
}

const channel = v.object({
  kind: v.picklist(['symbols', 'numbers']),
  width: v.pipe(count, v.minValue(1), v.maxValue(2 ** 20)),
});
/** The sizes of a model of examples. */
export const exampleSizes = v.object({
  hidden: count,
  dropout: v.number(),
  input: channel,
  answer: v.optional(channel),
  output: v.pipe(count, v.minValue(1), v.maxValue(2 ** 20)),
});

/**
 * The model of examples that is described.
 *
 * @throws Damage, or the error of the settings or the equations, that says what is wrong with it
 */
export function exampleModelOf(
  description: Pick<ModelDescription, 'cell' | 'equations' | 'sizes'>,
): ExampleModel {
  const { answer, ...sizes } = decoded(
    exampleSizes,
    description.sizes,
    sentence`its sizes are malformed`,
  );
  parseSettings({ model: { hidden: sizes.hidden, dropout: sizes.dropout } });
  const cell = parseCell(description.equations, description.cell);
  if (responseOf(cell) === undefined) throw new Damage(sentence`its equations define no y`);
  return buildExampleModel({ cell, ...sizes, ...(answer && { answer }) });
}

function tokenizerOf(data: unknown): Tokenizer {
  try {
    return readTokenizer(data);
  } catch (error) {
    if (v.isValiError(error)) throw malformed(sentence`its tokenizer is malformed`, error.issues);
    throw error;
  }
}

/**
 * A part of a file as its schema says.
 *
 * @param problem what is wrong if it is not
 * @throws Damage with the place
 */
export function decoded<T>(
  schema: v.GenericSchema<unknown, T>,
  data: unknown,
  problem: Sentence,
): T {
  const parsed = v.safeParse(schema, data);
  if (!parsed.success) throw malformed(problem, parsed.issues);
  return parsed.output;
}

function malformed(problem: Sentence, [issue]: readonly v.BaseIssue<unknown>[]): Damage {
  const place = issue === undefined ? null : v.getDotPath(issue);
  return new Damage(place === null ? problem : sentence`${problem} at ${place}`);
}

/**
 * Whether every parameter is there with its shape.
 *
 * @param shapes of the file's tensors
 * @throws Damage that names the first that is not
 */
export function checkShapes(
  { parameters }: GraphModel,
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  for (const parameter of parameters) {
    const expected = shapeOf(parameter).join(', ');
    const found = shapes.get(parameter.name)?.join(', ');
    if (found === undefined) throw new Damage(sentence`${parameter.name} is missing`);
    if (found !== expected) {
      throw new Damage(sentence`${parameter.name} has the shape [${found}], not [${expected}]`);
    }
  }
}
