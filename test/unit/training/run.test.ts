import assert from 'node:assert/strict';
import { InputError } from '../../../src/core/input-error';
import { sentence, toEnglish } from '../../../src/core/sentence';
import type { EvaluationEvent, MetricsEvent } from '../../../src/core/training/events';
import {
  checkpointsAmong,
  chooseCheckpoint,
  decodeMetrics,
  decodeRunInfo,
  encodeMetrics,
  encodeRunInfo,
  type RunInfo,
} from '../../../src/core/training/run';
import { parseSettings } from '../../../src/core/settings/settings';
import { toChinese } from '../sentences/chinese';

const info: RunInfo = {
  version: 1,
  name: 'hamlet.txt',
  source: '/texts/hamlet.txt',
  text: { hash: 'ab', tokens: 900, validationTokens: 100 },
  cell: { name: 'vanilla', source: 's[t] = tanh(U x[t])' },
  settings: parseSettings({ 'training.steps': 7 }),
  parameters: 10,
  vocabulary: 5,
  baselines: { uniform: 1.6, unigram: 1.2, bigram: 1 },
  created: 1,
  changed: 2,
  state: 'finished',
  step: 7,
  seconds: 0.5,
  loss: 1.1,
  best: { step: 5, validationLoss: 1.05 },
  failure: null,
};

function metrics(step: number, steps: number, mean = 1): MetricsEvent {
  const spread = { mean, min: mean, max: mean };
  const rest = {
    epoch: 0,
    tokens: 1,
    seconds: 1,
    clipped: 0,
    learningRate: 0.1,
    tokensPerSecond: 9,
    progress: 0.5,
  };
  return { event: 'metrics', row: { step, steps, loss: spread, gradientNorm: spread, ...rest } };
}

function evaluation(step: number, validationLoss = 1): EvaluationEvent {
  const rest = {
    ...{ epoch: 0, seconds: 1, bitsPerCharacter: 1, spelling: 0.25, perplexity: 2, tokens: 9 },
    best: true,
  };
  return { event: 'evaluation', row: { step, validationLoss, ...rest } };
}

describe('run folder', () => {
  it('run.json is text a person may read, and comes back', () => {
    const text = encodeRunInfo(info);
    assert.match(text, /\n {2}"name": "hamlet\.txt",\n/);
    assert.deepEqual(decodeRunInfo(new TextEncoder().encode(text), 'runs/a'), info);
  });

  it('keeps why a run failed as data that can be translated', () => {
    const message = sentence`The loss is not a finite number at step ${3}.`;
    const failed = { ...info, failure: { message, step: 3, parameter: 'layer1.W' } };
    const read = decodeRunInfo(new TextEncoder().encode(encodeRunInfo(failed)), 'runs/a');
    assert.deepEqual(read, failed);
  });

  it('reads the English messages that older runs have kept, as they are', () => {
    const kept = { message: 'Cannot write {0}: disk full.', hint: 'Free some.', step: 3 };
    const decode = (failure: object) => {
      const json = JSON.stringify({ ...info, failure: { ...kept, parameter: '', ...failure } });
      return decodeRunInfo(new TextEncoder().encode(json), 'runs/a').failure!;
    };
    const { message, hint } = decode({});
    assert.equal(toEnglish(message), 'Cannot write {0}: disk full.');
    assert.equal(toChinese(message), 'Cannot write {0}: disk full.');
    assert.equal(toEnglish(hint), 'Free some.');
    assert.equal(decode({ hint: '' }).hint, undefined);
  });

  it('refuses a damaged or foreign run.json and says where it is wrong', () => {
    const decode = (text: string) => () => decodeRunInfo(new TextEncoder().encode(text), 'runs/a');
    for (const text of ['', '{', '[]', '{"version":2}', encodeRunInfo({ ...info, step: -1 })]) {
      assert.throws(
        decode(text),
        (error) =>
          error instanceof InputError && error.message.startsWith('runs/a is not an RNN Lab run'),
      );
    }
    assert.throws(decode(encodeRunInfo({ ...info, step: -1 })), /damaged at step: /);
    const wrong = encodeRunInfo(info).replace('"hidden": 256', '"hidden": "many"');
    assert.throws(decode(wrong), /model\.hidden .*"many" was given/);
  });

  it('metrics come back, but for a line that was cut off', () => {
    const events = [metrics(1, 1), metrics(9, 8), evaluation(9), metrics(12, 3)];
    const text = events.map(encodeMetrics).join('');
    assert.deepEqual(decodeMetrics(text), events);
    assert.deepEqual(decodeMetrics(text.slice(0, -20)), events.slice(0, 3));
    assert.deepEqual(decodeMetrics(''), []);
  });

  it('metrics come back whatever their numbers are', () => {
    // exp(710) is more than a number of 64 bits holds: 1.8e308.
    const surprised = evaluation(3, 710);
    const events = [
      metrics(2, 2, Infinity),
      metrics(3, 1, NaN),
      { ...surprised, row: { ...surprised.row, perplexity: Math.exp(710) } },
    ];
    assert.equal(events[2]!.row.step, 3);
    assert.deepEqual(decodeMetrics(events.map(encodeMetrics).join('')), events);
  });

  it('rows of older versions are kept, in which null stands for what is not finite', () => {
    const { row } = evaluation(3, 710);
    const line = JSON.stringify({ event: 'evaluation', row: { ...row, perplexity: Infinity } });
    assert.ok(line.includes('"perplexity":null'));
    const [read] = decodeMetrics(line);
    assert.deepEqual(read?.row, { ...row, perplexity: NaN });
  });

  it('of steps that were done twice after a resume the later rows count', () => {
    const before = [metrics(5, 5), metrics(10, 5), evaluation(10), metrics(15, 5), evaluation(15)];
    // The checkpoint was at step 10.
    const after = [metrics(11, 1, 2), metrics(16, 5, 2), evaluation(15 + 1, 2)];
    const text = [...before, ...after].map(encodeMetrics).join('');
    assert.deepEqual(decodeMetrics(text), [...before.slice(0, 3), ...after]);
    const again = [...before.slice(0, 3), evaluation(10, 3)];
    assert.deepEqual(decodeMetrics(again.map(encodeMetrics).join('')), [
      ...before.slice(0, 2),
      evaluation(10, 3),
    ]);
  });

  it('chooses the best checkpoint, else the last, and says what there is', () => {
    const both = ['run.json', 'checkpoint-last.safetensors', 'checkpoint-best.safetensors'];
    assert.deepEqual(checkpointsAmong(both), ['best', 'last']);
    assert.equal(chooseCheckpoint(both, 'r'), 'best');
    assert.equal(chooseCheckpoint(both, 'r', 'last'), 'last');
    assert.equal(chooseCheckpoint(both.slice(0, 2), 'r'), 'last');
    assert.throws(
      () => chooseCheckpoint(both.slice(0, 2), 'r', 'best'),
      /r has no best checkpoint\. Use its last/,
    );
    assert.throws(() => chooseCheckpoint([], 'r'), /r has no checkpoint\. Train it first/);
  });
});
