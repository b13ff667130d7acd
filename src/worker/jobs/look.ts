import type { LookBack as DerivedBack } from '../../core/inspection/look-back';
import {
  longestLook,
  type LookBack,
  type LookRequest,
  type LookResult,
} from '../../protocol/engine';
import type { Job } from '../handler';
import { named } from './complete';
import { sessionOf } from './follow';

const defaultTop = 10;

/** A look back from a place in a document. */
export async function look(request: LookRequest, job: Job<'look'>): Promise<LookResult> {
  const session = await sessionOf(job, request.follow);
  const { document, version, offset, target, variables } = request;
  const { window = longestLook, from = 0, top = defaultTop, gradients = true } = request;
  const { context = session.context } = request;
  const answer = await session.ask(job, {
    document,
    version,
    offset,
    urgency: 'look',
    work: ({ reading }, { looker }) =>
      looker.look(reading, {
        ...{ offset, from, target, variables, top, gradients, context },
        window: request.from === undefined ? window : longestLook,
      }),
  });
  if (answer === undefined) return { kind: 'outdated' };
  const { tokenizer } = session.weights().reader;
  const { value, step } = answer;
  const { ids, next, target: found, gradients: derived, ...rest } = value;
  for (const { buffer } of [rest.starts, rest.ends, rest.loss]) job.giveAway(buffer);
  for (const { values } of rest.variables) job.giveAway(values.buffer);
  return {
    kind: 'looked',
    step,
    ...rest,
    tokens: ids.map((id) => tokenizer.describe(id)),
    next: next.map((token) => named(tokenizer, token)),
    target:
      found === undefined
        ? null
        : {
            name: tokenizer.describe(found.id),
            start: found.start,
            end: found.end,
            loss: found.loss,
            rank: found.rank,
            at: found.at,
          },
    gradients: derived === undefined ? null : derivedBack(derived),
  };
}

/** As messages call it. */
function derivedBack({ states, saliency, gradientTimesInput, terms }: DerivedBack): LookBack {
  return {
    states: states.map(({ variable, values: norms, memory }) => ({ variable, norms, memory })),
    saliency: { norms: saliency.values, memory: saliency.memory },
    gradientTimesInput,
    terms: terms.map(({ parameter, values: norms, sum, memory }) => ({
      ...{ parameter, norms, sum, memory },
    })),
  };
}
