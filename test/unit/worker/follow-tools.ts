import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { connect, workerPort, type Client, type Job } from '../../../src/protocol/client';
import type { FollowEvent, FollowRequest, ReadResult, Request } from '../../../src/protocol/engine';

export const text = Array.from(
  { length: 300 },
  (_, i) => `${String(i % 7)} little words in a row, ${String(i % 3)}.\n`,
).join('');
export const source = { kind: 'text', name: 'words', text } as const;
export const settings = {
  'model.cell': 'lstm',
  'model.hidden': 24,
  'training.batch': 8,
  'training.sequence': 16,
  'training.threads': 1,
};

/** What a question answered, if it was not overtaken. */
export function answered<R extends { readonly kind: string }, K extends R['kind']>(
  result: R,
  kind: K,
): Extract<R, { readonly kind: K }> {
  assert.equal(result.kind, kind);
  return result as Extract<R, { readonly kind: K }>;
}

/** An engine worker of its own. */
export const newEngine = (): Client =>
  connect(workerPort(new Worker(path.resolve('dist/worker.js'))));

/** A folder with a run of 60 steps; `reader` is a fresh worker for each test. */
export function useReader() {
  const state = {} as { folder: string; run: string; trainer: Client; reader: Client };
  before(async () => {
    state.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-follow-'));
    state.run = path.join(state.folder, 'run');
    state.trainer = newEngine();
    await state.trainer.start({
      kind: 'train',
      source,
      settings: { ...settings, 'training.steps': 60 },
      run: state.run,
    }).result;
  });
  beforeEach(() => {
    state.reader = newEngine();
  });
  afterEach(() => state.reader.dispose());
  after(async () => {
    await state.trainer.dispose();
    fs.rmSync(state.folder, { recursive: true, force: true });
  });

  return Object.assign(state, {
    follow(request?: Partial<Omit<FollowRequest, 'kind'>>): {
      job: Job<'follow'>;
      opened: Promise<FollowEvent>;
    } {
      const model = { kind: 'run', run: state.run, checkpoint: 'last' } as const;
      let resolve: (event: FollowEvent) => void = () => undefined;
      const opened = new Promise<FollowEvent>((done) => (resolve = done));
      const job = state.reader.start<'follow'>({ kind: 'follow', model, ...request }, resolve);
      return { job, opened };
    },
    open(follow: number, whole: string, document = 'a', version = 1): void {
      const request = { kind: 'open', follow, document, version, text: whole } as const;
      void state.reader.start<'open'>(request).result;
    },
    async read(follow: number, to: number, version = 1) {
      const request = {
        kind: 'read',
        follow,
        document: 'a',
        version,
        from: 0,
        to,
        top: 2,
      } as const;
      return answered<ReadResult, 'read'>(await state.reader.start<'read'>(request).result, 'read');
    },
  });
}

/** Resolves with the job when a training has made its first row. */
export async function beginTraining(
  client: Client,
  request: Omit<Extract<Request, { kind: 'train' }>, 'kind'>,
): Promise<Job<'train'>> {
  let begun: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (begun = resolve));
  const job = client.start<'train'>({ kind: 'train', ...request }, ({ event }) => {
    if (event === 'metrics') begun();
  });
  await started;
  return job;
}
