import assert from 'node:assert/strict';
import { meantBy } from '../../../src/host/commands/meant';

describe('what typed words mean of what is offered', () => {
  const offered = [
    { label: 'lstm and others' },
    { label: 'gru', detail: 'Fewer parameters than an LSTM', value: 1 },
    { label: 'peephole-lstm', value: 2 },
    { label: 'lstm-with-attention', value: 3 },
    { label: 'lstm', value: 4 },
  ];
  const cases: readonly [string, number | undefined][] = [
    ['LSTM', 4],
    ['lstm-', 3],
    ['le-ls', 2],
    ['Fewer', 1],
    ['others', undefined],
  ];
  for (const [typed, value] of cases) {
    it(`${typed}: ${value ?? 'none'}`, () => {
      assert.equal(meantBy(typed, offered)?.value, value);
    });
  }
});
