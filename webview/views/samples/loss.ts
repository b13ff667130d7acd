import type { MetricsColumn, Table } from '../../../src/protocol/history';

/** The mean training loss of the row that a step belongs to, nats per token; undefined where none is known. */
export function lossAt(metrics: Table<MetricsColumn>, step: number): number | undefined {
  let low = 0;
  let high = metrics.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (metrics.at('step', middle) < step) low = middle + 1;
    else high = middle;
  }
  // A row stands for the steps up to its own; the newest steps may have none yet.
  const row = Math.min(low, metrics.length - 1);
  const loss = row < 0 ? NaN : metrics.at('lossMean', row);
  return Number.isFinite(loss) ? loss : undefined;
}
