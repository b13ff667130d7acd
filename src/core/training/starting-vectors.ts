/** Word vectors that a model's embedding starts with. */
import type { FoundVectors } from '../vectors/read-vectors';
import type { TokenizerData } from '../data/tokenizer';
import type { Floats } from '../engine/backend';
import { withFrozen, type GraphModel } from '../engine/model';
import { readParameter, writeParameter, type Parameter } from '../engine/parameters';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { Settings } from '../settings/settings';
import type { CodecData } from '../task/codec-data';
import type { WarningEvent } from './events';

/** A file of vectors, not read yet. */
export interface StartingVectors {
  /** What messages call the file. */
  readonly name: string;
  readonly width: number;
  /** @throws InputError where the file is damaged */
  read(words: EmbeddedWords): Promise<FoundVectors & { readonly hash: string }>;
}

/** The words of an embedding's columns; undefined where a token is no word. */
export type EmbeddedWords = readonly (string | undefined)[];

/** The matrix that reads the tokens of the input, and what its columns are. */
export interface Embedding {
  /** Its qualified name. */
  readonly parameter: string;
  /** undefined: the tokens are not words. */
  readonly words: EmbeddedWords | undefined;
}

/** What a run keeps of the vectors that it started with. */
export interface VectorFacts {
  /** SHA-256 of the file. */
  readonly hash: string;
  /** Words of the vocabulary that have a vector, and how many there are. */
  readonly found: number;
  readonly words: number;
}

const isWord = (text: string): boolean => text.trim() !== '';

/** The words of a text's vocabulary. */
export function wordsOfTokenizer(data: TokenizerData): EmbeddedWords | undefined {
  if (data.kind !== 'word') return undefined;
  return [undefined, ...data.words.map((word) => (isWord(word) ? word : undefined))];
}

/** The words of what goes into a model of examples. */
export function wordsOfCodec(data: CodecData): EmbeddedWords | undefined {
  if (data.kind === 'text') return wordsOfTokenizer(data.tokenizer as unknown as TokenizerData);
  if (data.kind !== 'sequence') return undefined;
  return data.names.map((name, i) => (i >= data.unknown && isWord(name) ? name : undefined));
}

/**
 * The model with its embedding left as it is, where the settings say so.
 * @throws InputError if it has no such embedding
 */
export function withEmbedding<M extends GraphModel>(
  model: M,
  embedding: Embedding,
  { model: { vectors, vectorsFrozen, embedding: width } }: Settings,
): M {
  if (vectors === '') return model;
  if (embedding.words === undefined) {
    throw new InputError(
      sentence`Word vectors are of words, and the tokens here are not.`,
      sentence`Read words (--tokenizer word), or leave out --vectors.`,
    );
  }
  embeddingIn(model, embedding, width);
  return vectorsFrozen === 'on' ? withFrozen(model, embedding.parameter) : model;
}

function embeddingIn(
  { parameters }: GraphModel,
  { parameter: name }: Embedding,
  width: number,
): Parameter {
  const parameter = parameters.find((candidate) => candidate.name === name);
  const isAlone = parameter?.readsTokens === true && parameter.offset === 0;
  if (isAlone && parameter.rows === width) return parameter;
  throw new InputError(
    sentence`The model has no embedding of ${width} values that could start from word vectors.`,
    sentence`Write e[t] = E x[t] and size e = ${width} into its equations, and read e[t] instead of x[t].`,
  );
}

/** Writes the vectors that were found over the random start; tell the backend with `parametersChanged`. */
export function writeVectors(
  model: GraphModel,
  floats: Floats,
  embedding: Embedding,
  { values, found }: FoundVectors,
): void {
  const parameter = embeddingIn(model, embedding, values.length / found.length);
  const { rows, columns } = parameter;
  const matrix = readParameter(floats, model.layout.parameters, parameter);
  found.forEach((isFound, word) => {
    if (isFound === 0) return;
    for (let r = 0; r < rows; r++) matrix[r * columns + word] = values[word * rows + r]!;
  });
  writeParameter(floats, model.layout.parameters, parameter, matrix);
}

/** What was found, for the run and for the user. */
export function factsOf(
  words: EmbeddedWords,
  { found, hash }: FoundVectors & { readonly hash: string },
): VectorFacts {
  return {
    hash,
    found: found.reduce((sum, one) => sum + one, 0),
    words: words.filter((word) => word !== undefined).length,
  };
}

export function foundNote({ found, words }: VectorFacts, name: string): WarningEvent {
  const message = sentence`Words that have a vector in ${name}: ${found} of ${words}. The others start at random.`;
  return { event: 'warning', code: 'vectors', message };
}
