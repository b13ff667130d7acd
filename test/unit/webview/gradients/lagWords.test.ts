import assert from 'node:assert/strict';
import { structureOfExamples } from '../../../../src/core/engine/structure';
import { parseCell } from '../../../../src/core/equations/parse';
import { lagFormula } from '../../../../webview/views/gradients/lagWords';
import { vanilla } from './evidence';

const symbols = { kind: 'symbols', width: 4 } as const;

/** The formula of each state. */
function formulasOf(source: string, answer?: typeof symbols): Record<string, string> {
  const sizes = { input: symbols, output: 4, hidden: 2, dropout: 0, ...(answer && { answer }) };
  const network = structureOfExamples({ ...sizes, cell: parseCell(source, 'model') });
  const states = network.variables.filter(({ isState }) => isState);
  const facts = { network, sequence: 0 };
  return Object.fromEntries(states.map(({ name }) => [name, lagFormula(facts, name)]));
}

describe('what a curve over lags is of', () => {
  it('is written as the equations index it, with the way it runs', () => {
    assert.equal(lagFormula({ network: vanilla, sequence: 8 }, 'layer1.s'), '‖∂Eₜ/∂sₜ₋ₖ‖');
    assert.deepEqual(formulasOf('h[t] = gru(x[t], h[t-1])\ny = softmax(V mean(h) + c)'), {
      h: '‖∂E/∂h[T−k]‖',
    });
    assert.deepEqual(
      formulasOf(`f[t] = vanilla(x[t], f[t-1])
        b[t] = vanilla(x[t], b[t+1])
        y[t] = softmax(V [f[t]; b[t]] + c)`),
      { f: '‖∂E/∂f[t−k]‖', b: '‖∂E/∂b[t+k]‖' },
    );
    assert.deepEqual(
      formulasOf(
        `s[t] = vanilla(x[t], s[t-1])
        r[t] = vanilla(x[t], r[t+1])
        d[u] = lstm(x[u], d[u-1])
        init d = s[T]
        init d.c = r[1]
        y[u] = softmax(V d[u] + c)`,
        symbols,
      ),
      {
        ...{ s: '‖∂E/∂s[T−k]‖', r: '‖∂E/∂r[1+k]‖' },
        ...{ 'd.c': '‖∂E/∂d.c[u−k]‖', d: '‖∂E/∂d[u−k]‖' },
      },
    );
  });
});
