import { firstWhere } from '../../../src/protocol/core';
import type { MetricsColumn, Table } from '../../../src/protocol/history';

/** The mean training loss of the row that a step belongs to, nats per token; undefined where none is known. */
export function lossAt(metrics: Table<MetricsColumn>, step: number): number | undefined {
  const found = firstWhere(0, metrics.length, (row) => metrics.at('step', row) >= step);
  // A row stands for the steps up to its own; the newest steps may have none yet.
  const row = Math.min(found, metrics.length - 1);
  const loss = row < 0 ? NaN : metrics.at('lossMean', row);
  return Number.isFinite(loss) ? loss : undefined;
}
