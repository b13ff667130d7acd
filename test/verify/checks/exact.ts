/** What takes no training: numbers to the last printed digit. */
import { loadCell } from '../../../src/core/equations/load-cell';
import { checkGradients } from '../../../src/core/inspection/gradient-check';
import { finish } from '../../../src/core/training/evaluate';
import {
  cs231n,
  gruFromVanilla,
  lstmFromVanilla,
  lstmStep,
  parametersWithoutBiases,
  untrainedLoss,
  vanillaStep,
} from '../../unit/engine/published';
import { atMost, near, type Check, type Finding } from '../check';

const digits = (values: readonly number[]): string =>
  values.map((value) => value.toFixed(8)).join(' ');

function same(what: string, got: readonly number[], expected: readonly number[]): Finding {
  const passed = got.every((value, i) => Math.abs(value - expected[i]!) <= 1e-8);
  return { what, expected: digits(expected), got: digits(got), passed };
}

export const exact: Check = {
  name: 'exact',
  title: 'Exact numbers: initial loss, published steps, reductions, gradients',
  source: 'ln C; cs231n’s assignment 3; the equations themselves; central differences in float64',
  *run() {
    for (const vocabulary of [65, 8000]) {
      const what = `untrained loss with ${String(vocabulary)} tokens is ln C`;
      yield near(what, untrainedLoss(vocabulary), Math.log(vocabulary), 1e-3);
    }
    yield same('cs231n’s vanilla step, h', vanillaStep(), cs231n.vanilla);
    const { hidden, cell } = lstmStep();
    yield same('cs231n’s LSTM step, h', hidden, cs231n.lstmHidden);
    yield same('cs231n’s LSTM step, c', cell, cs231n.lstmCell);
    const count = parametersWithoutBiases(32);
    yield near('parameters without biases, C = 8000, H = 100', count, 1_610_000, 0, 0);
    yield atMost('GRU with r = 1, z = 0 against the vanilla cell', gruFromVanilla(), 1e-12);
    yield atMost('LSTM with i = 1, f = 0, o = 1 against it and a tanh', lstmFromVanilla(), 1e-12);
    for (const name of ['vanilla', 'vanilla-nobias', 'gru', 'lstm']) {
      const checking = checkGradients({
        cell: loadCell(name),
        hidden: 6,
        sequence: 12,
        entries: 30,
      });
      const { maxRelativeError } = finish(checking);
      yield atMost(`gradients of ${name}: largest relative error`, maxRelativeError, 1e-7);
    }
  },
};
