import assert from 'node:assert/strict';
import { evaluationColumns, metricsColumns, toColumns } from '../../../src/protocol/history';
import {
  decodeFromPanel,
  decodePanelMemory,
  decodeToPanel,
  type ComparedRun,
  type Inspection,
  type Observation,
  type PanelRun,
  type ToPanel,
  type TrainingSample,
} from '../../../src/protocol/panel';

const run: PanelRun = {
  id: '/runs/1',
  facts: {
    name: 'hamlet.txt',
    cell: { name: 'vanilla', equations: 's[t] = tanh(U x[t] + W s[t-1] + b)' },
    hidden: 100,
    layers: 1,
    dropout: 0,
    parameters: 23_165,
    vocabulary: 65,
    tokenizer: 'char',
    tokens: 1000,
    validationTokens: 100,
    baselines: { uniform: 4.17, unigram: 3.3, bigram: 2.4 },
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
      ],
      output: 's',
      variables: [
        {
          name: 'layer1.s',
          symbol: 's',
          layer: 1,
          width: 100,
          isState: true,
          activation: 'tanh',
        },
      ],
      parameters: [{ name: 'layer1.W', symbol: 'W', shape: [100, 100], entries: 10_000 }],
      reach: 1,
    },
    settings: { 'training.batch': 32, 'model.cell': 'gru' },
    optimizer: 'adam',
    learningRate: 0.002,
    batch: 32,
    sequence: 64,
    clip: 5,
    isObserved: true,
    sampleEvery: 10,
    seed: 1,
    threads: null,
    backend: null,
    warnings: [],
  },
  status: {
    label: 'text.txt · gru',
    phase: 'training',
    limit: { kind: 'seconds', value: 60 },
    message: '',
    canSample: true,
    canPredict: false,
    canContinue: false,
    canDebugStep: false,
    fixedRate: null,
    keptSteps: [100, 200],
    traveled: null,
    imported: null,
    slot: 0,
  },
  metrics: toColumns(metricsColumns),
  evaluations: toColumns(evaluationColumns),
  observations: [],
  samples: [],
};

const observation: Observation = {
  step: 3,
  seconds: 0.5,
  gradientNorm: Float64Array.of(0.25),
  weightNorm: Float64Array.of(10),
  updateRatio: Float64Array.of(NaN),
  weights: [{ least: -1, greatest: 1, counts: Float64Array.of(1, 2, 3) }],
  gradients: [{ least: -Infinity, greatest: NaN, counts: Float64Array.of() }],
  lags: [{ variable: 'layer1.s', norms: Float64Array.of(0.5, 0.25, 0) }],
  saturation: [{ variable: 'layer1.s', share: 0.25 }],
};
const sample: TrainingSample = { step: 3, seconds: 0.5, temperature: 0.8, text: 'To be\n' };
const inspection: Inspection = {
  type: 'inspection',
  id: run.id,
  request: 1,
  start: 10,
  length: 2,
  textLength: 1000,
  inBytes: false,
  heldOut: 900,
  result: {
    tokens: ['a', 'b'],
    probability: Float64Array.of(NaN, 0.5),
    loss: Float64Array.of(NaN, Math.LN2),
    variables: [{ name: 'layer1.s', width: 1, values: Float64Array.of(0, 1) }],
    top: [[{ token: 'b', probability: 0.5 }], []],
  },
  message: '',
};

const tables = { metrics: run.metrics, evaluations: run.evaluations };

const { name, cell, parameters, vocabulary, tokens, task, settings, baselines } = run.facts;
const other: ComparedRun = {
  ...{ id: '/runs/2', label: 'other', slot: 1, baselines, ...tables },
  facts: { name, cell, parameters, vocabulary, tokens, task, settings },
  lags: { step: 3, states: observation.lags },
};

const added = { type: 'append', id: run.id, observations: [], samples: [] } as const;

describe('messages of the panel', () => {
  it('come through the decoder as they are', () => {
    const messages: ToPanel[] = [
      { type: 'hydrate', locale: 'en', texts: {}, run: null, preparing: 'a.txt', compared: [] },
      {
        type: 'hydrate',
        locale: 'zh-cn',
        texts: { 'step {0}': '第 {0} 步' },
        run: { ...run, observations: [observation], samples: [sample] },
        preparing: null,
        compared: [other],
      },
      { type: 'append', id: run.id, ...tables, observations: [observation], samples: [sample] },
      { type: 'status', id: run.id, status: run.status },
      {
        type: 'compared',
        compared: [other],
      },
      inspection,
      { ...inspection, heldOut: null, result: null, message: 'The text is too short.' },
    ];
    for (const message of messages) {
      assert.deepEqual(decodeToPanel(structuredClone(message)), message);
    }
  });

  it('are refused where a column is missing, of another length, or no array of numbers', () => {
    const append = { ...added, evaluations: run.evaluations };
    const incomplete = { ...run.metrics, lossMean: undefined };
    assert.throws(() => decodeToPanel({ ...append, metrics: incomplete }), /metrics\.lossMean/);
    const longer = { ...run.metrics, lossMean: new Float64Array(2) };
    assert.throws(() => decodeToPanel({ ...append, metrics: longer }), /equal length/);
    const list = { ...run.metrics, lossMean: [1] };
    assert.throws(() => decodeToPanel({ ...append, metrics: list }), /metrics\.lossMean/);
  });

  it('are refused where a text is none', () => {
    const hydrate = { type: 'hydrate', locale: 'en', run: null, preparing: null, compared: [] };
    assert.throws(() => decodeToPanel({ ...hydrate, texts: { Stop: 1 } }), /texts\.Stop/);
    assert.throws(() => decodeToPanel(hydrate), /texts/);
  });

  it('carry NaN: a diverging run has it', () => {
    const one = Object.fromEntries(metricsColumns.map((name) => [name, NaN]));
    const metrics = toColumns(
      metricsColumns,
      one as Record<(typeof metricsColumns)[number], number>,
    );
    const message = { ...added, metrics, evaluations: run.evaluations };
    const decoded = decodeToPanel(message);
    assert.ok(decoded.type === 'append' && Number.isNaN(decoded.metrics.lossMean[0]));
  });

  it('of the panel are known commands, and nothing else', () => {
    const ready = { type: 'ready' } as const;
    const stop = { type: 'command', command: 'stop' } as const;
    const inspect = {
      type: 'inspect',
      id: run.id,
      request: 1,
      start: null,
      length: 40,
      variables: ['layer1.s'],
    } as const;
    const save = {
      type: 'save',
      name: 'loss',
      format: 'svg',
      content: Uint8Array.of(60),
    } as const;
    const rate = { type: 'setLearningRate', learningRate: 0.01 } as const;
    for (const message of [ready, stop, inspect, save, rate]) {
      assert.deepEqual(decodeFromPanel(message), message);
    }
    assert.throws(() => decodeFromPanel({ ...save, format: 'exe' }), /format/);
    assert.throws(
      () => decodeFromPanel({ type: 'command', command: 'workbench.action.quit' }),
      /command/,
    );
    assert.throws(() => decodeFromPanel({ type: 'ready', more: 1 }), /Malformed/);
    for (const nonsense of [undefined, null, 1, 'ready', [], {}]) {
      assert.throws(() => decodeFromPanel(nonsense), TypeError);
    }
  });

  it('have a memory that an older or a broken panel cannot spoil', () => {
    assert.equal(decodePanelMemory({ run: '/runs/1' }), '/runs/1');
    assert.equal(decodePanelMemory({ run: '/runs/1', zoom: 2 }), '/runs/1');
    for (const other of [undefined, null, {}, { run: 3 }, 'x']) {
      assert.equal(decodePanelMemory(other), undefined);
    }
  });
});
