import type { SnapshotRequest, SnapshotResult } from '../../protocol/engine';
import type { Job } from '../handler';
import { liveRun, parametersOf } from '../models';

/** A training's weights, for another worker. */
export function snapshot(
  { training, description }: SnapshotRequest,
  job: Job<'snapshot'>,
): Promise<SnapshotResult> {
  const run = liveRun(job, training);
  const parameters = parametersOf(run);
  job.giveAway(parameters.buffer);
  const result = { step: run.step(), parameters };
  if (description !== true) return Promise.resolve(result);
  const { cell, hidden, layers, vocabulary, embedding, dropout } = run.network.model.spec;
  return Promise.resolve({
    ...result,
    model: {
      cell: cell.name,
      equations: cell.source,
      sizes: { hidden, layers, vocabulary, embedding, dropout },
      tokenizer: run.tokenizer.toJSON(),
    },
  });
}
