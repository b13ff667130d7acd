import { findUnits as findIn } from '../../core/reading/find-units';
import { readRange, type RangeReading } from '../../core/reading/read-range';
import type { Tokenizer } from '../../core/data/tokenizer';
import {
  mostTokensRead,
  type FindUnitsRequest,
  type FindUnitsResult,
  type ReadRequest,
  type ReadResult,
} from '../../protocol/engine';
import type { Job } from '../handler';
import { sessionOf } from './follow';

const defaultUnits = 50;

/** How a model reads a range of a document. */
export async function read(request: ReadRequest, job: Job<'read'>): Promise<ReadResult> {
  const session = await sessionOf(job, request.follow);
  const { document, version, from, to } = request;
  const { top = 0, variables = [], context = session.context } = request;
  const answer = await session.ask(job, {
    document,
    version,
    offset: from,
    urgency: 'read',
    work: ({ reading }) =>
      readRange(reading, { from, to, top, variables, context }, mostTokensRead),
  });
  if (answer === undefined) return { kind: 'outdated' };
  const { expected, probability, ...rest } = answer.value;
  const { starts, ends, loss, rank, characters, spelling } = rest;
  const columns = [starts, ends, loss, rank, characters, spelling, probability];
  for (const { buffer } of [...columns, ...rest.variables.map(({ values }) => values)]) {
    job.giveAway(buffer);
  }
  const names = nameTokens(session.weights().reader.tokenizer, expected);
  return {
    kind: 'read',
    step: answer.step,
    ...rest,
    expected: { ...names, probability },
  };
}

/** Each different token once, with its name; NaN, of what is not expected of anything, is a token without one. */
function nameTokens(
  tokenizer: Tokenizer,
  ids: RangeReading['expected'],
): { names: string[]; index: Float64Array<ArrayBuffer> } {
  const places = new Map<number, number>();
  const names: string[] = [];
  const index = ids.map((id) => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const place = names.push(Number.isNaN(id) ? '' : tokenizer.describe(id)) - 1;
    places.set(id, place);
    return place;
  });
  return { names, index };
}

/** Units that tell spans of a document from the rest. */
export async function findUnits(
  request: FindUnitsRequest,
  job: Job<'findUnits'>,
): Promise<FindUnitsResult> {
  const session = await sessionOf(job, request.follow);
  const { document, version, from, to, spans, variables } = request;
  const { top = defaultUnits, context = session.context } = request;
  const answer = await session.ask(job, {
    document,
    version,
    offset: from,
    urgency: 'read',
    work: ({ reading }) =>
      findIn(reading, { from, to, spans, variables, top, context }, mostTokensRead),
    progress: (done) => {
      job.emit({ event: 'progress', done: Number(done) });
    },
  });
  if (answer === undefined) return { kind: 'outdated' };
  return { kind: 'found', step: answer.step, ...answer.value };
}
