// Hand-made observations and rows of metrics.
import { loadCell } from '../../../../src/core/equations/load-cell';
import { structureOf } from '../../../../src/core/engine/structure';
import { metricsColumns, metricsTable, toColumns } from '../../../../src/protocol/history';
import type { NetworkFacts, Observation } from '../../../../src/protocol/jobs/observation';
import type { MetricsColumn, Table } from '../../../../src/protocol/history';
import type { Evidence } from '../../../../webview/views/gradients/diagnosis';

/** The vanilla cell over five tokens, two units. */
export const vanilla: NetworkFacts = structure('vanilla', { hidden: 2 });

/** A stack of LSTM layers. */
export function lstm(layers: number): NetworkFacts {
  return structure('lstm', { hidden: 4, layers });
}

function structure(cell: string, { hidden = 2, layers = 1 }): NetworkFacts {
  const sizes = { hidden, layers, vocabulary: 5, embedding: 0, dropout: 0 };
  return structureOf({ ...sizes, cell: loadCell(cell) });
}

/** An observation of the vanilla network where all is well, but for what is given. */
export function observation(more: Partial<Observation> = {}): Observation {
  const histogram = { least: -1, greatest: 1, counts: Float64Array.of(1, 2, 1) };
  return {
    step: 100,
    seconds: 1,
    gradientNorm: Float64Array.of(1, 1, 1, 1, 1),
    weightNorm: Float64Array.of(1, 1, 1, 1, 1),
    updateRatio: Float64Array.of(1e-3, 1e-3, 1e-3, 1e-3, 1e-3),
    weights: Array.from({ length: 5 }, () => histogram),
    gradients: Array.from({ length: 5 }, () => histogram),
    lags: [{ variable: 'layer1.s', norms: Float64Array.of(2, 1, 0.5, 0.25) }],
    saturation: [{ variable: 'layer1.s', share: 0.1 }],
    ...more,
  };
}

type Row = Partial<Record<MetricsColumn, number>>;

export function metricsOf(rows: readonly Row[]): Table<MetricsColumn> {
  const table = metricsTable();
  for (const row of rows) {
    const zeros = Object.fromEntries(metricsColumns.map((name) => [name, 0]));
    const usual = { steps: 10, learningRate: 0.01, gradientNormMean: 1, gradientNormMax: 1 };
    const values = { ...zeros, ...usual, ...row } as Record<MetricsColumn, number>;
    table.append(toColumns(metricsColumns, values));
  }
  return table;
}

export function evidence(more: Partial<Evidence> = {}): Evidence {
  const metrics = more.metrics ?? metricsOf([{ step: 100 }]);
  return {
    facts: { network: vanilla, sequence: 4, clip: 5 },
    metrics,
    rows: metrics.length,
    observations: [observation()],
    ...more,
  };
}
