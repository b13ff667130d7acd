import { structureOf } from '../../core/engine/structure';
import { sentence } from '../../core/sentence';
import {
  defaultContext,
  type EditRequest,
  type FollowRequest,
  type ForgetRequest,
  type JobKind,
  type ModelSource,
  type OpenRequest,
  type RefreshRequest,
  type RefreshResult,
} from '../../protocol/engine';
import { inputError } from '../failures';
import { createSession, type Session } from '../follow/session';
import type { Job } from '../handler';
import { openModel } from '../models';

const defaultMemory = 64 * 2 ** 20;

/** Follows documents with a model until it is stopped. */
export async function follow(request: FollowRequest, job: Job<'follow'>): Promise<null> {
  const stopped = new Promise<void>((resolve) => {
    job.onControl(({ action }) => {
      if (action === 'stop') resolve();
    });
  });
  const opening = openSession(request, job);
  job.followed.set(job.id, opening);
  try {
    const session = await opening;
    await stopped;
    session.close();
    return null;
  } finally {
    job.followed.delete(job.id);
  }
}

async function openSession(
  { model: source, context = defaultContext, memory = defaultMemory }: FollowRequest,
  job: Job<'follow'>,
): Promise<Session> {
  // One token at a time is too little work for two threads, which would wait for one another on a busy machine.
  const open = await openModel(job, await givenSource(job, source), 1);
  const { spec } = open.network.model;
  const network = structureOf(spec);
  job.emit({
    event: 'opened',
    step: open.step,
    tokenizer: open.tokenizer.kind,
    vocabulary: open.tokenizer.vocabulary,
    input: spec.embedding > 0 ? 'embedding' : 'one-hot',
    network,
  });
  return createSession(open, network, { context, memory });
}

/** A training of the engine next door is asked for its weights. */
async function givenSource(job: Job<'follow'>, source: ModelSource): Promise<ModelSource> {
  const { trainer } = job.platform;
  if (source.kind !== 'live' || trainer === undefined) return source;
  const request = { kind: 'snapshot', training: source.job, description: true } as const;
  const { model, ...weights } = await trainer.start(request).result;
  return { kind: 'snapshot', ...weights, model: model! };
}

/**
 * The session of a follow job, as soon as its model is open.
 * @throws JobError if there is no such job, or as that failed
 */
export async function sessionOf<K extends JobKind>(job: Job<K>, id: number): Promise<Session> {
  const session = job.followed.get(id);
  if (session === undefined) {
    throw inputError(sentence`That model is no longer followed.`, sentence`Follow it again.`);
  }
  return await session;
}

/** Other weights for a followed model. */
export async function refresh(
  request: RefreshRequest,
  job: Job<'refresh'>,
): Promise<RefreshResult> {
  const session = await sessionOf(job, request.follow);
  return await session.refresh(job, request);
}

/** Takes a document in. */
export async function open(
  { follow: id, document, version, text }: OpenRequest,
  job: Job<'open'>,
): Promise<null> {
  const { documents } = await sessionOf(job, id);
  documents.open(document, version, text);
  return null;
}

/** Changes a document. */
export async function edit(
  { follow: id, document, version, changes }: EditRequest,
  job: Job<'edit'>,
): Promise<null> {
  const { documents } = await sessionOf(job, id);
  documents.edit(document, version, changes);
  return null;
}

/** Drops a document. */
export async function forget(
  { follow: id, document }: ForgetRequest,
  job: Job<'forget'>,
): Promise<null> {
  const { documents } = await sessionOf(job, id);
  documents.forget(document);
  return null;
}
