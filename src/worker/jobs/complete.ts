import type { PredictedToken } from '../../core/reading/expectations';
import { quickContext } from '../../core/reading/reading';
import type { Tokenizer } from '../../core/data/tokenizer';
import {
  completionDefaults,
  type CompleteRequest,
  type CompleteResult,
  type NextToken,
} from '../../protocol/engine';
import type { Job } from '../handler';
import { sessionOf } from './follow';

/** How a document may go on. */
export async function complete(
  request: CompleteRequest,
  job: Job<'complete'>,
): Promise<CompleteResult> {
  const session = await sessionOf(job, request.follow);
  const { document, version, offset, context = session.context, prefix = '' } = request;
  const defaults = completionDefaults;
  const { confidence = defaults.confidence, maxTokens = defaults.maxTokens } = request;
  const { until = defaults.until, alternatives = defaults.alternatives } = request;
  const { next = defaults.next, quick = false } = request;
  const answer = await session.ask(job, {
    document,
    version,
    offset,
    urgency: 'complete',
    work: ({ completer, reading }) =>
      completer.complete({
        ...{ offset, context, prefix },
        most: quick ? quickContext(reading.model.network) : undefined,
        ...{ confidence, maxTokens, until, alternatives, next },
      }),
  });
  if (answer === undefined) return { kind: 'outdated' };
  if (answer.value.isShort) session.readOn(job, document, context);
  const { tokenizer } = session.weights().reader;
  const { value, step } = answer;
  return {
    kind: 'completed',
    step,
    completions: value.completions.map(({ tokens, ...rest }) => ({
      ...rest,
      tokens: tokens.map((token) => named(tokenizer, token)),
    })),
    next: value.next.map((token) => named(tokenizer, token)),
    readFrom: value.readFrom,
    steps: value.steps,
  };
}

/** A token with its name for the eye. */
export function named(tokenizer: Tokenizer, { id, text, probability }: PredictedToken): NextToken {
  return { name: tokenizer.describe(id), text, probability };
}
