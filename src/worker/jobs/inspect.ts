import { inspectText } from '../../core/inspection/inspect-text';
import type { InspectRequest, InspectResult } from '../../protocol/engine';
import type { Job } from '../handler';
import { openModel } from '../models';

/** Shows what a model makes of a text, token by token. */
export async function inspect(
  { model: source, text, before, variables, top }: InspectRequest,
  job: Job<'inspect'>,
): Promise<InspectResult> {
  const model = await openModel(job, source, 1);
  try {
    return inspectText(model.network, model.tokenizer, text, { before, variables, top });
  } finally {
    model.close();
  }
}
