import { sheetLimits } from '../../core/worksheet/limits';
import { makeSheet } from '../../core/worksheet/make-sheet';
import type { WorksheetRequest, WorksheetSheet } from '../../protocol/engine';
import type { Job } from '../handler';
import { freshWeights, keptWeights } from '../weights';

/** Sets out both passes of a small network. */
export async function worksheet(
  { model, text, parameter, taken, ...question }: WorksheetRequest,
  job: Job<'worksheet'>,
): Promise<WorksheetSheet> {
  const { spec, parameters, tokenizer } =
    model.kind === 'fresh'
      ? // Of its characters only those that are read: they are the vocabulary.
        await freshWeights(
          model,
          Array.from(text)
            .slice(0, sheetLimits.steps + 1)
            .join(''),
          job,
        )
      : await keptWeights(model, job);
  return makeSheet({
    ...{ spec, parameters, ...question },
    ids: tokenizer.encode(text).ids,
    tokenName: (id) => tokenizer.describe(id),
    parameter: parameter ?? undefined,
    taken: taken.slice(-sheetLimits.taken),
  });
}
