/** The tokens whose vectors point most nearly where that of a word does. */
import { createNearest } from '../../core/inspection/nearest';
import { sentence } from '../../core/sentence';
import type { NearestRequest, NearestResult } from '../../protocol/engine';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { matricesOf, namedVectors, openAny } from '../vectors-of';

/** @throws JobError, InputError */
export async function nearest(
  { model, words, token: given, matrix, most }: NearestRequest,
  job: Job<'nearest'>,
): Promise<NearestResult> {
  const opened = await openAny(job, model);
  try {
    const vectors = namedVectors(opened, matrix);
    const token = given ?? words.map(vectors.tokenOf).find((each) => each !== undefined);
    if (token === undefined || token >= vectors.count) {
      throw inputError(
        sentence`The model has no token ${words[0] ?? ''}.`,
        sentence`Put the cursor into a word that it has learnt.`,
      );
    }
    const near = createNearest(vectors)(token, most);
    return {
      step: opened.model.step,
      matrices: matricesOf(opened),
      matrix: vectors.matrix.name,
      word: vectors.text(token),
      near: near.map(({ point, cosine }) => ({
        ...{ word: vectors.text(point), name: vectors.name(point), token: point, cosine },
      })),
    };
  } finally {
    opened.model.close();
  }
}
