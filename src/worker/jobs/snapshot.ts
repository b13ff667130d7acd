import type { SnapshotRequest, SnapshotResult } from '../../protocol/engine';
import type { Job } from '../handler';
import { liveModel, parametersOf } from '../models';

/** A training's weights, for another worker. */
export function snapshot(
  { training, description }: SnapshotRequest,
  job: Job<'snapshot'>,
): Promise<SnapshotResult> {
  const live = liveModel(job, training);
  const parameters = parametersOf(live);
  job.giveAway(parameters.buffer);
  const result = { step: live.step, parameters };
  if (description !== true) return Promise.resolve(result);
  const { cell, hidden, layers, vocabulary, embedding, dropout } = live.network.model.spec;
  return Promise.resolve({
    ...result,
    model: {
      cell: cell.name,
      equations: cell.source,
      sizes: { hidden, layers, vocabulary, embedding, dropout },
      tokenizer: live.tokenizer.toJSON(),
    },
  });
}
