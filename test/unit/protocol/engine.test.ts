import assert from 'node:assert/strict';
import { sentence } from '../../../src/core/sentence';
import {
  decodeEvent,
  decodeFromEngine,
  decodeResult,
  decodeToEngine,
  EngineError,
} from '../../../src/protocol/engine';

const train = {
  kind: 'train',
  source: { kind: 'text', name: 'a', text: 'abc' },
  settings: { 'model.hidden': 8, 'model.cell': 'lstm' },
};

const metrics = {
  event: 'metrics',
  row: {
    step: 3,
    steps: 2,
    epoch: 0.5,
    tokens: 96,
    seconds: 0.1,
    loss: { mean: 4.1, min: 4, max: 4.2 },
    gradientNorm: { mean: 1, min: 0.5, max: Infinity },
    clipped: 0,
    learningRate: 0.002,
    tokensPerSecond: 1000,
    progress: 0.25,
  },
};

describe('engine protocol', () => {
  it('decodes what it is meant to', () => {
    const start = { type: 'start', job: 1, request: train };
    assert.deepEqual(decodeToEngine(start), start);
    const control = {
      type: 'control',
      job: 1,
      control: { action: 'setLearningRate', learningRate: 0.1 },
    };
    assert.deepEqual(decodeToEngine(control), control);
    assert.deepEqual(decodeEvent('train', metrics), metrics);
  });

  it('survives the structured clone that a worker boundary makes', () => {
    const result = {
      tokens: ['a', 'b'],
      probability: new Float64Array([NaN, 0.25]),
      loss: new Float64Array([NaN, Math.log(4)]),
      hidden: new Float64Array(6),
      hiddenSize: 3,
      variables: [{ name: 'layer1.s', width: 1, values: new Float64Array([0.5, -0.5]) }],
      top: [[{ token: 'b', probability: 0.25 }], []],
      gradientByLag: new Float64Array([1]),
    };
    assert.deepEqual(decodeResult('inspect', structuredClone(result)), result);
  });

  it('carries looks at a training', () => {
    const observation = {
      event: 'observation',
      row: {
        step: 3,
        seconds: 0.5,
        gradientNorm: new Float64Array([0.25]),
        weightNorm: new Float64Array([10]),
        updateRatio: new Float64Array([NaN]),
        weights: [{ least: -1, greatest: 1, counts: new Float64Array([1, 2]) }],
        gradients: [{ least: NaN, greatest: NaN, counts: new Float64Array(0) }],
        lags: [{ variable: 'layer1.s', norms: new Float64Array([1, Infinity]) }],
        saturation: [{ variable: 'layer1.s', share: 0.5 }],
      },
    };
    const sampled = {
      event: 'sampled',
      row: { step: 3, seconds: 0.5, temperature: 0.8, text: 'To be' },
    };
    for (const event of [observation, sampled]) {
      assert.deepEqual(decodeEvent('train', structuredClone(event)), event);
    }
    const broken = { ...observation, row: { ...observation.row, lags: undefined } };
    assert.throws(() => decodeEvent('train', broken), /'row\.lags'/);
  });

  it('lets through the numbers of a run that diverges', () => {
    const diverged = {
      ...metrics,
      row: { ...metrics.row, loss: { mean: NaN, min: 1, max: Infinity } },
    };
    assert.deepEqual(decodeEvent('train', diverged), diverged);
  });

  const malformed: readonly (readonly [what: string, message: unknown, complaint: RegExp])[] = [
    ['nothing', undefined, /Malformed message/],
    ['no type', { job: 1 }, /'type'/],
    ['an unknown type', { type: 'begin', job: 1 }, /'type'/],
    ['a job that is no number', { type: 'start', job: '1', request: train }, /'job'/],
    ['a negative job', { type: 'start', job: -1, request: train }, /'job'/],
    ['an unknown request', { type: 'start', job: 1, request: { kind: 'fly' } }, /'request\.kind'/],
    [
      'a text of the wrong type',
      {
        type: 'start',
        job: 1,
        request: { ...train, source: { kind: 'text', name: 'a', text: 5 } },
      },
      /'request\.source\.text'/,
    ],
    [
      'a setting that is no scalar',
      { type: 'start', job: 1, request: { ...train, settings: { 'model.hidden': [8] } } },
      /'request\.settings\.model\.hidden'/,
    ],
    [
      'an extra key',
      { type: 'start', job: 1, request: { ...train, runs: 'x' } },
      /'request\.runs'/,
    ],
    [
      'an unknown control',
      { type: 'control', job: 1, control: { action: 'explode' } },
      /'control\.action'/,
    ],
    [
      'a control without its number',
      { type: 'control', job: 1, control: { action: 'setLearningRate' } },
      /'control\.learningRate'/,
    ],
  ];
  for (const [what, message, complaint] of malformed) {
    it(`rejects ${what}`, () => {
      assert.throws(() => decodeToEngine(message), { name: 'TypeError', message: complaint });
    });
  }

  it('rejects events and results of another kind of job', () => {
    assert.throws(() => decodeEvent('sample', metrics), TypeError);
    assert.throws(() => decodeEvent('list', metrics), TypeError);
    assert.throws(() => decodeResult('sample', { path: '/x', bytes: 1, step: 1 }), TypeError);
    assert.throws(
      () => decodeFromEngine({ type: 'failed', job: 1, failure: { message: 'x' } }),
      TypeError,
    );
  });

  it('makes one sentence after another of a failure', () => {
    const failure = {
      code: 'input',
      message: sentence`The text is empty.`,
      hint: sentence`Give a longer one.`,
    } as const;
    assert.equal(new EngineError(failure).message, 'The text is empty. Give a longer one.');
    const { code, message } = failure;
    assert.equal(new EngineError({ code, message }).message, 'The text is empty.');
  });
});
