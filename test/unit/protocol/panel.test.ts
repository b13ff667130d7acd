import assert from 'node:assert/strict';
import { evaluationColumns, metricsColumns, toColumns } from '../../../src/protocol/history';
import {
  decodeFromPanel,
  decodePanelMemory,
  decodeToPanel,
  type PanelRun,
  type ToPanel,
} from '../../../src/protocol/panel';
import { fill, panelStringNames, type PanelStrings } from '../../../src/protocol/strings';

const strings = Object.fromEntries(panelStringNames.map((name) => [name, name])) as PanelStrings;

const run: PanelRun = {
  id: '/runs/1',
  facts: {
    name: 'hamlet.txt',
    cell: { name: 'vanilla', equations: 's[t] = tanh(U x[t] + W s[t-1] + b)' },
    hidden: 100,
    layers: 1,
    parameters: 23_165,
    vocabulary: 65,
    tokenizer: 'char',
    tokens: 1000,
    validationTokens: 100,
    baselines: { uniform: 4.17, unigram: 3.3, bigram: 2.4 },
    optimizer: 'adam',
    batch: 32,
    sequence: 64,
    clip: 5,
    seed: 1,
    threads: null,
    backend: null,
    warnings: [],
  },
  status: {
    phase: 'training',
    limit: { kind: 'seconds', value: 60 },
    message: '',
    canSample: true,
    canContinue: false,
  },
  metrics: toColumns(metricsColumns),
  evaluations: toColumns(evaluationColumns),
};

describe('messages of the panel', () => {
  it('come through the decoder as they are', () => {
    const messages: ToPanel[] = [
      { type: 'hydrate', locale: 'en', strings, run: null, preparing: 'a.txt' },
      { type: 'hydrate', locale: 'zh-cn', strings, run, preparing: null },
      { type: 'append', id: run.id, metrics: run.metrics, evaluations: run.evaluations },
      { type: 'status', id: run.id, status: run.status },
    ];
    for (const message of messages) {
      assert.deepEqual(decodeToPanel(structuredClone(message)), message);
    }
  });

  it('are refused where a column is missing, of another length, or no array of numbers', () => {
    const append = { type: 'append', id: run.id, evaluations: run.evaluations };
    const incomplete = { ...run.metrics, lossMean: undefined };
    assert.throws(() => decodeToPanel({ ...append, metrics: incomplete }), /metrics\.lossMean/);
    const longer = { ...run.metrics, lossMean: new Float64Array(2) };
    assert.throws(() => decodeToPanel({ ...append, metrics: longer }), /equal length/);
    const list = { ...run.metrics, lossMean: [1] };
    assert.throws(() => decodeToPanel({ ...append, metrics: list }), /metrics\.lossMean/);
  });

  it('are refused where a text is missing', () => {
    const incomplete = { ...strings, stop: undefined };
    assert.throws(
      () =>
        decodeToPanel({
          type: 'hydrate',
          locale: 'en',
          strings: incomplete,
          run: null,
          preparing: null,
        }),
      /strings\.stop/,
    );
  });

  it('carry NaN: a diverging run has it', () => {
    const one = Object.fromEntries(metricsColumns.map((name) => [name, NaN]));
    const metrics = toColumns(
      metricsColumns,
      one as Record<(typeof metricsColumns)[number], number>,
    );
    const message = { type: 'append', id: run.id, metrics, evaluations: run.evaluations };
    const decoded = decodeToPanel(message);
    assert.ok(decoded.type === 'append' && Number.isNaN(decoded.metrics.lossMean[0]));
  });

  it('of the panel are known commands, and nothing else', () => {
    const ready = { type: 'ready' } as const;
    const stop = { type: 'command', command: 'stop' } as const;
    assert.deepEqual(decodeFromPanel(ready), ready);
    assert.deepEqual(decodeFromPanel(stop), stop);
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

describe('texts with places for values', () => {
  it('are filled in any order, and what is not given stays', () => {
    assert.equal(fill('{1} of {0}', 'a', 'b'), 'b of a');
    assert.equal(fill('{0} {2}', 'a'), 'a {2}');
    assert.equal(fill('{0}', '{0}'), '{0}');
  });
});
