/** The vectors that an open model has for its tokens, with their names. */
import { tokenMatrices, tokenVectors, type TokenMatrix } from '../core/inspection/token-vectors';
import type { Points } from '../core/inspection/principal';
import { sentence } from '../core/sentence';
import { listed } from '../core/suggest';
import type { ModelSource } from '../protocol/engine';
import { inputError } from './failures';
import { openExampleModel, openModel, type OpenExampleModel, type OpenModel } from './models';
import type { Work } from './work';

/** A model of either kind, to be asked for its tokens' vectors. */
export type AnyOpenModel =
  | { readonly kind: 'text'; readonly model: OpenModel }
  | { readonly kind: 'examples'; readonly model: OpenExampleModel };

/** @throws JobError, InputError */
export async function openAny(job: Work, source: ModelSource): Promise<AnyOpenModel> {
  const examples = await openExampleModel(job, source, 0);
  if (examples !== undefined) return { kind: 'examples', model: examples };
  return { kind: 'text', model: await openModel(job, source, 1) };
}

/** The token before an answer, which stands for its beginning. */
const start = 'START';

export function matricesOf({ kind, model }: AnyOpenModel): TokenMatrix[] {
  const all = tokenMatrices(model.network.model);
  if (kind === 'text') return all;
  // Numbers that are predicted are no tokens.
  return all.filter(({ of }) => of !== 'output' || model.output.form.kind !== 'numbers');
}

export interface NamedVectors extends Points {
  readonly matrix: TokenMatrix;
  /** For the eye, and as the text has it. */
  readonly name: (token: number) => string;
  readonly text: (token: number) => string;
  /** The token that a word is; undefined: it is none, or several. */
  readonly tokenOf: (word: string) => number | undefined;
}

/**
 * @param wanted null: the first matrix
 * @throws JobError if there is none, or not that one
 */
export function namedVectors(opened: AnyOpenModel, wanted: string | null): NamedVectors {
  const {
    model: { network },
  } = opened;
  const matrices = matricesOf(opened);
  const matrix = wanted === null ? matrices[0] : matrices.find(({ name }) => name === wanted);
  if (matrix === undefined) {
    throw inputError(
      wanted === null || matrices.length === 0
        ? sentence`This model reads numbers: it has no vectors of tokens.`
        : sentence`The model has no vectors of tokens in ${wanted}; it has ${listed(matrices.map(({ name }) => name))}.`,
    );
  }
  const points = tokenVectors(network.model, network.backend.floats(), matrix);
  return { ...points, matrix, ...namesIn(opened, matrix) };
}

function namesIn(
  opened: AnyOpenModel,
  { of }: TokenMatrix,
): Pick<NamedVectors, 'name' | 'text' | 'tokenOf'> {
  if (opened.kind === 'text') {
    const { tokenizer } = opened.model;
    return {
      name: (token) => tokenizer.describe(token),
      text: (token) => tokenizer.decode([token]),
      tokenOf: (word) => oneOf(tokenizer.encode(word).ids, tokenizer.unknown),
    };
  }
  const codec = of === 'input' ? opened.model.input : opened.model.output;
  const isStart = (token: number): boolean => token >= codec.form.width;
  return {
    name: (token) => (isStart(token) ? start : codec.describe(token)),
    text: (token) => (isStart(token) ? start : codec.name(token)),
    tokenOf(word) {
      for (let token = 0; token < codec.form.width; token++) {
        if (codec.name(token) === word && token !== codec.unknown) return token;
      }
      return undefined;
    },
  };
}

function oneOf(ids: ArrayLike<number>, unknown: number | undefined): number | undefined {
  return ids.length === 1 && ids[0] !== unknown ? ids[0] : undefined;
}
