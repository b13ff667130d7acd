// A long run as the extension host would tell it to the panel.
import { channels, flatten } from '../../../src/core/metrics/columns';
import {
  evaluationColumns,
  evaluationTable,
  metricsColumns,
  metricsTable,
  toColumns,
  type EvaluationColumn,
  type MetricsColumn,
} from '../../../src/protocol/history';
import type {
  ComparedRun,
  Observation,
  PanelRun,
  ToPanel,
  TrainingSample,
} from '../../../src/protocol/panel';
import { observationLimit, sampleLimit } from '../../../src/protocol/thinned';

export const id = '/runs/long';
const stepsBetweenEvaluations = 500;
const secondsPerStep = 0.01;
const bins = 64;
const lags = 64;

const parameters = [
  { name: 'layer1.U', symbol: 'U', shape: [256, 65], entries: 16_640 },
  { name: 'layer1.W', symbol: 'W', shape: [256, 256], entries: 65_536 },
  { name: 'layer1.b', symbol: 'b', shape: [256], entries: 256 },
  { name: 'output.V', symbol: 'V', shape: [65, 256], entries: 16_640 },
  { name: 'output.c', symbol: 'c', shape: [65], entries: 65 },
];

/** A loss that falls as losses do, with noise of its own at every step. */
function lossAt(step: number, floor: number): number {
  const noise = Math.sin(step * 12.9898) * 43_758.5453;
  return floor + 2.8 / (1 + step / 400) ** 0.6 + 0.08 * (noise - Math.floor(noise) - 0.5);
}

export function metricsRow(step: number, floor = 1.4): Record<MetricsColumn, number> {
  const lossMean = lossAt(step, floor);
  return {
    step,
    steps: 1,
    epoch: step / 500,
    tokens: step * 2048,
    seconds: step * secondsPerStep,
    lossMean,
    lossMin: lossMean - 0.05,
    lossMax: lossMean + 0.05,
    gradientNormMean: 1 + 0.5 * Math.sin(step / 90),
    gradientNormMin: 0.6,
    gradientNormMax: 5.5,
    clipped: step % 17 === 0 ? 1 : 0,
    learningRate: 0.002 * 0.5 * (1 + Math.cos(step / 320_000)),
    tokensPerSecond: 200_000,
    progress: step / 1_000_000,
  };
}

function evaluationRow(step: number, floor: number): Record<EvaluationColumn, number> {
  const validationLoss = lossAt(step, floor + 0.05);
  return flatten(channels.evaluation, {
    step,
    epoch: step / 500,
    seconds: step * secondsPerStep,
    validationLoss,
    bitsPerCharacter: validationLoss / Math.LN2,
    spelling: 0,
    perplexity: Math.exp(validationLoss),
    tokens: 100_000,
    best: true,
  });
}

/** The tables that the host has after so many steps: rows have been merged on the way. */
function tables(steps: number, floor: number) {
  const metrics = metricsTable();
  const evaluations = evaluationTable();
  for (let step = 1; step <= steps; step++) {
    metrics.append(toColumns(metricsColumns, metricsRow(step, floor)));
    if (step % stepsBetweenEvaluations === 0) {
      evaluations.append(toColumns(evaluationColumns, evaluationRow(step, floor)));
    }
  }
  return { metrics: metrics.columns(), evaluations: evaluations.columns() };
}

export function observation(step: number): Observation {
  const each = (value: (place: number) => number) =>
    Float64Array.from(parameters, (_, i) => value(i));
  const histogram = () => ({
    least: -0.4,
    greatest: 0.4,
    counts: Float64Array.from({ length: bins }, (_, i) => 1000 * Math.exp(-((i - 32) ** 2) / 90)),
  });
  return {
    step,
    seconds: step * secondsPerStep,
    gradientNorm: each((i) => 0.2 + 0.1 * i + 0.05 * Math.sin(step / 50)),
    weightNorm: each((i) => 5 + i),
    updateRatio: each((i) => 1e-3 * (1 + 0.2 * i)),
    weights: parameters.map(histogram),
    gradients: parameters.map(histogram),
    lags: [
      { variable: 'layer1.s', norms: Float64Array.from({ length: lags }, (_, k) => 0.9 ** k) },
    ],
    saturation: [{ variable: 'layer1.s', share: 0.2 }],
  };
}

function sample(step: number): TrainingSample {
  return {
    step,
    seconds: step * secondsPerStep,
    temperature: 1,
    text: 'To be or not. '.repeat(20),
  };
}

/** Items of steps evenly over the run. */
function spread<Item>(count: number, steps: number, make: (step: number) => Item): Item[] {
  return Array.from({ length: count }, (_, i) => make(Math.round(((i + 1) * steps) / count)));
}

export function longRun(steps: number): PanelRun {
  return {
    id,
    facts: {
      name: 'long.txt',
      cell: { name: 'vanilla', equations: 's[t] = tanh(U x[t] + W s[t-1] + b)' },
      hidden: 256,
      layers: 1,
      dropout: 0,
      parameters: parameters.reduce((sum, { entries }) => sum + entries, 0),
      vocabulary: 65,
      tokenizer: 'char',
      tokens: 1_000_000,
      validationTokens: 100_000,
      baselines: { uniform: Math.log(65), unigram: 3.3, bigram: 2.45 },
      task: null,
      network: {
        equations: [
          {
            name: 's',
            text: 's[t] = tanh(U x[t] + W s[t-1] + b)',
            tex: 's_t = \\tanh(U x_t + W s_{t-1} + b)',
            place: 'cell',
            names: ['s', 'U', 'x', 'W', 'b'],
            products: [
              { matrix: 'U', operand: 'x[t]', reads: [{ name: 'x', lag: 0 }] },
              { matrix: 'W', operand: 's[t-1]', reads: [{ name: 's', lag: 1 }] },
            ],
          },
          {
            name: 'y',
            text: 'y[t] = softmax(V s[t] + c)',
            tex: 'y_t = \\mathrm{softmax}(V s_t + c)',
            place: 'output',
            names: ['y', 'V', 's', 'c'],
            products: [{ matrix: 'V', operand: 's[t]', reads: [{ name: 's', lag: 0 }] }],
          },
        ],
        output: 's',
        variables: [
          {
            name: 'layer1.s',
            symbol: 's',
            layer: 1,
            width: 256,
            isState: true,
            activation: 'tanh',
          },
        ],
        parameters,
        reach: 1,
      },
      settings: {},
      optimizer: 'adam',
      learningRate: 0.002,
      batch: 32,
      sequence: 64,
      clip: 5,
      isObserved: true,
      sampleEvery: 60,
      seed: 1,
      threads: 2,
      backend: 'relaxed',
      warnings: [],
    },
    status: {
      label: 'corpus.txt · gru',
      phase: 'training',
      limit: { kind: 'steps', value: 2 * steps },
      message: '',
      canSample: true,
      canPredict: false,
      canContinue: false,
      canDebugStep: false,
      fixedRate: null,
      keptSteps: [],
      traveled: null,
      imported: null,
      slot: 0,
    },
    ...tables(steps, 1.4),
    observations: spread(observationLimit, steps, observation),
    samples: spread(sampleLimit, steps, sample),
  };
}

const comparedFacts = {
  ...{ name: 'corpus.txt', cell: { name: 'gru', equations: '' }, settings: {} },
  ...{ parameters: 200_000, vocabulary: 65, tokens: 1_000_000, task: null },
};

export function comparedRuns(steps: number, count: number): ComparedRun[] {
  return Array.from({ length: count }, (_, i) => {
    return {
      ...{ id: `/runs/${i}`, label: `run ${i}`, slot: i + 1 },
      ...{
        baselines: { uniform: 4.17, unigram: 3.3, bigram: 2.4 },
        facts: comparedFacts,
        lags: null,
        ...tables(steps, 1.5 + 0.1 * i),
      },
    };
  });
}

export function hydration(run: PanelRun, compared: readonly ComparedRun[]): ToPanel {
  return { type: 'hydrate', locale: 'en', texts: {}, run, preparing: null, compared };
}
