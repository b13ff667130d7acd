import assert from 'node:assert/strict';
import gru from '../../../src/core/cells/gru.rnn';
import lstm from '../../../src/core/cells/lstm.rnn';
import vanilla from '../../../src/core/cells/vanilla.rnn';
import {
  cs231n,
  gruFromVanilla,
  lstmFromVanilla,
  lstmStep,
  parametersWithoutBiases,
  untrainedLoss,
  vanillaStep,
} from './published';
import { prepare, random, randomise } from './tools';

function close(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected[i]!) <= tolerance,
      `${String(value)} is not ${String(expected[i])}`,
    );
  });
}

describe('published numbers', () => {
  it("cs231n's vanilla step", () => {
    close(vanillaStep(), cs231n.vanilla, 1e-8);
  });

  it("cs231n's LSTM step", () => {
    const { hidden, cell } = lstmStep();
    close(hidden, cs231n.lstmHidden, 1e-8);
    close(cell, cs231n.lstmCell, 1e-8);
  });

  it('counts 2HC + H² parameters of a vanilla network without biases', () => {
    for (const sequence of [4, 32]) assert.equal(parametersWithoutBiases(sequence), 1_610_000);
  });

  it('starts at ln C with small weights', () => {
    for (const vocabulary of [65, 8000]) {
      assert.ok(Math.abs(untrainedLoss(vocabulary) - Math.log(vocabulary)) < 1e-3);
    }
  });
});

describe('reductions of gated cells', () => {
  it('GRU with r = 1, z = 0 is the vanilla cell', () => {
    assert.ok(gruFromVanilla() <= 1e-12);
  });

  it('LSTM with i = 1, f = 0, o = 1 is the vanilla cell with one more tanh', () => {
    assert.ok(lstmFromVanilla() <= 1e-12);
  });
});

describe('carried state', () => {
  it('makes two chunks of T the same as one of 2T', () => {
    for (const source of [
      vanilla,
      lstm,
      gru,
      's[t] = tanh(U x[t] + W s[t-1] + A s[t-3] + D x[t-2])',
    ]) {
      const long = prepare(source, {
        hidden: 6,
        vocabulary: 5,
        batch: 2,
        sequence: 8,
        mode: 'evaluate',
      });
      const short = prepare(source, {
        hidden: 6,
        vocabulary: 5,
        batch: 2,
        sequence: 4,
        mode: 'evaluate',
      });
      randomise(long, 9);
      randomise(short, 9);
      const next = random(2);
      for (let i = 0; i < 16; i++) {
        long.loaded.tokens[i] = Math.floor(next() * 5);
        long.loaded.targets[i] = Math.floor(next() * 5);
      }
      const whole = long.loaded.run(0).lossSum;
      let sum = 0;
      for (const part of [0, 1]) {
        short.loaded.tokens.set(long.loaded.tokens.subarray(part * 8, part * 8 + 8));
        short.loaded.targets.set(long.loaded.targets.subarray(part * 8, part * 8 + 8));
        sum += short.loaded.run(0).lossSum;
      }
      assert.ok(Math.abs(whole - sum) < 1e-10, `${String(whole)} is not ${String(sum)}`);
    }
  });
});
