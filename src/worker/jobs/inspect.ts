import { inspectText } from '../../core/inspection/inspect-text';
import type { InspectRequest, InspectResult } from '../../protocol/engine';
import type { Job } from '../handler';
import { openModel } from '../models';

/** Shows what a model makes of a text, token by token. */
export async function inspect(
  { model: source, text }: InspectRequest,
  job: Job<'inspect'>,
): Promise<InspectResult> {
  const model = await openModel(job, source, 1);
  try {
    const seen = inspectText(model.network, model.tokenizer, text);
    return {
      ...seen,
      // A message cannot hold views of memory that is shared.
      probability: Float64Array.from(seen.probability),
      loss: Float64Array.from(seen.loss),
      hidden: Float64Array.from(seen.hidden),
      gradientByLag: Float64Array.from(seen.gradientByLag),
    };
  } finally {
    model.close();
  }
}
