// Hand-made observations and rows of metrics.
import { metricsColumns, metricsTable, toColumns } from '../../../../src/protocol/history';
import type { NetworkFacts, Observation } from '../../../../src/protocol/jobs/observation';
import type { MetricsColumn, Table } from '../../../../src/protocol/history';
import type { Evidence } from '../../../../webview/views/gradients/diagnosis';

/** The vanilla cell over five tokens, two units. */
export const vanilla: NetworkFacts = {
  equations: [
    { name: 's', text: 's[t] = tanh(U x[t] + W s[t-1] + b)', tex: '', place: 'cell' },
    { name: 'y', text: 'y[t] = softmax(V s[t] + c)', tex: '', place: 'output' },
  ],
  output: 's',
  variables: [
    { name: 'layer1.s', symbol: 's', layer: 1, width: 2, isState: true, activation: 'tanh' },
  ],
  parameters: [
    { name: 'layer1.U', symbol: 'U', shape: [2, 5], entries: 10 },
    { name: 'layer1.W', symbol: 'W', shape: [2, 2], entries: 4 },
    { name: 'layer1.b', symbol: 'b', shape: [2], entries: 2 },
    { name: 'output.V', symbol: 'V', shape: [5, 2], entries: 10 },
    { name: 'output.c', symbol: 'c', shape: [5], entries: 5 },
  ],
};

/** A stack of LSTM layers, as the engine describes it. */
export function lstm(layers: number): NetworkFacts {
  const gates = ['i', 'f', 'o', 'g'];
  const texts = [
    ...gates.map((g) => {
      const call = g === 'g' ? 'tanh' : 'sigmoid';
      return `${g}[t] = ${call}(W${g} x[t] + R${g} h[t-1] + b${g})`;
    }),
    'c[t] = f[t] * c[t-1] + i[t] * g[t]',
    'h[t] = o[t] * tanh(c[t])',
  ];
  const all = Array.from({ length: layers }, (_, l) => l + 1);
  return {
    equations: texts.map((text) => ({ name: text[0]!, text, tex: '', place: 'cell' })),
    output: 'h',
    variables: all.flatMap((layer) =>
      [...gates, 'c', 'h'].map((symbol) => ({
        name: `layer${layer}.${symbol}`,
        symbol,
        layer,
        width: 4,
        isState: symbol === 'c' || symbol === 'h',
        activation: symbol === 'g' ? 'tanh' : gates.includes(symbol) ? 'sigmoid' : null,
      })),
    ),
    parameters: [
      ...all.flatMap((layer) =>
        gates.flatMap((g) => [
          { name: `layer${layer}.W${g}`, symbol: `W${g}`, shape: [4, 4], entries: 16 },
          { name: `layer${layer}.R${g}`, symbol: `R${g}`, shape: [4, 4], entries: 16 },
          { name: `layer${layer}.b${g}`, symbol: `b${g}`, shape: [4], entries: 4 },
        ]),
      ),
      { name: 'output.V', symbol: 'V', shape: [5, 4], entries: 20 },
      { name: 'output.c', symbol: 'c', shape: [5], entries: 5 },
    ],
  };
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
